package diagnose

import (
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
)

var methodNotAllowedRule = Rule{
	ID: "method-not-allowed", Title: "The preflight does not allow the method", Severity: Error,
	Explanation: "The server's answer to the preflight lists the methods that pages may use, in Access-Control-Allow-Methods. The request's method is not among them. Methods are compared byte for byte, so patch and PATCH are two; " +
		"and for a request with credentials * is no wildcard.",
	Clause: fetch.MethodNotAllowed.Clause(), Codes: []string{"MethodDisallowedByPreflightResponse"},
	find: func(s *scene) []claim {
		return slices.Concat(s.eachFailing(40, methodNotAllowed, fetch.MethodNotAllowed), s.eachRefused("method-not-allowed", fetch.MethodNotAllowed),
			missingAs("method-not-allowed", (*scene).methodRefused)(s))
	},
}
