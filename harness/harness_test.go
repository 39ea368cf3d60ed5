package harness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/target"
)

const app = "https://app.example.com"

// start starts a harness and skips where there is no browser.
func start(t *testing.T, cfg Config) *Harness {
	t.Helper()
	h, err := Start(t.Context(), cfg)
	var missing *browser.UnavailableError
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return h
}

// allow lets every origin read everything.
func allow(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Methods", "PUT")
	w.Header().Set("Access-Control-Allow-Headers", "*")
	if strings.HasPrefix(r.URL.Path, "/old/") && r.Method != http.MethodOptions {
		http.Redirect(w, r, "/new", http.StatusTemporaryRedirect)
		return
	}
	fmt.Fprint(w, "hello")
}

func TestEveryKindOfAPIIsReachedAndRecorded(t *testing.T) {
	running := &target.Handler{Handler: http.HandlerFunc(allow)}
	if err := running.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	raw := func(context.Context, *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Status: 200, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: "*"}}, Body: []byte("hello")}
	}
	cases := map[string]struct {
		api   API
		known bool
	}{
		"handler at a name":  {API{At: "https://a.example.com", Handler: http.HandlerFunc(allow)}, true},
		"handler":            {API{Handler: http.HandlerFunc(allow)}, true},
		"raw":                {API{At: "https://b.example.com", Raw: raw}, true},
		"raw over h2":        {API{At: "https://c.example.com", Raw: raw, HTTP2: true}, true},
		"url at a name":      {API{At: "http://d.example.com:8080", URL: running.URL()}, true},
		"url":                {API{URL: running.URL()}, false},
		"at the page itself": {API{At: app, Handler: http.HandlerFunc(allow)}, true},
	}
	cfg := Config{Origins: []Origin{{URL: app}}, APIs: map[string]API{}}
	for name, c := range cases {
		cfg.APIs[name] = c.api
	}
	h := start(t, cfg)
	for name, c := range cases {
		o := h.From(app).Fetch(t.Context(), probe.Request{URL: h.API(name).URL("/x")})
		if o.Err != nil || o.Outcome != probe.Readable && name != "url at a name" || o.Disagreement != "" {
			t.Errorf("%s: %v %s %s", name, o.Err, o.Outcome, o.Disagreement)
		}
		if name == "url at a name" && (o.Blocked == nil || o.Blocked.Code != "mixed-content") {
			t.Errorf("an http API from an https page: %+v", o.Blocked)
		}
		if o.Outcome == probe.Readable && (o.ReceiptsKnown != c.known || (c.known && len(o.Receipts) != 1)) {
			t.Errorf("%s: receipts known %v, %d", name, o.ReceiptsKnown, len(o.Receipts))
		}
	}
}

func TestReceiptsOfOneURLFromManyOriginsAreToldApart(t *testing.T) {
	h := start(t, Config{APIs: map[string]API{"api": {At: "https://api.example.com", Handler: http.HandlerFunc(allow)}},
		Origins: []Origin{{URL: app}, {URL: "https://b.test"}, {URL: "https://c.test"}}})
	var retried atomic.Int64
	var wg sync.WaitGroup
	for k := range 60 {
		wg.Go(func() {
			from := []string{app, "https://b.test", "https://c.test"}[k%3]
			path, hops := "/new", 1
			if k%4 == 0 { // its redirect lands on the others' URL
				path, hops = fmt.Sprintf("/old/%d", k), 2
			}
			o := h.From(from).Fetch(t.Context(), probe.Request{Method: "PUT", URL: h.API("api").URL(path)})
			if o.Retried != "" {
				retried.Add(1)
			}
			if o.Outcome != probe.Readable || len(o.Receipts) != 2*hops {
				t.Errorf("%s from %s: %v %s, %d receipts, retried %q", path, from, o.Err, o.Outcome, len(o.Receipts), o.Retried)
			}
			for _, r := range o.Receipts {
				if origin, _ := r.Headers.Get("Origin"); origin != from {
					t.Errorf("a probe from %s has a receipt from %s", from, origin)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d asked again alone", retried.Load())
}

func TestReplaysFollowTheirMode(t *testing.T) {
	var hits atomic.Int64
	for _, c := range []struct {
		mode            ReplayMode
		readable, block bool
	}{{ReplayUnread, false, true}, {ReplayAlways, true, true}, {ReplayNever, false, false}} {
		h := start(t, Config{Replay: c.mode, APIs: map[string]API{"api": {At: "https://api.example.com", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			hits.Add(1)
			if r.URL.Path == "/open" {
				allow(w, r)
			}
		})}}})
		open := h.From(app).Fetch(t.Context(), probe.Request{URL: h.API("api").URL("/open")})
		closed := h.From(app).Fetch(t.Context(), probe.Request{URL: h.API("api").URL("/closed")})
		if (open.Replay != nil) != c.readable || (closed.Replay != nil) != c.block {
			t.Errorf("%q: replayed %v and %v", c.mode, open.Replay != nil, closed.Replay != nil)
		}
		if len(open.Receipts) != 1 || len(closed.Receipts) != 1 {
			t.Errorf("%q: a replay counts as a receipt: %d and %d", c.mode, len(open.Receipts), len(closed.Receipts))
		}
		if c.block && closed.Replay.Status != 200 {
			t.Errorf("%q: replay %+v", c.mode, closed.Replay)
		}
	}
}

func TestAnAPIThatIsNotThereIsNoVerdict(t *testing.T) {
	h := start(t, Config{APIs: map[string]API{"gone": {At: "https://gone.example.com", URL: "http://127.0.0.1:1"}}})
	for _, method := range []string{"GET", "PUT"} {
		o := h.From(app).Fetch(t.Context(), probe.Request{Method: method, URL: h.API("gone").URL("/")})
		if o.Err == nil || !strings.Contains(o.Err.Error(), "https://gone.example.com") || o.Outcome != "" {
			t.Errorf("%s: %v, outcome %q", method, o.Err, o.Outcome)
		}
	}
}

func TestATimeOutWithoutCompanyIsAskedOnce(t *testing.T) {
	var hits atomic.Int64
	h := start(t, Config{Replay: ReplayNever, APIs: map[string]API{"api": {At: "https://api.example.com", Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		<-r.Context().Done()
	})}}})
	o := h.From(app).Fetch(t.Context(), probe.Request{Method: "POST", URL: h.API("api").URL("/slow"), Timeout: 400 * time.Millisecond})
	if o.Outcome != probe.Timeout || hits.Load() != 1 || o.Retried != "" {
		t.Errorf("%s, %d requests, retried %q", o.Outcome, hits.Load(), o.Retried)
	}
}

func TestMistakesInTheConfigurationAreReportedTogether(t *testing.T) {
	_, err := Start(t.Context(), Config{
		Origins: []Origin{{URL: "app.example.com"}, {URL: app, AddressSpace: "moon"}},
		APIs: map[string]API{"none": {}, "two": {URL: "http://127.0.0.1:1", Handler: http.NotFoundHandler()}, "path": {URL: "http://127.0.0.1:1/api"},
			"one": {At: app, Handler: http.NotFoundHandler()}, "same": {At: app, Handler: http.NotFoundHandler()}},
		ThirdPartyCookies: "maybe", Replay: "often",
	})
	for _, want := range []string{"app.example.com", "moon", "api none", "api two", "api path", "maybe", "often", "apis one and same"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no word about %q in: %v", want, err)
		}
	}
}

func TestAServerThatNeverGetsReadyFailsTheStartAndLeavesNothing(t *testing.T) {
	_, err := Start(t.Context(), Config{APIs: map[string]API{
		"slow": {Command: &target.Command{Args: []string{"sleep", "60"}, Within: 2 * time.Second}},
		"good": {Handler: http.HandlerFunc(allow)},
	}})
	if err == nil || !strings.Contains(err.Error(), "api slow") {
		t.Errorf("got %v", err)
	}
}

func TestAMistakeInAProbeIsItsError(t *testing.T) {
	h := start(t, Config{})
	cases := map[string]probe.Probe{
		`URL "/orders/1" is not absolute`:  {From: app, Steps: []probe.Step{{Request: probe.Request{URL: "/orders/1"}}}},
		`URL "" is not absolute`:           {From: app, Steps: []probe.Step{{}}},
		`cookie "sid" has SameSite "none"`: {From: app, Cookies: []probe.Cookie{{URL: app, Name: "sid", SameSite: "none"}}, Steps: []probe.Step{{Request: probe.Request{URL: app}}}},
		`SameSite None without Secure`:     {From: app, Cookies: []probe.Cookie{{URL: app, Name: "sid", SameSite: "None"}}, Steps: []probe.Step{{Request: probe.Request{URL: app}}}},
		`cookie "sid" needs the URL`:       {From: app, Cookies: []probe.Cookie{{Name: "sid"}}, Steps: []probe.Step{{Request: probe.Request{URL: app}}}},
	}
	for want, p := range cases {
		o := h.Probe(t.Context(), p)[0]
		if o.Err == nil || !strings.Contains(o.Err.Error(), want) {
			t.Errorf("want %q, got %v", want, o.Err)
		}
	}
	for _, from := range []string{"app.example.com", "https://app.example.com/", "ftp://x.test"} {
		o := h.From(from).Fetch(t.Context(), probe.Request{URL: "https://api.example.invalid/"})
		if o.Err == nil || !strings.Contains(o.Err.Error(), from) {
			t.Errorf("from %s: %v", from, o.Err)
		}
	}
	if list := h.Probe(t.Context(), probe.Probe{From: app}); len(list) != 0 {
		t.Errorf("a probe without steps has %d observations", len(list))
	}
}

func TestFaultsAreFailuresInTheirTime(t *testing.T) {
	raw := func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		fault := rawhttp.Fault(strings.TrimPrefix(r.Path(), "/"))
		return &rawhttp.Response{Status: 200, Fault: fault, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: "*"}}, Body: []byte("some body")}
	}
	h := start(t, Config{APIs: map[string]API{"api": {At: "https://api.example.com", Raw: raw}}})
	var wg sync.WaitGroup
	for fault, want := range map[rawhttp.Fault]probe.Outcome{
		rawhttp.Reset: probe.Failed, rawhttp.Truncate: probe.Failed, rawhttp.Hang: probe.Timeout, rawhttp.Garbage: probe.Failed, "": probe.Readable,
	} {
		wg.Go(func() {
			o := h.From(app).Fetch(t.Context(), probe.Request{URL: h.API("api").URL("/" + string(fault)), Timeout: time.Second})
			if o.Err != nil || o.Outcome != want || o.Disagreement != "" {
				t.Errorf("%s: %v %s, want %s (%s) %s", fault, o.Err, o.Outcome, want, o.Why, o.Disagreement)
			}
		})
	}
	wg.Wait()
}

func TestOnePortSpeaksEitherHTTPOrHTTPS(t *testing.T) {
	h, err := Start(t.Context(), Config{Origins: []Origin{{URL: "http://localhost:3000"}, {URL: "https://localhost:3000"}}})
	if err == nil {
		h.Close()
		t.Fatal("both were taken")
	}
	if !strings.Contains(err.Error(), "one port speaks either http or https") {
		t.Error(err)
	}
}
