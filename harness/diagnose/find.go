package diagnose

import (
	"cmp"
	"slices"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

// Find says why script got what it got: the cause first, then what contributes
// or would fail next, then warnings and notes. It is empty where there is
// nothing to say: the request went as it should, or there is no verdict (o.Err).
//
// Headers' values in it are quoted as Go strings, and nothing in it can garble a terminal.
//
// wanted are the names of response headers that script should have read: where it cannot, that is worth more than a note.
func Find(o probe.Observation, wanted ...string) []Finding {
	if o.Err != nil {
		return nil
	}
	s := newScene(o)
	s.wanted = wanted
	var claims []placed
	for _, r := range table {
		if r.Severity == Error && s.gotAnswer() {
			continue
		}
		for _, c := range r.find(s) {
			claims = append(claims, placed{rule: r, claim: c})
		}
	}
	if s.unexplained(claims) {
		claims = append(claims, s.fallback()...)
	}
	slices.SortStableFunc(claims, func(a, b placed) int {
		return cmp.Or(cmp.Compare(rank(a.severity()), rank(b.severity())), cmp.Compare(a.at, b.at))
	})
	list := make([]Finding, len(claims))
	for i, c := range claims {
		list[i] = s.finding(c)
	}
	return list
}

// finding is a claim with what cures it, if a server's configuration does.
func (s *scene) finding(p placed) Finding {
	f := Finding{Rule: p.rule.ID, Severity: p.severity(), Summary: printable.Text(p.summary), Evidence: printables(p.evidence), Fix: printables(p.fix)}
	if need := s.need(p.claim); need != nil {
		outer := p.rule.ID == "multiple-allow-origin"
		f.Need, f.Cause, f.At = need, s.cause(p.rule.ID, *p.cures), p.cures.x.Request.URL
		f.Server, f.Before = s.server(*p.cures, outer), outer || s.madeBefore(*p.cures)
	}
	return f
}

// need is what a server's configuration has to do where a claim says that one cures, or nil.
func (s *scene) need(c claim) remedy.Need {
	switch {
	case c.cures == nil:
		return nil
	case c.other != nil:
		return c.other
	}
	if p := s.policy(*c.cures, join(c.expose, s.missed())); p != nil {
		return *p
	}
	return nil
}

// placed is a claim with the rule that makes it.
type placed struct {
	rule Rule
	claim
}

func (p placed) severity() string { return cmp.Or(p.claim.severity, p.rule.Severity) }

func rank(severity string) int {
	return slices.Index([]string{Error, Warning, Note}, severity)
}

// ForgetNeed takes out of a finding what a server's configuration could do, and whose.
func (f *Finding) ForgetNeed() {
	f.Need, f.Cause, f.At, f.Server, f.Before = nil, remedy.Cause{}, "", nil, false
}

// AsNotes are findings about an outcome that is meant to be so, or may be: they explain, and mend nothing. A fix would open what may have to stay closed.
func AsNotes(list []Finding) []Finding {
	out := slices.Clone(list)
	for i := range out {
		out[i].Severity, out[i].Fix = Note, nil
		out[i].ForgetNeed()
	}
	return out
}
