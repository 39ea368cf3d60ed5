package fetch

import "strings"

// The part of the URL Standard that origins need: what stands before the path.
// https://url.spec.whatwg.org/#url-parsing

// cleanURL removes what the URL parser removes first: control characters and
// blanks at the ends, tabs and newlines anywhere.
func cleanURL(url string) string {
	url = strings.TrimFunc(url, func(r rune) bool { return r <= ' ' })
	return tabsAndNewlines.Replace(url)
}

var tabsAndNewlines = strings.NewReplacer("\t", "", "\n", "", "\r", "")

// schemeOf returns the scheme as written, without its colon, or "" for a relative URL.
func schemeOf(url string) string {
	scheme, _, ok := strings.Cut(url, ":")
	if !ok || scheme == "" || isDigit(scheme[0]) {
		return ""
	}
	for i := range len(scheme) {
		if !isAlphanumeric(scheme[i]) && (i == 0 || !strings.Contains("+-.", scheme[i:i+1])) {
			return ""
		}
	}
	return scheme
}

// schemeAndAuthority splits an absolute URL. The scheme is in lower case; the
// authority has its userinfo removed, and is meaningless unless the scheme is http or https.
func schemeAndAuthority(url string) (scheme, authority string) {
	url = cleanURL(url)
	written := schemeOf(url)
	if written == "" {
		return "", ""
	}
	authority, _ = splitUserinfo(authorityOf(url[len(written)+1:]))
	return byteLower(written), authority
}

// authorityOf returns the authority of what follows "http:". The parser takes
// any number of slashes before it, in either direction.
func authorityOf(rest string) string {
	rest = strings.TrimLeft(rest, `/\`)
	if end := strings.IndexAny(rest, `/\?#`); end >= 0 {
		return rest[:end]
	}
	return rest
}

// splitUserinfo separates host and port from user and password, and reports
// whether there is a user or a password, that is whether the URL includes credentials.
// https://url.spec.whatwg.org/#include-credentials
func splitUserinfo(authority string) (hostPort string, credentials bool) {
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return authority, false
	}
	userinfo := authority[:at]
	return authority[at+1:], userinfo != "" && userinfo != ":"
}

// includesCredentials reports whether an absolute HTTP(S) URL names a user or a password.
func includesCredentials(url string) bool {
	url = cleanURL(url)
	scheme := schemeOf(url)
	if !isHTTPScheme(byteLower(scheme)) {
		return false
	}
	_, credentials := splitUserinfo(authorityOf(url[len(scheme)+1:]))
	return credentials
}

// resolveLocation makes a Location value absolute as far as an origin needs
// it: the path of a relative one is left out. base is an absolute HTTP(S) URL.
// https://fetch.spec.whatwg.org/#concept-response-location-url
func resolveLocation(base, location string) string {
	location = cleanURL(location)
	scheme, authority := schemeAndAuthority(base)
	written := schemeOf(location)
	switch {
	case written == "" && isNetworkPath(location):
		return scheme + ":" + location
	case written == "":
		return scheme + "://" + authority + "/"
	case byteLower(written) == scheme && !isNetworkPath(location[len(written)+1:]):
		// "https:path" under https is relative: a relic that the parser keeps.
		return scheme + "://" + authority + "/"
	default:
		return location
	}
}

func isNetworkPath(s string) bool {
	return len(s) >= 2 && strings.Contains(`/\`, s[:1]) && strings.Contains(`/\`, s[1:2])
}
