package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var missingAllowOriginOnErrorRule = Rule{
	ID: "missing-allow-origin-on-error", Title: "The server answered with an error, without CORS headers", Severity: Error,
	Explanation: "The real problem is the error, and the missing header only hides it: the browser reports CORS, and script cannot even read the status. Errors are often made by another layer than good answers (a proxy, a gateway, a rate limiter, " +
		"an exception handler), which does not know of CORS. Find out about the error first; then have errors carry the same CORS headers as every answer.",
	Clause: fetch.AllowOriginMissing.Clause(), Codes: []string{"MissingAllowOriginHeader"},
	find: missingAs("missing-allow-origin-on-error", (*scene).errorWithout),
}
