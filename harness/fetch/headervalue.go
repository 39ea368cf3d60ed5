package fetch

import "strings"

const (
	httpTabOrSpace = "\t "
	httpWhitespace = "\t\n\r "
)

// IsHeaderName reports whether s is a header name: an HTTP token.
// https://fetch.spec.whatwg.org/#header-name
func IsHeaderName(s string) bool { return isToken(s) }

// IsHeaderValue reports whether s is a header value: any bytes but NUL, CR
// and LF, with no tab or space at either end.
// https://fetch.spec.whatwg.org/#header-value
func IsHeaderValue(s string) bool {
	return !strings.ContainsAny(s, "\x00\r\n") && strings.Trim(s, httpTabOrSpace) == s
}

// NormalizeHeaderValue removes tabs, spaces and newlines from both ends.
// https://fetch.spec.whatwg.org/#concept-header-value-normalize
func NormalizeHeaderValue(s string) string { return strings.Trim(s, httpWhitespace) }

// splitHeaderValue is "get, decode, and split": at the commas outside quoted
// strings, each part without tabs and spaces around it.
// https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
func splitHeaderValue(value string) []string {
	var values []string
	start, quoted := 0, false
	for i := 0; i < len(value); i++ {
		switch {
		case quoted && value[i] == '\\':
			i++
		case value[i] == '"':
			quoted = !quoted
		case value[i] == ',' && !quoted:
			values = append(values, strings.Trim(value[start:i], httpTabOrSpace))
			start = i + 1
		}
	}
	return append(values, strings.Trim(value[start:], httpTabOrSpace))
}
