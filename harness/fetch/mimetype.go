package fetch

import "strings"

// mimeEssence parses a MIME type and returns its essence in lower case. What
// follows the first semicolon cannot make it fail.
// https://mimesniff.spec.whatwg.org/#parse-a-mime-type
func mimeEssence(value string) (essence string, ok bool) {
	value = strings.Trim(value, httpWhitespace)
	typ, rest, ok := strings.Cut(value, "/")
	if !ok || !isToken(typ) {
		return "", false
	}
	subtype, _, _ := strings.Cut(rest, ";")
	subtype = strings.TrimRight(subtype, httpWhitespace)
	if !isToken(subtype) {
		return "", false
	}
	return byteLower(typ + "/" + subtype), true
}
