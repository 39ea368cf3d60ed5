package fetch

import (
	"fmt"
	"slices"
	"testing"
)

const (
	own   = page + "/x"
	other = "https://other.test/x"
)

// https://fetch.spec.whatwg.org/#http-redirect-fetch; origins as in
// web-platform-tests fetch/api/cors/cors-redirect.any.js, modes as in
// fetch/api/redirect/redirect-mode.any.js, userinfo as in cors-redirect-credentials.any.js
func TestPredictRedirects(t *testing.T) {
	const null = "Access-Control-Allow-Origin: null"
	allowPage := "Access-Control-Allow-Origin: " + page
	to := func(location string) string { return "Location: " + location }
	readable := func(typ ResponseType, wire ...Exchange) prediction {
		return prediction{wire: wire, outcome: OutcomeReadable, typ: typ}
	}
	blocked := func(step Step, wire ...Exchange) prediction {
		return prediction{wire: wire, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{step}}
	}
	from := func(url string, p prediction) prediction {
		p.request.URL = url
		return p
	}
	table := map[string]prediction{
		"cors to same cors":             readable(CORSResponse, redirected(api, 302, allowPage, to("/y")), answered(api, 200, allowPage)),
		"cors to another cors":          readable(CORSResponse, redirected(api, 302, allowPage, to(other)), answered(other, 200, null)),
		"another cors wants null":       blocked(AllowOriginMismatch, redirected(api, 302, allowPage, to(other)), answered(other, 200, allowPage)),
		"cors to same origin":           readable(CORSResponse, redirected(api, 302, allowPage, to(own)), answered(own, 200, null)),
		"cors back home without CORS":   blocked(AllowOriginMissing, redirected(api, 302, allowPage, to(own)), answered(own, 200)),
		"same origin to cors":           from(own, readable(CORSResponse, redirected(own, 302, to(api)), answered(api, 200, allowPage))),
		"same origin to cors, missing":  from(own, blocked(AllowOriginMissing, redirected(own, 302, to(api)), answered(api, 200))),
		"same origin to same origin":    from(own, readable(Basic, redirected(own, 302, to("?y")), answered(own, 200))),
		"same, cors, cors":              from(own, readable(CORSResponse, redirected(own, 302, to(api)), redirected(api, 302, allowPage, to(other)), answered(other, 200, null))),
		"once tainted, always":          blocked(AllowOriginMismatch, redirected(api, 302, allowPage, to(other)), redirected(other, 302, null, to(api)), answered(api, 200, allowPage)),
		"the hop needs CORS headers":    blocked(AllowOriginMissing, redirected(api, 302, to(other)), answered(other, 200, null)),
		"the hop ends it":               blocked(AllowOriginMissing, redirected(api, 302, to("/y"))),
		"upgrade to https taints":       from("http://api.test/", readable(CORSResponse, redirected("http://api.test/", 301, allowPage, to("https://api.test/")), answered("https://api.test/", 200, null))),
		"scheme data":                   blocked(LocationScheme, redirected(api, 302, allowPage, to("data:,x"))),
		"scheme mailto":                 blocked(LocationScheme, redirected(api, 302, allowPage, to("mailto:x@y"))),
		"scheme file, same origin":      from(own, blocked(LocationScheme, redirected(own, 302, to("file:///x")))),
		"two Locations":                 blocked(LocationConflict, redirected(api, 302, allowPage, to("/a"), to("/b"))),
		"two equal Locations":           blocked(LocationRepeated, redirected(api, 302, allowPage, to("/a"), to("/a")), answered(api, 200, allowPage)),
		"user to remote":                from(own, blocked(LocationWithCredentials, redirected(own, 302, to("https://u:@api.test/")))),
		"password, remote to itself":    blocked(LocationWithCredentials, redirected(api, 302, allowPage, to("https://:p@api.test/"))),
		"user, remote to other":         blocked(LocationWithCredentials, redirected(api, 302, allowPage, to("//u@other.test/"))),
		"user, remote to page":          blocked(LocationWithCredentials, redirected(api, 302, allowPage, to("https://u:p@app.test/"))),
		"user within the page's origin": from(own, readable(Basic, redirected(own, 302, to("https://u:p@app.test/y")), answered(own, 200))),
		"empty userinfo":                readable(CORSResponse, redirected(api, 302, allowPage, to("https://@api.test/")), answered(api, 200, allowPage)),
		"Location that Go would refuse": readable(CORSResponse, redirected(api, 302, allowPage, to("https://exämple.test/%zz")), answered("https://xn--exmple-cua.test/%zz", 200, null)),
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		table[fmt.Sprintf("%d is followed", status)] = readable(CORSResponse, redirected(api, status, allowAll, to("/y")), answered(api, 200, allowAll))
		table[fmt.Sprintf("%d in redirect mode error", status)] = prediction{request: Request{Redirect: ErrorRedirect}, wire: []Exchange{answered(api, status, allowAll, to("/y"))},
			outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{RedirectModeError}}
	}
	table["error mode without redirect"] = prediction{request: Request{Redirect: ErrorRedirect}, wire: []Exchange{answered(api, 304, allowAll)}, outcome: OutcomeUnknown, unknown: "revalidated"}
	table["error mode and no CORS"] = prediction{request: Request{Redirect: ErrorRedirect}, wire: []Exchange{answered(api, 302, to("/y"))}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{AllowOriginMissing, RedirectModeError}}
	table["no-cors follows anywhere"] = prediction{request: Request{Mode: NoCORS}, wire: []Exchange{redirected(api, 302, to(other)), answered(other, 200)}, outcome: OutcomeOpaque, typ: Opaque}
	table["no-cors home stays opaque"] = prediction{request: Request{Mode: NoCORS}, wire: []Exchange{redirected(api, 302, to(own)), answered(own, 200)}, outcome: OutcomeOpaque, typ: Opaque}
	table["no-cors takes userinfo"] = prediction{request: Request{Mode: NoCORS}, wire: []Exchange{redirected(api, 302, to("https://u:p@other.test/")), answered(other, 200)}, outcome: OutcomeOpaque, typ: Opaque}
	table["same-origin mode leaves home"] = prediction{request: Request{URL: own, Mode: SameOriginMode}, wire: []Exchange{redirected(own, 302, to(api))}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{ModeSameOrigin}}
	table["same-origin mode stays home"] = prediction{request: Request{URL: own, Mode: SameOriginMode}, wire: []Exchange{redirected(own, 302, to("/y"))}, outcome: OutcomeUnknown, unknown: "ends at a redirect to /y"}
	table["same-origin mode arrives"] = prediction{request: Request{URL: own, Mode: SameOriginMode}, wire: []Exchange{redirected(own, 302, to(api)), answered(api, 200, allowAll)}, outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{ModeSameOrigin}}
	table["the wire ends"] = prediction{wire: []Exchange{redirected(api, 302, allowAll, to("/y"))}, outcome: OutcomeUnknown, unknown: "ends at a redirect to /y"}
	table["the next URL is none"] = prediction{wire: []Exchange{redirected(api, 302, allowAll, to("/y")), answered("/y", 200)}, outcome: OutcomeUnknown, unknown: "not absolute"}
	table["from an opaque page"] = prediction{wire: []Exchange{redirected(api, 302, null, to("/y")), answered(api, 200, null)}, outcome: OutcomeReadable, typ: CORSResponse}
	check(t, table)
}

// https://fetch.spec.whatwg.org/#concept-request-redirect-count
func TestTwentyRedirectsAreTheLimit(t *testing.T) {
	hop := redirected(api, 302, allowAll, "Location: /y")
	twenty := append(slices.Repeat([]Exchange{hop}, 20), answered(api, 200, allowAll))
	check(t, map[string]prediction{
		"20": {wire: twenty, outcome: OutcomeReadable, typ: CORSResponse},
		"21": {wire: append([]Exchange{hop}, twenty...), outcome: OutcomeBlocked, typ: ErrorResponse, steps: []Step{RedirectCount}},
	})
}

// https://fetch.spec.whatwg.org/#http-redirect-fetch, steps on method and headers
func TestRedirectsChangeMethodAndHeaders(t *testing.T) {
	for _, c := range []struct {
		status       int
		method, want string
		next         string
		headers      []string // asked for by the preflight of the second hop
	}{
		{301, "POST", "GET", api, []string{"authorization", "x-a"}},
		{302, "POST", "GET", api, []string{"authorization", "x-a"}},
		{303, "POST", "GET", api, []string{"authorization", "x-a"}},
		{307, "POST", "POST", api, []string{"authorization", "content-type", "x-a"}},
		{308, "POST", "POST", api, []string{"authorization", "content-type", "x-a"}},
		{301, "PUT", "PUT", api, []string{"authorization", "content-type", "x-a"}},
		{302, "DELETE", "DELETE", api, []string{"authorization", "content-type", "x-a"}},
		{303, "PUT", "GET", api, []string{"authorization", "x-a"}},
		{303, "HEAD", "HEAD", api, []string{"authorization", "content-type", "x-a"}},
		{302, "POST", "GET", other, []string{"x-a"}},
		{307, "PUT", "PUT", other, []string{"content-type", "x-a"}},
	} {
		r := crossOrigin(t, c.method, "X-A: 1", "Authorization: t", "Content-Type: application/json")
		p := Predict(r, []Exchange{redirected(api, c.status, allowAll, "Location: "+c.next), answered(c.next, 200, allowAll)})
		if len(p.Hops) != 2 {
			t.Fatalf("%d %s: hops %+v", c.status, c.method, p.Hops)
		}
		if got := p.Hops[1].Preflight; got.Method != c.want || !slices.Equal(got.HeaderNames, c.headers) {
			t.Errorf("%d %s to %s: then %s with %q; want %s with %q", c.status, c.method, c.next, got.Method, got.HeaderNames, c.want, c.headers)
		}
		if got := p.Hops[0].Preflight.HeaderNames; !slices.Equal(got, []string{"authorization", "content-type", "x-a"}) {
			t.Errorf("%d %s: the first hop asks for %q", c.status, c.method, got)
		}
		if p.Preflight.Method != c.method {
			t.Errorf("%d %s: the prediction's preflight is for %s", c.status, c.method, p.Preflight.Method)
		}
	}
}

func TestPreflightOfARedirectIsItsOwn(t *testing.T) {
	r := Request{Origin: origin(t, page), URL: own, Method: "PUT"}
	allow := []string{"Access-Control-Allow-Origin: " + page, "Access-Control-Allow-Methods: PUT"}
	wire := []Exchange{redirected(own, 307, "Location: "+api), preflighted(204, allow...), answered(api, 200, allow...)}
	p := Predict(r, wire)
	if p.Outcome != OutcomeReadable || len(p.Hops) != 2 || p.Hops[0].Preflight.Needed || !p.Hops[1].Preflight.Needed || !p.Preflight.Sent {
		t.Errorf("%s, %v, hops %+v", p.Outcome, p.Violations, p.Hops)
	}
	wire[1] = preflighted(204)
	p = Predict(r, wire)
	if want := []Step{AllowOriginMissing, MethodNotAllowed}; !slices.Equal(steps(p.Violations), want) || p.Violations[0].On != PreflightRole {
		t.Errorf("%v; want %v", p.Violations, want)
	}
}

func TestTaintedHopsShowNull(t *testing.T) {
	r := Request{Origin: origin(t, page), URL: api}
	p := Predict(r, []Exchange{redirected(api, 302, allowAll, "Location: "+other), answered(other, 200, allowAll)})
	if len(p.Hops) != 2 || p.Hops[0].Origin != r.Origin || !p.Hops[1].Origin.IsOpaque() {
		t.Errorf("hops %+v", p.Hops)
	}
}

// https://fetch.spec.whatwg.org/#concept-response-location-url
func TestResolveLocation(t *testing.T) {
	const base = "https://u:p@api.test:8443/a/b?c"
	for location, want := range map[string]string{
		"":                        "https://api.test:8443",
		"/y":                      "https://api.test:8443",
		"y":                       "https://api.test:8443",
		"?q=http://b.test":        "https://api.test:8443",
		"#f":                      "https://api.test:8443",
		"//b.test/":               "https://b.test",
		`\\b.test/`:               "https://b.test",
		`/\b.test/`:               "https://b.test",
		"http://b.test/":          "http://b.test",
		"HTTP://B.test:80/":       "http://b.test",
		" \thttps://b.test/\r\n":  "https://b.test",
		"https:y":                 "https://api.test:8443",
		"https:/y":                "https://api.test:8443",
		"https://b.test":          "https://b.test",
		`https:\\b.test`:          "https://b.test",
		"http:y.test":             "http://y.test",
		"1:2":                     "https://api.test:8443",
		"data:,x":                 "null",
		"ht\ttp://b.test":         "http://b.test",
		"http://u:p@b.test:81/@c": "http://b.test:81",
	} {
		o, err := OriginOf(resolveLocation(base, location))
		if err != nil || o.String() != want {
			t.Errorf("%q leads to %q, %v; want %q", location, o, err, want)
		}
	}
}
