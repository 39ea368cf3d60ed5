package fetch

import (
	"fmt"
	"strings"
)

// Origin is a tuple origin of scheme, host and port, or an opaque origin.
// Values are comparable; == on two opaque origins says nothing: see [Origin.SameOrigin].
// https://html.spec.whatwg.org/multipage/browsers.html#concept-origin
//
// The zero value is an opaque origin, which serialises to "null".
type Origin struct {
	Scheme string // "http" or "https"; "" in an opaque origin
	Host   string // lower case, ASCII; an IPv6 address in brackets
	Port   string // decimal; "" for the scheme's default
}

// IsOpaque reports whether an origin is opaque.
// https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque
func (o Origin) IsOpaque() bool { return o.Scheme == "" }

// String is the ASCII serialisation, as the Origin header carries it:
// "https://app.example.com:8443", or "null".
// https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
func (o Origin) String() string {
	switch {
	case o.IsOpaque():
		return "null"
	case o.Port == "":
		return o.Scheme + "://" + o.Host
	default:
		return o.Scheme + "://" + o.Host + ":" + o.Port
	}
}

// SameOrigin reports whether two origins are the same tuple. An opaque origin
// is the same as nothing here: a URL over HTTP never has one, and two pages'
// opaque origins are never the same.
// https://html.spec.whatwg.org/multipage/browsers.html#same-origin
func (o Origin) SameOrigin(other Origin) bool { return !o.IsOpaque() && o == other }

// ParseOrigin reads an origin as people write it: "https://app.example.com",
// "http://localhost:3000", "http://[::1]:8080", or "null" for an opaque one.
// What a browser would do to a host or port is done: the host is lower-cased
// and percent-decoded, a default port dropped. The error says what a browser
// would send instead. A host outside ASCII must be written in punycode.
// https://fetch.spec.whatwg.org/#origin-header
func ParseOrigin(s string) (Origin, error) {
	if s == "null" {
		return Origin{}, nil
	}
	authority, err := originAuthority(s)
	if err != nil {
		return Origin{}, fmt.Errorf("origin %q: %w%s", s, err, sentInstead(s))
	}
	o, err := parseAuthority(byteLower(schemeOf(s)), authority)
	if err != nil {
		return Origin{}, fmt.Errorf("origin %q: %w", s, err)
	}
	return o, nil
}

// originAuthority returns what stands after "scheme://", if it is all there is.
func originAuthority(s string) (string, error) {
	scheme, rest, ok := strings.Cut(s, "://")
	switch {
	case byteEqualFold(s, "null"):
		return "", fmt.Errorf("an opaque origin is written null, in lower case")
	case !ok:
		return "", fmt.Errorf("there is no scheme: write http:// or https:// before the host")
	case !isHTTPScheme(byteLower(scheme)):
		return "", fmt.Errorf("the scheme %q is neither http nor https", scheme)
	case strings.ContainsAny(rest, "/\\?#"):
		return "", fmt.Errorf("an origin is scheme, host and port, without %s", describeTail(rest))
	case strings.Contains(rest, "@"):
		return "", fmt.Errorf("an origin is scheme, host and port, without user or password")
	case strings.HasSuffix(rest, ":"):
		return "", fmt.Errorf("there is no port after the colon")
	default:
		return rest, nil
	}
}

func describeTail(rest string) string {
	tail := rest[strings.IndexAny(rest, "/\\?#"):]
	switch {
	case tail == "/":
		return "a trailing slash"
	case tail[0] == '?':
		return "a query"
	case tail[0] == '#':
		return "a fragment"
	default:
		return "a path"
	}
}

// sentInstead names the origin that a browser sends for a page at that URL, where there is one.
func sentInstead(s string) string {
	if byteEqualFold(s, "null") {
		return ""
	}
	o, err := OriginOf(s)
	if err != nil || o.IsOpaque() {
		return ""
	}
	return fmt.Sprintf("; a browser sends %q", o)
}

// OriginOf returns the origin of an absolute URL. It is opaque for every
// scheme but http, https, and blob with one of those inside.
// https://url.spec.whatwg.org/#origin
func OriginOf(url string) (Origin, error) {
	scheme, authority := schemeAndAuthority(url)
	switch {
	case scheme == "":
		return Origin{}, fmt.Errorf("URL %q is not absolute: write its scheme and host", url)
	case scheme == "blob":
		return originOfBlob(url)
	case !isHTTPScheme(scheme):
		return Origin{}, nil
	}
	o, err := parseAuthority(scheme, authority)
	if err != nil {
		return Origin{}, fmt.Errorf("URL %q: %w", url, err)
	}
	return o, nil
}

// originOfBlob is the origin of the URL inside a blob URL that nobody has revoked.
func originOfBlob(url string) (Origin, error) {
	_, inner, _ := strings.Cut(url, ":")
	if !isHTTPScheme(byteLower(schemeOf(inner))) {
		return Origin{}, nil
	}
	return OriginOf(inner)
}

func isHTTPScheme(s string) bool { return s == "http" || s == "https" }
