package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

var preflightUnansweredRule = Rule{
	ID: "preflight-unanswered", Title: "The preflight got no answer", Severity: Error,
	Explanation: "Before a request that an HTML form could not send, a browser asks the server for leave: it sends OPTIONS, the preflight. Here nothing answered that, so the request itself was never sent. " +
		"Firewalls and servers that do not expect OPTIONS drop it or leave it hanging, while GET and POST work.",
	Clause: fetch.PreflightStatus.Clause(),
	find: func(s *scene) []claim {
		x := s.silentPreflight()
		if x == nil || s.o.Outcome != probe.Timeout && !s.preflightDropped() {
			return nil
		}
		what := "was not answered before the timeout"
		if s.o.Outcome != probe.Timeout {
			what = "got no whole answer (" + s.o.NetError + ")"
		}
		return []claim{{
			at:       -1,
			summary:  fmt.Sprintf("%s %s, so that %s was never sent", exchange(*x), what, s.method()),
			evidence: append([]string{cite(*x)}, s.arrivals(true)...),
			fix: append(grant(answer{x: *x, hop: s.hopTo(x.Request.URL)}),
				"see whether a firewall or a proxy in front of the server lets OPTIONS through"),
		}}
	},
}
