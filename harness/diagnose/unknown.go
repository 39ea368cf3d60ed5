package diagnose

import (
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/harness/probe"
)

// definite are the browser's codes of which each has one cause, whatever the wire shows.
var definite = map[string]string{
	"MethodDisallowedByPreflightResponse": "method-not-allowed", "HeaderDisallowedByPreflightResponse": "header-not-allowed",
	"InvalidAllowMethodsPreflightResponse": "malformed-allow-list", "InvalidAllowHeadersPreflightResponse": "malformed-allow-list",
	"WildcardOriginNotAllowed": "wildcard-with-credentials", "PreflightWildcardOriginNotAllowed": "wildcard-with-credentials",
	"InvalidAllowCredentials": "allow-credentials-missing", "PreflightInvalidAllowCredentials": "allow-credentials-missing",
	"PreflightInvalidStatus": "preflight-status", "PreflightDisallowedRedirect": "preflight-redirected",
	"RedirectContainsCredentials": "redirect-cross-origin",
	"DisallowedByMode":            "script-refused", "CorsDisabledScheme": "script-refused", "NoCorsRedirectModeNotFollow": "script-refused",
}

// unexplained reports that script got no answer and no claim says why.
func (s *scene) unexplained(claims []placed) bool {
	if s.gotAnswer() || s.o.Outcome == "" {
		return false
	}
	return !slices.ContainsFunc(claims, func(c placed) bool { return c.severity() == Error })
}

// fallback names the cause by the browser's word alone, where that word has one meaning, or says that it is not known.
func (s *scene) fallback() []placed {
	id := definite[s.code()]
	evidence := s.known()
	if x := s.final(); s.code() == "MissingAllowOriginHeader" && x != nil && x.Response != nil && x.Response.Status == 304 && !x.Response.Headers.Has(allowOrigin) {
		id, evidence = "missing-allow-origin", append(evidence, cite(*x, allowOrigin)+": whether the browser had an answer stored that this one renews is not known")
	}
	if id == "" {
		rule, _ := Lookup("not-known")
		return []placed{{rule: rule, claim: claim{at: -1, summary: "what was seen does not tell why script got no answer" + s.reason(), evidence: evidence,
			fix: []string{"ask again; if this stays, look at the API's log and at the browser's console"}}}}
	}
	rule, _ := Lookup(id)
	return []placed{{rule: rule, claim: claim{at: -1, summary: fmt.Sprintf("%s%s; the answer that decides it is not on record as a whole", rule.Title, s.reason()), evidence: evidence,
		fix: []string{"ask again, so that the answer's headers are on record", "and " + s.corsFix()}}}}
}

// reason is the browser's code as a clause.
func (s *scene) reason() string {
	if s.o.Blocked == nil {
		return ""
	}
	text := " (" + s.o.Blocked.Code
	if p := s.o.Blocked.Parameter; p != "" && s.code() != "DisallowedByMode" {
		text += " " + quote(p)
	}
	return text + ")"
}

// known is all that there is to go by.
func (s *scene) known() []string {
	var list []string
	if s.o.Blocked != nil {
		list = append(list, s.browserSays()...)
	}
	if s.o.NetError != "" {
		list = append(list, "the browser's network error: "+s.o.NetError)
	}
	for _, m := range s.o.Missing {
		list = append(list, "not delivered by the browser in time: "+m)
	}
	if x := s.final(); x != nil && x.FromCache == "service-worker" {
		list = append(list, "a service worker of the page made the answer")
	}
	if s.predicted.Unknown != "" {
		list = append(list, "the wire does not tell: "+s.predicted.Unknown)
	}
	if s.o.Outcome == probe.Failed {
		list = append(list, s.thrown()...)
	}
	return list
}
