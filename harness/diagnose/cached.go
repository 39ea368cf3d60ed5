package diagnose

import (
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/harness/probe"
)

var cachedRules = []Rule{{
	ID: "cached-answer", Title: "The browser refused an answer from its own cache", Severity: Error,
	Explanation: "The answer did not come from the server: the browser had stored it, made for another page or for a request without CORS, and it does not allow this page. Where an answer depends on the request's Origin, " +
		"the server has to say so by Vary: Origin, on every answer of that URL, so that caches keep one for each origin.",
	Clause: varyClause, Codes: []string{"MissingAllowOriginHeader", "AllowOriginMismatch", "InvalidAllowCredentials"},
	find: func(s *scene) []claim {
		x := s.final()
		if x == nil || s.o.Outcome != probe.Blocked || !slices.Contains([]string{"disk", "memory", "prefetch"}, x.FromCache) || !slices.Contains(checkCodes, s.code()) {
			return nil
		}
		return []claim{{
			at:       -1,
			summary:  fmt.Sprintf("%s was not asked of the server: the browser took a stored answer that does not allow the page %s", exchange(*x), s.o.From),
			evidence: append(s.browserSays(), "the answer is from the browser's cache: "+x.FromCache, cite(*x, allowOrigin, "Vary")),
			fix:      []string{"send Vary: Origin with every answer of this URL, those without an Origin in the request too", "then empty the caches, or wait until what is stored is stale"},
		}}
	},
}}

// checkCodes are the browser's codes for an answer to the request itself that fails the CORS check.
var checkCodes = []string{"MissingAllowOriginHeader", "MultipleAllowOriginValues", "InvalidAllowOriginValue", "AllowOriginMismatch", "WildcardOriginNotAllowed", "InvalidAllowCredentials"}
