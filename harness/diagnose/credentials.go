package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
)

const leaveOut = "or, where the API needs no cookie of the user's, have script leave out credentials (credentials: \"omit\", no withCredentials)"

func wildcard(a answer) claim {
	return claim{
		at: a.at(10), cures: &a,
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
		at: a.at(20), cures: &a,
		summary:  fmt.Sprintf("%s was sent for a request with credentials, and its answer %s", exchange(a.x), got),
		evidence: []string{cite(a.x, allowOrigin, allowCredentials), "the request's credentials mode is include"},
		fix:      append(grant(a), leaveOut),
	}
}
