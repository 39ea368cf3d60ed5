package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var corsHeadersRemovedRule = Rule{
	ID: "cors-headers-removed", Title: "Something on the way takes the CORS headers out of the answer", Severity: Error,
	Explanation: "The server itself allows the page: asked directly, its answer has Access-Control-Allow-Origin. A proxy, gateway or cache in front of it hands the answer on without that header, and so the browser keeps the answer from script.",
	Clause:      fetch.AllowOriginMissing.Clause(), Codes: []string{"MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"},
	find: func(s *scene) []claim {
		return s.each(func(a answer) bool { return s.fault(a) == "cors-headers-removed" }, s.headersRemoved)
	},
}
