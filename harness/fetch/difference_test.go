package fetch

import (
	"slices"
	"strings"
	"testing"
)

// sentTo is an exchange that left the browser with these header lines, and was allowed.
func sentTo(url string, headers ...string) Exchange {
	x := answered(url, 200, allowAll)
	x.Sent, x.Headers = true, lines(headers...)
	return x
}

// whys joins the sentences of differences.
func whys(list []Difference) string {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = string(d.Kind) + ": " + d.Why
	}
	return strings.Join(out, "; ")
}

// simplified is a request that is on the wire without any preflight.
func simplified(r Request) []Difference {
	return Predict(r, []Exchange{sentTo(api, "Origin: "+page)}).Differences(true)
}

func TestAMissingPreflightIsADifferenceForEachReason(t *testing.T) {
	r := crossOrigin(t, "PUT", "X-A: 1")
	got := simplified(r)
	if len(got) != 2 || got[0].Reason.Trigger != MethodTrigger || got[1].Reason.Header.Name != "X-A" || got[0].Kind != PreflightNotSent {
		t.Errorf("%s", whys(got))
	}
	if known, unknown := Explain("chromium", got); len(known) != 0 || len(unknown) != 2 {
		t.Errorf("explained by %s, left %s", ids(known), whys(unknown))
	}
	for name, c := range map[string]struct {
		wire     []Exchange
		complete bool
	}{
		"it was sent":                         {[]Exchange{preflighted(204, allowAll), sentTo(api, "Origin: "+page)}, true},
		"a cache may have spared it":          {[]Exchange{sentTo(api, "Origin: "+page)}, false},
		"nothing is known to have been sent":  {[]Exchange{answered(api, 200, allowAll)}, true},
		"the request itself is not there yet": {[]Exchange{preflighted(204, allowAll)}, true},
	} {
		if got := Predict(r, c.wire).Differences(c.complete); len(got) > 0 {
			t.Errorf("%s: %s", name, whys(got))
		}
	}
}

func TestAPreflightOnTheWaySparesALaterOneToTheSameURL(t *testing.T) {
	r := crossOrigin(t, "PUT")
	allow := []string{allowAll, "Access-Control-Allow-Methods: *"}
	hop := func(to string) Exchange {
		x := redirected(api, 307, allowAll, "Location: "+to)
		x.Sent, x.Headers = true, lines("Origin: "+page)
		return x
	}
	if got := Predict(r, []Exchange{preflighted(204, allow...), hop("/orders"), sentTo(api, "Origin: "+page)}).Differences(true); len(got) > 0 {
		t.Errorf("back to the same URL: %s", whys(got))
	}
	to := "https://api.test/elsewhere"
	got := Predict(r, []Exchange{preflighted(204, allow...), hop(to), sentTo(to, "Origin: "+page)}).Differences(true)
	if len(got) != 1 || got[0].Hop.URL != to {
		t.Errorf("to another URL: %s", whys(got))
	}
}

func TestOmittedPreflightsOfChromium(t *testing.T) {
	text := text("text/plain;charset=UTF-8")
	header := func(line string) Request { return crossOrigin(t, "GET", line) }
	upload := func(method string, body *string, sync bool) Request {
		r := crossOrigin(t, method)
		r.XHR, r.UploadListener, r.BodyType, r.Sync = true, true, body, sync
		return r
	}
	const hints, intervention, agent, body = "chromium-client-hints-safelisted", "chromium-intervention-safelisted", "chromium-user-agent-dropped", "chromium-upload-without-body"
	for name, c := range map[string]struct {
		r    Request
		want string // "" where it stays unexplained
	}{
		"Save-Data":                    {header("Save-Data: on"), hints},
		"Save-Data in capitals":        {header("Save-Data: ON"), hints},
		"Save-Data, off":               {header("Save-Data: off"), ""},
		"Device-Memory":                {header("Device-Memory: 0.5"), hints},
		"Device-Memory, no number":     {header("Device-Memory: much"), ""},
		"Device-Memory, half a number": {header("Device-Memory: 1."), ""},
		"DPR":                          {header("dpr: 2"), hints},
		"Downlink":                     {header("Downlink: 1.5"), hints},
		"Width":                        {header("Width: 100"), hints},
		"Width, no integer":            {header("Width: 1.5"), ""},
		"Viewport-Width":               {header("Viewport-Width: 100"), hints},
		"RTT":                          {header("RTT: 100"), hints},
		"RTT of 129 digits":            {header("RTT: " + strings.Repeat("1", 129)), ""},
		"ECT":                          {header("ECT: 4g"), hints},
		"ECT of no kind":               {header("ECT: 9g"), ""},
		"Intervention":                 {header("Intervention: x"), intervention},
		"Intervention of 129 bytes":    {header("Intervention: " + strings.Repeat("x", 129)), ""},
		"User-Agent":                   {header("User-Agent: mine"), agent},
		"two of them":                  {crossOrigin(t, "GET", "User-Agent: mine", "ECT: 4g"), agent + " " + hints},
		"any other header":             {header("X-A: 1"), ""},
		"a listener without body":      {upload("POST", nil, false), body},
		"a listener with GET":          {upload("GET", text, false), body},
		"a listener, synchronous":      {upload("POST", text, true), body},
		"a listener with a body":       {upload("POST", text, false), ""},
	} {
		differences := simplified(c.r)
		known, unknown := Explain("chromium", differences)
		if got := ids(known); got != c.want || (c.want == "") != (len(unknown) > 0) {
			t.Errorf("%s: explained by %q, left %q; want %q", name, got, whys(unknown), c.want)
		}
		if _, unknown := Explain("other", differences); len(unknown) == 0 {
			t.Errorf("%s: another browser has it explained too", name)
		}
	}
}

func TestAHeaderThatChromiumDoesNotAskForNeedsNoLeave(t *testing.T) {
	allow := []string{allowAll, "Access-Control-Allow-Methods: PUT"}
	for line, want := range map[string]string{
		"User-Agent: mine": "chromium-user-agent-dropped", "Save-Data: on": "chromium-client-hints-safelisted", "Save-Data: off": "", "X-A: 1": "",
	} {
		p := Predict(crossOrigin(t, "PUT", line), []Exchange{preflighted(204, allow...), sentTo(api, "Origin: "+page)})
		known, unknown := Explain("chromium", p.Waived(OutcomeReadable))
		if got := ids(known); got != want || (want == "") != (len(unknown) == 1) {
			t.Errorf("%s: explained by %q, left %q; want %q", line, got, whys(unknown), want)
		}
	}
}

func TestPreflightsTooManyOfChromium(t *testing.T) {
	half := strings.Repeat("a", 64)
	for name, c := range map[string]struct {
		headers []string
		xhr     bool
		want    string
		none    bool // the Standard has the preflight too
	}{
		"two lines that are too long together": {headers: []string{"Accept: " + half, "accept: " + half}, want: "chromium-lines-joined"},
		"two ranges":                           {headers: []string{"Range: bytes=0-1", "Range: bytes=3-4"}, want: "chromium-lines-joined"},
		"XMLHttpRequest joins them itself":     {headers: []string{"Accept: " + half, "accept: " + half}, xhr: true, none: true},
		"an end that no integer holds":         {headers: []string{"Range: bytes=0-99999999999999999999"}, want: "chromium-long-range"},
		"a start that no integer holds":        {headers: []string{"Range: bytes=99999999999999999999-"}, want: "chromium-long-range"},
		"the last number that one holds":       {headers: []string{"Range: bytes=0-9223372036854775807"}},
		"two short lines":                      {headers: []string{"Accept: a", "Accept: b"}},
		"nothing at all":                       {},
	} {
		r := crossOrigin(t, "GET", c.headers...)
		r.XHR = c.xhr
		differences := Predict(r, []Exchange{preflighted(204, allowAll), sentTo(api, "Origin: "+page)}).Differences(true)
		known, unknown := Explain("chromium", differences)
		if got := ids(known); got != c.want || (c.want == "" && !c.none) != (len(unknown) == 1) {
			t.Errorf("%s: explained by %q, left %q; want %q", name, got, whys(unknown), c.want)
		}
		if slices.ContainsFunc(differences, func(d Difference) bool { return d.Kind != PreflightSent }) {
			t.Errorf("%s: %s", name, whys(differences))
		}
	}
}
