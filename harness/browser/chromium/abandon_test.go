package chromium

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

	"github.com/chromedp/chromedp"

	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/probe"
)

// running is the engine's browser.
func running(t *testing.T, e *Engine) *instance {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.current == nil {
		t.Fatal("no browser runs")
	}
	return e.current
}

// onlyPage is the one shared page that is open.
func onlyPage(t *testing.T, e *Engine) *sharedTab {
	t.Helper()
	s := running(t, e).shared
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tabs) != 1 {
		t.Fatalf("%d pages are open, want 1", len(s.tabs))
	}
	for _, shared := range s.tabs {
		return shared
	}
	return nil
}

// tell sends a page a command that it may never answer.
func tell(t *testing.T, tab *tab, method string, params any) {
	t.Helper()
	if err := chromedp.Do(tab.ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		go func() { _ = target.Call(ctx, method, params, nil) }()
		return chromedp.Void{}, nil
	}); err != nil {
		t.Fatal(err)
	}
}

// hang has a page's script wait without end, for an API that is hanging.
func hang(t *testing.T, tab *tab, api string, reached <-chan string) {
	t.Helper()
	const script = `{ const xhr = new XMLHttpRequest(); xhr.open("GET", "%s/hang/page", false); xhr.send(); }`
	tell(t, tab, "Runtime.evaluate", map[string]any{"expression": fmt.Sprintf(script, api)})
	if path := <-reached; path != "/hang/page" {
		t.Fatalf("%s was reached", path)
	}
}

// eventually waits for what must come to hold, a slow machine considered.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not within 30 s: ", what)
		}
	}
}

// hanging is an API of which a path below /hang never answers; what reaches and leaves those is told.
func hanging(reached, left chan string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/hang") {
			allowAll(w, r)
			return
		}
		reached <- r.URL.Path
		<-r.Context().Done()
		left <- r.URL.Path
	}
}

func TestAProbeThatNobodyWaitsForIsAbortedInItsPageAndKeepsItsPlaceTillThen(t *testing.T) {
	reached, left := make(chan string, 10), make(chan string, 10)
	w := newWorld(t, hanging(reached, left))
	e := w.engine(Config{Concurrency: 1, Timeout: time.Minute})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/warm"}))
	shared := onlyPage(t, e)

	url := w.api.URL + "/hang/1"
	var probes sync.WaitGroup
	put := func(url string) context.CancelFunc {
		ctx, cancel := context.WithCancel(t.Context())
		probes.Go(func() {
			if _, err := e.Probe(ctx, from("http://app.test", probe.Request{URL: url})); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", url, err)
			}
		})
		return cancel
	}
	endFirst := put(url)
	<-reached
	endWaiting := put(w.api.URL + "/hang/2") // the page has it, and runs one at a time
	eventually(t, "the page has the second", func() bool {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		return len(shared.busy) == 2 && !shared.pushing
	})
	endQueued := put(url) // its URL is busy, so that the page does not have it
	eventually(t, "the third is queued", func() bool {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		return len(shared.queue) == 1
	})
	endQueued()
	endWaiting()
	eventually(t, "the second was dropped", func() bool {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		return len(shared.busy) == 1 && len(shared.queue) == 0
	})
	endFirst()
	probes.Wait()
	if path := <-left; path != "/hang/1" {
		t.Errorf("%s was aborted", path)
	}
	eventually(t, "everything is free again", func() bool {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		return len(shared.busy) == 0
	})
	shared.capture.mu.Lock()
	if n := len(shared.capture.pending); n != 0 {
		t.Errorf("%d requests are still expected", n)
	}
	shared.capture.mu.Unlock()
	if o := ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/after"})); o.Outcome != probe.Readable || o.Retried != "" {
		t.Errorf("after: %s, retried %q", o.Outcome, o.Retried)
	}
	if onlyPage(t, e) != shared || shared.capture.isGone() {
		t.Error("the page was thrown away")
	}
	select {
	case path := <-reached:
		t.Errorf("%s was sent although nobody waited for it any more", path)
	default:
	}
}

func TestAURLIsBusyUntilItsAbandonedRequestHasEnded(t *testing.T) {
	reached, left := make(chan string, 10), make(chan string, 10)
	w := newWorld(t, hanging(reached, left))
	e := w.engine(Config{})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/warm"}))
	shared := onlyPage(t, e)
	ctx, cancel := context.WithCancel(t.Context())
	returned := make(chan error, 1)
	go func() {
		_, err := e.Probe(ctx, from("http://app.test", probe.Request{URL: w.api.URL + "/hang"}))
		returned <- err
	}()
	<-reached
	hang(t, shared.tab, w.api.URL, reached) // so that it cannot abort
	cancel()
	<-returned
	shared.mu.Lock()
	busy := len(shared.busy)
	shared.mu.Unlock()
	if busy != 1 {
		t.Errorf("%d URLs are busy while the request is under way, want 1", busy)
	}
	eventually(t, "a page that does not abort is thrown away", shared.capture.isGone)
}

func TestAPageThatHangsIsThrownAwayAndItsProbesAreAskedAgain(t *testing.T) {
	reached, left := make(chan string, 10), make(chan string, 10)
	api := hanging(reached, left)
	var held atomic.Bool
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang/first" && held.Swap(true) {
			allowAll(w, r) // asked again, by another page
			return
		}
		api(w, r)
	})
	e := w.engine(Config{Timeout: 4 * time.Second})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/warm"}))
	shared := onlyPage(t, e)
	var probes sync.WaitGroup
	put := func(path string) {
		probes.Go(func() {
			o := ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + path}))
			if o.Outcome != probe.Readable || o.Retried == "" {
				t.Errorf("%s: %s, retried %q", path, o.Outcome, o.Retried)
			}
		})
	}
	put("/hang/first")
	<-reached
	hang(t, shared.tab, w.api.URL, reached)
	for k := range 5 { // the page never gets to hear of these
		put(fmt.Sprintf("/later/%d", k))
	}
	probes.Wait()
}

func TestAPageThatHangsInASessionIsNoTimeout(t *testing.T) {
	w := newWorld(t, allowAll)
	e := w.engine(Config{Timeout: time.Second})
	p := from("http://app.test", probe.Request{URL: w.api.URL + "/x", Credentials: "include"})
	ask(t, e, p)
	sessions := running(t, e).sessions
	sessions.mu.Lock()
	s := sessions.idle[0]
	sessions.mu.Unlock()
	_, err := s.send(t.Context(), question{tab: s.tab, pending: newPending("x", "x"), failed: make(chan error, 1), timeout: time.Millisecond}, page.Request{ID: "other", URL: w.api.URL})
	if !errors.Is(err, errLost) {
		t.Errorf("a page that never reports: %v", err)
	}
	if o := ask(t, e, p); o.Outcome != probe.Readable {
		t.Errorf("%s", o.Outcome)
	}
}

func TestAReportThatCannotBeReadLosesThePage(t *testing.T) {
	reached, left := make(chan string, 10), make(chan string, 10)
	var once sync.Once
	api := hanging(reached, left)
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		hangs := false
		once.Do(func() { hangs = true })
		if hangs {
			api(w, r)
			return
		}
		allowAll(w, r)
	})
	e := w.engine(Config{})
	done := make(chan probe.Observation, 1)
	go func() { done <- ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/hang"})) }()
	<-reached
	tell(t, onlyPage(t, e).tab, "Runtime.evaluate", map[string]any{"expression": page.Binding + "('[{')"})
	if o := <-done; o.Outcome != probe.Readable || o.Retried == "" {
		t.Errorf("%s, retried %q", o.Outcome, o.Retried)
	}
}

func TestACrashEndsWhatAPageWasToldToDo(t *testing.T) {
	reached, left := make(chan string, 10), make(chan string, 10)
	api := hanging(reached, left)
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" { // a document that begins and does not end
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<p>"))
			w.(http.Flusher).Flush()
		}
		api(w, r)
	})
	e := w.engine(Config{})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/warm"}))
	i := running(t, e)
	for name, doing := range map[string]struct {
		do    func(*tab) error
		until func(*tab)
	}{
		"opening": {func(tab *tab) error { return tab.open(t.Context(), w.api.URL+"/hang") }, func(tab *tab) {
			<-reached
			eventually(t, "the document has begun", func() bool {
				path, err := chromedp.Run(tab.ctx, chromedp.Evaluate[string]("location.pathname"))
				return err == nil && path == "/hang"
			})
		}},
		"pushing": {func(tab *tab) error { return tab.push(t.Context(), []page.Request{{ID: "x"}}, 1) }, func(*tab) {}},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := i.newContext(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer i.dispose(id)
			tab, err := i.newTab(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			defer tab.close()
			if name == "pushing" { // else it answers
				hang(t, tab, w.api.URL, reached)
			}
			ended := make(chan error, 1)
			go func() { ended <- doing.do(tab) }()
			doing.until(tab)
			tell(t, tab, "Page.crash", nil)
			if name == "pushing" {
				tab.capture.lost() // what spins hears of no crash
			}
			select {
			case err := <-ended:
				if !errors.Is(err, errLost) {
					t.Errorf("got %v, want errLost", err)
				}
			case <-time.After(30 * time.Second):
				t.Error("still waiting")
			}
		})
	}
}
