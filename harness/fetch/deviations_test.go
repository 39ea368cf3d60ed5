package fetch

import (
	"slices"
	"strings"
	"testing"
)

func TestDeviationsAreWholeAndUnique(t *testing.T) {
	kinds := []Kind{WaivedCheck, PreflightNotSent, PreflightSent, RequestHeader}
	seen := map[string]bool{}
	for _, d := range Deviations {
		if seen[d.ID] {
			t.Errorf("%s stands there twice", d.ID)
		}
		seen[d.ID] = true
		if d.Browser == "" || !strings.HasPrefix(d.ID, d.Browser+"-") || !slices.Contains(kinds, d.Kind) || d.What == "" || d.Reason == "" || d.Since == "" {
			t.Errorf("%+v lacks a field", d)
		}
		if !strings.HasPrefix(d.Clause, standard+"#") || d.Waives != "" && d.Clause != d.Waives.Clause() {
			t.Errorf("%s: clause %q and step %q do not belong together", d.ID, d.Clause, d.Waives)
		}
		if (d.Kind == WaivedCheck) != (d.Waives != "") || (d.Waives == "") != (d.shows != nil) {
			t.Errorf("%s: kind %q, waives %q: it is recognised by one of Waives and shows", d.ID, d.Kind, d.Waives)
		}
	}
}

func ids(list []Deviation) string {
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = d.ID
	}
	return strings.Join(names, " ")
}

func TestExplainWaivedChecks(t *testing.T) {
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
		known    string // the IDs
		unknown  int
	}{
		"authorization by wildcard":      {"chromium", blocked(AuthorizationByWildcard), OutcomeReadable, "chromium-authorization-wildcard", 0},
		"in Firefox":                     {"firefox", blocked(AuthorizationByWildcard), OutcomeReadable, "firefox-authorization-wildcard", 0},
		"twice, on two hops":             {"chromium", blocked(AuthorizationByWildcard, AuthorizationByWildcard), OutcomeReadable, "chromium-authorization-wildcard", 0},
		"two deviations":                 {"chromium", blocked(AuthorizationByWildcard, LocationRepeated), OutcomeReadable, "chromium-authorization-wildcard chromium-repeated-location", 0},
		"opaque is let through too":      {"chromium", blocked(LocationRepeated), OutcomeOpaque, "chromium-repeated-location", 0},
		"another violation is left":      {"chromium", blocked(AuthorizationByWildcard, AllowOriginMissing), OutcomeReadable, "chromium-authorization-wildcard", 1},
		"another violation alone":        {"chromium", blocked(HeaderNotAllowed), OutcomeReadable, "", 1},
		"another browser":                {"firefox", blocked(LocationRepeated), OutcomeReadable, "", 1},
		"unknown browser":                {"", blocked(AuthorizationByWildcard), OutcomeReadable, "", 1},
		"they agree":                     {"chromium", blocked(AuthorizationByWildcard), OutcomeBlocked, "", 0},
		"nothing was predicted":          {"chromium", Prediction{Outcome: OutcomeUnknown}, OutcomeReadable, "", 0},
		"the browser is the stricter":    {"chromium", Prediction{Outcome: OutcomeReadable}, OutcomeBlocked, "", 0},
		"readable was predicted and got": {"chromium", Prediction{Outcome: OutcomeReadable}, OutcomeReadable, "", 0},
	} {
		known, unknown := Explain(c.browser, c.p.Waived(c.observed))
		if got := ids(known); got != c.known || len(unknown) != c.unknown {
			t.Errorf("%s: explained by %q, %d left; want %q, %d", name, got, len(unknown), c.known, c.unknown)
		}
	}
}

func TestAuthorizationByWildcardIsExplainedEndToEnd(t *testing.T) {
	r := crossOrigin(t, "GET", "Authorization: Bearer x")
	p := Predict(r, []Exchange{preflighted(204, allowAll, "Access-Control-Allow-Headers: *"), answered(api, 200, allowAll)})
	if known, unknown := Explain("chromium", p.Waived(OutcomeReadable)); len(known) != 1 || known[0].Waives != AuthorizationByWildcard || len(unknown) > 0 {
		t.Errorf("%v explained by %v, left %v", p.Violations, known, unknown)
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
