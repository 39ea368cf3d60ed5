package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var allowOriginMismatchRule = Rule{
	ID: "allow-origin-mismatch", Title: "Access-Control-Allow-Origin names another origin", Severity: Error,
	Explanation: "The answer allows one origin, and the page has another. Origins are compared byte for byte: scheme, host and port must all be the same, in lower case and without a slash at the end. http and https, " +
		"localhost and 127.0.0.1, www.example.com and example.com, and two ports of one host are all different origins.",
	Clause: fetch.AllowOriginMismatch.Clause(),
	Codes:  []string{"AllowOriginMismatch", "InvalidAllowOriginValue", "PreflightAllowOriginMismatch", "PreflightInvalidAllowOriginValue"},
	find:   badValues(isOther, otherValue),
}
