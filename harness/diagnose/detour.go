package diagnose

import (
	"net/url"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// shownLocation is the Location lines without what may be secret in them: user, query, fragment.
func shownLocation(headers fetch.HeaderList) string {
	var lines []string
	for _, line := range headers.Values("Location") {
		if strings.ContainsAny(line, "?#@") {
			line = place(line) + " (user and query are not shown)"
		}
		lines = append(lines, line)
	}
	return quotes(lines)
}

// detour is what a redirect does to a URL, and what to do about it.
type detour struct {
	kind     detourKind
	why, fix string
}

type detourKind int

const (
	elsewhere  detourKind = iota // where script can ask itself
	slash                        // to the same with a slash more, or less, at the end of its path
	unreadable                   // nowhere
	circle                       // to the URL that was asked
	toLogin                      // to who asks for the user
)

// detourOf says it of an exchange that was answered with a redirect.
func detourOf(x probe.Exchange) detour {
	location, _ := x.Response.Headers.Get("Location")
	base, err := url.Parse(x.Request.URL)
	if err != nil {
		return detour{elsewhere, "to another URL", "have script ask the final URL itself"}
	}
	to, err := base.Parse(location)
	if err != nil || location == "" {
		return detour{unreadable, "without a Location that can be read", "have the server answer OPTIONS itself"}
	}
	ask := "have script ask " + place(to.String()) + " itself"
	switch {
	case toItself(base, to):
		return detour{circle, "to the same URL again", outOfCircles(x)}
	case asksLogin(to) && !asksLogin(base):
		return detour{toLogin, "to a login page", "the session is missing or over: log in first; have the server answer API requests with 401 and not with a login page, and OPTIONS before authentication"}
	case base.Scheme == "http" && to.Scheme == "https" && base.Hostname() == to.Hostname():
		return detour{elsewhere, "from http to https", ask}
	case base.Hostname() == to.Hostname() && base.Path+"/" == to.Path:
		return detour{slash, "that adds a slash to the path" + downgrade(base, to), "have script ask " + place(base.Scheme+"://"+base.Host+to.Path) + " itself, with the slash at its end"}
	case base.Hostname() == to.Hostname() && base.Path != to.Path && strings.TrimSuffix(base.Path, "/") == to.Path:
		return detour{slash, "that takes the slash from the path's end" + downgrade(base, to), "have script ask " + place(base.Scheme+"://"+base.Host+to.Path) + " itself, without the slash at its end"}
	case base.Hostname() == to.Hostname() && base.Host != to.Host:
		return detour{elsewhere, "to another port, " + to.Host, ask}
	case base.Host != to.Host:
		return detour{elsewhere, "to another host, " + to.Host, ask}
	}
	return detour{elsewhere, "to " + place(to.String()), ask}
}

// downgrade says that a redirect leads from https to http: the server does not know that it is asked over https.
func downgrade(from, to *url.URL) string {
	if from.Scheme == "https" && to.Scheme == "http" {
		return ", over plain http: the server does not know that it is asked over https (see what it makes of X-Forwarded-Proto)"
	}
	return ""
}

// outOfCircles is what to do about a URL that redirects to itself.
func outOfCircles(x probe.Exchange) string {
	location, _ := x.Response.Headers.Get("Location")
	switch {
	case x.Response.Headers.Has("Set-Cookie"):
		return "the redirect sets a cookie, and most likely waits for it to come back: a page of another origin sends it only with credentials, if the browser stores it at all"
	case strings.HasPrefix(location, "https:"):
		return "the server most likely does not see that it was asked over https: behind what ends TLS it has to heed X-Forwarded-Proto (and -Host), or not redirect to https itself"
	}
	return "take the rule out that redirects a URL to itself"
}

// toItself reports a redirect to the URL that was asked.
func toItself(from, to *url.URL) bool {
	a, b := *from, *to
	a.Fragment, b.Fragment, a.RawFragment, b.RawFragment = "", "", "", ""
	return a.String() == b.String()
}

// loginHosts are labels of hosts that do nothing but log users in.
var loginHosts = []string{"login", "signin", "sso", "auth", "oauth", "idp", "accounts", "okta", "auth0", "saml"}

// asksLogin reports whether a URL looks like that of a login page.
func asksLogin(u *url.URL) bool {
	for label := range strings.SplitSeq(strings.ToLower(u.Hostname()), ".") {
		if slices.Contains(loginHosts, label) {
			return true
		}
	}
	return login(u.Path)
}

// login reports whether a path looks like that of a login page.
func login(path string) bool {
	path = strings.ToLower(path)
	for _, word := range []string{"login", "log-in", "signin", "sign-in", "logon", "oauth", "authorize", "saml", "/sso", "/cas/", "openid"} {
		if strings.Contains(path, word) {
			return true
		}
	}
	return false
}
