package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var originNotAllowedRule = Rule{
	ID: "origin-not-allowed", Title: "The server looked at the page's origin and did not allow it", Severity: Error,
	Explanation: "Servers with a list of allowed origins leave out Access-Control-Allow-Origin for every other origin. To the browser that looks as if CORS was not switched on at all. That the answer depends on the request's " +
		"Origin header (it says Vary: Origin, another origin is allowed, or the same request succeeds without that header) shows that there is such a list, and that this page's origin is not on it.",
	Clause: fetch.AllowOriginMissing.Clause(), Codes: []string{"MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"},
	find: func(s *scene) []claim {
		return append(missingAs("origin-not-allowed", (*scene).originRefused)(s), s.refusedNext()...)
	},
}
