package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/probe"
)

var overlyPermissiveRule = Rule{
	ID: OverlyPermissive, Title: "The server allows more than is safe", Severity: Warning,
	Explanation: "The server lets a page read what only the user should read, with the user's cookies, though nobody can say whose page that is: null is the origin of every sandboxed frame of every site, and a page that came over plain http may have been changed by anybody on the way. " +
		"Whether the server allows just any origin is a question that a second request from a foreign origin answers.",
	Clause: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
	find: func(s *scene) []claim {
		claims := s.takenIn()
		for i, x := range s.o.Exchanges {
			if x.Role == probe.Preflight || x.Response == nil {
				continue
			}
			if why, fix := tooMuch(x); why != "" {
				claims = append(claims, claim{
					at:       100*(i+1) + 50, // behind what script lacks
					summary:  fmt.Sprintf("%s allows %s, with credentials", exchange(x), why),
					evidence: []string{cite(x, allowOrigin, allowCredentials)},
					fix:      []string{fix},
				})
			}
		}
		return claims
	},
}
