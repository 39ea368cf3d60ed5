package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var missingAllowOriginOnResponseRule = Rule{
	ID: "missing-allow-origin-on-response", Title: "The preflight allows the origin, and the answer itself does not", Severity: Error,
	Explanation: "The preflight (OPTIONS) was answered well, so the browser sent the request. Each answer is checked for itself, and the answer to the request has no Access-Control-Allow-Origin: only OPTIONS is configured, " +
		"or the CORS layer stands behind the routes, which answer first. The server has done what was asked; script cannot read the result.",
	Clause: fetch.AllowOriginMissing.Clause(), Codes: []string{"MissingAllowOriginHeader"},
	find: missingAs("missing-allow-origin-on-response", (*scene).onlyPreflight),
}
