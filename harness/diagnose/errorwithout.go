package diagnose

import (
	"fmt"
	"slices"
	"strings"
)

// sayings are what servers say in the bodies of errors that tells what to do.
var sayings = []struct{ text, fix string }{
	{"Missing Authentication Token", "see whether path and method are right, for API Gateway says this of those that it does not have"},
	{"Origin checking failed", "add the page's origin to Django's CSRF_TRUSTED_ORIGINS"},
	{"CSRF verification failed", "send the token that Django's CSRF middleware wants (X-CSRFToken), and have it trust the page's origin (CSRF_TRUSTED_ORIGINS)"},
	{"invalid csrf token", "send the token that the guard against cross-site request forgery wants"},
}

func (s *scene) errorWithout(a answer) claim {
	status := a.x.Response.Status
	c := claim{
		summary:  fmt.Sprintf("the real problem is the error %d (%s) that %s got; the browser calls it CORS because the error has no %s", status, statusText(status), exchange(a.x), allowOrigin),
		evidence: s.missingEvidence(a),
		fix:      append(errorFix(status), grant(a)...),
	}
	if status == 403 && s.guarded(a) {
		c.evidence = append(c.evidence, "the same request without Origin succeeds, and so does a GET with it: what is forbidden is a request from another origin that may change something", retold(s.reply(withOrigin)))
		c.fix = append([]string{"have the guard against cross-site request forgery (or the firewall) trust this origin, or send the token that it wants"}, c.fix...)
	}
	switch f, with := s.reply(withoutOriginToo), s.reply(withOrigin); {
	case status < 500 || a.x.Request.Method != "GET" || with == nil:
	case succeeded(with):
		c.evidence = append(c.evidence, "asked once more, with the same Origin, it succeeds: it fails now and then", retold(with))
	case succeeded(f):
		c.evidence = append(c.evidence, "without Origin the same request succeeds: it fails only where Origin is there", retold(with), retold(f))
		c.fix = append([]string{"see in the server's log what fails where a request has Origin: a list of origins that throws for one that it lacks, or a mistake in the code that reads it"}, c.fix...)
	}
	if s.refusesBrowsers(a) {
		c.evidence = append(c.evidence, s.browsersRefused(a)...)
		c.fix = append([]string{forBrowsers}, c.fix...)
	}
	if s.redirectedTo(a) {
		c.evidence = append(c.evidence, "a redirect led there: "+s.way(a))
	}
	if s.madeBefore(a) {
		c.evidence = append(c.evidence, "the server itself did not receive the request: something before it answered")
	}
	for _, t := range sayings {
		if slices.ContainsFunc(s.errorsOf(a), func(body string) bool { return strings.Contains(body, t.text) }) {
			c.fix[0] = fmt.Sprintf("%s: the answer says %s", t.fix, quote(t.text))
		}
	}
	if page := s.pageOf(status); page != "" {
		c.evidence = append(c.evidence, "without a browser the same status comes with an error page of "+page)
	}
	if s.preflightAllowed(a) {
		c.evidence = append(c.evidence, "the preflight before it allows the origin: "+cite(s.o.Exchanges[a.index-1], allowOrigin))
	} else if f := s.reply(plainPreflight); leaves(f, a.hop.Origin.String()) {
		c.evidence = append(c.evidence, "a preflight from that origin is allowed, so CORS is switched on there, and not for this error: "+retold(f))
	} else if variesBy(a.x.Response.Headers, "Origin") {
		c.evidence = append(c.evidence, fmt.Sprintf("the error says Vary: Origin: it may also lack the header because %s is not on the server's list of origins, which a request that succeeds would tell", a.hop.Origin))
	}
	return c
}
