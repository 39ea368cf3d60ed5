package fetch

// IsMethod reports whether s is a method: an HTTP token.
// https://fetch.spec.whatwg.org/#concept-method
func IsMethod(s string) bool { return isToken(s) }

// IsCORSSafelistedMethod reports whether a method is GET, HEAD or POST, in that case.
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func IsCORSSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

// IsForbiddenMethod reports whether script may not use a method: CONNECT,
// TRACE and TRACK in any case. https://fetch.spec.whatwg.org/#forbidden-method
func IsForbiddenMethod(method string) bool {
	return containsFold([]string{"CONNECT", "TRACE", "TRACK"}, method)
}

// NormalizeMethod upper-cases DELETE, GET, HEAD, OPTIONS, POST and PUT, and
// leaves every other method as it is: "patch" stays "patch".
// https://fetch.spec.whatwg.org/#concept-method-normalize
func NormalizeMethod(method string) string {
	if containsFold([]string{"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}, method) {
		return byteUpper(method)
	}
	return method
}
