package remedy_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/remedy"
)

// cookieServers have words for cookies; the other ones make none themselves.
var cookieServers = []string{"apache", "caddy", "chi", "echo", "envoy", "express", "fastapi", "fiber", "flask", "gin", "go", "gorilla", "haproxy", "nginx", "rscors", "spring", "spring-security"}

func TestCookieInEachServersWords(t *testing.T) {
	for _, server := range cookieServers {
		for _, c := range []remedy.Cookie{
			{Name: "sid", SameSite: "None"}, {Name: "sid", SameSite: "Lax", Everywhere: true, HTTPOnly: true}, {Name: "sid", SameSite: "None", Partitioned: true, Domain: "example.com"},
			{Name: "session", SameSite: "Strict", Everywhere: true}, {Name: "JSESSIONID", SameSite: "None", Partitioned: true}, {Name: "connect.sid", SameSite: "None"}, {Name: "a!#$%&'*+-.^_`|~z", SameSite: "None"},
		} {
			c.Path = "/"
			r, err := remedy.For(server, "cookie-refused", c)
			if err != nil {
				if !strings.Contains(err.Error(), "its configuration cannot say") {
					t.Errorf("%s, %+v: %v", server, c, err)
				}
				continue
			}
			if len(r.Parts) != 1 || r.Parts[0].Place == "" || r.Title == "" || strings.ContainsAny(r.Title, "{}") {
				t.Fatalf("%s, %+v: %+v", server, c, r)
			}
			text := strings.ToLower(r.Parts[0].Text)
			for _, attribute := range append([]string{"secure", strings.ToLower(c.SameSite)}, map[bool][]string{true: {"partitioned"}}[c.Partitioned]...) {
				if !strings.Contains(text, attribute) {
					t.Errorf("%s, %+v: no %s in\n%s", server, c, attribute, text)
				}
			}
			if !c.Partitioned && strings.Contains(text, "partitioned") {
				t.Errorf("%s, %+v: it is partitioned in\n%s", server, c, text)
			}
		}
	}
}

func TestAProxyDoesNotClaimToChangeAPath(t *testing.T) {
	for _, server := range []string{"nginx", "apache", "haproxy", "caddy", "envoy"} {
		if r, err := remedy.For(server, "", remedy.Cookie{Name: "sid", Path: "/", SameSite: "Lax", Everywhere: true}); err == nil || !strings.Contains(err.Error(), "Path=/") {
			t.Errorf("%s: %+v, %v", server, r, err)
		}
	}
}

func TestServersThatMakeNoCookiesSaySo(t *testing.T) {
	r, err := remedy.For("kong", "", remedy.Cookie{Name: "sid", SameSite: "None"})
	if err == nil || !strings.Contains(err.Error(), "no configuration of kong is known for this (cookie)") || !strings.Contains(err.Error(), strings.Join(cookieServers, ", ")) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestNoCookieThatABrowserWouldRefuse(t *testing.T) {
	for name, c := range map[string]remedy.Cookie{
		"no name": {SameSite: "None"}, "no token": {Name: "a b", SameSite: "Lax"}, "a line": {Name: "a\nb", SameSite: "Lax"},
		"no SameSite": {Name: "sid"}, "a path that ends a string": {Name: "sid", SameSite: "Lax", Path: "/\"x"}, "a domain that does": {Name: "sid", SameSite: "Lax", Domain: "a'b"}, "another SameSite": {Name: "sid", SameSite: "none"}, "partitioned for one site": {Name: "sid", SameSite: "Lax", Partitioned: true},
	} {
		if c.Path == "" {
			c.Path = "/"
		}
		if r, err := remedy.For("express", "", c); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestRedirectsToHTTPSInEachServersWords(t *testing.T) {
	for _, server := range []string{"apache", "caddy", "envoy", "express", "fastapi", "flask", "haproxy", "nginx", "spring", "spring-security"} {
		r, err := remedy.For(server, "mixed-content", remedy.HTTPS{From: "http://api.example.com:8080", To: "https://api.example.com:8443"})
		if err != nil || len(r.Parts) != 1 || r.Parts[0].Text == "" || r.Note == "" {
			t.Errorf("%s: %+v, %v", server, r, err)
		}
	}
	for name, h := range map[string]remedy.HTTPS{
		"another server": {From: "http://old.example.com", To: "https://api.example.com"}, "nothing": {},
		"https already": {From: "https://api.example.com", To: "https://api.example.com"}, "a path": {From: "http://api.example.com/", To: "https://api.example.com"},
	} {
		if r, err := remedy.For("nginx", "", h); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
