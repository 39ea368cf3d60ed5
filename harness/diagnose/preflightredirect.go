package diagnose

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

func (s *scene) preflightRedirect(a answer) claim {
	location, _ := a.x.Response.Headers.Get("Location")
	why, fix := detour(a.x.Request.URL, location)
	c := claim{
		at:       a.at(0),
		summary:  fmt.Sprintf("%s was answered %d, a redirect %s; a browser follows no redirect of a preflight", exchange(a.x), a.x.Response.Status, why),
		evidence: []string{fmt.Sprintf("%s, Location: %s", cite(a.x, allowOrigin), shownLocation(a.x.Response.Headers))},
		fix:      append([]string{fix}, grant(a)...),
	}
	if need, ok := toHTTPS(a.x); ok && need.Unaware {
		c.fix, c.cures, c.other = []string{fix}, &a, need
	}
	if strings.HasPrefix(fix, "have script ask") {
		c.fix[0] += ", or have the server answer OPTIONS before it redirects"
	}
	if why == toLogin {
		c.cures = &a
		c.fix[0] = "a preflight has neither cookie nor token, so that no login helps: have the server answer OPTIONS before authentication, and other requests without a session with 401 and not with a login page"
	}
	if by := maker(a.x.Response); by != "" {
		c.evidence = append(c.evidence, by)
	}
	return c
}

// toLogin is what a redirect does that asks who the user is.
const toLogin = "to a login page"

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

// detour says what a redirect does to a URL, and what to do about it.
func detour(from, location string) (why, fix string) {
	base, err := url.Parse(from)
	if err != nil {
		return "to another URL", "have script ask the final URL itself"
	}
	to, err := base.Parse(location)
	if err != nil || location == "" {
		return "without a Location that can be read", "have the server answer OPTIONS itself"
	}
	ask := "have script ask " + place(to.String()) + " itself"
	switch {
	case toItself(base, to):
		return "to the same URL again", outOfCircles(location)
	case asksLogin(to) && !asksLogin(base):
		return toLogin, "the session is missing or over: log in first; have the server answer API requests with 401 and not with a login page, and OPTIONS before authentication"
	case base.Scheme == "http" && to.Scheme == "https" && base.Hostname() == to.Hostname():
		return "from http to https", ask
	case base.Hostname() == to.Hostname() && base.Path+"/" == to.Path:
		return "that adds a slash to the path" + downgrade(base, to), "have script ask " + place(base.Scheme+"://"+base.Host+to.Path) + " itself, with the slash at its end"
	case base.Hostname() == to.Hostname() && base.Path != to.Path && strings.TrimSuffix(base.Path, "/") == to.Path:
		return "that takes the slash from the path's end" + downgrade(base, to), "have script ask " + place(base.Scheme+"://"+base.Host+to.Path) + " itself, without the slash at its end"
	case base.Hostname() == to.Hostname() && base.Host != to.Host:
		return "to another port, " + to.Host, ask
	case base.Host != to.Host:
		return "to another host, " + to.Host, ask
	}
	return "to " + place(to.String()), ask
}

// downgrade says that a redirect leads from https to http: the server does not know that it is asked over https.
func downgrade(from, to *url.URL) string {
	if from.Scheme == "https" && to.Scheme == "http" {
		return ", over plain http: the server does not know that it is asked over https (see what it makes of X-Forwarded-Proto)"
	}
	return ""
}

// outOfCircles is what to do about a URL that redirects to itself.
func outOfCircles(location string) string {
	if strings.HasPrefix(location, "https:") {
		return "the server does not see that it was asked that URL: behind what ends TLS it has to heed X-Forwarded-Proto (and -Host), or not redirect to https itself"
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
