package fetch

import (
	"fmt"
	"slices"
	"strings"
)

const (
	maxSafelistedValue  = 128  // bytes in one value
	maxSafelistedValues = 1024 // bytes in all safelisted values together
)

// IsCORSSafelistedRequestHeader reports whether a header of that name and
// value goes to another origin without a preflight: accept, accept-language,
// content-language, content-type and range, with values that a form or a media
// element could have sent. https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func IsCORSSafelistedRequestHeader(name, value string) bool {
	return whyUnsafe(name, value) == ""
}

// whyUnsafe says why a header is not CORS-safelisted, or "".
func whyUnsafe(name, value string) string {
	check, ok := safelistChecks[byteLower(name)]
	switch {
	case !ok:
		return "its name is not safelisted"
	case len(value) > maxSafelistedValue:
		return fmt.Sprintf("its value has %d bytes, and %d are the limit", len(value), maxSafelistedValue)
	default:
		return check(value)
	}
}

var safelistChecks = map[string]func(value string) string{
	"accept":           whyUnsafeBytes,
	"accept-language":  whyUnsafeLanguage,
	"content-language": whyUnsafeLanguage,
	"content-type":     whyUnsafeContentType,
	"range":            whyUnsafeRange,
}

// whyUnsafeBytes looks for a CORS-unsafe request-header byte.
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
func whyUnsafeBytes(value string) string {
	for i := range len(value) {
		c := value[i]
		if c < 0x20 && c != '\t' || c == 0x7F || strings.IndexByte(`"():<>?@[\]{}`, c) >= 0 {
			return fmt.Sprintf("its value has the unsafe byte %q", c)
		}
	}
	return ""
}

func whyUnsafeLanguage(value string) string {
	for i := range len(value) {
		if c := value[i]; !isAlphanumeric(c) && strings.IndexByte(" *,-.;=", c) < 0 {
			return fmt.Sprintf("its value has the byte %q, which no language range has", c)
		}
	}
	return ""
}

func whyUnsafeContentType(value string) string {
	if why := whyUnsafeBytes(value); why != "" {
		return why
	}
	switch essence, ok := mimeEssence(value); {
	case !ok:
		return fmt.Sprintf("%q is not a MIME type", value)
	case essence == "application/x-www-form-urlencoded", essence == "multipart/form-data", essence == "text/plain":
		return ""
	default:
		return fmt.Sprintf("%q is none of application/x-www-form-urlencoded, multipart/form-data and text/plain", essence)
	}
}

// whyUnsafeRange parses a single range header value without whitespace, whose
// start may not be missing. https://fetch.spec.whatwg.org/#simple-range-header-value
func whyUnsafeRange(value string) string {
	const why = "its value is not one range like bytes=0- or bytes=0-99"
	spec, ok := strings.CutPrefix(value, "bytes=")
	start, end, dash := strings.Cut(spec, "-")
	switch {
	case !ok, !dash, !isDigits(start), end != "" && !isDigits(end):
		return why
	case end != "" && compareDecimal(start, end) > 0:
		return "the range ends before it starts"
	default:
		return ""
	}
}

// compareDecimal compares numbers of any length.
func compareDecimal(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// CORSUnsafeRequestHeaderNames returns the names, in lower case, sorted, each
// once, of the headers that need a preflight: those that are not
// CORS-safelisted, and all others too where their values are longer than 1024
// bytes together. They are what stands in Access-Control-Request-Headers,
// joined by "," without a space.
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func CORSUnsafeRequestHeaderNames(list HeaderList) []string {
	tooLong := safelistedSize(list) > maxSafelistedValues
	var names []string
	for _, h := range list {
		if tooLong || !IsCORSSafelistedRequestHeader(h.Name, h.Value) {
			names = append(names, byteLower(h.Name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// safelistedSize is the number of bytes in all CORS-safelisted values.
func safelistedSize(list HeaderList) int {
	size := 0
	for _, h := range list {
		if IsCORSSafelistedRequestHeader(h.Name, h.Value) {
			size += len(h.Value)
		}
	}
	return size
}

// IsNoCORSSafelistedRequestHeader reports whether a header stays in a request
// whose mode is no-cors; a browser drops the others without a word.
// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
func IsNoCORSSafelistedRequestHeader(name, value string) bool {
	names := []string{"accept", "accept-language", "content-language", "content-type"}
	return containsFold(names, name) && IsCORSSafelistedRequestHeader(name, value)
}

// IsCORSNonWildcardRequestHeaderName reports whether a header must be listed
// by name in Access-Control-Allow-Headers, since "*" does not cover it: Authorization.
// https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
func IsCORSNonWildcardRequestHeaderName(name string) bool {
	return byteEqualFold(name, "authorization")
}

var safelistedResponseHeaders = []string{
	"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma",
}

// IsCORSSafelistedResponseHeaderName reports whether script on another origin
// reads a response header, given the names that the response exposes.
// https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
func IsCORSSafelistedResponseHeaderName(name string, exposed []string) bool {
	if containsFold(safelistedResponseHeaders, name) {
		return true
	}
	return containsFold(exposed, name) && !IsForbiddenResponseHeaderName(name)
}
