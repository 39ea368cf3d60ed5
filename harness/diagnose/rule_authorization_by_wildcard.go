package diagnose

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

var authorizationByWildcardRule = Rule{
	ID: "authorization-by-wildcard", Title: "Authorization is allowed by * only", Severity: Warning,
	Explanation: "The server allows all request headers by *. The Standard does not count Authorization among them: it has to be listed by name. Browsers still let it pass and warn that they will stop.",
	Clause:      fetch.AuthorizationByWildcard.Clause(),
	find: func(s *scene) []claim {
		var claims []claim
		for _, v := range s.waived {
			if v.Step == fetch.AuthorizationByWildcard {
				claims = append(claims, claim{
					summary:  fmt.Sprintf("the preflight at %s allows Authorization by * only, which this browser still takes, against the Standard", path(v.URL)),
					evidence: []string{fmt.Sprintf("the preflight's answer: %s: %s", v.Header, quotes(v.Got))},
					fix:      []string{"list the header by name: " + allowHeaders + ": " + strings.Join(s.hopTo(v.URL).Preflight.HeaderNames, ", ")},
				})
			}
		}
		return claims
	},
}
