package chromium

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/probe"
)

// promptly fails where f waits for more than its own context.
func promptly(t *testing.T, what string, f func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ended := make(chan error, 1)
	go func() { ended <- f(ctx) }()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", what, err)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: still waiting, although the context has ended", what)
	}
}

func TestNobodyWaitsLongerThanItsContextForABrowserThatStarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mute")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexec sleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	var patient sync.WaitGroup
	patient.Go(func() {
		if _, err := e.Browser(t.Context()); !errors.Is(err, errClosed) {
			t.Errorf("the start was ended: %v", err)
		}
	})
	eventually(t, "the browser is being started", func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.starting != nil
	})
	promptly(t, "another caller", func(ctx context.Context) error {
		_, err := e.Browser(ctx)
		return err
	})
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	patient.Wait()
	if _, err := e.Browser(t.Context()); !errors.Is(err, errClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestNobodyWaitsLongerThanItsContextForALock(t *testing.T) {
	w := newWorld(t, allowAll)
	e := w.engine(Config{})
	p := from("http://app.test", probe.Request{URL: w.api.URL + "/x"})
	ask(t, e, p)
	e.alone <- struct{}{}
	promptly(t, "to be alone", func(ctx context.Context) error {
		_, err := e.again(ctx, p)
		return err
	})
	<-e.alone
	s := running(t, e).shared
	s.making <- struct{}{}
	promptly(t, "the browser context", func(ctx context.Context) error {
		_, err := s.contextID(ctx)
		return err
	})
	<-s.making
}

func TestABrowserThatWasReplacedIsForgottenWhenItHasEnded(t *testing.T) {
	w := newWorld(t, allowAll)
	e := w.engine(Config{})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/x"}))
	old := running(t, e)
	w.add("b.test:80")
	ask(t, e, from("http://b.test", probe.Request{URL: w.api.URL + "/x"}))
	if running(t, e) == old {
		t.Fatal("the browser was not replaced")
	}
	e.retiring.Wait()
	select {
	case <-old.process.Done():
	default:
		t.Error("the old one still runs")
	}
	if len(e.failures) > 0 {
		t.Error(e.failures)
	}
}

func TestATabOfWhichTheOpenerLeftIsClosed(t *testing.T) {
	w := newWorld(t, allowAll)
	e := w.engine(Config{})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/x"}))
	i := running(t, e)
	pages := func() int {
		list, err := chromedp.CallBrowser(i.root, target.GetTargets, target.GetTargetsParams{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, info := range list.TargetInfos {
			if info.Type == "page" {
				n++
			}
		}
		return n
	}
	before := pages()
	id, err := i.newContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer i.dispose(id)
	for k := range 10 { // at whatever moment it leaves
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(k)*3*time.Millisecond)
		tab, err := i.newTab(ctx, id)
		cancel()
		if err == nil {
			tab.close()
		}
	}
	i.leaving.Wait()
	eventually(t, "all tabs are closed", func() bool { return pages() == before })
	promptly(t, "a browser context", func(ctx context.Context) error {
		_, err := i.newContext(ctx)
		return err
	})
	i.leaving.Wait()
	contexts, err := chromedp.CallBrowser(i.root, target.GetBrowserContexts, cdp.Empty{})
	if err != nil || len(contexts.BrowserContextIDs) != 2 { // the shared pages' and this test's
		t.Errorf("%d browser contexts are left: %v", len(contexts.BrowserContextIDs), err)
	}
}

func TestAPageWhosePolicyStopsTheProberSaysSo(t *testing.T) {
	policy := ""
	w := newWorld(t, allowAll)
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == page.Path && policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
		}
		servePage(w, r)
	}))
	defer pages.Close()
	w.mu.Lock()
	w.hosts = append(w.hosts, browser.Host{HostPort: "csp.test:80", Addr: pages.Listener.Addr().String()})
	w.mu.Unlock()
	e := w.engine(Config{})
	for _, c := range []struct{ policy, directive string }{
		{"default-src 'self'", "script-src"}, {"script-src 'self'", "script-src"}, {"script-src 'nonce-abc'", "script-src"}, {"script-src 'unsafe-inline'", ""},
	} {
		policy = c.policy
		for _, credentials := range []string{"omit", "include"} {
			p := from("http://csp.test", probe.Request{URL: w.api.URL + "/x"})
			if credentials == "include" {
				p.Steps[0].Request.Credentials = "include"
			}
			_, err := e.Probe(t.Context(), p)
			if c.directive == "" {
				if err != nil {
					t.Errorf("%s: %v", c.policy, err)
				}
				continue
			}
			if err == nil || !strings.Contains(err.Error(), "Content-Security-Policy ("+c.directive) || !strings.Contains(err.Error(), "script-src 'unsafe-inline'") {
				t.Errorf("%s, credentials %s: %v", c.policy, credentials, err)
			}
		}
	}
}
