package diagnose_test

import (
	"slices"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

func TestServersAreRecognised(t *testing.T) {
	page := func(status int, body string) probe.Observation {
		o := blocked("MissingAllowOriginHeader", get(""), actual("GET", status))
		o.Replay = &probe.Replay{Status: status, Body: []byte(body)}
		return o
	}
	shows := func(headers ...string) probe.Observation {
		return blocked("MissingAllowOriginHeader", get(""), actual("GET", 200, headers...))
	}
	for _, c := range []struct {
		o       probe.Observation
		name    string
		certain bool
	}{
		{shows("X-Powered-By: Express"), "express", true},
		{shows("Server: nginx/1.27.1"), "nginx", true},
		{shows("Server: nginx", "X-Powered-By: Express"), "express", true},
		{shows("server: uvicorn"), "fastapi", false},
		{shows("Server: gunicorn"), "flask", false},
		{shows("Server: Apache/2.4.62 (Debian)"), "apache", true},
		{shows("Via: 1.1 varnish (Varnish/7.1)"), "varnish", true},
		{shows("apigw-requestid: x"), "awshttp", true},
		{page(403, "Invalid CORS request"), "spring", true},
		{page(404, `{"timestamp":"2026-11-21T10:00:00Z","status":404,"error":"Not Found","path":"/x"}`), "spring", false},
		{page(404, "404 page not found\n"), "go", false},
		{page(403, `{"message":"Missing Authentication Token"}`), "awsrest", true},
	} {
		got, ok := diagnose.Recognise(c.o)
		if !ok || got.Name != c.name || got.Certain != c.certain || got.Because == "" {
			t.Errorf("%+v, want %s", got, c.name)
		}
		if !slices.Contains(remedy.Servers(), got.Name) {
			t.Errorf("no fixes are known for %s", got.Name)
		}
	}
	if got, ok := diagnose.Recognise(shows("Server: secret")); ok {
		t.Errorf("%+v", got)
	}
}

func TestWhatAServerHasToAllow(t *testing.T) {
	wanted := func(o probe.Observation) *remedy.Policy {
		t.Helper()
		found := diagnose.Find(o)
		if len(found) == 0 {
			t.Fatal("nothing was found")
		}
		return found[0].Allow
	}
	r := put("Content-Type: application/json")
	r.Credentials = fetch.Include
	got := wanted(blocked("HeaderDisallowedByPreflightResponse", r, preflight(204, acao+app, acac, "Access-Control-Allow-Methods: GET, PUT, OPTIONS", "Access-Control-Allow-Headers: X-Old"), unsent("PUT")))
	if got == nil || !slices.Equal(got.Origins, []string{app}) || !slices.Equal(got.Methods, []string{"PUT", "GET"}) ||
		!slices.Equal(got.Headers, []string{"content-type", "X-Old"}) || !got.Credentials {
		t.Errorf("%+v", got)
	}
	got = wanted(readable(get(""), actual("GET", 200, acao+"*", "X-Total: 10")))
	if got == nil || !slices.Equal(got.Expose, []string{"X-Total"}) || got.Credentials {
		t.Errorf("%+v", got)
	}
	small := put()
	small.Method = "patch"
	for name, o := range map[string]probe.Observation{
		"a sandboxed page":       from("null", blocked("MissingAllowOriginHeader", get(""), actual("GET", 200))),
		"script's own mistake":   blocked("MethodDisallowedByPreflightResponse", small, preflight(204, acao+app, "Access-Control-Allow-Methods: PATCH"), unsent("patch")),
		"what is not CORS":       failed("net::ERR_CONNECTION_REFUSED", get("")),
		"what is meant to be so": blocked("MissingAllowOriginHeader", get(""), actual("GET", 200)),
	} {
		found := diagnose.Find(o)
		if name == "what is meant to be so" {
			found = diagnose.AsNotes(found)
		}
		if len(found) == 0 || found[0].Allow != nil {
			t.Errorf("%s: %+v", name, found)
		}
	}
}
