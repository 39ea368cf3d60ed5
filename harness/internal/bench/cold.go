package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/corsproof/corsproof/harness/browser/chromium"
)

// coldStart compares one probe from nothing to its verdict with a minimal
// chromedp program that has a page do one fetch. Ending is not in it on either side.
func coldStart(ctx context.Context, cfg Config, show func(Figure)) error {
	rounds := 5
	if cfg.Quick {
		rounds = 3
	}
	ours := func() (float64, error) { return coldProbe(ctx, cfg) }
	minimal := func() (float64, error) { return coldFetch(ctx, cfg) }
	if _, err := alternate(1, ours, minimal); err != nil { // the browser's files, read from disk once
		return err
	}
	s, err := alternate(rounds, ours, minimal)
	if err != nil {
		return err
	}
	show(Figure{
		Name:   "cold-start",
		Value:  fmt.Sprintf("%.2f times a minimal chromedp program (%.2f s to %.2f s; %s)", s.ratio(), median(s.a), median(s.b), s.spread()),
		Target: "at most 1.30 times", Met: s.ratio() <= 1.30,
	})
	return nil
}

func coldProbe(ctx context.Context, cfg Config) (seconds float64, err error) {
	started := time.Now()
	w, err := newWorld(ctx, cfg)
	if err != nil {
		return 0, err
	}
	defer func() { err = closed(err, w) }()
	err = w.one(ctx, "")
	return time.Since(started).Seconds(), err
}

// coldFetch is the program that somebody would write first: two servers on
// loopback, chromedp as it comes, one fetch.
func coldFetch(ctx context.Context, cfg Config) (float64, error) {
	binary, err := chromium.Find(cfg.Browser)
	if err != nil {
		return 0, err
	}
	started := time.Now()
	api := httptest.NewServer(http.HandlerFunc(allowAny))
	defer api.Close()
	page := httptest.NewServer(http.HandlerFunc(emptyPage))
	defer page.Close()
	options := append([]chromedp.ExecAllocatorOption{chromedp.ExecPath(binary.Path)}, chromedp.DefaultExecAllocatorOptions[:]...)
	allocated, end := chromedp.NewExecAllocator(ctx, options...)
	defer end()
	tab, endTab := chromedp.NewContext(allocated)
	defer endTab()
	if err := chromedp.Do(tab, chromedp.Navigate(page.URL)); err != nil {
		return 0, fmt.Errorf("the minimal program: %w", err)
	}
	script := fmt.Sprintf(`fetch(%q, { method: 'PUT', headers: { 'X-A': '1' } }).then((r) => r.text())`, api.URL)
	text, err := chromedp.Run(tab, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err == nil && text != "{}" {
		err = fmt.Errorf("script read %q", text)
	}
	if err != nil {
		return 0, fmt.Errorf("the minimal program: %w", err)
	}
	return time.Since(started).Seconds(), nil
}

func allowAny(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Headers", "x-a")
	w.Header().Set("Access-Control-Allow-Methods", "PUT")
	_, _ = w.Write([]byte("{}")) // a browser that is gone is noticed elsewhere
}

func emptyPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<!doctype html><link rel=icon href='data:,'>"))
}
