package fetch

import "testing"

// https://fetch.spec.whatwg.org/#append-a-request-origin-header
func TestOriginHeaderThatIsDue(t *testing.T) {
	for name, c := range map[string]struct {
		request Request
		from    string // the page, or page
		want    string
	}{
		"cors":                             {Request{}, "", page},
		"cors whatever the policy":         {Request{ReferrerPolicy: NoReferrer}, "", page},
		"cors from an opaque page":         {Request{}, "null", "null"},
		"no-cors, GET":                     {Request{Mode: NoCORS}, "", ""},
		"no-cors, HEAD":                    {Request{Mode: NoCORS, Method: "HEAD"}, "", ""},
		"no-cors, POST":                    {Request{Mode: NoCORS, Method: "POST"}, "", page},
		"under no-referrer":                {Request{Mode: NoCORS, Method: "POST", ReferrerPolicy: NoReferrer}, "", "null"},
		"under same-origin":                {Request{Mode: NoCORS, Method: "POST", ReferrerPolicy: SameOriginReferrer}, "", "null"},
		"under origin":                     {Request{Mode: NoCORS, Method: "POST", ReferrerPolicy: OriginReferrer}, "", page},
		"down to http":                     {Request{Mode: NoCORS, Method: "POST", URL: "http://api.test/"}, "", "null"},
		"down to http under strict-origin": {Request{Mode: NoCORS, Method: "POST", URL: "http://api.test/", ReferrerPolicy: StrictOrigin}, "", "null"},
		"down to http under unsafe-url":    {Request{Mode: NoCORS, Method: "POST", URL: "http://api.test/", ReferrerPolicy: UnsafeURL}, "", page},
		"from http to http":                {Request{Mode: NoCORS, Method: "POST", URL: "http://api.test/"}, "http://app.test", "http://app.test"},
		"own origin, GET":                  {Request{URL: own}, "", ""},
		"own origin, PUT":                  {Request{URL: own, Method: "PUT"}, "", page},
		"own origin, cors, no-referrer":    {Request{URL: own, Method: "PUT", ReferrerPolicy: NoReferrer}, "", page},
		"own origin, no-referrer":          {Request{URL: own, Method: "PUT", Mode: SameOriginMode, ReferrerPolicy: NoReferrer}, "", "null"},
		"own origin, same-origin policy":   {Request{URL: own, Method: "PUT", Mode: SameOriginMode, ReferrerPolicy: SameOriginReferrer}, "", page},
	} {
		r := c.request
		if c.from == "" {
			c.from = page
		}
		r.Origin = origin(t, c.from)
		if r.URL == "" {
			r.URL = api
		}
		p := Predict(r, []Exchange{answered(r.URL, 200, allowAll)})
		if len(p.Hops) != 1 || p.Hops[0].OriginDue != c.want {
			t.Errorf("%s: hops %+v; want %q", name, p.Hops, c.want)
		}
	}
}

func TestARedirectBringsItsReferrerPolicy(t *testing.T) {
	r := Request{Origin: origin(t, page), URL: api, Method: "POST", Mode: NoCORS}
	p := Predict(r, []Exchange{redirected(api, 307, "Location: /y", "Referrer-Policy: no-referrer"), answered(api, 200)})
	if len(p.Hops) != 2 || p.Hops[0].OriginDue != page || p.Hops[1].OriginDue != "null" {
		t.Errorf("hops %+v", p.Hops)
	}
}

func TestParseReferrerPolicy(t *testing.T) {
	for value, want := range map[string]ReferrerPolicy{
		"": "", "no-referrer": NoReferrer, "No-Referrer": NoReferrer, "never": "", "unsafe-url, never": UnsafeURL,
		"no-referrer,strict-origin": StrictOrigin, " origin , ": OriginReferrer,
	} {
		if got := ParseReferrerPolicy(lines("Referrer-Policy: " + value)); got != want {
			t.Errorf("%q: %q; want %q", value, got, want)
		}
	}
	if got := ParseReferrerPolicy(lines("Referrer-Policy: origin", "X: 1", "referrer-policy: same-origin")); got != SameOriginReferrer {
		t.Errorf("two lines: %q", got)
	}
}

func TestOriginHeaderThatDiffers(t *testing.T) {
	r := Request{Origin: origin(t, page), URL: api, Method: "POST", Mode: NoCORS, ReferrerPolicy: NoReferrer}
	for name, c := range map[string]struct {
		sent  []string
		known string
		left  int
	}{
		"as it is due":   {[]string{"Origin: null"}, "", 0},
		"the page's own": {[]string{"Origin: " + page}, "chromium-origin-despite-referrer-policy", 0},
		"none":           {nil, "", 1},
		"another's":      {[]string{"Origin: https://other.test"}, "", 1},
		"twice":          {[]string{"Origin: null", "Origin: null"}, "", 1},
	} {
		known, unknown := Explain("chromium", Predict(r, []Exchange{sentTo(api, c.sent...)}).Differences(true))
		if got := ids(known); got != c.known || len(unknown) != c.left {
			t.Errorf("%s: explained by %q, left %q; want %q, %d", name, got, whys(unknown), c.known, c.left)
		}
	}
	cors := Request{Origin: r.Origin, URL: api}
	for _, sent := range [][]string{nil, {"Origin: null"}} {
		if known, unknown := Explain("chromium", Predict(cors, []Exchange{sentTo(api, sent...)}).Differences(true)); len(known) > 0 || len(unknown) != 1 {
			t.Errorf("mode cors with %q: explained by %q, left %q", sent, ids(known), whys(unknown))
		}
	}
	tainted := []Exchange{redirected(api, 302, allowAll, "Location: "+other), sentTo(other, "Origin: "+page)}
	if known, unknown := Explain("chromium", Predict(cors, tainted).Differences(true)); len(known) > 0 || len(unknown) != 1 {
		t.Errorf("a tainted origin that is not null: explained by %q, left %q", ids(known), whys(unknown))
	}
}
