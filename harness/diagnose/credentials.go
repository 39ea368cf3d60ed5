package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
)

var credentialRules = []Rule{
	{
		ID: "wildcard-with-credentials", Title: "The server allows every origin (*), and the request has credentials", Severity: Error,
		Explanation: "Access-Control-Allow-Origin: * means that everybody may read the answer. With cookies or other credentials an answer is about one user, so browsers do not take * for a request with credentials: " +
			"the server has to name the page's origin. Naming whatever origin asks would be worse than the error: it would let every site read what the user may read.",
		Clause: fetch.AllowOriginWildcard.Clause(), Codes: []string{"WildcardOriginNotAllowed", "PreflightWildcardOriginNotAllowed"},
		find: func(s *scene) []claim {
			var claims []claim
			for _, a := range s.answers {
				if a.has(fetch.AllowOriginWildcard) {
					c := wildcard(a)
					c.cures = &a
					claims = append(claims, c)
				}
			}
			return claims
		},
	},
	{
		ID: "allow-credentials-missing", Title: "Access-Control-Allow-Credentials is not true", Severity: Error,
		Explanation: "Script asked for the request to go with credentials (cookies; credentials: include, or withCredentials). The page may read the answer only if the server agrees, by Access-Control-Allow-Credentials: true, in exactly that case, once, " +
			"on the preflight's answer and on the answer itself.",
		Clause: fetch.AllowCredentials.Clause(), Codes: []string{"InvalidAllowCredentials", "PreflightInvalidAllowCredentials"},
		find: func(s *scene) []claim {
			var claims []claim
			for _, a := range s.answers {
				for _, v := range a.of(fetch.AllowCredentials) {
					if !folded(a, v) {
						c := withoutCredentials(a, v)
						c.cures = &a
						claims = append(claims, c)
					}
				}
			}
			return claims
		},
	},
}

const leaveOut = "or, where the API needs no cookie of the user's, have script leave out credentials (credentials: \"omit\", no withCredentials)"

func wildcard(a answer) claim {
	return claim{
		at:       a.at(10),
		summary:  fmt.Sprintf("%s was answered with %s: \"*\", and the request has credentials: for those a browser wants the page's origin, %s, by name", exchange(a.x), allowOrigin, a.hop.Origin),
		evidence: []string{cite(a.x, allowOrigin, allowCredentials), "the request's credentials mode is include"},
		fix:      append(grant(a), leaveOut),
	}
}

func withoutCredentials(a answer, v fetch.Violation) claim {
	got := "has no " + allowCredentials
	if v.Got != nil {
		got = fmt.Sprintf("says %s: %s, and only one line that says true counts", allowCredentials, quotes(v.Got))
	}
	return claim{
		at:       a.at(20),
		summary:  fmt.Sprintf("%s was sent for a request with credentials, and its answer %s", exchange(a.x), got),
		evidence: []string{cite(a.x, allowOrigin, allowCredentials), "the request's credentials mode is include"},
		fix:      append(grant(a), leaveOut),
	}
}
