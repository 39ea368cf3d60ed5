package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var wildcardWithCredentialsRule = Rule{
	ID: "wildcard-with-credentials", Title: "The server allows every origin (*), and the request has credentials", Severity: Error,
	Explanation: "Access-Control-Allow-Origin: * means that everybody may read the answer. With cookies or other credentials an answer is about one user, so browsers do not take * for a request with credentials: " +
		"the server has to name the page's origin. Naming whatever origin asks would be worse than the error: it would let every site read what the user may read.",
	Clause: fetch.AllowOriginWildcard.Clause(), Codes: []string{"WildcardOriginNotAllowed", "PreflightWildcardOriginNotAllowed"},
	find: func(s *scene) []claim {
		return s.each(func(a answer) bool { return a.has(fetch.AllowOriginWildcard) && !s.tainted(a) }, wildcard)
	},
}
