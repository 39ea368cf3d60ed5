package diagnose

import (
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// fault says what something before the server does to the request or its answer, as follow-ups through it and past it show; or "".
func (s *scene) fault(a answer) string {
	if !a.has(fetch.AllowOriginMissing) {
		return ""
	}
	through, past := s.passage(a)
	switch {
	case through == nil || !through.Watched || through.Arrived == nil || lets(through, a.hop.Origin.String()):
		return ""
	case past != nil && !lets(past, a.hop.Origin.String()):
		return "" // the server itself does not allow the page either
	case !through.Arrived.Headers.Has("Origin"):
		return "origin-stripped"
	case past != nil:
		return "cors-headers-removed"
	}
	return ""
}

// passage is the request, or its preflight, as it was asked afterwards: through what stands before the server, and past it.
func (s *scene) passage(a answer) (through, past *probe.FollowUp) {
	if a.x.Role == probe.Preflight {
		return s.reply(samePreflight), s.reply(innerPreflight)
	}
	through = s.reply(withOrigin)
	if f := s.reply(fresh); through != nil && through.Arrived == nil && f != nil && f.Arrived != nil {
		through = f // the first was answered by a cache
	}
	return through, s.reply(innerGET)
}

func (s *scene) originStripped(a answer) claim {
	through, past := s.passage(a)
	c := claim{
		at:       a.at(0),
		summary:  fmt.Sprintf("%s was sent with Origin: %s, and reached the server without: something before it takes the header out", exchange(a.x), a.hop.Origin),
		evidence: []string{cite(a.x, allowOrigin), retold(through), fmt.Sprintf("as it reached the server: %s %s, Origin: none", through.Arrived.Method, path(through.Arrived.URL))},
		fix:      []string{"have the proxy, gateway or cache before the server hand Origin on, and Access-Control-Request-* of a preflight", "a cache has to keep one answer for each Origin then"},
	}
	if past != nil {
		c.evidence = append(c.evidence, "past what stands before the server, "+retold(past))
	}
	return c
}

func (s *scene) headersRemoved(a answer) claim {
	through, past := s.passage(a)
	return claim{
		at:       a.at(0),
		summary:  fmt.Sprintf("the server allows %s, and the answer to %s lost %s on its way: something before the server takes it out, and does not allow this page itself", a.hop.Origin, exchange(a.x), allowOrigin),
		evidence: []string{cite(a.x, allowOrigin), retold(through), "past what stands before the server, " + retold(past)},
		fix:      []string{"have the proxy, gateway or cache before the server hand on the Access-Control-* headers of its answers; or, where it is to decide about CORS, have it allow this origin: one place only should do so"},
	}
}

// madeBefore reports that an answer was made by something before the server, which the request did not reach.
func (s *scene) madeBefore(a answer) bool {
	through, _ := s.passage(a)
	seen := slices.ContainsFunc(s.o.FollowUps, func(f probe.FollowUp) bool { return f.Arrived != nil }) // or something renames them on the way
	return seen && through != nil && through.Watched && through.Arrived == nil && through.Request.Method == a.x.Request.Method
}
