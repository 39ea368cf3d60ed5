package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var allowOriginNullRule = Rule{
	ID: "allow-origin-null", Title: "Access-Control-Allow-Origin is null", Severity: Error,
	Explanation: "The server says Access-Control-Allow-Origin: null. That does not mean nobody and not everybody: null is the origin of sandboxed frames, of local files and of requests after some redirects, and of no page that has an address. " +
		"A page with an address is refused, while sandboxed frames of every site are let in.",
	Clause: fetch.AllowOriginNull.Clause(), Codes: []string{"AllowOriginMismatch", "PreflightAllowOriginMismatch"},
	find: badValues(isNull, nullValue),
}
