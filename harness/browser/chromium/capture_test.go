package chromium

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// preflighted are the events of a preflighted PUT as Chromium 156 sends them.
var preflighted = []struct{ method, params string }{
	{"Network.requestWillBeSent", `{"requestId":"A","request":{"url":"https://api.test/x","urlFragment":"#p-1","method":"PUT","headers":{}},"initiator":{"type":"script"}}`},
	{"Network.requestWillBeSent", `{"requestId":"P","request":{"url":"https://api.test/x","urlFragment":"#p-1","method":"OPTIONS","headers":{}},"initiator":{"type":"preflight","requestId":"A"}}`},
	{"Network.requestWillBeSentExtraInfo", `{"requestId":"P","headers":{"Origin":"https://app.test","Access-Control-Request-Method":"PUT"},"associatedCookies":[]}`},
	{"Network.responseReceivedExtraInfo", `{"requestId":"P","headers":{},"headersText":"HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\r\n","statusCode":204,"blockedCookies":[]}`},
	{"Network.responseReceived", `{"requestId":"P","response":{"status":204,"headers":{}},"hasExtraInfo":true}`},
	{"Network.loadingFinished", `{"requestId":"P"}`},
	{"Network.requestWillBeSentExtraInfo", `{"requestId":"A","headers":{"Origin":"https://app.test"},"associatedCookies":[{"cookie":{"name":"sid"},"blockedReasons":["SameSiteLax"]}]}`},
	{"Network.responseReceivedExtraInfo", `{"requestId":"A","headers":{"Vary":"Origin\nAccept"},"statusCode":200,"blockedCookies":[]}`},
	{"Network.responseReceived", `{"requestId":"A","response":{"status":200,"headers":{}},"hasExtraInfo":true}`},
	{"Network.loadingFinished", `{"requestId":"A"}`},
	{"Runtime.bindingCalled", `{"name":"corsproofReport","payload":"[{\"id\":\"p-1\",\"phase\":\"done\",\"response\":{\"type\":\"cors\",\"status\":200,\"headers\":[],\"body\":{\"size\":0,\"whole\":true}}}]"}`},
}

func expect(c *capture, mark, url string) *pending {
	p := newPending(mark, url)
	c.expect(p)
	return p
}

// feed gives a capture the events in an order, and returns the request that they are about.
func feed(t *testing.T, order []int) *pending {
	t.Helper()
	c := newCapture()
	p := expect(c, "p-1", "https://api.test/x")
	for _, i := range order {
		c.take(preflighted[i].method, eventOf(t, preflighted[i].params))
	}
	return p
}

func all() []int {
	order := make([]int, len(preflighted))
	for i := range order {
		order[i] = i
	}
	return order
}

func TestADroppedEventIsMissed(t *testing.T) {
	for i, ev := range preflighted {
		t.Run(fmt.Sprintf("%d %s", i, ev.method), func(t *testing.T) {
			p := feed(t, slices.Delete(all(), i, i+1))
			if ev.method == "Runtime.bindingCalled" {
				if p.result != nil {
					t.Error("settled without the page's word")
				}
				return
			}
			if owed := p.missing(true); len(owed) == 0 && i != 4 && i != 8 {
				t.Errorf("nothing is missed without %s", ev.params)
			}
		})
	}
}

func TestAnObservationDoesNotDependOnTheOrderOfEvents(t *testing.T) {
	want := describeAll(feed(t, all()))
	orders := map[string][]int{
		"the preflight is announced first":            {1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		"raw headers come before their request":       {2, 6, 0, 1, 3, 4, 5, 7, 8, 9, 10},
		"raw headers trail everything":                {0, 1, 4, 5, 8, 9, 10, 2, 3, 6, 7},
		"the request ends before its preflight does":  {0, 1, 2, 3, 6, 7, 8, 9, 10, 4, 5},
		"script has its answer before the last event": {0, 1, 2, 3, 4, 5, 6, 7, 10, 8, 9},
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			p := feed(t, order)
			if owed := p.missing(true); len(owed) > 0 {
				t.Errorf("missing %v", owed)
			}
			if got := describeAll(p); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func describeAll(p *pending) string {
	o := p.observe()
	var b strings.Builder
	fmt.Fprintf(&b, "%s:", o.Outcome)
	for _, x := range o.Exchanges {
		slices.SortFunc(x.Request.Headers, func(a, b fetch.Header) int { return strings.Compare(a.Name, b.Name) })
		fmt.Fprintf(&b, " %s for %q %v %v %+v;", x.Role, x.For, x.Request.Headers, x.Response.Headers, x.Cookies)
	}
	return b.String()
}

func TestTheObservationOfAPreflightedRequest(t *testing.T) {
	o := feed(t, all()).observe()
	if o.Outcome != probe.Readable || len(o.Exchanges) != 2 {
		t.Fatalf("%s %+v", o.Outcome, o.Exchanges)
	}
	preflight, actual := o.Exchanges[0], o.Exchanges[1]
	if preflight.Role != probe.Preflight || preflight.For != actual.ID || preflight.Response.Status != 204 {
		t.Errorf("preflight %+v", preflight)
	}
	if v := actual.Response.Headers.Values("vary"); !slices.Equal(v, []string{"Origin", "Accept"}) {
		t.Errorf("a value of two lines is %q", v)
	}
	if w := actual.Cookies.Withheld; len(w) != 1 || w[0].Name != "sid" || !slices.Equal(w[0].Reasons, []string{"SameSiteLax"}) {
		t.Errorf("withheld %+v", w)
	}
}

func TestACodeThatNobodyKnowsYetPassesThrough(t *testing.T) {
	c := newCapture()
	p := expect(c, "p-1", "https://api.test/x")
	for method, params := range map[string]string{
		"Network.loadingFailed": `{"requestId":"A","errorText":"net::ERR_FAILED","corsErrorStatus":{"corsError":"SomethingOf2030","failedParameter":"x"}}`,
	} {
		c.take("Network.requestWillBeSent", eventOf(t, preflighted[0].params))
		c.take(method, eventOf(t, params))
	}
	var report event
	report.Name, report.Payload = "corsproofReport", `[{"id":"p-1","phase":"fetch","error":{"name":"TypeError","message":"Failed to fetch"}}]`
	c.take("Runtime.bindingCalled", &report)
	o := p.observe()
	if o.Outcome != probe.Blocked || o.Blocked.Code != "SomethingOf2030" || o.Blocked.Parameter != "x" {
		t.Errorf("%s %+v", o.Outcome, o.Blocked)
	}
}

func TestAMessageIsAboutExactlyTheURLItNames(t *testing.T) {
	const url = "https://api.test/x"
	for text, want := range map[string]bool{
		"Access to fetch at 'https://api.test/x' from origin":     true,
		"Access to fetch at 'https://api.test/x#p-1' from origin": true,
		"Fetch API cannot load https://api.test/x. Request mode":  true,
		"Access to fetch at 'https://api.test/xy' from origin":    false,
		"Access to fetch at 'https://api.test/x/y' from origin":   false,
		"Access to fetch at 'https://api.test/x?y' from origin":   false,
		"Failed to load resource: net::ERR_FAILED":                false,
	} {
		if got := quotes(text, url); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestAMessageIsAboutTheProbeWhoseMarkItNames(t *testing.T) {
	const url = "https://api.test/x"
	for range 20 { // a map has no order
		c := newCapture()
		first, second := expect(c, "p-1", url), expect(c, "p-12", url)
		for _, p := range []*pending{first, second} {
			marked := url + "#" + p.mark
			c.log(&logEntry{Text: "Access to fetch at '" + marked + "' from origin 'https://app.test' has been blocked"})
			c.log(&logEntry{Text: "Failed to load resource", URL: marked})
			if len(p.console) != 2 {
				t.Fatalf("%s has %q", p.mark, p.console)
			}
		}
	}
}

func TestEvidenceThatTrailsItsRequestDoesNotPileUp(t *testing.T) {
	c := newCapture()
	for k := range 3 * maxStrays {
		late := eventOf(t, fmt.Sprintf(`{"requestId":"late-%d","headers":{},"statusCode":200}`, k))
		c.take("Network.responseReceivedExtraInfo", late)
	}
	if n := len(c.entries); n > maxStrays {
		t.Errorf("%d entries are kept of requests that nobody knows, want at most %d", n, maxStrays)
	}
	p := expect(c, "p-1", "https://api.test/x")
	for _, i := range all() {
		c.take(preflighted[i].method, eventOf(t, preflighted[i].params))
	}
	if owed := p.missing(true); len(owed) > 0 {
		t.Errorf("missing %v", owed)
	}
	if c.release(p); len(c.entries) > maxStrays {
		t.Errorf("%d entries are kept", len(c.entries))
	}
}
