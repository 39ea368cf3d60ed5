package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/probe"
)

var blockedButExecutedRule = Rule{
	ID: "blocked-but-executed", Title: "The request was executed, though script was refused the answer", Severity: Note,
	Explanation: "CORS keeps script from reading answers; it does not keep requests from being sent. A request that needs no preflight, or whose preflight passed, reaches the server and does there what it does, also where the browser then refuses the answer. " +
		"Sending it again does it again, and CORS is no defence against cross-site request forgery.",
	Clause: "https://fetch.spec.whatwg.org/#http-cors-protocol",
	find: func(s *scene) []claim {
		if s.o.Outcome != probe.Blocked || s.turnedDown() {
			return nil
		}
		for _, r := range s.o.Receipts {
			if r.IsPreflight() || safe(r.Method) || s.movedOn(r) {
				continue
			}
			return []claim{{
				summary:  fmt.Sprintf("the API received %s %s and has most likely executed it, though script was refused the answer", r.Method, path(r.URL)),
				evidence: []string{fmt.Sprintf("the API's receipt: %s %s, %d bytes", r.Method, path(r.URL), r.BodySize)},
				fix: []string{"do not have script send it again without looking whether it was done",
					"where such a request changes something, let the server check its Origin or a token before it does so: CORS does not protect it"},
			}}
		}
		return nil
	},
}
