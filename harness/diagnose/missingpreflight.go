package diagnose

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// preflightWithout is for a preflight that succeeded, but for its headers.
func (s *scene) preflightWithout(a answer) claim {
	status, headers := a.x.Response.Status, a.x.Response.Headers
	c := claim{evidence: s.missingEvidence(a), fix: append(grant(a), ifListed(a)...)}
	switch asked := s.asked(a); {
	case s.refusesBrowsers(a):
		c.summary = fmt.Sprintf("%s was answered %d without %s, and such a preflight without what a browser sends of itself is allowed", exchange(a.x), status, allowOrigin)
		c.evidence = append(c.evidence, s.browsersRefused(a)...)
		c.fix = append([]string{forBrowsers}, c.fix...)
		return c
	case lets(s.reply(withOrigin), a.hop.Origin.String()):
		c.summary = fmt.Sprintf("%s was answered %d without %s, though requests from %s are allowed: what answers OPTIONS is not what answers the rest", exchange(a.x), status, allowOrigin, a.hop.Origin)
		c.evidence = append(c.evidence, retold(s.reply(withOrigin)))
		return c
	case readsPreflights(headers):
		c.summary = fmt.Sprintf("%s was answered %d without %s by a layer that knows CORS (see its Vary): it did not allow all of %s", exchange(a.x), status, allowOrigin, asked)
		c.evidence = append(c.evidence, "Vary: "+quotes(headers.Values("Vary")),
			"which of these it did not allow, this answer does not say; a plain GET from the same page tells whether it is the origin")
		c.fix = append([]string{"see that the server's lists have " + asked}, c.fix...)
	case headers.Has("Allow"):
		c.summary = fmt.Sprintf("%s got a default answer, %d with Allow and without %s: something that does not know CORS answers OPTIONS, or a CORS layer that refused and passed it on", exchange(a.x), status, allowOrigin)
		c.evidence = append(c.evidence, "Allow: "+quotes(headers.Values("Allow")))
	default:
		c.summary = fmt.Sprintf("%s was answered %d without %s: whatever answers OPTIONS does not allow the page %s", exchange(a.x), status, allowOrigin, s.o.From)
	}
	if s.madeBefore(a) {
		c.evidence = append(c.evidence, "the server itself did not receive the preflight: something before it answered")
	}
	if headers.Has(allowMethods) || headers.Has(allowHeaders) {
		c.evidence = append(c.evidence, "it sends other headers of CORS and leaves out "+allowOrigin+": either its list lacks this origin, or something on the way takes that header out")
	}
	if names := hidden(a); len(names) > 0 {
		c.evidence = append(c.evidence, "it lacks "+list(names)+" too, which this request needs")
	}
	c.evidence = append(c.evidence, s.why(a)...)
	c.evidence = append(c.evidence, "whether the answer to the request itself has the header is not known: the request was not sent")
	return c
}

// readsPreflights reports whether an answer's Vary names what only a CORS layer reads.
func readsPreflights(headers fetch.HeaderList) bool {
	return variesBy(headers, "Access-Control-Request-Method") || variesBy(headers, "Access-Control-Request-Headers") || variesBy(headers, "Origin")
}

// asked is what a preflight asks leave for.
func (s *scene) asked(a answer) string {
	items := []string{"the origin " + a.hop.Origin.String()}
	if m := a.hop.Preflight.Method; m != "" {
		items = append(items, "the method "+m)
	}
	if names := a.hop.Preflight.HeaderNames; len(names) > 0 {
		items = append(items, "the headers "+strings.Join(names, ", "))
	}
	return list(items)
}
