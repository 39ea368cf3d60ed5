package fetch

import "strings"

// byteLower is byte-lowercase: A to Z only. strings.ToLower would fold
// characters outside ASCII and mend bytes that are not UTF-8.
// https://infra.spec.whatwg.org/#byte-lowercase
func byteLower(s string) string {
	return mapBytes(s, 'A', 'Z', 'a'-'A')
}

// byteUpper is byte-uppercase. https://infra.spec.whatwg.org/#byte-uppercase
func byteUpper(s string) string {
	return mapBytes(s, 'a', 'z', 'a'-'A')
}

// mapBytes flips the bits of shift in the bytes from first to last.
func mapBytes(s string, first, last, shift byte) string {
	b := []byte(s)
	for i, c := range b {
		if first <= c && c <= last {
			b[i] = c ^ shift
		}
	}
	return string(b)
}

// byteEqualFold is a byte-case-insensitive match.
// https://infra.spec.whatwg.org/#byte-case-insensitive
func byteEqualFold(a, b string) bool {
	return len(a) == len(b) && byteLower(a) == byteLower(b)
}

// containsFold reports a byte-case-insensitive match for an item of the list.
func containsFold(list []string, s string) bool {
	for _, item := range list {
		if byteEqualFold(item, s) {
			return true
		}
	}
	return false
}

// isToken reports whether s matches HTTP's token, of which methods and header
// names are made. https://www.rfc-editor.org/rfc/rfc9110#name-tokens
func isToken(s string) bool {
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && !strings.Contains("!#$%&'*+-.^_`|~", s[i:i+1]) {
			return false
		}
	}
	return s != ""
}

func isAlphanumeric(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isDigits reports whether s is one or more ASCII digits.
func isDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
