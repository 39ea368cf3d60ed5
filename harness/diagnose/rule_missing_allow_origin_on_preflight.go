package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var missingAllowOriginOnPreflightRule = Rule{
	ID: "missing-allow-origin-on-preflight", Title: "The preflight's answer has no Access-Control-Allow-Origin", Severity: Error,
	Explanation: "Before a request that an HTML form could not send, a browser asks the server for leave: it sends OPTIONS, the preflight. The answer to that must have Access-Control-Allow-Origin too. Here OPTIONS was answered with success, but by something " +
		"that does not know CORS (a framework's default answer, a gateway), or by a CORS layer that did not allow what was asked for. The request itself was never sent.",
	Clause: fetch.AllowOriginMissing.Clause(), Codes: []string{"PreflightMissingAllowOriginHeader"},
	find: missingAs("missing-allow-origin-on-preflight", (*scene).preflightWithout),
}
