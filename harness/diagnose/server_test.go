package diagnose_test

import (
	"slices"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

func TestServersAreRecognisedByTheAnswerThatFails(t *testing.T) {
	const missing = "MissingAllowOriginHeader"
	page := func(status int, body string) probe.Observation {
		o := blocked(missing, get(""), actual("GET", status))
		o.Replay = &probe.Replay{Status: status, Body: []byte(body)}
		return o
	}
	shows := func(headers ...string) probe.Observation {
		return blocked(missing, get(""), actual("GET", 200, headers...))
	}
	proxied := replayed(200, blocked(missing, put(), preflight(204, acao+app, "Access-Control-Allow-Methods: PUT", "X-Powered-By: Express"), actual("PUT", 502, "Server: nginx/1.27")), "X-Powered-By: Express")
	denied := replayed(200, blocked("PreflightMissingAllowOriginHeader", put(), preflight(403), unsent("PUT")), "X-Powered-By: Express")
	for name, c := range map[string]struct {
		o       probe.Observation
		name    string
		certain bool
	}{
		"Express":                           {shows("X-Powered-By: Express"), "express", true},
		"nginx":                             {shows("Server: nginx/1.27.1"), "nginx", true},
		"Express behind nginx":              {shows("Server: nginx", "X-Powered-By: Express"), "express", false},
		"two that add the header":           {blocked("MultipleAllowOriginValues", get(""), actual("GET", 200, acao+app, acao+app, "Server: nginx", "X-Powered-By: Express")), "nginx", false},
		"nginx in Express's place":          {proxied, "nginx", true},
		"nobody in Express's place":         {denied, "", false},
		"uvicorn":                           {shows("server: uvicorn"), "fastapi", false},
		"gunicorn":                          {shows("Server: gunicorn"), "flask", false},
		"Apache":                            {shows("Server: Apache/2.4.62 (Debian)"), "apache", true},
		"Varnish":                           {shows("X-Varnish: 5", "Via: 1.1 varnish (Varnish/7.1)"), "varnish", true},
		"a CDN that is made of it":          {shows("Via: 1.1 varnish", "X-Served-By: cache-fra-1", "Server: GitHub.com"), "", false},
		"AWS":                               {shows("apigw-requestid: x"), "awshttp", true},
		"Spring's CORS filter":              {page(403, "Invalid CORS request"), "spring", true},
		"Spring Boot's errors":              {page(404, `{"timestamp":"2026-11-21T10:00:00Z","status":404,"error":"Not Found","path":"/x"}`), "spring", false},
		"Go's router":                       {page(404, "404 page not found\n"), "go", false},
		"an AWS error":                      {page(403, `{"message":"Missing Authentication Token"}`), "awsrest", true},
		"words in a good answer":            {page(200, `{"text":"upstream connect error or disconnect/reset before headers"}`), "", false},
		"a number that is a code elsewhere": {page(404, `{"id":1900902}`), "", false},
		"nobody":                            {shows("Server: secret"), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			found := diagnose.Find(c.o)
			if len(found) == 0 || found[0].Need == nil {
				t.Fatalf("nothing to configure: %+v", found)
			}
			got := found[0].Server
			if c.name == "" {
				if got != nil {
					t.Errorf("%+v", got)
				}
				return
			}
			if got == nil || got.Name != c.name || got.Certain != c.certain || got.Because == "" {
				t.Fatalf("%+v, want %s", got, c.name)
			}
			if !slices.Contains(remedy.Servers(), got.Name) {
				t.Errorf("no fixes are known for %s", got.Name)
			}
		})
	}
}

func TestWhatAServerHasToAllow(t *testing.T) {
	wanted := func(o probe.Observation) remedy.Policy {
		t.Helper()
		found := diagnose.Find(o)
		if len(found) == 0 {
			t.Fatal("nothing was found")
		}
		p, _ := found[0].Need.(remedy.Policy)
		return p
	}
	r := put("Content-Type: application/json")
	r.Credentials = fetch.Include
	got := wanted(blocked("HeaderDisallowedByPreflightResponse", r, preflight(204, acao+app, acac, "Access-Control-Allow-Methods: GET, PUT, OPTIONS", "Access-Control-Allow-Headers: X-Old"), unsent("PUT")))
	if !slices.Equal(got.Origins, []string{app}) || !slices.Equal(got.Methods, []string{"PUT", "GET"}) ||
		!slices.Equal(got.Headers, []string{"content-type", "X-Old"}) || !got.Credentials {
		t.Errorf("%+v", got)
	}
	got = wanted(readable(get(""), actual("GET", 200, acao+"*", "X-Total: 10")))
	if !slices.Equal(got.Expose, []string{"X-Total"}) || got.Credentials {
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
		if len(found) == 0 || found[0].Need != nil {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestWhatARemedyWantsToKnow(t *testing.T) {
	const missing = "MissingAllowOriginHeader"
	limited := func(body string, headers ...string) probe.Observation {
		o := blocked(missing, put(), preflight(204, acao+app, "Access-Control-Allow-Methods: PUT"), actual("PUT", 429, headers...))
		o.Replay = &probe.Replay{Status: 429, Body: []byte(body)}
		return o
	}
	const tooMany, onError = `{"message":"Too Many Requests"}`, "missing-allow-origin-on-error"
	known := remedy.Cause{Rule: onError, Method: "PUT", Status: 429, Allowed: true}
	own, alone := known, known
	own.Own, alone.Own, alone.Method, alone.Allowed = true, true, "GET", false
	for name, c := range map[string]struct {
		o    probe.Observation
		want remedy.Cause
	}{
		"a preflight":              {blocked("PreflightMissingAllowOriginHeader", put(), preflight(405), unsent("PUT")), remedy.Cause{Rule: "preflight-status", Method: "PUT", Status: 405}},
		"an API Gateway's own 429": {limited(tooMany, "Apigw-Requestid: x"), own},
		"its function's":           {limited("slow down", "Apigw-Requestid: x"), known},
		"another server's":         {limited(tooMany), known},
		"Envoy's own":              {blocked(missing, get(""), actual("GET", 429, "Server: envoy")), alone},
		"what Envoy passed on":     {limited("", "Server: envoy", "X-Envoy-Upstream-Service-Time: 3"), known},
	} {
		found := diagnose.Find(c.o)
		if len(found) == 0 || found[0].Need == nil || found[0].Cause != c.want {
			t.Errorf("%s: %+v, want %+v", name, found, c.want)
		}
	}
}

func TestAHeaderThatScriptShouldHaveReadIsMoreThanANote(t *testing.T) {
	o := readable(get(""), actual("GET", 200, acao+"*", "X-Total: 10", "X-Other: 1"))
	for name, c := range map[string]struct {
		wanted   []string
		severity string
		expose   []string
	}{
		"nothing is wanted":        {nil, diagnose.Note, []string{"X-Total", "X-Other"}},
		"one is":                   {[]string{"x-total"}, diagnose.Warning, []string{"x-total"}},
		"one is that is not there": {[]string{"x-none"}, diagnose.Note, []string{"X-Total", "X-Other"}},
	} {
		found := diagnose.Find(o, c.wanted...)
		if len(found) == 0 || found[0].Rule != "header-not-exposed" || found[0].Severity != c.severity || !slices.Equal(found[0].Need.(remedy.Policy).Expose, c.expose) {
			t.Errorf("%s: %+v", name, found)
		}
	}
}
