package diagnose

import (
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/harness/probe"
)

var cachedAnswerRule = Rule{
	ID: "cached-answer", Title: "The answer comes from a cache, made for another page", Severity: Error,
	Explanation: "The answer was not made for this request: a cache (the browser's own, a CDN, a proxy) had stored it, made for another page or for a request without CORS, and it does not allow this page. Where an answer depends on the request's Origin, " +
		"the server has to say so by Vary: Origin, on every answer of that URL, so that caches keep one for each origin.",
	Clause: varyClause, Codes: []string{"MissingAllowOriginHeader", "AllowOriginMismatch", "InvalidAllowCredentials", "PreflightMissingAllowOriginHeader", "PreflightAllowOriginMismatch"},
	find: func(s *scene) []claim {
		if a := s.first(s.cachedOnTheWay); a != nil {
			if a.x.Role == probe.Preflight {
				return []claim{s.preflightFromACache(*a)}
			}
			return []claim{s.fromACache(*a)}
		}
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
}
