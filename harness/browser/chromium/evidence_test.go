package chromium

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/corsproof/corsproof/harness/probe"
)

// observed plays DevTools frames into an empty tab that was asked for
// https://api.test/x under the mark p-1, and joins what came in.
func observed(t *testing.T, frames ...string) (probe.Observation, []string) {
	t.Helper()
	c := newCapture()
	p := expect(c, "p-1", "https://api.test/x")
	tr := &transport{evidence: func(_, method string, ev *event) { c.take(method, ev) }}
	for _, f := range frames {
		if err := tr.take(readFrame(encoded(t, f))); err != nil {
			t.Fatal(err)
		}
	}
	p.storedAnswers()
	return p.observe(), p.missing(false)
}

// Frames as Chromium sends them, without what is no evidence.
const (
	willBeSent = `{"method":"Network.requestWillBeSent","params":{"requestId":"1","request":{"url":"https://api.test/x","urlFragment":"#p-1","method":"PUT","headers":{}},"initiator":{"type":"script"}}}`
	finished   = `{"method":"Network.loadingFinished","params":{"requestId":"1"}}`
	rejected   = `{"method":"Runtime.bindingCalled","params":{"name":"corsproofReport","payload":"[{\"id\":\"p-1\",\"phase\":\"fetch\",\"error\":{\"name\":\"TypeError\",\"message\":\"Failed to fetch\"}}]"}}`
	resolved   = `{"method":"Runtime.bindingCalled","params":{"name":"corsproofReport","payload":"[{\"id\":\"p-1\",\"phase\":\"done\",\"response\":{\"type\":\"cors\",\"status\":200,\"headers\":[],\"body\":{\"text\":\"\",\"whole\":true}}}]"}}`
)

func failed(detail string) string {
	return `{"method":"Network.loadingFailed","params":{"requestId":"1","errorText":"net::ERR_FAILED",` + detail + `}}`
}

func TestCodesAreAnOpenSet(t *testing.T) {
	cases := []struct{ name, frame, code, parameter string }{
		{"a CORS error that is known", failed(`"corsErrorStatus":{"corsError":"AllowOriginMismatch","failedParameter":"https://b.test"}`), "AllowOriginMismatch", "https://b.test"},
		{"a CORS error of a later Chromium", failed(`"corsErrorStatus":{"corsError":"OriginTooShiny","failedParameter":"shine"}`), "OriginTooShiny", "shine"},
		{"a blocked reason of a later Chromium", failed(`"blockedReason":"blocked-by-moonlight"`), "blocked-by-moonlight", ""},
		{"an issue of a later Chromium, without a network event", `{"method":"Audits.issueAdded","params":{"issue":{"code":"CorsIssue","details":{"corsIssueDetails":{` +
			`"corsErrorStatus":{"corsError":"OriginTooShiny","failedParameter":""},"isWarning":false,"request":{"url":"https://api.test/x#p-1"}}}}}}`, "OriginTooShiny", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o, _ := observed(t, willBeSent, c.frame, rejected)
			if o.Outcome != probe.Blocked || o.Blocked == nil || o.Blocked.Code != c.code || o.Blocked.Parameter != c.parameter {
				t.Errorf("%s %+v, want blocked by %s %q", o.Outcome, o.Blocked, c.code, c.parameter)
			}
		})
	}
}

func TestAnIssueOfAnAttemptThatWasGrantedIsNoBlock(t *testing.T) {
	issue := `{"method":"Audits.issueAdded","params":{"issue":{"code":"CorsIssue","details":{"corsIssueDetails":{` +
		`"corsErrorStatus":{"corsError":"LocalNetworkAccessPermissionDenied"},"isWarning":false,"request":{"requestId":"1"}}}}}}`
	if o, _ := observed(t, willBeSent, issue, finished, resolved); o.Outcome != probe.Readable || o.Blocked != nil {
		t.Errorf("%s, blocked by %+v", o.Outcome, o.Blocked)
	}
}

func TestAParameterShowsNoMark(t *testing.T) {
	issue := `{"method":"Audits.issueAdded","params":{"issue":{"code":"MixedContentIssue","details":{"mixedContentIssueDetails":{` +
		`"resolutionStatus":"MixedContentBlocked","insecureURL":"http://api.test/y#p-1","request":{"requestId":"1"}}}}}}`
	o, _ := observed(t, willBeSent, issue, failed(`"canceled":true`), rejected)
	if o.Blocked == nil || o.Blocked.Code != "mixed-content" || o.Blocked.Parameter != "http://api.test/y" {
		t.Errorf("%+v", o.Blocked)
	}
}

func TestPreflightsStandBeforeTheHopTheyServeWhateverCameFirst(t *testing.T) {
	preflight := func(id, url string) string {
		return `{"method":"Network.requestWillBeSent","params":{"requestId":"` + id + `","request":{"url":"` + url + `","urlFragment":"#p-1","method":"OPTIONS","headers":{}},"initiator":{"type":"preflight","requestId":"1"}}}`
	}
	hop := strings.Replace(strings.Replace(willBeSent, "/x", "/y", 1), `"initiator"`, `"redirectResponse":{"status":307,"headers":{}},"initiator"`, 1)
	orders := map[string][]string{
		"announced first":     {preflight("a", "https://api.test/x"), willBeSent, preflight("b", "https://api.test/y"), hop},
		"announced afterward": {willBeSent, preflight("a", "https://api.test/x"), hop, preflight("b", "https://api.test/y")},
		"announced at last":   {willBeSent, hop, preflight("a", "https://api.test/x"), preflight("b", "https://api.test/y")},
	}
	for name, frames := range orders {
		t.Run(name, func(t *testing.T) {
			o, _ := observed(t, append(frames, finished, resolved)...)
			var got []string
			for _, x := range o.Exchanges {
				got = append(got, string(x.Role)+" "+x.ID+" "+x.For)
			}
			want := "preflight a.0 1.0, redirect 1.0 , preflight b.0 1.1, actual 1.1 "
			if strings.Join(got, ", ") != want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
			}
		})
	}
}

func TestARefusedAnswerWithoutATraceOnTheNetworkCameFromTheCache(t *testing.T) {
	refusal := failed(`"corsErrorStatus":{"corsError":"MissingAllowOriginHeader"}`)
	o, owed := observed(t, willBeSent, refusal, rejected)
	if len(owed) > 0 || o.Exchanges[0].FromCache != "disk" {
		t.Errorf("owed %q, from cache %q", owed, o.Exchanges[0].FromCache)
	}
	sent := `{"method":"Network.requestWillBeSentExtraInfo","params":{"requestId":"1","associatedCookies":[],"headers":{"Accept":"*/*"}}}`
	o, owed = observed(t, willBeSent, sent, refusal, rejected)
	if len(owed) != 1 || o.Exchanges[0].FromCache != "" {
		t.Errorf("one that was sent: owed %q, from cache %q", owed, o.Exchanges[0].FromCache)
	}
}

func TestAPreflightThatATimeoutEndsOwesNoEnd(t *testing.T) {
	preflight := `{"method":"Network.requestWillBeSent","params":{"requestId":"a","request":{"url":"https://api.test/x","urlFragment":"#p-1","method":"OPTIONS","headers":{}},"initiator":{"type":"preflight","requestId":"1"}}}`
	aborted := strings.Replace(rejected, `\"phase\"`, `\"timedOut\":true,\"phase\"`, 1)
	o, owed := observed(t, willBeSent, preflight, failed(`"canceled":true`), aborted)
	if len(owed) > 0 || o.Outcome != probe.Timeout {
		t.Errorf("owed %q, outcome %s", owed, o.Outcome)
	}
}

func TestARedirectBehindARequestThatWasSentAgainHasItsOwnHeaders(t *testing.T) {
	extra := func(status int, name string) []string {
		return []string{
			fmt.Sprintf(`{"method":"Network.requestWillBeSentExtraInfo","params":{"requestId":"1","headers":{"X-For":%q},"associatedCookies":[]}}`, name),
			fmt.Sprintf(`{"method":"Network.responseReceivedExtraInfo","params":{"requestId":"1","statusCode":%d,"headers":{"X-Name":%q},"blockedCookies":[]}}`, status, name),
		}
	}
	frames := append([]string{willBeSent}, extra(421, "wrong connection")...)
	frames = append(frames, extra(302, "redirect")...)
	frames = append(frames, `{"method":"Network.requestWillBeSent","params":{"requestId":"1","request":{"url":"https://api.test/y","method":"PUT","headers":{}},`+
		`"initiator":{"type":"script"},"redirectHasExtraInfo":true,"redirectResponse":{"status":302,"headers":{}}}}`)
	frames = append(frames, extra(401, "challenge")...)
	frames = append(frames, extra(200, "answer")...)
	frames = append(frames, `{"method":"Network.responseReceived","params":{"requestId":"1","response":{"status":200,"headers":{}},"hasExtraInfo":true}}`, finished, resolved)
	o, missing := observed(t, frames...)
	if len(o.Exchanges) != 2 || len(missing) > 0 {
		t.Fatalf("%d exchanges, missing %q", len(o.Exchanges), missing)
	}
	for i, want := range []struct {
		status int
		name   string
	}{{302, "redirect"}, {200, "answer"}} {
		x := o.Exchanges[i]
		asked, _ := x.Request.Headers.Get("X-For")
		told, _ := x.Response.Headers.Get("X-Name")
		if x.Response.Status != want.status || asked != want.name || told != want.name {
			t.Errorf("hop %d: status %d, headers of %q and %q; want %d and %q", i, x.Response.Status, asked, told, want.status, want.name)
		}
	}
}

func TestARedirectThatTheBrowserHadToAskForTwiceIsOnRecord(t *testing.T) {
	var asked atomic.Int64
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/again" {
			allowAll(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusMisdirectedRequest)
			return
		}
		w.Header().Set("X-Name", "redirect")
		http.Redirect(w, r, "/x", http.StatusFound)
	})
	o := ask(t, w.engine(Config{}), from("http://app.test", probe.Request{URL: w.api.URL + "/again"}))
	if o.Outcome != probe.Readable || asked.Load() != 2 || len(o.Exchanges) != 2 {
		t.Fatalf("%s, asked %d times, %d exchanges", o.Outcome, asked.Load(), len(o.Exchanges))
	}
	hop, last := o.Exchanges[0], o.Exchanges[1]
	if name, _ := hop.Response.Headers.Get("X-Name"); hop.Response.Status != 302 || name != "redirect" || !hop.Request.Raw || !hop.Response.Raw {
		t.Errorf("the redirect: %+v", hop)
	}
	if last.Response.Status != 200 || !last.Request.Raw || !last.Response.Raw {
		t.Errorf("the answer: %+v", last)
	}
}
