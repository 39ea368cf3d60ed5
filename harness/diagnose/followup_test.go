package diagnose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// api answers follow-ups as a kind of server does: with what a request of that origin gets.
type api func(method, origin, wantedMethod, wantedHeaders string) probe.Replay

func reply(status int, headers ...string) probe.Replay {
	return probe.Replay{Status: status, Headers: lines(headers...), Body: []byte("ok")}
}

// inquired is an Observation with the answers of a server to all that rules ask.
func inquired(t *testing.T, server api, o probe.Observation) probe.Observation {
	t.Helper()
	return diagnose.Inquire(o, func(list []probe.FollowUp) []probe.FollowUp {
		for i, f := range list {
			get := func(name string) string { value, _ := f.Request.Headers.Get(name); return value }
			if !slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, f.Request.Method) {
				t.Errorf("%s is asked with %s, which may change something", f.ID, f.Request.Method)
			}
			if get("X-HTTP-Method-Override") != "" {
				t.Errorf("%s is asked as another method", f.ID)
			}
			if f.Inner {
				list[i].Answer.Error = "nothing stands before it"
				continue
			}
			list[i].Answer = server(f.Request.Method, get("Origin"), get("Access-Control-Request-Method"), get("Access-Control-Request-Headers"))
		}
		return list
	})
}

// bare answers what it does not allow with a success that has no header of CORS, as rs/cors and chi do.
func bare(origins []string, methods, headers string) api {
	return func(method, origin, wantedMethod, wantedHeaders string) probe.Replay {
		if method != "OPTIONS" {
			if slices.Contains(origins, origin) {
				return reply(200, acao+origin, "Vary: Origin")
			}
			return reply(200, "Vary: Origin")
		}
		if !slices.Contains(origins, origin) || !strings.Contains(methods, wantedMethod) || wantedHeaders != "" && !strings.Contains(headers, wantedHeaders) {
			return reply(204, "Vary: Origin")
		}
		return reply(204, acao+origin, "Vary: Origin", "Access-Control-Allow-Methods: "+wantedMethod)
	}
}

// forbidding answers 403 to whatever it does not allow, as gin and Spring do.
func forbidding(origins []string, methods string) api {
	return func(method, origin, wantedMethod, _ string) probe.Replay {
		switch {
		case origin == "":
			return reply(200)
		case !slices.Contains(origins, origin) || method == "OPTIONS" && !strings.Contains(methods, wantedMethod):
			return reply(403)
		}
		return reply(200, acao+origin, "Vary: Origin")
	}
}

func TestWhatFollowUpsTellApart(t *testing.T) {
	const onPreflight, missing = "PreflightMissingAllowOriginHeader", "MissingAllowOriginHeader"
	only := []string{app}
	turnedAway := func(status int, headers ...string) probe.Observation {
		return blocked(onPreflight, put("X-A: 1"), preflight(status, headers...), unsent("PUT"))
	}
	noOPTIONS := func(status int) api {
		return func(method, origin, _, _ string) probe.Replay {
			if method == "OPTIONS" {
				return reply(status)
			}
			return reply(200, acao+app)
		}
	}
	nobody := func(method, _, _, _ string) probe.Replay { return reply(200) }
	for name, c := range map[string]struct {
		server api
		o      probe.Observation
		want   string
		words  []string
	}{
		"a bare 204 for the origin":        {bare([]string{"https://other.test"}, "GET PUT", "x-a"), turnedAway(204, "Vary: Origin"), "origin-not-allowed", []string{"its Vary names Origin"}},
		"a bare 204 for the method":        {bare(only, "GET", "x-a"), turnedAway(204, "Vary: Origin"), "method-not-allowed", []string{"the method PUT", "allowed without it"}},
		"a bare 204 for a header":          {bare(only, "GET PUT", "x-b"), turnedAway(204, "Vary: Origin"), "header-not-allowed", []string{"the header x-a"}},
		"a bare 204 where GET is not":      {bare(only, "POST", "x-a"), turnedAway(204, "Vary: Origin"), "method-not-allowed", nil},
		"a 403 for the origin":             {forbidding([]string{"https://other.test"}, "GET PUT"), turnedAway(403), "origin-not-allowed", []string{"403 with that Origin"}},
		"a 403 for the method":             {forbidding(only, "GET"), turnedAway(403), "method-not-allowed", nil},
		"a list with a slash at the end":   {bare([]string{app + "/"}, "GET PUT", "x-a"), turnedAway(204, "Vary: Origin"), "origin-not-allowed", []string{"the server allows " + app + "/", "slash at the end"}},
		"a list with http":                 {bare([]string{"http://app.example.com"}, "GET PUT", "x-a"), blocked(missing, get(""), actual("GET", 200, "Vary: Origin")), "origin-not-allowed", []string{"the scheme differs"}},
		"www":                              {bare([]string{"https://www.app.example.com"}, "GET PUT", "x-a"), blocked(missing, get(""), actual("GET", 200, "Vary: Origin")), "origin-not-allowed", []string{"www makes another host"}},
		"authentication before CORS":       {noOPTIONS(401), turnedAway(401, "WWW-Authenticate: Bearer"), "preflight-status", []string{"authentication"}},
		"a route that knows no OPTIONS":    {noOPTIONS(405), turnedAway(405), "preflight-status", nil},
		"OPTIONS that something answers":   {noOPTIONS(200), turnedAway(200, "Allow: GET"), "missing-allow-origin-on-preflight", []string{"requests from " + app + " are allowed"}},
		"no CORS at all, on the preflight": {nobody, turnedAway(200), "missing-allow-origin-on-preflight", nil},
		"no CORS at all":                   {nobody, blocked(missing, get(""), actual("GET", 200)), "missing-allow-origin", nil},
		"an error of a server that allows": {bare(only, "GET", ""), blocked(missing, get(""), actual("GET", 500)), "missing-allow-origin-on-error", []string{"CORS is switched on there"}},
		"a POST that a CORS layer forbids": {forbidding(only, "GET"), replayed(200, blocked(missing, probe.Request{Method: "POST"}, actual("POST", 403))), "method-not-allowed", []string{"allows the method POST to no page"}},
	} {
		t.Run(name, func(t *testing.T) {
			found := diagnose.Find(inquired(t, c.server, c.o))
			if len(found) == 0 || found[0].Rule != c.want {
				t.Fatalf("want %s first:\n%s", c.want, told(found))
			}
			for _, w := range c.words {
				if !strings.Contains(told(found[:1]), w) {
					t.Errorf("the finding lacks %q:\n%s", w, told(found[:1]))
				}
			}
		})
	}
}

func TestWhatIsNoListOfOrigins(t *testing.T) {
	const missing, onPreflight = "MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"
	crashing := func(_, origin, _, _ string) probe.Replay {
		if origin != "" {
			return reply(500)
		}
		return reply(200)
	}
	guarding := func(method, _, _, _ string) probe.Replay {
		if method == "OPTIONS" {
			return reply(405)
		}
		return reply(200)
	}
	unsure := func(_, origin, _, _ string) probe.Replay {
		if origin == "" {
			return reply(401)
		}
		return reply(401, "Vary: Origin")
	}
	turns := 0
	byTurns := func(_, origin, _, _ string) probe.Replay {
		if turns++; turns%2 == 0 {
			return reply(200)
		}
		return reply(200, acao+app, "Access-Control-Allow-Methods: GET, PUT", "Access-Control-Allow-Headers: x-a")
	}
	forgery := replayed(200, blocked(missing, probe.Request{Method: "POST"}, actual("POST", 403)))
	afterLeave := replayed(200, blocked(missing, put(), preflight(204, acao+app, "Access-Control-Allow-Methods: PUT"), actual("PUT", 403)))
	for name, c := range map[string]struct {
		server api
		o      probe.Observation
		want   string
		word   string
	}{
		"a crash where there is an Origin":  {crashing, blocked(missing, get(""), actual("GET", 500)), "missing-allow-origin-on-error", "it fails only where Origin is there"},
		"a guard against forgery":           {guarding, forgery, "missing-allow-origin-on-error", "guard against cross-site request forgery"},
		"a guard behind a preflight":        {bare([]string{app}, "GET PUT", ""), afterLeave, "missing-allow-origin-on-error", "403"},
		"authentication before such a list": {unsure, blocked(onPreflight, put(), preflight(401), unsent("PUT")), "preflight-status", "authentication runs before CORS"},
		"servers that answer by turns":      {byTurns, blocked(missing, get(""), actual("GET", 200)), "answers-differ", "not all of what answers there"},
		"servers that answer preflights so": {byTurns, blocked(onPreflight, put("X-A: 1"), preflight(200), unsent("PUT")), "answers-differ", ""},
		"a header that is misspelt":         {func(_, _, _, _ string) probe.Replay { return reply(200, "Access-Control-Allow-Orgin: "+app) }, blocked(missing, get(""), actual("GET", 200, "Access-Control-Allow-Orgin: "+app)), "missing-allow-origin", "the name is Access-Control-Allow-Origin"},
	} {
		t.Run(name, func(t *testing.T) {
			turns = 0
			found := diagnose.Find(inquired(t, c.server, c.o))
			if len(found) == 0 || found[0].Rule != c.want || !strings.Contains(told(found[:1]), c.word) {
				t.Errorf("want %s, %q:\n%s", c.want, c.word, told(found))
			}
		})
	}
}

func TestWhomElseAServerAllows(t *testing.T) {
	allowing := func(allowed func(origin string) bool, more ...string) api {
		return func(_, origin, _, _ string) probe.Replay {
			if origin != "" && allowed(origin) {
				return reply(200, append(more, acao+origin, "Vary: Origin")...)
			}
			return reply(200, "Vary: Origin")
		}
	}
	read := readable(get(fetch.Include), actual("GET", 200, acao+app, acac, "Vary: Origin"))
	for name, c := range map[string]struct {
		allowed func(string) bool
		want    string
	}{
		"nobody":           {func(o string) bool { return o == app }, ""},
		"anybody":          {func(string) bool { return true }, "it allows whatever origin asks"},
		"null":             {func(o string) bool { return o == app || o == "null" }, "it allows null"},
		"whoever begins":   {func(o string) bool { return strings.HasPrefix(o, app) }, "how an origin begins"},
		"whoever ends":     {func(o string) bool { return strings.HasSuffix(o, "example.com") && strings.HasPrefix(o, "https") }, "how an origin ends"},
		"part of a text":   {func(o string) bool { return strings.Contains(app+","+"https://admin.example.com", o) }, "only a part of an origin"},
		"another dot":      {func(o string) bool { return o == app || o == "https://app.examplexcom" }, "any character"},
		"http":             {func(o string) bool { return strings.TrimPrefix(o, "http://") == "app.example.com" || o == app }, "over plain http"},
		"an unescaped dot": {func(o string) bool { return o == app || o == "https://appxexample.com" }, "any character"},
	} {
		t.Run(name, func(t *testing.T) {
			found := diagnose.Find(inquired(t, allowing(c.allowed, acac), read))
			if c.want == "" {
				if len(found) != 0 {
					t.Errorf("%s", told(found))
				}
				return
			}
			if len(found) == 0 || found[0].Rule != "overly-permissive" || found[0].Severity != diagnose.Warning || !strings.Contains(found[0].Summary, c.want) {
				t.Errorf("want %q:\n%s", c.want, told(found))
			}
			found = diagnose.Find(inquired(t, allowing(c.allowed), readable(get(""), actual("GET", 200, acao+app, "Vary: Origin"))))
			if len(found) == 0 || found[0].Severity != diagnose.Note {
				t.Errorf("without credentials it is worth a note:\n%s", told(found))
			}
		})
	}
}

func TestWhomAServerMayMeanToAllow(t *testing.T) {
	for name, allowed := range map[string]func(string) bool{
		"any subdomain": func(o string) bool { return strings.HasSuffix(o, ".example.com") && strings.HasPrefix(o, "https://") },
		"any port":      func(o string) bool { return o == app || strings.HasPrefix(o, app+":") },
		"localhost":     func(o string) bool { return o == app || strings.HasPrefix(o, "http://localhost:") },
	} {
		server := func(_, origin, _, _ string) probe.Replay {
			if allowed(origin) {
				return reply(200, acao+origin, acac, "Vary: Origin")
			}
			return reply(200, "Vary: Origin")
		}
		found := diagnose.Find(inquired(t, server, readable(get(fetch.Include), actual("GET", 200, acao+app, acac, "Vary: Origin"))))
		if ids(found) != "overly-permissive" || found[0].Severity != diagnose.Note {
			t.Errorf("%s is worth a note:\n%s", name, told(found))
		}
	}
}

func TestWhatStandsBetween(t *testing.T) {
	lost := blocked("MissingAllowOriginHeader", get(""), actual("GET", 200))
	arrivedWith := func(headers ...string) func([]probe.FollowUp) []probe.FollowUp {
		return func(list []probe.FollowUp) []probe.FollowUp {
			for i := range list {
				f := &list[i]
				f.Answer, f.Watched = reply(200), true
				f.Arrived = &probe.Receipt{Method: f.Request.Method, URL: f.Request.URL, Headers: lines(headers...)}
				if f.Inner {
					f.Answer = reply(200, acao+app)
				}
			}
			return list
		}
	}
	for rule, answer := range map[string]func([]probe.FollowUp) []probe.FollowUp{
		"origin-stripped": arrivedWith(), "cors-headers-removed": arrivedWith("Origin: " + app),
	} {
		if found := diagnose.Find(diagnose.Inquire(lost, answer)); ids(found) != rule {
			t.Errorf("want %s:\n%s", rule, told(found))
		}
	}
}

func TestACacheOnTheWay(t *testing.T) {
	server := func(fresh bool) func([]probe.FollowUp) []probe.FollowUp {
		return func(list []probe.FollowUp) []probe.FollowUp {
			for i, f := range list {
				list[i].Answer = reply(200, "Age: 5")
				if fresh && strings.Contains(f.Request.URL, "corsproof-fresh") {
					list[i].Answer = reply(200, acao+app)
				}
			}
			return list
		}
	}
	stale := blocked("MissingAllowOriginHeader", get(""), actual("GET", 200, "Age: 5"))
	if found := diagnose.Find(diagnose.Inquire(stale, server(true))); len(found) == 0 || found[0].Rule != "cached-answer" || !strings.Contains(told(found[:1]), `Age: "5"`) {
		t.Errorf("%s", told(found))
	}
	if found := diagnose.Find(diagnose.Inquire(stale, server(false))); len(found) == 0 || found[0].Rule != "missing-allow-origin" {
		t.Errorf("%s", told(found))
	}
}

func TestALeaveThatTheBrowserKept(t *testing.T) {
	second := blocked("MissingAllowOriginHeader", put(), actual("PUT", 200))
	if found := diagnose.Find(second); strings.Contains(ids(found), "preflight-kept") {
		t.Errorf("the first step of a session has nothing that was kept:\n%s", told(found))
	}
	second.Step = 2
	refuses := func(method, _, _, _ string) probe.Replay { return reply(403) }
	found := diagnose.Find(inquired(t, refuses, second))
	if !strings.HasSuffix(ids(found), "preflight-kept") || !strings.Contains(told(found), "would not give any more") {
		t.Errorf("%s", told(found))
	}
}

func TestNothingIsAskedWhereTheCauseIsPlain(t *testing.T) {
	for name, o := range map[string]probe.Observation{
		"no verdict":       {Err: errNoBrowser},
		"a wildcard":       blocked("WildcardOriginNotAllowed", get(fetch.Include), actual("GET", 200, acao+"*", acac)),
		"a list":           blocked("HeaderDisallowedByPreflightResponse", put("X-A: 1"), preflight(204, acao+app, "Access-Control-Allow-Methods: PUT"), unsent("PUT")),
		"nobody listens":   failed("net::ERR_CONNECTION_REFUSED", get("")),
		"read by everyone": readable(get(""), actual("GET", 200, acao+"*")),
	} {
		diagnose.Inquire(o, func(list []probe.FollowUp) []probe.FollowUp {
			t.Errorf("%s: asked %s", name, list[0].ID)
			return list
		})
	}
}
