package fetch

import (
	"strings"
	"testing"
)

func TestDeviationsAreWholeAndUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Deviations {
		if seen[d.ID] {
			t.Errorf("%s stands there twice", d.ID)
		}
		seen[d.ID] = true
		if d.Browser == "" || !strings.HasPrefix(d.ID, d.Browser+"-") || d.What == "" || d.Reason == "" || d.Since == "" {
			t.Errorf("%+v lacks a field", d)
		}
		if d.Clause == "" || d.Clause != d.Waives.Clause() {
			t.Errorf("%s: clause %q and step %q do not belong together", d.ID, d.Clause, d.Waives)
		}
	}
}

func TestExplain(t *testing.T) {
	blocked := func(steps ...Step) Prediction {
		p := Prediction{Outcome: OutcomeBlocked}
		for _, s := range steps {
			p.Violations = append(p.Violations, Violation{Step: s})
		}
		return p
	}
	for name, c := range map[string]struct {
		browser  string
		p        Prediction
		observed Outcome
		want     string // the IDs
	}{
		"authorization by wildcard":      {"chromium", blocked(AuthorizationByWildcard), OutcomeReadable, "chromium-authorization-wildcard"},
		"in Firefox":                     {"firefox", blocked(AuthorizationByWildcard), OutcomeReadable, "firefox-authorization-wildcard"},
		"twice, on two hops":             {"chromium", blocked(AuthorizationByWildcard, AuthorizationByWildcard), OutcomeReadable, "chromium-authorization-wildcard"},
		"two deviations":                 {"chromium", blocked(AuthorizationByWildcard, LocationRepeated), OutcomeReadable, "chromium-authorization-wildcard chromium-repeated-location"},
		"opaque is let through too":      {"chromium", blocked(LocationRepeated), OutcomeOpaque, "chromium-repeated-location"},
		"another violation is left":      {"chromium", blocked(AuthorizationByWildcard, AllowOriginMissing), OutcomeReadable, ""},
		"another violation alone":        {"chromium", blocked(HeaderNotAllowed), OutcomeReadable, ""},
		"another browser":                {"firefox", blocked(LocationRepeated), OutcomeReadable, ""},
		"unknown browser":                {"", blocked(AuthorizationByWildcard), OutcomeReadable, ""},
		"they agree":                     {"chromium", blocked(AuthorizationByWildcard), OutcomeBlocked, ""},
		"nothing was predicted":          {"chromium", Prediction{Outcome: OutcomeUnknown}, OutcomeReadable, ""},
		"the browser is the stricter":    {"chromium", Prediction{Outcome: OutcomeReadable}, OutcomeBlocked, ""},
		"readable was predicted and got": {"chromium", Prediction{Outcome: OutcomeReadable}, OutcomeReadable, ""},
	} {
		var ids []string
		for _, d := range Explain(c.browser, c.p, c.observed) {
			ids = append(ids, d.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: explained by %q; want %q", name, got, c.want)
		}
	}
}

func TestAuthorizationByWildcardIsExplainedEndToEnd(t *testing.T) {
	r := crossOrigin(t, "GET", "Authorization: Bearer x")
	p := Predict(r, []Exchange{preflighted(204, allowAll, "Access-Control-Allow-Headers: *"), answered(api, 200, allowAll)})
	if got := Explain("chromium", p, OutcomeReadable); len(got) != 1 || got[0].Waives != AuthorizationByWildcard {
		t.Errorf("%v explained by %v", p.Violations, got)
	}
}

func TestEveryStepHasAClause(t *testing.T) {
	for _, s := range []Step{
		MethodInvalid, MethodForbidden, HeaderInvalid, URLWithCredentials, NoCORSMethod, BodyNotAllowed, ModeSameOrigin, NoCORSRedirectMode, SchemeNotHTTP,
		AllowOriginMissing, AllowOriginWildcard, AllowOriginMultiple, AllowOriginNull, AllowOriginMismatch, AllowCredentials,
		PreflightRedirect, PreflightStatus, AllowMethodsMalformed, AllowHeadersMalformed, MethodNotAllowed, AuthorizationByWildcard, HeaderNotAllowed,
		ResourcePolicy, RedirectModeError, LocationConflict, LocationRepeated, LocationScheme, RedirectCount, LocationWithCredentials,
	} {
		if !strings.HasPrefix(s.Clause(), "https://fetch.spec.whatwg.org/#") {
			t.Errorf("%s: clause %q", s, s.Clause())
		}
	}
	if got := Step("other").Clause(); got != "" {
		t.Errorf("a step of nobody has the clause %q", got)
	}
}
