package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var missingAllowOriginRule = Rule{
	ID: "missing-allow-origin", Title: "No answer has Access-Control-Allow-Origin", Severity: Error,
	Explanation: "A browser lets a page read an answer from another origin (another scheme, host or port) only if that answer says so, by the header Access-Control-Allow-Origin with the page's origin as its value. " +
		"This answer does not have the header: CORS was never switched on for this route, or the answer comes from something that knows nothing of it. Tools such as curl show the answer all the same, since only browsers ask for the header.",
	Clause: fetch.AllowOriginMissing.Clause(), Codes: []string{"MissingAllowOriginHeader"},
	find: missingAs("missing-allow-origin", (*scene).withoutCORS),
}
