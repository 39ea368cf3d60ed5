package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// otherwise is the same request as one that was refused, asked afterwards and allowed, or nil. An error may have passed meanwhile; it proves nothing.
func (s *scene) otherwise(a answer) *probe.FollowUp {
	from := a.hop.Origin.String()
	if !a.has(fetch.AllowOriginMissing) || a.x.Response.Status >= 400 || a.x.FromCache != "" || s.redirectedTo(a) || redirects(a.x) {
		return nil
	}
	var again []*probe.FollowUp
	switch {
	case a.x.Role == probe.Preflight:
		again = []*probe.FollowUp{s.reply(samePreflight), s.reply(refusedToo)}
		if f := s.unconfirmed(a); f != nil {
			return f
		}
	case a.x.Request.Method == "GET": // what may change something is not asked again
		again = []*probe.FollowUp{s.reply(withOrigin), s.reply(againToo)}
	}
	for _, f := range again {
		if succeeded(f) && lets(f, from) {
			return f
		}
	}
	return nil
}

func (s *scene) unsteady(a answer) claim {
	return claim{
		at:       a.at(-1),
		summary:  fmt.Sprintf("%s was answered %d without %s, and such a request a moment later otherwise: not all of what answers there has the same set-up", exchange(a.x), a.x.Response.Status, allowOrigin),
		evidence: []string{cite(a.x, allowOrigin), retold(s.otherwise(a))},
		fix:      []string{"see whether several servers answer at that address, and give all of them the same CORS set-up"},
	}
}
