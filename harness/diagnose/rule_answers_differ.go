package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var answersDifferRule = Rule{
	ID: "answers-differ", Title: "The server does not always answer alike", Severity: Error,
	Explanation: "The same request from the same page got an answer that allows the page one time, and one that does not another time. Usually several servers answer by turns, and not all of them have the same set-up (a new version that is being rolled out, one machine that was forgotten), " +
		"or the set-up was changed in between. Any other cause that one of the answers suggests may be wrong.",
	Clause: fetch.AllowOriginMissing.Clause(), Codes: []string{"MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"},
	find: func(s *scene) []claim {
		return s.each(func(a answer) bool { return s.otherwise(a) != nil }, s.unsteady)
	},
}
