package chromium

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/probe"
)

func TestABrowserThatIsKilledInMidBatchIsStartedAgain(t *testing.T) {
	reached := make(chan struct{}, 1000)
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case reached <- struct{}{}:
		default:
		}
		allowAll(w, r)
	})
	e := w.engine(Config{})
	const n = 300
	results := make(chan string, 2*n)
	var wg sync.WaitGroup
	for k := range n {
		wg.Go(func() {
			list, err := e.Probe(t.Context(), probe.Probe{ID: fmt.Sprint(k), From: "http://app.test", Steps: []probe.Step{{Request: probe.Request{URL: fmt.Sprintf("%s/x?k=%d", w.api.URL, k)}}}})
			if err != nil {
				t.Error(err)
			}
			for _, o := range list {
				if o.Outcome != probe.Readable {
					t.Errorf("%d: %s", k, o.Outcome)
				}
				results <- o.ProbeID
			}
		})
	}
	for range 50 {
		<-reached
	}
	e.mu.Lock()
	pid := e.current.process.Pid()
	e.mu.Unlock()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	close(results)
	seen := map[string]int{}
	for id := range results {
		seen[id]++
	}
	if len(seen) != n {
		t.Errorf("%d probes have a result, want %d", len(seen), n)
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("probe %s has %d results", id, times)
		}
	}
}

func TestNothingIsLeftAfterClose(t *testing.T) {
	tmp, err := os.MkdirTemp("", "cp") // short: Chromium makes a socket in it
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(tmp)
	t.Setenv("TMPDIR", tmp)
	w := newWorld(t, allowAll)
	e := w.engine(Config{})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/x"}))
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/x", Credentials: "include"}))
	if left := browsersUsing(tmp); len(left) == 0 {
		t.Error("this test does not see the running browser")
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(tmp)
	if err != nil || len(entries) > 0 {
		t.Errorf("temporary files are left: %v %v", entries, err)
	}
	if left := browsersUsing(tmp); len(left) > 0 {
		t.Errorf("processes are left: %q", left)
	}
}

// browsersUsing lists the command lines of processes that name a folder.
func browsersUsing(dir string) []string {
	var list []string
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err == nil && strings.Contains(string(b), dir) && !strings.HasPrefix(f, fmt.Sprintf("/proc/%d/", os.Getpid())) {
			list = append(list, strings.ReplaceAll(string(b), "\x00", " "))
		}
	}
	return list
}

func TestABrowserThatCannotBeStartedSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	script := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cases := []struct{ name, path, want string }{
		{"not there", filepath.Join(dir, "nowhere"), "no browser at"},
		{"dies at start", script("dies", "echo libfoo.so is missing >&2; exit 127"), "libfoo.so is missing"},
		{"is no browser", script("mute", "exec cat >/dev/null"), "did not start"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			e, err := New(Config{Path: c.path})
			if err == nil {
				defer e.Close()
				_, err = e.Probe(ctx, from("http://app.test", probe.Request{URL: "http://api.test/"}))
			}
			var unavailable *browser.UnavailableError
			if !errors.As(err, &unavailable) || !strings.Contains(err.Error(), c.want) || unavailable.How == "" {
				t.Errorf("got %v, want an UnavailableError with %q", err, c.want)
			}
		})
	}
}

func TestAContextThatEndsEndsTheProbe(t *testing.T) {
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	e := w.engine(Config{})
	for _, credentials := range []string{"omit", "include"} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		_, err := e.Probe(ctx, from("http://app.test", probe.Request{URL: w.api.URL + "/hang", Credentials: "omit"}))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", credentials, err)
		}
	}
}

func TestAHangingAPITakesNoOtherVerdictAway(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/hang") {
			<-r.Context().Done()
			return
		}
		allowAll(w, r)
	})
	e := w.engine(Config{Concurrency: 24})
	var wg sync.WaitGroup
	for k := range 24 {
		wg.Go(func() {
			path, want := "/x", probe.Readable
			if k < 12 { // more than the six connections that a browser opens to a host
				path, want = "/hang", probe.Timeout
			}
			o := ask(t, e, from("http://app.test", probe.Request{URL: fmt.Sprintf("%s%s/%d", w.api.URL, path, k), Timeout: 1500 * time.Millisecond}))
			if o.Outcome != want {
				t.Errorf("%s/%d: %s, want %s", path, k, o.Outcome, want)
			}
		})
	}
	wg.Wait()
}

func TestAPageThatCrashesIsOpenedAgain(t *testing.T) {
	w := newWorld(t, allowAll)
	e := w.engine(Config{})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/before"}))
	e.mu.Lock()
	i := e.current
	e.mu.Unlock()
	i.shared.mu.Lock()
	var crashing *tab
	for _, shared := range i.shared.tabs {
		crashing = shared.tab
	}
	i.shared.mu.Unlock()
	if err := chromedp.Do(crashing.ctx, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		go func() { _ = t.Call(ctx, "Page.crash", nil, nil) }() // it never answers
		return chromedp.Void{}, nil
	}); err != nil {
		t.Fatal(err)
	}
	<-crashing.capture.gone
	o := ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/after"}))
	if o.Outcome != probe.Readable {
		t.Errorf("%s: %s", o.Outcome, o.Why)
	}
	if !i.alive() {
		t.Error("the browser itself died")
	}
}
