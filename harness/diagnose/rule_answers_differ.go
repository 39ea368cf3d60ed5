package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
)

var answersDifferRule = Rule{
	ID: "answers-differ", Title: "The server does not always answer alike", Severity: Error,
	Explanation: "The same request from the same page got an answer that allows the page one time, and one that does not another time. Usually several servers answer by turns, and not all of them have the same set-up (a new version that is being rolled out, one machine that was forgotten), " +
		"or the set-up was changed in between. Any other cause that one of the answers suggests may be wrong.",
	Clause: fetch.AllowOriginMissing.Clause(), Codes: []string{"MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"},
	find: func(s *scene) []claim {
		var claims []claim
		for _, a := range s.answers {
			if f := s.otherwise(a); f != nil {
				claims = append(claims, claim{
					at:       a.at(-1),
					summary:  fmt.Sprintf("%s was answered %d without %s, and such a request a moment later otherwise: not all of what answers there has the same set-up", exchange(a.x), a.x.Response.Status, allowOrigin),
					evidence: []string{cite(a.x, allowOrigin), retold(f)},
					fix:      []string{"see whether several servers answer at that address, and give all of them the same CORS set-up"},
				})
			}
		}
		return claims
	},
}
