package fetch

import (
	"slices"
	"strings"
	"testing"
)

const allowAll = "Access-Control-Allow-Origin: *"

// The exchanges of a wire, each answered with these header lines.
func preflighted(status int, headers ...string) Exchange {
	return Exchange{Role: PreflightRole, URL: api, Response: &Response{status, lines(headers...)}}
}

func answered(url string, status int, headers ...string) Exchange {
	return Exchange{Role: ActualRole, URL: url, Response: &Response{status, lines(headers...)}}
}

func redirected(url string, status int, headers ...string) Exchange {
	return Exchange{Role: RedirectRole, URL: url, Response: &Response{status, lines(headers...)}}
}

type prediction struct {
	request Request
	wire    []Exchange
	outcome Outcome
	typ     ResponseType
	steps   []Step
	unknown string // a part of Prediction.Unknown
}

// check runs a table of predictions from the page, or from an opaque origin where the name says so.
func check(t *testing.T, table map[string]prediction) {
	t.Helper()
	for name, c := range table {
		if !strings.Contains(name, "opaque page") {
			c.request.Origin = origin(t, page)
		}
		if c.request.URL == "" {
			c.request.URL = api
		}
		p := Predict(c.request, c.wire)
		if p.Outcome != c.outcome || p.ResponseType != c.typ || !slices.Equal(steps(p.Violations), c.steps) {
			t.Errorf("%s: %s, type %q, %v (%s); want %s, type %q, %v", name, p.Outcome, p.ResponseType, p.Violations, p.Unknown, c.outcome, c.typ, c.steps)
		}
		if (c.unknown == "") != (p.Unknown == "") || !strings.Contains(p.Unknown, c.unknown) {
			t.Errorf("%s: unknown since %q; want it to say %q", name, p.Unknown, c.unknown)
		}
	}
}

// https://fetch.spec.whatwg.org/#main-fetch
func TestPredictOneRequest(t *testing.T) {
	readable := func(r Request, typ ResponseType, wire ...Exchange) prediction {
		return prediction{request: r, wire: wire, outcome: OutcomeReadable, typ: typ}
	}
	blocked := func(r Request, wire []Exchange, steps ...Step) prediction {
		return prediction{request: r, wire: wire, outcome: OutcomeBlocked, typ: ErrorResponse, steps: steps}
	}
	wire := func(exchanges ...Exchange) []Exchange { return exchanges }
	include := Request{Credentials: Include}
	check(t, map[string]prediction{
		"cors allowed":                            readable(Request{}, CORSResponse, answered(api, 200, allowAll)),
		"cors allowed, 404":                       readable(Request{}, CORSResponse, answered(api, 404, allowAll)),
		"cors allowed, 599":                       readable(Request{}, CORSResponse, answered(api, 599, allowAll)),
		"cors for the origin":                     readable(include, CORSResponse, answered(api, 200, "Access-Control-Allow-Origin: "+page, "Access-Control-Allow-Credentials: true")),
		"null for an opaque page":                 readable(Request{}, CORSResponse, answered(api, 200, "Access-Control-Allow-Origin: null")),
		"own origin needs no headers":             readable(Request{URL: page + "/x", Method: "PUT"}, Basic, answered(page+"/x", 500)),
		"own origin in mode same-origin":          readable(Request{URL: page + "/x", Mode: SameOriginMode}, Basic, answered(page+"/x", 200)),
		"own origin in mode no-cors":              readable(Request{URL: page + "/x", Mode: NoCORS}, Basic, answered(page+"/x", 200)),
		"an upgraded URL is the wire's":           readable(Request{URL: "http://app.test/x"}, Basic, answered(page+"/x", 200)),
		"another port is another origin":          blocked(Request{URL: page + ":8443/"}, wire(answered(page+":8443/", 200)), AllowOriginMissing),
		"an opaque page has no own origin":        blocked(Request{URL: page}, wire(answered(page, 200)), AllowOriginMissing),
		"no headers":                              blocked(Request{}, wire(answered(api, 200)), AllowOriginMissing),
		"an error page without headers":           blocked(Request{}, wire(answered(api, 500)), AllowOriginMissing),
		"star with credentials":                   blocked(include, wire(answered(api, 200, allowAll)), AllowOriginWildcard, AllowCredentials),
		"same-origin mode elsewhere":              blocked(Request{Mode: SameOriginMode}, nil, ModeSameOrigin),
		"same-origin mode from an opaque page":    blocked(Request{URL: page, Mode: SameOriginMode}, nil, ModeSameOrigin),
		"same-origin mode to a file":              blocked(Request{URL: "file:///x", Mode: SameOriginMode}, nil, ModeSameOrigin),
		"no-cors with redirect error":             blocked(Request{Mode: NoCORS, Redirect: ErrorRedirect}, nil, NoCORSRedirectMode),
		"no-cors with redirect manual":            blocked(Request{Mode: NoCORS, Redirect: ManualRedirect}, nil, NoCORSRedirectMode),
		"no-cors manual to the own origin":        readable(Request{URL: page, Mode: NoCORS, Redirect: ManualRedirect}, Basic, answered(page, 200)),
		"ftp":                                     blocked(Request{URL: "ftp://api.test/"}, nil, SchemeNotHTTP),
		"file":                                    blocked(Request{URL: "file:///etc/passwd"}, nil, SchemeNotHTTP),
		"a 304 for a request that script made so": readable(Request{Headers: lines("If-None-Match: x")}, CORSResponse, preflighted(200, allowAll, "Access-Control-Allow-Headers: *"), answered(api, 304, allowAll)),
		"of repeated exchanges the last counts":   readable(Request{}, CORSResponse, answered(api, 421), answered(api, 200, allowAll)),
		"a 3xx without Location is a response":    readable(Request{}, CORSResponse, answered(api, 302, allowAll)),
		"300 is no redirect":                      readable(Request{}, CORSResponse, answered(api, 300, allowAll, "Location: /x")),
	})
}

func TestPredictOpaque(t *testing.T) {
	noCORS := Request{Mode: NoCORS}
	check(t, map[string]prediction{
		"no-cors":                      {request: noCORS, wire: []Exchange{answered(api, 200)}, outcome: OutcomeOpaque, typ: Opaque},
		"no-cors whatever is allowed":  {request: noCORS, wire: []Exchange{answered(api, 404, allowAll)}, outcome: OutcomeOpaque, typ: Opaque},
		"no-cors drops script's":       {request: Request{Mode: NoCORS, Headers: lines("X-A: 1")}, wire: []Exchange{answered(api, 200)}, outcome: OutcomeOpaque, typ: Opaque},
		"no-cors from an opaque page":  {request: noCORS, wire: []Exchange{answered(api, 200)}, outcome: OutcomeOpaque, typ: Opaque},
		"redirect manual":              {request: Request{Redirect: ManualRedirect}, wire: []Exchange{answered(api, 302, allowAll, "Location: /x")}, outcome: OutcomeOpaque, typ: OpaqueRedirect},
		"manual, the own origin":       {request: Request{URL: page, Redirect: ManualRedirect}, wire: []Exchange{answered(page, 303, "Location: data:,x")}, outcome: OutcomeOpaque, typ: OpaqueRedirect},
		"manual without Location":      {request: Request{Redirect: ManualRedirect}, wire: []Exchange{answered(api, 301, allowAll)}, outcome: OutcomeOpaque, typ: OpaqueRedirect},
		"manual without CORS headers":  {request: Request{Redirect: ManualRedirect}, wire: []Exchange{answered(api, 302, "Location: /x")}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{AllowOriginMissing}},
		"manual without any redirect":  {request: Request{Redirect: ManualRedirect}, wire: []Exchange{answered(api, 200, allowAll)}, outcome: OutcomeReadable, typ: CORSResponse},
		"policy same-origin":           {request: noCORS, wire: []Exchange{answered(api, 200, "Cross-Origin-Resource-Policy: same-origin")}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{ResourcePolicy}},
		"policy does not touch cors":   {request: Request{}, wire: []Exchange{answered(api, 200, allowAll, "Cross-Origin-Resource-Policy: same-origin")}, outcome: OutcomeReadable, typ: CORSResponse},
		"policy touches redirects too": {request: noCORS, wire: []Exchange{redirected(api, 302, "Location: /x", "Cross-Origin-Resource-Policy: same-origin"), answered(api, 200)}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{ResourcePolicy}},
		"policy same-site": {request: noCORS, wire: []Exchange{answered(api, 200, "Cross-Origin-Resource-Policy: same-site")},
			outcome: OutcomeUnknown, unknown: "app.test and api.test are one site"},
	})
}

// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
func TestResourcePolicy(t *testing.T) {
	for _, c := range []struct {
		page, at, policy string
		blocked, unknown bool
	}{
		{page, "https://api.test", "", false, false},
		{page, "https://api.test", "cross-origin", false, false},
		{page, "https://api.test", "same-origin", true, false},
		{page, "https://api.test", "Same-Origin", false, false},
		{page, "https://api.test", "same-site, same-origin", false, false},
		{page, page, "same-origin", false, false},
		{page, "https://app.test:8443", "same-origin", true, false},
		{page, "https://app.test:8443", "same-site", false, false},
		{page, "http://app.test", "same-site", false, false},
		{"http://app.test", "https://app.test", "same-site", true, false},
		{page, "https://api.test", "same-site", false, true},
		{page, "https://api.example", "same-site", true, false},
		{"null", "https://api.test", "same-site", true, false},
		{"null", "http://api.test", "same-site", true, false},
		{"http://localhost:1", "http://127.0.0.1:1", "same-site", true, false},
		{"http://10.0.0.1", "http://127.0.0.1", "same-site", true, false},
		{"http://[::1]:1", "http://[::1]:2", "same-site", false, false},
		{"http://[::1]", "http://[::2]", "same-site", true, false},
	} {
		var headers HeaderList
		if c.policy != "" {
			headers = lines("Cross-Origin-Resource-Policy: " + c.policy)
		}
		v, unknown := resourcePolicy(origin(t, c.page), origin(t, c.at), headers)
		if (v != nil) != c.blocked || (unknown != "") != c.unknown {
			t.Errorf("%s from %s for %s: %v, unknown %q", c.policy, c.at, c.page, v, unknown)
		}
	}
}

// https://fetch.spec.whatwg.org/#http-fetch, https://fetch.spec.whatwg.org/#cors-preflight-fetch
func TestPredictPreflight(t *testing.T) {
	put := Request{Method: "PUT"}
	auth := Request{Headers: lines("Authorization: t")}
	allowPut := "Access-Control-Allow-Methods: PUT"
	check(t, map[string]prediction{
		"allowed":                      {request: put, wire: []Exchange{preflighted(204, allowAll, allowPut), answered(api, 200, allowAll)}, outcome: OutcomeReadable, typ: CORSResponse},
		"allowed, the answer is not":   {request: put, wire: []Exchange{preflighted(204, allowAll, allowPut), answered(api, 200)}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{AllowOriginMissing}},
		"method refused":               {request: put, wire: []Exchange{preflighted(204, allowAll)}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{MethodNotAllowed}},
		"401":                          {request: put, wire: []Exchange{preflighted(401)}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{AllowOriginMissing, PreflightStatus, MethodNotAllowed}},
		"redirected":                   {request: put, wire: []Exchange{preflighted(301, allowAll, allowPut, "Location: /x")}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{PreflightRedirect}},
		"sent twice, the last counts":  {request: put, wire: []Exchange{preflighted(421), preflighted(204, allowAll, allowPut), answered(api, 200, allowAll)}, outcome: OutcomeReadable, typ: CORSResponse},
		"from the preflight cache":     {request: put, wire: []Exchange{answered(api, 200, allowAll)}, outcome: OutcomeReadable, typ: CORSResponse},
		"refused, and sent anyway":     {request: auth, wire: []Exchange{preflighted(204, allowAll, "Access-Control-Allow-Headers: *"), answered(api, 200, allowAll)}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{AuthorizationByWildcard}},
		"refused, and again":           {request: auth, wire: []Exchange{preflighted(204, allowAll, "Access-Control-Allow-Headers: *"), answered(api, 200)}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{AuthorizationByWildcard, AllowOriginMissing}},
		"one that is not needed":       {request: Request{}, wire: []Exchange{preflighted(403), answered(api, 200, allowAll)}, outcome: OutcomeReadable, typ: CORSResponse},
		"one that is not needed, only": {request: Request{}, wire: []Exchange{preflighted(403)}, outcome: OutcomeUnknown, unknown: "no request to " + api},
		"unanswered":                   {request: put, wire: []Exchange{{Role: PreflightRole, URL: api}}, outcome: OutcomeUnknown, unknown: "the preflight got no answer"},
		"null for an opaque page":      {request: put, wire: []Exchange{preflighted(204, "Access-Control-Allow-Origin: null", allowPut), answered(api, 200, allowAll)}, outcome: OutcomeReadable, typ: CORSResponse},
	})
}

func TestPredictSaysUnknownRatherThanGuess(t *testing.T) {
	with := func(change func(*Exchange)) []Exchange {
		e := answered(api, 200, allowAll)
		change(&e)
		return []Exchange{e}
	}
	status := func(status int, headers ...string) []Exchange {
		return []Exchange{answered(api, status, append(headers, allowAll)...)}
	}
	integrity := Request{Integrity: "sha256-x"}
	check(t, map[string]prediction{
		"an empty wire":                {wire: nil, outcome: OutcomeUnknown, unknown: "no request to " + api},
		"an empty wire, preflighted":   {request: Request{Method: "PUT"}, outcome: OutcomeUnknown, unknown: "no request to " + api},
		"no answer":                    {wire: with(func(e *Exchange) { e.Response = nil }), outcome: OutcomeUnknown, unknown: "got no answer"},
		"a service worker":             {wire: with(func(e *Exchange) { e.ServiceWorker = true }), outcome: OutcomeUnknown, unknown: "service worker"},
		"a URL that is none":           {wire: with(func(e *Exchange) { e.URL = "https://exämple.test" }), outcome: OutcomeUnknown, unknown: "punycode"},
		"revalidation":                 {wire: status(304), outcome: OutcomeUnknown, unknown: "revalidated"},
		"proxy authentication":         {wire: status(407), outcome: OutcomeUnknown, unknown: "proxy"},
		"an interim response":          {wire: status(103), outcome: OutcomeUnknown, unknown: "103 is not the status of a final"},
		"HSTS":                         {wire: status(307, "Non-Authoritative-Reason: HSTS", "Location: https://api.test/"), outcome: OutcomeUnknown, unknown: "HSTS"},
		"integrity":                    {request: integrity, wire: status(200), outcome: OutcomeUnknown, unknown: "integrity"},
		"integrity of what is blocked": {request: integrity, wire: []Exchange{answered(api, 200)}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{AllowOriginMissing}},
		"data URL":                     {request: Request{URL: "data:,x"}, outcome: OutcomeUnknown, unknown: "scheme data"},
		"blob URL":                     {request: Request{URL: "blob:https://app.test/1"}, outcome: OutcomeUnknown, unknown: "scheme blob"},
		"file under no-cors":           {request: Request{URL: "file:///x", Mode: NoCORS}, outcome: OutcomeUnknown, unknown: "scheme file"},
		"relative URL":                 {request: Request{URL: "/orders"}, outcome: OutcomeUnknown, unknown: "not absolute"},
	})
}

func TestPredictionShowsPreflightHopsAndHeaders(t *testing.T) {
	r := Request{Origin: origin(t, page), URL: api, Method: "put", Headers: lines("X-B: 1", "Content-Type: application/json", "Cookie: no")}
	sent := answered(api, 200, allowAll, "X-Total: 5", "Access-Control-Expose-Headers: *", "Set-Cookie: a")
	sent.Headers = lines("Origin: " + page)
	p := Predict(r, []Exchange{preflighted(200, allowAll, "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *"), sent})
	if !p.Preflight.Needed || !p.Preflight.Sent || p.Preflight.Method != "PUT" || len(p.Preflight.Reasons) != 3 {
		t.Errorf("preflight %+v", p.Preflight)
	}
	if want := []string{"content-type", "x-b"}; !slices.Equal(p.Preflight.HeaderNames, want) {
		t.Errorf("header names %q; want %q", p.Preflight.HeaderNames, want)
	}
	if len(p.Hops) != 1 || p.Hops[0].URL != api || p.Hops[0].Origin != r.Origin || p.Hops[0].OriginSent != page || p.Hops[0].Tainting != CORSResponse {
		t.Errorf("hops %+v", p.Hops)
	}
	want := lines("access-control-allow-origin: *", "access-control-expose-headers: *", "x-total: 5")
	if !slices.Equal(p.Exposed, want) {
		t.Errorf("exposed %q; want %q", p.Exposed, want)
	}
	cached := Predict(r, []Exchange{sent})
	if !cached.Preflight.Needed || cached.Preflight.Sent {
		t.Errorf("without preflight on the wire: %+v", cached.Preflight)
	}
	combined := Request{Origin: r.Origin, URL: api, XHR: true, Headers: lines("Accept: "+strings.Repeat("a", 127), "Accept: ")}
	if p := Predict(combined, nil); !slices.Equal(p.Preflight.HeaderNames, []string{"accept"}) {
		t.Errorf("129 combined bytes ask for %q", p.Preflight.HeaderNames)
	}
	r.Credentials = Include
	blocked := Predict(r, []Exchange{preflighted(404), sent})
	if blocked.Exposed != nil {
		t.Errorf("a blocked response exposes %q", blocked.Exposed)
	}
	for i, v := range blocked.Violations {
		on := PreflightRole
		if v.Step == AllowOriginWildcard || i == len(blocked.Violations)-1 {
			on = ActualRole
		}
		if v.On != on || v.URL != api {
			t.Errorf("violation %d is on %q %q: %s", i, v.On, v.URL, v)
		}
	}
}
