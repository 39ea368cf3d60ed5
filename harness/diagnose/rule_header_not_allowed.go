package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var headerNotAllowedRule = Rule{
	ID: "header-not-allowed", Title: "The preflight does not allow a header of the request", Severity: Error,
	Explanation: "Script set headers that need the server's leave (anything beyond a few harmless ones; Content-Type: application/json and Authorization among them). The server's answer to the preflight lists what it allows in Access-Control-Allow-Headers, and not all of the request's are on it. " +
		"The browser reports the first one only. For a request with credentials * is no wildcard, and Authorization should be listed by name always.",
	Clause: fetch.HeaderNotAllowed.Clause(), Codes: []string{"HeaderDisallowedByPreflightResponse"},
	find: func(s *scene) []claim {
		return append(s.eachFailing(50, headerNotAllowed, fetch.HeaderNotAllowed, fetch.AuthorizationByWildcard),
			s.eachRefused("header-not-allowed", fetch.HeaderNotAllowed, fetch.AuthorizationByWildcard)...)
	},
}
