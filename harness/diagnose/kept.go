package diagnose

import (
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// kept is the hop of a refused request that went without the preflight that it needs, or -1.
func (s *scene) kept() int {
	if s.o.Outcome != probe.Blocked || s.o.Step < 2 || len(s.o.Missing) > 0 {
		return -1
	}
	for i, h := range s.predicted.Hops {
		if h.Sent && h.Preflight.Needed && !h.Preflight.Sent {
			return i
		}
	}
	return -1
}

func whys(reasons []fetch.Reason) []string {
	var list []string
	for _, r := range reasons {
		list = append(list, r.Why)
	}
	return list
}

// askAboutKept is whether the leave that the browser still had would be given now.
func (s *scene) askAboutKept() []probe.FollowUp {
	i := s.kept()
	if i < 0 {
		return nil
	}
	h := s.predicted.Hops[i]
	return []probe.FollowUp{askPreflight(samePreflight, h.URL, h.Origin.String(), h.Preflight.Method, h.Preflight.HeaderNames...)}
}
