package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
)

var redirectUnusableRule = Rule{
	ID: "redirect-unusable", Title: "A redirect that no browser follows", Severity: Error,
	Explanation: "The server answered with a redirect that cannot be followed: it leads to no http or https URL, says two different places at once, or is one of more than twenty in a row, which usually means that two redirects lead to each other.",
	Clause:      fetch.RedirectCount.Clause(),
	find: func(s *scene) []claim {
		var claims []claim
		for _, a := range s.answers {
			for _, v := range a.of(fetch.LocationConflict, fetch.LocationRepeated, fetch.LocationScheme, fetch.RedirectCount) {
				claims = append(claims, claim{
					at:       a.at(60),
					summary:  fmt.Sprintf("the redirect at %s cannot be followed: %s", path(a.x.Request.URL), v.Why),
					evidence: []string{fmt.Sprintf("%s, Location: %s", cite(a.x), shownLocation(a.x.Response.Headers))},
					fix:      []string{usableLocation},
				})
			}
		}
		if c := s.unfollowed(); c != nil && len(claims) == 0 {
			claims = append(claims, *c)
		}
		for i := range claims {
			s.inCircles(&claims[i])
		}
		return claims
	},
}
