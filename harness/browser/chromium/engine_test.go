package chromium

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// world is a page server for every origin, and an API, on plain loopback.
type world struct {
	t     *testing.T
	pages *httptest.Server
	api   *httptest.Server
	mu    sync.Mutex
	hosts []browser.Host
}

func (w *world) Snapshot() (uint64, []browser.Host) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return uint64(len(w.hosts)), append([]browser.Host(nil), w.hosts...)
}

func (w *world) add(hostPort string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts = append(w.hosts, browser.Host{HostPort: hostPort, Addr: w.pages.Listener.Addr().String()})
}

func servePage(w http.ResponseWriter, r *http.Request) {
	headers, body, ok := page.Serve(r.URL.Path, nil)
	if !ok {
		http.NotFound(w, r)
		return
	}
	for _, h := range headers {
		w.Header().Add(h.Name, h.Value)
	}
	_, _ = w.Write(body)
}

// newWorld starts both servers; api answers on every path.
func newWorld(t *testing.T, api http.HandlerFunc) *world {
	t.Helper()
	w := &world{t: t, pages: httptest.NewServer(http.HandlerFunc(servePage)), api: httptest.NewServer(api)}
	t.Cleanup(w.pages.Close)
	t.Cleanup(w.api.Close)
	w.add("app.test:80")
	w.add(page.OpaqueHost + ":80")
	return w
}

func (w *world) engine(cfg Config) *Engine {
	w.t.Helper()
	cfg.Hosts = w
	e, err := New(cfg)
	if err != nil {
		w.t.Skip("no browser: ", err)
	}
	w.t.Cleanup(func() {
		if err := e.Close(); err != nil {
			w.t.Error("close: ", err)
		}
	})
	return e
}

func ask(t *testing.T, e *Engine, p probe.Probe) probe.Observation {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	list, err := e.Probe(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	return list[len(list)-1]
}

func from(origin string, r probe.Request) probe.Probe {
	return probe.Probe{ID: "t", From: origin, Steps: []probe.Step{{Request: r}}}
}

// allowAll is an API that lets everybody read, and answers preflights.
func allowAll(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Methods", "PUT")
	h.Set("Access-Control-Allow-Headers", "x-a")
	h.Set("X-Secret", "hidden")
	if r.Method == http.MethodOptions {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: "1"})
	fmt.Fprintf(w, `{"method":%q}`, r.Method)
}

func TestAPreflightedRequestIsReadAndItsPreflightIsOnRecord(t *testing.T) {
	w := newWorld(t, allowAll)
	e := w.engine(Config{})
	for _, credentials := range []fetch.CredentialsMode{fetch.Omit, fetch.Include} {
		for _, client := range []probe.Client{probe.Fetch, probe.XHR} {
			t.Run(string(credentials)+" "+string(client), func(t *testing.T) {
				o := ask(t, e, from("http://app.test", probe.Request{
					Client: client, Method: "PUT", URL: w.api.URL + "/x", Credentials: credentials,
					Headers: fetch.HeaderList{{Name: "X-A", Value: "1"}}, Body: &probe.Body{Text: "hi"},
				}))
				t.Logf("%+v", o)
				if o.Outcome != probe.Readable || o.Page.Status != 200 || o.Page.Body.Text != `{"method":"PUT"}` {
					t.Errorf("outcome %s, status %d, body %q", o.Outcome, o.Page.Status, o.Page.Body.Text)
				}
				if len(o.Exchanges) != 2 || o.Exchanges[0].Role != probe.Preflight || o.Exchanges[0].For != o.Exchanges[1].ID {
					t.Fatalf("exchanges: %+v", o.Exchanges)
				}
				if v, _ := o.Exchanges[0].Request.Headers.Get("Access-Control-Request-Headers"); v != "x-a" {
					t.Errorf("Access-Control-Request-Headers: %q", v)
				}
				if o.Page.Headers.Has("x-secret") || !o.Exchanges[1].Response.Headers.Has("x-secret") {
					t.Error("X-Secret must be on the wire and hidden from script")
				}
			})
		}
	}
}

func TestOriginsOfEveryKind(t *testing.T) {
	w := newWorld(t, allowAll)
	w.add("localhost:3000")
	w.add("127.0.0.1:3000")
	w.add("[::1]:3000")
	w.add("xn--bcher-kva.test:8080")
	e := w.engine(Config{})
	for _, origin := range []string{"http://app.test", "null", "http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000", "http://xn--bcher-kva.test:8080", "http://late.test"} {
		if origin == "http://late.test" {
			w.add("late.test:80")
		}
		o := ask(t, e, from(origin, probe.Request{URL: w.api.URL + "/o"}))
		if v, _ := o.Exchanges[0].Request.Headers.Get("Origin"); v != origin || o.Outcome != probe.Readable {
			t.Errorf("from %s: Origin %q, outcome %s", origin, v, o.Outcome)
		}
	}
}

func TestManyProbesAtOnceEachGetTheirOwnEvidence(t *testing.T) {
	w := newWorld(t, allowAll)
	e := w.engine(Config{})
	var wg sync.WaitGroup
	start := time.Now()
	const n = 600
	for k := range n {
		wg.Go(func() {
			list, err := e.Probe(t.Context(), from("http://app.test", probe.Request{
				Method: "PUT", URL: fmt.Sprintf("%s/x?k=%d", w.api.URL, k), Headers: fetch.HeaderList{{Name: "X-A", Value: "1"}},
			}))
			if err != nil {
				t.Error(err)
				return
			}
			o := list[0]
			if o.Outcome != probe.Readable || len(o.Exchanges) != 2 || len(o.Missing) > 0 {
				t.Errorf("%d: %s %d exchanges, missing %v", k, o.Outcome, len(o.Exchanges), o.Missing)
			}
		})
	}
	wg.Wait()
	t.Logf("%.0f/s", n/time.Since(start).Seconds())
}

func TestBlocksAndFailuresAreToldApart(t *testing.T) {
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "http://" + dead.Addr().String()
	dead.Close()
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hang":
			<-r.Context().Done()
		case "/redirect":
			w.Header().Set("Access-Control-Allow-Origin", "*")
			http.Redirect(w, r, "/none", http.StatusFound)
		case "/none":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			allowAll(w, r)
		}
	})
	e := w.engine(Config{})
	cases := []struct {
		name    string
		request probe.Request
		outcome probe.Outcome
		code    string
		net     string
	}{
		{"no Allow-Origin on a 401", probe.Request{URL: "/none"}, probe.Blocked, "MissingAllowOriginHeader", ""},
		{"preflight without Allow-Origin", probe.Request{URL: "/none", Method: "PUT"}, probe.Blocked, "PreflightMissingAllowOriginHeader", ""},
		{"method not allowed", probe.Request{URL: "/x", Method: "DELETE"}, probe.Blocked, "MethodDisallowedByPreflightResponse", ""},
		{"header not allowed", probe.Request{URL: "/x", Headers: fetch.HeaderList{{Name: "X-B", Value: "1"}}}, probe.Blocked, "HeaderDisallowedByPreflightResponse", ""},
		{"mode same-origin", probe.Request{URL: "/x", Mode: fetch.SameOriginMode}, probe.Blocked, "DisallowedByMode", ""},
		{"no-cors with manual redirect", probe.Request{URL: "/x", Mode: fetch.NoCORS, Redirect: fetch.ManualRedirect}, probe.Blocked, "NoCorsRedirectModeNotFollow", ""},
		{"no-cors", probe.Request{URL: "/none", Mode: fetch.NoCORS}, probe.Opaque, "", ""},
		{"manual redirect", probe.Request{URL: "/redirect", Redirect: fetch.ManualRedirect}, probe.Opaque, "", ""},
		{"redirect to an answer without Allow-Origin", probe.Request{URL: "/redirect"}, probe.Blocked, "MissingAllowOriginHeader", ""},
		{"refused", probe.Request{URL: refused + "/"}, probe.Failed, "", "net::ERR_CONNECTION_REFUSED"},
		{"a GET with a body", probe.Request{URL: "/x", Body: &probe.Body{Text: "x"}}, probe.Failed, "", ""},
		{"TRACE", probe.Request{URL: "/x", Method: "TRACE"}, probe.Failed, "", ""},
		{"another scheme", probe.Request{URL: "ftp://x.test/"}, probe.Blocked, "CorsDisabledScheme", ""},
		{"hang", probe.Request{URL: "/hang", Timeout: 500 * time.Millisecond}, probe.Timeout, "", ""},
		{"hang, xhr", probe.Request{Client: probe.XHR, URL: "/hang", Timeout: 500 * time.Millisecond}, probe.Timeout, "", ""},
		{"hang, synchronous xhr", probe.Request{Client: probe.XHR, Sync: true, URL: "/hang", Timeout: 500 * time.Millisecond}, probe.Timeout, "", ""},
		{"synchronous xhr", probe.Request{Client: probe.XHR, Sync: true, URL: "/x"}, probe.Readable, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.request.URL[0] == '/' {
				c.request.URL = w.api.URL + c.request.URL
			}
			o := ask(t, e, from("http://app.test", c.request))
			code := ""
			if o.Blocked != nil {
				code = o.Blocked.Code
			}
			if o.Outcome != c.outcome || code != c.code || o.NetError != c.net || len(o.Missing) > 0 {
				t.Errorf("%s %q %q, missing %v; want %s %q %q\n%+v", o.Outcome, code, o.NetError, o.Missing, c.outcome, c.code, c.net, o)
			}
			if o.Outcome == probe.Blocked && o.Blocked.Message == "" {
				t.Errorf("no message: %q", o.Console)
			}
		})
	}
}
