package diagnose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// row is an Observation, the rules that find something in it, in order, and words that summary, evidence or fix of the first must have.
type row struct {
	name  string
	o     probe.Observation
	rules string
	words []string
}

func check(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			found := diagnose.Find(r.o)
			if got := ids(found); got != r.rules {
				t.Fatalf("found %q, want %q\n%s", got, r.rules, told(found))
			}
			for _, w := range r.words {
				if !strings.Contains(told(found[:1]), w) {
					t.Errorf("the first finding lacks %q:\n%s", w, told(found[:1]))
				}
			}
		})
	}
}

func ids(list []diagnose.Finding) string {
	var names []string
	for _, f := range list {
		names = append(names, f.Rule)
	}
	return strings.Join(names, " ")
}

func told(list []diagnose.Finding) string {
	var b strings.Builder
	for _, f := range list {
		b.WriteString(f.Severity + " " + f.Rule + ": " + f.Summary + "\n  " + strings.Join(f.Evidence, "\n  ") + "\n  fix: " + strings.Join(f.Fix, "\n  fix: ") + "\n")
	}
	return b.String()
}

func TestNoAllowOrigin(t *testing.T) {
	const missing, onPreflight = "MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"
	check(t, []row{
		{"anywhere", blocked(missing, get(""), actual("GET", 200)), "missing-allow-origin",
			[]string{"GET /orders was answered 200", "answer GET /orders, errors too, with: Access-Control-Allow-Origin: " + app}},
		{"anywhere, with credentials", blocked(missing, get(fetch.Include), actual("GET", 200)), "missing-allow-origin",
			[]string{"Access-Control-Allow-Origin: " + app + "; Access-Control-Allow-Credentials: true"}},
		{"on a server that tells no code", blocked("", get(""), actual("GET", 200)), "missing-allow-origin", nil},
		{"on an answer that depends on the origin", blocked(missing, get(""), actual("GET", 200, "Vary: Accept-Encoding, Origin")), "origin-not-allowed", []string{`if this page may read it, add "` + app + `"`}},
		{"on a 403 that only browsers get", replayed(200, blocked(missing, get(""), actual("GET", 403))), "origin-not-allowed", nil},
		{"on a 403 that everybody gets", replayed(403, blocked(missing, get(""), actual("GET", 403))), "missing-allow-origin-on-error", nil},
		{"on an error", replayed(500, blocked(missing, get(""), actual("GET", 500, "Server: nginx/1.27"))), "missing-allow-origin-on-error",
			[]string{"the real problem is the error 500 (Internal Server Error)", `Server: "nginx/1.27"`}},
		{"on an error after a preflight that passed", blocked(missing, put(), preflight(204, acao+app, "Access-Control-Allow-Methods: PUT"), actual("PUT", 502)),
			"missing-allow-origin-on-error", []string{"502 (Bad Gateway)", "the preflight before it allows the origin"}},
		{"on an error whose Vary names Origin", blocked(missing, get(""), actual("GET", 500, "Vary: Origin")), "missing-allow-origin-on-error", []string{"not on the server's list"}},
		{"on the answer only", received(blocked(missing, put(), preflight(204, acao+app, "Access-Control-Allow-Methods: PUT"), actual("PUT", 200)), "OPTIONS", "PUT"),
			"missing-allow-origin-on-response blocked-but-executed", []string{"the preflight allows " + app}},
		{"on the preflight", blocked(onPreflight, put("X-A: 1"), preflight(200), unsent("PUT")), "missing-allow-origin-on-preflight",
			[]string{"answer OPTIONS /orders with 204 and: Access-Control-Allow-Origin: " + app + "; Access-Control-Allow-Methods: PUT; Access-Control-Allow-Headers: x-a", "is not known: the request was not sent"}},
		{"on a default answer to OPTIONS", blocked(onPreflight, put(), preflight(200, "Allow: GET,HEAD,PUT"), unsent("PUT")), "missing-allow-origin-on-preflight", []string{"default answer"}},
		{"by a CORS layer that allows nothing", blocked(onPreflight, put("X-A: 1"), preflight(204, "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"), unsent("PUT")),
			"missing-allow-origin-on-preflight", []string{"by a layer that knows CORS", "the origin " + app + ", the method PUT and the headers x-a"}},
		{"and a list that would fail next", blocked(onPreflight, put("X-A: 1"), preflight(200, "Access-Control-Allow-Methods: GET"), unsent("PUT")),
			"missing-allow-origin-on-preflight method-not-allowed", nil},
		{"for a page without an origin", from("null", blocked(missing, get(fetch.Include), actual("GET", 200))), "missing-allow-origin", []string{"do not allow the origin null"}},
	})
}

func TestWrongAllowOrigin(t *testing.T) {
	mismatch := func(value string) probe.Observation {
		return blocked("AllowOriginMismatch", get(""), actual("GET", 200, acao+value))
	}
	check(t, []row{
		{"slash", mismatch(app + "/"), "allow-origin-mismatch", []string{"slash at the end", `"` + app + `/"`}},
		{"scheme", mismatch("http://app.example.com"), "allow-origin-mismatch", []string{"the scheme differs, http and not https"}},
		{"port", mismatch(app + ":8443"), "allow-origin-mismatch", []string{"the port differs, 8443 and not the default one"}},
		{"scheme and port", mismatch("http://app.example.com:3000"), "allow-origin-mismatch", []string{"scheme and port differ"}},
		{"case", mismatch("https://App.example.com"), "allow-origin-mismatch", []string{"the case differs"}},
		{"no scheme", mismatch("app.example.com"), "allow-origin-mismatch", []string{"the scheme is missing"}},
		{"path", mismatch(app + "/shop"), "allow-origin-mismatch", []string{"no path"}},
		{"default port written", mismatch(app + ":443"), "allow-origin-mismatch", []string{"not written as browsers write it"}},
		{"quoted", mismatch(`"` + app + `"`), "allow-origin-mismatch", []string{"quotation marks"}},
		{"empty", mismatch(""), "allow-origin-mismatch", []string{"empty"}},
		{"www", from("https://www.example.com", mismatch("https://example.com")), "allow-origin-mismatch", []string{"www makes another host"}},
		{"subdomain", mismatch("https://example.com"), "allow-origin-mismatch", []string{"the page is on a subdomain"}},
		{"a host below", mismatch("https://v2.app.example.com"), "allow-origin-mismatch", []string{"a subdomain is allowed"}},
		{"localhost", from("http://localhost:3000", mismatch("http://127.0.0.1:3000")), "allow-origin-mismatch", []string{"the same machine"}},
		{"another", mismatch("https://other.test"), "allow-origin-mismatch", []string{"another host, other.test"}},
		{"no origin", mismatch("yes"), "allow-origin-mismatch", []string{"it is not an origin"}},
		{"null", mismatch("null"), "allow-origin-null", []string{"sandboxed frames"}},
		{"pattern", mismatch("https://*.example.com"), "allow-origin-list-or-pattern", []string{"a pattern"}},
		{"regular expression", mismatch(`^https://.+\.example\.com`), "allow-origin-list-or-pattern", []string{"a pattern"}},
		{"placeholder", mismatch("${origin}"), "allow-origin-list-or-pattern", []string{"placeholder"}},
		{"list", mismatch(app + ", https://admin.example.com"), "allow-origin-list-or-pattern", []string{"a list"}},
		{"list with blanks", mismatch(app + " https://admin.example.com"), "allow-origin-list-or-pattern", []string{"a list"}},
		{"equal lines", blocked("MultipleAllowOriginValues", get(""), actual("GET", 200, acao+app, acao+app)), "multiple-allow-origin", []string{"two layers", "(2 lines)"}},
		{"joined lines", mismatch(app + ", " + app), "multiple-allow-origin", []string{"even equal values"}},
		{"* and an origin", blocked("MultipleAllowOriginValues", get(""), actual("GET", 200, acao+"*", acao+app)), "multiple-allow-origin", []string{"everybody (*)"}},
		{"null with credentials", blocked("AllowOriginMismatch", get(fetch.Include), actual("GET", 200, acao+"null", acac)), "allow-origin-null overly-permissive", nil},
		{"mismatch, then the method, then a header", blocked("PreflightAllowOriginMismatch", put("X-A: 1"), preflight(204, acao+app+"/"), unsent("PUT")),
			"allow-origin-mismatch method-not-allowed header-not-allowed", nil},
		{"mismatch, then the status", blocked("PreflightAllowOriginMismatch", put(), preflight(403, acao+app+"/", "Access-Control-Allow-Methods: PUT"), unsent("PUT")),
			"allow-origin-mismatch preflight-status", nil},
	})
}

func TestCredentials(t *testing.T) {
	check(t, []row{
		{"wildcard", blocked("WildcardOriginNotAllowed", get(fetch.Include), actual("GET", 200, acao+"*", acac)), "wildcard-with-credentials", []string{"Access-Control-Allow-Origin: " + app}},
		{"wildcard, then the leave", blocked("WildcardOriginNotAllowed", get(fetch.Include), actual("GET", 200, acao+"*")), "wildcard-with-credentials allow-credentials-missing", nil},
		{"missing", blocked("InvalidAllowCredentials", get(fetch.Include), actual("GET", 200, acao+app, "Vary: Origin")), "allow-credentials-missing", []string{"has no Access-Control-Allow-Credentials"}},
		{"True", blocked("InvalidAllowCredentials", get(fetch.Include), actual("GET", 200, acao+app, "Vary: Origin", "Access-Control-Allow-Credentials: True")), "allow-credentials-missing", []string{`"True"`}},
		{"wildcard without credentials", readable(get(""), actual("GET", 200, acao+"*")), "", nil},
	})
}

func TestPreflights(t *testing.T) {
	good := []string{acao + app, "Vary: Origin"}
	status := func(status int, headers ...string) probe.Observation {
		return replayed(200, blocked("PreflightMissingAllowOriginHeader", put(), preflight(status, headers...), unsent("PUT")))
	}
	lists := func(r probe.Request, headers ...string) probe.Observation {
		return blocked("HeaderDisallowedByPreflightResponse", r, preflight(204, append(headers, good...)...), unsent("PUT"))
	}
	patch := put()
	patch.Method = "patch"
	withCredentials := put("X-A: 1")
	withCredentials.Credentials = fetch.Include
	check(t, []row{
		{"401", status(401, "WWW-Authenticate: Bearer"), "preflight-status", []string{"authentication runs before CORS", `WWW-Authenticate: "Bearer"`, "the same request gets 200"}},
		{"403", status(403), "preflight-status", []string{"does not tell which"}},
		{"403 by a CORS layer", status(403, "Vary: Origin, Access-Control-Request-Method"), "preflight-status", []string{"may be a CORS layer"}},
		{"404", status(404), "preflight-status", []string{"no route"}},
		{"405", status(405, "Allow: GET, PUT"), "preflight-status", []string{"does not handle OPTIONS", `Allow: "GET, PUT"`}},
		{"503", status(503), "preflight-status", []string{"failed on OPTIONS"}},
		{"304", status(304), "preflight-status", []string{"only 200 to 299"}},
		{"405 with CORS headers", blocked("PreflightInvalidStatus", put(), preflight(405, acao+app, "Access-Control-Allow-Methods: PUT"), unsent("PUT")), "preflight-status", nil},
		{"http to https", blocked("PreflightDisallowedRedirect", probe.Request{Method: "PUT", URL: "http://api.example.com/orders"},
			answered(probe.Preflight, "OPTIONS", "http://api.example.com/orders", 301, "Location: https://api.example.com/orders")), "preflight-redirected", []string{"from http to https"}},
		{"slash", blocked("PreflightDisallowedRedirect", put(), preflight(308, "Location: /orders/"), unsent("PUT")), "preflight-redirected", []string{"adds a slash"}},
		{"login", blocked("PreflightDisallowedRedirect", put(), preflight(302, "Location: /login?next=secret"), unsent("PUT")), "preflight-redirected", []string{"login page"}},
		{"elsewhere", blocked("PreflightDisallowedRedirect", put(), preflight(302, "Location: https://other.test/x"), unsent("PUT")), "preflight-redirected", []string{"another host, other.test"}},
		{"method", lists(put(), "Access-Control-Allow-Methods: GET, POST"), "method-not-allowed", []string{"Access-Control-Allow-Methods: PUT"}},
		{"method, by no list", lists(put()), "method-not-allowed", []string{"was answered without"}},
		{"patch", lists(patch, "Access-Control-Allow-Methods: PATCH"), "method-not-allowed", []string{"have script write the method in upper case: PATCH"}},
		{"PUT, where put is allowed", lists(put(), "Access-Control-Allow-Methods: put"), "method-not-allowed", []string{"in another case"}},
		{"headers", lists(put("X-A: 1", "X-B: 2", "X-C: 3"), "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: x-b"), "header-not-allowed", []string{"x-a and x-c", "Access-Control-Allow-Headers: x-a, x-b, x-c"}},
		{"* with credentials", blocked("MethodDisallowedByPreflightResponse", withCredentials, preflight(204, acao+app, acac, "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *"), unsent("PUT")),
			"method-not-allowed header-not-allowed", []string{"* is no wildcard"}},
		{"malformed", lists(put(), "Access-Control-Allow-Methods: PUT; GET"), "malformed-allow-list", []string{`"PUT; GET"`}},
		{"Authorization by * in a browser of the Standard's", engine("other", lists(put("Authorization: x"), "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: *")), "header-not-allowed", []string{"has to be listed by name"}},
		{"Authorization by * in Chromium", readable(put("Authorization: x"), preflight(204, acao+"*", "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: *"), actual("PUT", 200, acao+"*")),
			"authorization-by-wildcard", []string{"Access-Control-Allow-Headers: authorization"}},
		{"unanswered", received(timedOut(put(), silent(), unsent("PUT")), "OPTIONS"), "preflight-unanswered", []string{"before the timeout", "the API received it"}},
		{"dropped", replayed(200, failed("net::ERR_CONNECTION_RESET", put(), silent(), unsent("PUT"))), "preflight-unanswered", []string{"got no whole answer"}},
		{"dropped like everything", failed("net::ERR_CONNECTION_RESET", put(), silent(), unsent("PUT")), "not-cors", nil},
	})
}

func silent() probe.Exchange {
	x := preflight(0)
	x.Response = nil
	return x
}

func engine(name string, o probe.Observation) probe.Observation {
	o.Browser.Engine = name
	return o
}

func timedOut(r probe.Request, exchanges ...probe.Exchange) probe.Observation {
	o := failed("net::ERR_ABORTED", r, exchanges...)
	o.Outcome, o.Page.Settled = probe.Timeout, false
	return o
}

func TestRedirects(t *testing.T) {
	const other = "https://other.test/x"
	hop := func(location string, headers ...string) probe.Exchange {
		return answered(probe.RedirectHop, "GET", orders, 302, append(headers, "Location: "+location)...)
	}
	end := func(url string, headers ...string) probe.Exchange {
		return answered(probe.Actual, "GET", url, 200, headers...)
	}
	check(t, []row{
		{"a bare hop", blocked("MissingAllowOriginHeader", get(""), actual("GET", 302, "Location: "+other)), "redirect-cross-origin", []string{"the redirect itself is checked"}},
		{"a 302 that leads nowhere", blocked("MissingAllowOriginHeader", get(""), actual("GET", 302)), "missing-allow-origin", nil},
		{"a bare last answer, asked as null", blocked("MissingAllowOriginHeader", get(""), hop(other, acao+app), end(other)), "redirect-cross-origin", []string{"made the request's origin null", "has no"}},
		{"the page's origin where null is asked", blocked("AllowOriginMismatch", get(""), hop(other, acao+app), end(other, acao+app)), "redirect-cross-origin", []string{"allows \"" + app}},
		{"a bare end within the API", blocked("MissingAllowOriginHeader", get(""), hop(orders+"/1", acao+app), end(orders+"/1")), "redirect-cross-origin", []string{"a redirect led to"}},
		{"userinfo", blocked("RedirectContainsCredentials", get(""), hop("https://u:p@other.test/x", acao+app)), "redirect-cross-origin", []string{"a user or a password", "are not shown"}},
		{"null with credentials", readable(get(fetch.Include), hop(other, acao+app, acac), end(other, acao+"null", acac)), "overly-permissive", nil},
		{"to no http", blocked("", get(""), hop("ftp://other.test/x", acao+app)), "redirect-unusable", nil},
		{"without end", failed("net::ERR_TOO_MANY_REDIRECTS", get(""), hop("/orders", acao+app)), "redirect-unusable", []string{"the redirects that begin at /orders", "do not end"}},
		{"to two places at once", failed("net::ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION", get(""), unsent("GET")), "redirect-unusable", []string{"two places"}},
		{"to no URL", failed("net::ERR_INVALID_REDIRECT", get(""), unsent("GET")), "redirect-unusable", []string{"no URL"}},
		{"that script does not want", failed("net::ERR_FAILED", probe.Request{Redirect: fetch.ErrorRedirect}, answered(probe.Actual, "GET", orders, 302, acao+app, "Location: /x")), "script-refused", nil},
	})
}

func TestOtherPolicies(t *testing.T) {
	check(t, []row{
		{"mixed content", blocked("mixed-content", probe.Request{URL: "http://api.example.com/orders"}), "mixed-content", []string{"not CORS", "over plain http"}},
		{"csp", blocked("csp", get("")), "content-security-policy", []string{"add https://api.example.com to connect-src"}},
		{"csp after a redirect", blocked("csp", get(""), answered(probe.RedirectHop, "GET", orders, 302, acao+app, "Location: https://other.test/")), "content-security-policy", []string{"where a redirect from https://api.example.com leads"}},
		{"corp", blocked("corp-not-same-origin", probe.Request{Mode: fetch.NoCORS}, actual("GET", 200, "Cross-Origin-Resource-Policy: same-origin")), "cross-origin-resource-policy", []string{`"same-origin"`}},
		{"coep", blocked("corp-not-same-origin-after-defaulted-to-same-origin-by-coep", probe.Request{Mode: fetch.NoCORS}, actual("GET", 200)), "cross-origin-resource-policy", nil},
		{"lna", blocked("LocalNetworkAccessPermissionDenied", get("")), "local-network-access", []string{"permission"}},
		{"lna over http", blocked("InsecureLocalNetwork", get("")), "local-network-access", []string{"over plain http"}},
		{"lna after a redirect", blocked("LocalNetworkAccessPermissionDenied", get(""), answered(probe.RedirectHop, "GET", orders, 302, acao+app, "Location: http://localhost/"),
			probe.Exchange{Role: probe.Actual, Request: probe.SentRequest{Method: "GET", URL: "http://localhost/"}}), "local-network-access", []string{"http://localhost"}},
		{"refused", failed("net::ERR_CONNECTION_REFUSED", get("")), "not-cors", []string{"nobody listens", "net::ERR_CONNECTION_REFUSED"}},
		{"DNS", failed("net::ERR_NAME_NOT_RESOLVED", put()), "not-cors", []string{"does not resolve"}},
		{"a connection that is dropped for Origin", replayed(200, failed("net::ERR_EMPTY_RESPONSE", get(""), probe.Exchange{Role: probe.Actual, Request: probe.SentRequest{Method: "GET", URL: orders, Raw: true, Headers: lines("Origin: " + app)}})), "not-cors", []string{"answers the same request without Origin", "gets 200"}},
		{"certificate", failed("net::ERR_CERT_AUTHORITY_INVALID", get("")), "not-cors", []string{"certificate"}},
		{"unheard of", failed("net::ERR_ODD", get("")), "not-cors", []string{"ERR_ODD"}},
		{"timeout", received(timedOut(get(""), unsent("GET")), "GET"), "timeout", []string{"the API received it"}},
		{"a login dialog", replayed(401, timedOut(get(fetch.Include), unsent("GET")), `WWW-Authenticate: Basic realm="x"`), "timeout", []string{"login dialog"}},
		{"opaque", opaque(fetch.Opaque), "opaque-response", []string{"this is no success", "Access-Control-Allow-Origin: " + app}},
		{"a stored answer", stored(blocked("MissingAllowOriginHeader", get(""), unsent("GET"))), "cached-answer", []string{"Vary: Origin"}},
		{"script: forbidden method", rejected(probe.Request{Method: "TRACE"}), "script-refused", []string{"script may not use"}},
		{"script: GET with a body", rejected(probe.Request{Body: &probe.Body{Text: "x"}}), "script-refused", []string{"use POST"}},
		{"script: mode same-origin", blocked("DisallowedByMode", probe.Request{Mode: fetch.SameOriginMode}), "script-refused", nil},
		{"script: ftp", blocked("CorsDisabledScheme", probe.Request{URL: "ftp://api.example.com/x"}), "script-refused", nil},
	})
}

func opaque(kind fetch.ResponseType) probe.Observation {
	o := readable(probe.Request{Mode: fetch.NoCORS}, actual("GET", 200))
	o.Outcome, o.Page = probe.Opaque, probe.Page{Settled: true, Type: kind}
	return o
}

func stored(o probe.Observation) probe.Observation {
	o.Exchanges[len(o.Exchanges)-1].FromCache = "disk"
	return o
}

func rejected(r probe.Request) probe.Observation {
	o := failed("", r)
	o.Page.Rejected = true
	return o
}

func TestReadable(t *testing.T) {
	withCookie := func(status int, use probe.CookieUse) probe.Observation {
		x := actual("GET", status, acao+app, acac, "Vary: Origin")
		x.Cookies.Withheld = []probe.CookieUse{use}
		return readable(get(fetch.Include), x)
	}
	check(t, []row{
		{"as it should be", readable(get(""), actual("GET", 200, acao+app, "Vary: Origin", "Date: x", "Content-Type: text/plain")), "", nil},
		{"as it should be, with a preflight", received(readable(put(), preflight(204, acao+app, "Access-Control-Allow-Methods: PUT"), actual("PUT", 200, acao+app)), "OPTIONS", "PUT"), "", nil},
		{"an error that script reads", readable(get(""), actual("GET", 500, acao+"*")), "", nil},
		{"hidden headers", readable(get(""), actual("GET", 200, acao+"*", "X-Total: 10", "Link: x", "ETag: y")), "header-not-exposed", []string{"X-Total and Link", "Access-Control-Expose-Headers: X-Total, Link"}},
		{"exposed headers", readable(get(""), actual("GET", 200, acao+"*", "X-Total: 10", "Access-Control-Expose-Headers: X-Total")), "", nil},
		{"malformed list", readable(get(""), actual("GET", 200, acao+"*", "X-Total: 10", "Access-Control-Expose-Headers: X-Total; X-B")), "expose-headers-malformed-or-wildcard header-not-exposed", nil},
		{"* with credentials", readable(get(fetch.Include), actual("GET", 200, acao+app, acac, "Vary: Origin", "X-Total: 10", "Access-Control-Expose-Headers: *")), "expose-headers-malformed-or-wildcard header-not-exposed", nil},
		{"no Vary", readable(get(""), actual("GET", 200, acao+app)), "vary-origin-missing", nil},
		{"no Vary, and not stored", readable(get(""), actual("GET", 200, acao+app, "Cache-Control: private, no-store")), "", nil},
		{"cookie of SameSite", withCookie(200, probe.CookieUse{Name: "sid", Reasons: []string{"SchemefulSameSiteLax"}}), "cookie-withheld", []string{`"sid"`, "SameSite=Lax"}},
		{"cookie of a third party", withCookie(200, probe.CookieUse{Name: "sid", Reasons: []string{"UserPreferences"}}), "cookie-withheld", []string{"settings"}},
		{"cookie of another path", withCookie(200, probe.CookieUse{Name: "sid", Reasons: []string{"NotOnPath"}}), "", nil},
		{"cookie of another path, and 401", withCookie(401, probe.CookieUse{Name: "sid", Reasons: []string{"NotOnPath"}}), "cookie-withheld", nil},
		{"http page, https API", from("http://shop.example.com", readable(get(fetch.Include), actual("GET", 200, acao+"http://shop.example.com", acac, "Vary: Origin"))), "overly-permissive", nil},
		{"http localhost, https API", from("http://localhost:3000", readable(get(fetch.Include), actual("GET", 200, acao+"http://localhost:3000", acac, "Vary: Origin"))), "", nil},
		{"401 that wants a cookie nobody asked for", readable(get(""), actual("GET", 401, acao+app, acac, "Vary: Origin")), "cookie-withheld", []string{"credentials: \"include\""}},
	})
}

func TestWhatIsNotKnown(t *testing.T) {
	late := blocked("MissingAllowOriginHeader", get(""), unsent("GET"))
	late.Missing = []string{"raw headers of the request"}
	named := blocked("MethodDisallowedByPreflightResponse", put(), unsent("PUT"))
	named.Missing, named.Blocked.Parameter = []string{"the preflight"}, "PUT"
	noVerdict := probe.Observation{Err: errNoBrowser, Outcome: probe.Blocked}
	check(t, []row{
		{"no verdict", noVerdict, "", nil},
		{"a code with several causes, and evidence missing", late, "not-known", []string{"raw headers of the request"}},
		{"a code with one cause, and evidence missing", named, "method-not-allowed", []string{"PUT", "not delivered"}},
		{"no reason at all", failed("net::ERR_FAILED", get(""), unsent("GET")), "not-known", nil},
	})
}

func TestEveryRuleIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range diagnose.Rules() {
		switch {
		case seen[r.ID], strings.ToLower(r.ID) != r.ID, strings.ContainsAny(r.ID, " _"):
			t.Errorf("%q is no id, or one of two", r.ID)
		case r.Title == "", len(r.Explanation) < 100, strings.Contains(r.Explanation, "\n"), !strings.HasPrefix(r.Clause, "https://fetch.spec.whatwg.org/#"):
			t.Errorf("%s is incomplete: %+v", r.ID, r)
		case !slices.Contains([]string{diagnose.Error, diagnose.Warning, diagnose.Note}, r.Severity):
			t.Errorf("%s has severity %q", r.ID, r.Severity)
		}
		seen[r.ID] = true
		for _, code := range r.Codes {
			if !slices.Contains(probe.BlockCodes, code) {
				t.Errorf("%s names the code %q, which no browser has", r.ID, code)
			}
		}
		if got, ok := diagnose.Lookup(r.ID); !ok || got.Title != r.Title {
			t.Errorf("Lookup(%q) is %v, %v", r.ID, got, ok)
		}
	}
	if _, ok := diagnose.Lookup("nothing"); ok {
		t.Error("there is a rule of every name")
	}
}

// TestEveryCodeIsExplained: each reason that browsers give is some rule's.
func TestEveryCodeIsExplained(t *testing.T) {
	for _, code := range probe.BlockCodes {
		if code == "InvalidResponse" { // never seen; it names no cause
			continue
		}
		if !slices.ContainsFunc(diagnose.Rules(), func(r diagnose.Rule) bool { return slices.Contains(r.Codes, code) }) {
			t.Errorf("no rule explains %s", code)
		}
	}
}
