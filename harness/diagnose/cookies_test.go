package diagnose_test

import (
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

func TestHowACookieHasToBeSet(t *testing.T) {
	const other, shop = "https://partner.test", "https://api.example.com"
	for name, c := range map[string]struct {
		page, url, reason, line string
		want                    *remedy.Cookie
	}{
		"Lax, for another site":             {other, shop, "SchemefulSameSiteLax", "sid=1; SameSite=Lax", &remedy.Cookie{Name: "sid", Path: "/", SameSite: "None"}},
		"blocked third parties":             {other, shop, "ThirdPartyPhaseout", "sid=1; SameSite=None; Secure", &remedy.Cookie{Name: "sid", Path: "/", SameSite: "None", Partitioned: true}},
		"another's Domain, the same site":   {app, shop, "InvalidDomain", "sid=1; Domain=example.net", &remedy.Cookie{Name: "sid", Path: "/", SameSite: "Lax", Everywhere: true}},
		"another's Domain, and Strict":      {app, shop, "InvalidDomain", "sid=1; Domain=example.net; samesite=strict", &remedy.Cookie{Name: "sid", Path: "/", SameSite: "Strict", Everywhere: true}},
		"another's Domain, another site":    {other, shop, "InvalidDomain", "sid=1; Domain=example.net", &remedy.Cookie{Name: "sid", Path: "/", SameSite: "None", Everywhere: true}},
		"what else it says stays":           {other, shop, "SchemefulSameSiteLax", "sid=1; SameSite=Lax; Path=/shop; Domain=example.com; HttpOnly", &remedy.Cookie{Name: "sid", Path: "/shop", Domain: "example.com", HTTPOnly: true, SameSite: "None"}},
		"Lax, over http to this machine":    {other, "http://127.0.0.1:8080", "SchemefulSameSiteLax", "sid=1; SameSite=Lax", &remedy.Cookie{Name: "sid", Path: "/", SameSite: "None"}},
		"Secure, over http":                 {app, "http://api.example.com", "SecureOnly", "sid=1; Secure", nil},
		"Lax, over http":                    {other, "http://api.example.com", "SchemefulSameSiteLax", "sid=1; SameSite=Lax", nil},
		"a name that is none":               {other, shop, "SchemefulSameSiteLax", "s id=1", nil},
		"partitioned and not Secure":        {other, shop, "", "sid=1; SameSite=None; Partitioned", &remedy.Cookie{Name: "sid", Path: "/", SameSite: "None", Partitioned: true}},
		"partitioned and Secure":            {other, shop, "", "sid=1; SameSite=None; Secure; Partitioned", nil},
		"a reason that nobody knows of yet": {other, shop, "Whatever", "sid=1", nil},
	} {
		r := get("")
		r.URL, r.Credentials = c.url, fetch.Include
		x := actual("GET", 200, acao+c.page, acac, "Set-Cookie: "+c.line)
		x.Request.URL = c.url
		cookie := "sid"
		if c.line == "s id=1" {
			cookie = "s id"
		}
		x.Cookies.Refused = []probe.CookieUse{{Name: cookie, Reasons: []string{c.reason}}}
		if c.reason == "" {
			x.Cookies.Refused = nil // the browser says nothing
		}
		var got remedy.Need
		for _, f := range diagnose.Find(from(c.page, readable(r, x))) {
			if f.Rule == "cookie-refused" {
				got = f.Need
			}
		}
		if c.want == nil && got != nil || c.want != nil && got != *c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
