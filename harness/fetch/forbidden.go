package fetch

import "strings"

// The headers over which the browser keeps control.

var forbiddenRequestHeaders = []string{
	"accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
	"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
	"referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via",
}

var methodOverrideHeaders = []string{"x-http-method", "x-http-method-override", "x-method-override"}

// IsForbiddenRequestHeader reports whether script may not set a header. A
// browser drops such a header without a word.
// https://fetch.spec.whatwg.org/#forbidden-request-header
func IsForbiddenRequestHeader(name, value string) bool {
	name = byteLower(name)
	switch {
	case containsFold(forbiddenRequestHeaders, name):
		return true
	case strings.HasPrefix(name, "proxy-"), strings.HasPrefix(name, "sec-"):
		return true
	case containsFold(methodOverrideHeaders, name):
		return namesForbiddenMethod(value)
	default:
		return false
	}
}

// namesForbiddenMethod reports whether any of the methods in a value is a forbidden one.
func namesForbiddenMethod(value string) bool {
	for _, method := range splitHeaderValue(value) {
		if IsForbiddenMethod(method) {
			return true
		}
	}
	return false
}

// IsForbiddenResponseHeaderName reports whether script never reads a header:
// Set-Cookie and Set-Cookie2. https://fetch.spec.whatwg.org/#forbidden-response-header-name
func IsForbiddenResponseHeaderName(name string) bool {
	return containsFold([]string{"set-cookie", "set-cookie2"}, name)
}

// isRequestBodyHeaderName reports whether a header describes a request's body
// and leaves with it. https://fetch.spec.whatwg.org/#request-body-header-name
func isRequestBodyHeaderName(name string) bool {
	return containsFold([]string{"content-encoding", "content-language", "content-location", "content-type"}, name)
}
