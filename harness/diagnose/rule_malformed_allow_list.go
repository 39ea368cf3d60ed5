package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var malformedAllowListRule = Rule{
	ID: "malformed-allow-list", Title: "Access-Control-Allow-Methods or -Headers cannot be parsed", Severity: Error,
	Explanation: "The lists of allowed methods and headers are names separated by commas, without quotes. This one has something else in it (semicolons, blanks between names, quotation marks, brackets), and a browser drops the whole preflight for it.",
	Clause:      fetch.AllowMethodsMalformed.Clause(),
	Codes:       []string{"InvalidAllowMethodsPreflightResponse", "InvalidAllowHeadersPreflightResponse"},
	find: func(s *scene) []claim {
		return s.eachFailing(30, malformed, fetch.AllowMethodsMalformed, fetch.AllowHeadersMalformed)
	},
}
