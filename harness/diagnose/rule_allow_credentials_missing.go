package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var allowCredentialsMissingRule = Rule{
	ID: "allow-credentials-missing", Title: "Access-Control-Allow-Credentials is not true", Severity: Error,
	Explanation: "Script asked for the request to go with credentials (cookies; credentials: include, or withCredentials). The page may read the answer only if the server agrees, by Access-Control-Allow-Credentials: true, in exactly that case, once, " +
		"on the preflight's answer and on the answer itself.",
	Clause: fetch.AllowCredentials.Clause(), Codes: []string{"InvalidAllowCredentials", "PreflightInvalidAllowCredentials"},
	find: func(s *scene) []claim {
		var claims []claim
		for _, a := range s.answers {
			for _, v := range a.of(fetch.AllowCredentials) {
				if !folded(a, v) && s.otherwise(a) == nil {
					claims = append(claims, withoutCredentials(a, v))
				}
			}
		}
		return claims
	},
}
