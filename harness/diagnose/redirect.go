package diagnose

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// unfollowable are the net errors of redirects whose answer the browser does not show, and what was wrong with it.
var unfollowable = map[string]string{
	"ERR_TOO_MANY_REDIRECTS":                 "they do not end: most likely two of them lead to each other, or one to itself",
	"ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION": "its answer names two places at once",
	"ERR_INVALID_REDIRECT":                   "its Location is no URL",
	"ERR_UNSAFE_REDIRECT":                    "it leads to a scheme that no page may ask",
}

// unfollowed is for a redirect of which only the browser's network error tells: its answer is not on record.
func (s *scene) unfollowed() *claim {
	name := strings.TrimPrefix(s.o.NetError, "net::")
	why := unfollowable[name]
	if why == "" || s.o.Outcome != probe.Failed {
		return nil
	}
	what := "the redirect at "
	if name == "ERR_TOO_MANY_REDIRECTS" {
		what = "the redirects that begin at "
	}
	return &claim{
		at:       -1,
		summary:  fmt.Sprintf("%s%s cannot be followed: %s", what, path(s.o.Request.URL), why),
		evidence: []string{"the browser's network error: " + s.o.NetError},
		fix:      []string{usableLocation},
	}
}

// inCircles says of a redirect that cannot be followed that it leads to the URL that was asked, if one does.
func (s *scene) inCircles(c *claim) {
	i := slices.IndexFunc(s.o.Exchanges, func(x probe.Exchange) bool { return redirects(x) && x.Response != nil && detourOf(x).kind == circle })
	if i < 0 {
		return
	}
	x := s.o.Exchanges[i]
	c.evidence = append(c.evidence, fmt.Sprintf("%s, Location: %s: the same URL again", cite(x), shownLocation(x.Response.Headers)))
	c.fix = []string{outOfCircles(x)}
	if need, ok := toHTTPS(x); ok {
		c.cures, c.other = s.reader(&x), need
	}
}

const usableLocation = "answer with one Location line that leads to the http or https URL where the resource is, or have script ask that URL itself"

func crossOriginRedirects(s *scene) []claim {
	var claims []claim
	for _, a := range s.answers {
		bare := s.missing(a) == "redirect-cross-origin"
		switch {
		case bare && a.x.Role != probe.Preflight && redirects(a.x):
			claims = append(claims, s.bareHop(a))
		case bare, s.tainted(a) && a.has(fetch.AllowOriginMismatch, fetch.AllowOriginWildcard):
			claims = append(claims, s.bareEnd(a))
		}
		if a.has(fetch.LocationWithCredentials) {
			claims = append(claims, userinfo(a))
		}
	}
	return claims
}

// redirects reports an answer that leads elsewhere. One that was refused was not followed, so that it is the last.
func redirects(x probe.Exchange) bool {
	if x.Role == probe.RedirectHop {
		return true
	}
	return x.Response != nil && slices.Contains([]int{301, 302, 303, 307, 308}, x.Response.Status) && x.Response.Headers.Has("Location")
}

// tainted reports whether redirects made the request's origin null.
func (s *scene) tainted(a answer) bool {
	return a.hop.Origin.IsOpaque() && !s.request.Origin.IsOpaque()
}

func (s *scene) bareHop(a answer) claim {
	location, _ := a.x.Response.Headers.Get("Location")
	d := detourOf(a.x)
	c := claim{
		at:       a.at(10),
		summary:  fmt.Sprintf("%s %s was answered with the redirect %d, which has no %s: the redirect itself is checked before it is followed", a.x.Request.Method, path(a.x.Request.URL), a.x.Response.Status, allowOrigin),
		evidence: append(s.missingEvidence(a), "Location: "+shownLocation(a.x.Response.Headers)),
		fix:      []string{d.fix},
	}
	to, err := fetch.OriginOf(absolute(a.x.Request.URL, location))
	switch need, ok := toHTTPS(a.x); {
	case d.kind == circle && ok:
		c.cures, c.other = &a, need
	case d.kind == circle:
		// to allow it would only have it followed
	case err == nil && to.String() == originOf(a.x.Request.URL):
		c.cures, c.fix = &a, append(c.fix, grant(a)...)
	default:
		c.fix = append(c.fix, "to allow the redirect alone would not do: it leads to another origin, where the request would come from null")
	}
	return c
}

// absolute is a Location as a URL of its own.
func absolute(base, location string) string {
	b, err := url.Parse(base)
	if err != nil {
		return location
	}
	to, err := b.Parse(location)
	if err != nil {
		return location
	}
	return to.String()
}

func (s *scene) bareEnd(a answer) claim {
	at, answered := a.at(10), "the answer there"
	if a.x.Role == probe.Preflight {
		at, answered = a.at(0), "the answer to the preflight there"
	}
	if !s.tainted(a) {
		return claim{
			at: at, cures: &a,
			summary:  fmt.Sprintf("a redirect led to %s, and %s, %d, has no %s", place(a.x.Request.URL), answered, a.x.Response.Status, allowOrigin),
			evidence: append(s.missingEvidence(a), s.way(a)),
			fix:      append(s.insteadOfLogin(a), grant(a)...),
		}
	}
	what := fmt.Sprintf("has no %s", allowOrigin)
	if v := a.of(fetch.AllowOriginMismatch, fetch.AllowOriginWildcard); len(v) > 0 {
		what = "allows " + quotes(v[0].Got)
		if v[0].Step == fetch.AllowOriginWildcard {
			what += ", which is no wildcard for a request with credentials"
		}
	}
	return claim{
		at: at,
		summary: fmt.Sprintf("a redirect from one foreign origin to another (%s) made the request's origin null instead of %s, and %s %s",
			originOf(a.x.Request.URL), s.request.Origin, answered, what),
		evidence: []string{cite(a.x, allowOrigin), s.way(a), "the request's Origin there: " + quotes(a.x.Request.Headers.Values("Origin"))},
		fix:      withoutOrigin(a),
	}
}

// insteadOfLogin is what to do about a redirect that led to who asks for the user.
func (s *scene) insteadOfLogin(a answer) []string {
	for _, x := range s.o.Exchanges[:a.index] {
		if x.Role == probe.RedirectHop && x.Response != nil {
			if d := detourOf(x); d.kind == toLogin {
				return []string{d.fix}
			}
		}
	}
	return nil
}

// way is the redirects that led to an answer.
func (s *scene) way(a answer) string {
	text := "the way: "
	for _, x := range s.o.Exchanges[:a.index] {
		if x.Role == probe.RedirectHop && x.Response != nil {
			text += fmt.Sprintf("%s (%d) to ", place(x.Request.URL), x.Response.Status)
		}
	}
	return text + place(a.x.Request.URL)
}

func userinfo(a answer) claim {
	return claim{
		at:       a.at(60),
		summary:  fmt.Sprintf("%s %s was redirected to a URL with a user or a password in it, which a browser does not follow across origins", a.x.Request.Method, path(a.x.Request.URL)),
		evidence: []string{fmt.Sprintf("%s, Location: %s", cite(a.x), shownLocation(a.x.Response.Headers))},
		fix:      []string{"leave user and password out of the Location", "have script send them in the Authorization header to the final URL itself, over https"},
	}
}
