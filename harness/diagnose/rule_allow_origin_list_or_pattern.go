package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var allowOriginListOrPatternRule = Rule{
	ID: "allow-origin-list-or-pattern", Title: "Access-Control-Allow-Origin is a list or a pattern", Severity: Error,
	Explanation: "Access-Control-Allow-Origin can say one origin or *, and nothing else. A list of origins, a wildcard for part of a name (*.example.com), a regular expression or a placeholder that nobody filled in equals no origin. " +
		"The server has to compare the request's Origin with its list, and send back the one that matches.",
	Clause: fetch.AllowOriginMultiple.Clause(),
	Codes: []string{"MultipleAllowOriginValues", "InvalidAllowOriginValue", "AllowOriginMismatch",
		"PreflightMultipleAllowOriginValues", "PreflightInvalidAllowOriginValue", "PreflightAllowOriginMismatch"},
	find: badValues(isListOrPattern, listValue),
}
