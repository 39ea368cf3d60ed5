package diagnose_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

func TestACookieThatAnEarlierStepLost(t *testing.T) {
	const shop, partner = "https://shop.example.com", "https://partner.test"
	step := func(n int, url string, x probe.Exchange) probe.Observation {
		r := get("")
		r.URL, r.Credentials = url, fetch.Include
		x.Request.URL = url
		o := from(partner, readable(r, x))
		o.Step = n
		return o
	}
	login := actual("POST", 200, acao+partner, acac, "Set-Cookie: sid=s3cret; SameSite=Lax; Secure")
	login.Cookies.Refused = []probe.CookieUse{{Name: "sid", Reasons: []string{"SchemefulSameSiteLax"}}}
	me := actual("GET", 401, acao+partner, acac)
	withIt := me
	withIt.Cookies.Sent = []probe.CookieUse{{Name: "sid"}}

	before := []probe.Observation{step(1, shop+"/login", login)}
	found := diagnose.Lost(step(2, shop+"/me", me), before)
	if len(found) != 1 || found[0].Rule != "cookie-refused" || found[0].Severity != diagnose.Warning || !strings.Contains(found[0].Summary, "step 1") || strings.Contains(found[0].Summary, "s3cret") {
		t.Fatalf("%+v", found)
	}
	if c, ok := found[0].Need.(remedy.Cookie); !ok || c.SameSite != "None" || found[0].At != shop+"/login" {
		t.Errorf("%+v", found[0])
	}
	withoutCredentials := step(2, shop+"/me", me)
	withoutCredentials.Request.Credentials = fetch.Omit
	for name, o := range map[string]probe.Observation{
		"it was sent": step(2, shop+"/me", withIt), "another host": step(2, "https://other.example.com/me", me), "no credentials": withoutCredentials,
		"no verdict": {Err: errors.New("no browser")},
	} {
		if found := diagnose.Lost(o, before); len(found) > 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
}
