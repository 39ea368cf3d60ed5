package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// otherwise is the same request as one that was refused, asked afterwards and allowed, or nil. An error may have passed meanwhile; it proves nothing.
func (s *scene) otherwise(a answer) *probe.FollowUp {
	from := a.hop.Origin.String()
	if !a.has(unlikeAnother...) || a.x.Response.Status >= 400 && !refuses(a.x.Response.Status) || a.x.FromCache != "" || s.redirectedTo(a) || redirects(a.x) {
		return nil
	}
	var again []*probe.FollowUp
	switch {
	case a.x.Role == probe.Preflight:
		again = []*probe.FollowUp{s.reply(samePreflight), s.reply(refusedToo), s.reply(refusedAtOnce)}
		if f := s.unconfirmed(a); f != nil {
			return f
		}
	case safe(a.x.Request.Method):
		again = []*probe.FollowUp{s.reply(withOrigin), s.reply(atOnce), s.reply(againToo)}
	default: // what may change something is not asked again, but GETs that disagree tell as much
		return s.disagreement(from)
	}
	if !s.allows(s.reply(asBrowser), a) && !s.allows(s.reply(asBrowserToo), a) {
		return nil // it may be refused for what a browser sends of itself
	}
	for _, f := range again {
		if s.allows(f, a) {
			return f
		}
	}
	return nil
}

// allows reports whether an answer allows what another one did not.
func (s *scene) allows(f *probe.FollowUp, a answer) bool {
	return succeeded(f) && lets(f, a.hop.Origin.String()) && (!a.has(fetch.AllowCredentials) || allowsCredentials(f.Answer.Headers))
}

// allowedNow reports whether one of two equal GETs, asked at once, is allowed what another request was not.
func (s *scene) allowedNow(a answer) bool {
	return s.allows(s.reply(withOrigin), a) || s.allows(s.reply(atOnce), a)
}

// unlikeAnother are the checks that an answer may fail, and the next one from the same address not.
var unlikeAnother = []fetch.Step{fetch.AllowOriginMissing, fetch.AllowOriginMismatch, fetch.AllowCredentials}

// disagreement is the one of two equal GETs that allows the page, where the other does not; or nil.
func (s *scene) disagreement(from string) *probe.FollowUp {
	one, other := s.reply(withOrigin), s.reply(atOnce)
	if !succeeded(one) || !succeeded(other) || lets(one, from) == lets(other, from) {
		return nil
	}
	if lets(one, from) {
		return one
	}
	return other
}

// unlike are the answers that differ.
func (s *scene) unlike(a answer) []string {
	list := []string{cite(a.x, allowOrigin, allowCredentials), retold(s.otherwise(a))}
	for _, id := range []string{asBrowser, asBrowserToo} {
		if f := s.reply(id); s.allows(f, a) {
			list = append(list, "with all that the browser sent, too: "+retold(f))
			break
		}
	}
	if a.x.Role == probe.Actual && !safe(a.x.Request.Method) {
		for _, f := range []*probe.FollowUp{s.reply(withOrigin), s.reply(atOnce)} {
			if f != s.otherwise(a) {
				list = append(list, retold(f))
			}
		}
	}
	return list
}

func (s *scene) unsteady(a answer) claim {
	c := claim{
		at:       a.at(-1),
		summary:  fmt.Sprintf("%s was answered %d so that the page cannot read it, and such a request a moment later otherwise: not all of what answers there has the same set-up", exchange(a.x), a.x.Response.Status),
		evidence: s.unlike(a),
		fix:      []string{"see whether several servers answer at that address, and give all of them the same CORS set-up"},
	}
	if shown := present(a.x.Response.Headers, byCaches); len(shown) > 0 {
		c.evidence = append(c.evidence, "a cache stands on the way ("+cite(a.x, shown...)+"): it may have answered with what was made for another page")
		c.fix = append(c.fix, "or send Vary: Origin with every answer of this URL, so that the cache keeps one for each origin")
	}
	return c
}
