package chromium

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"golang.org/x/sync/errgroup"

	"github.com/corsproof/corsproof/harness/browser/page"
)

// tab is one page of a browser, with its evidence switched on.
type tab struct {
	instance *instance
	ctx      context.Context // chromedp keeps its target in a context; this one ends when the page is lost
	cancel   context.CancelFunc
	session  string
	capture  *capture
}

// newTab opens a tab in a browser context.
func (i *instance) newTab(ctx context.Context, id cdp.BrowserContextID) (*tab, error) {
	tabCtx, cancel := chromedp.NewContext(i.root, chromedp.WithExistingBrowserContext(id))
	// The first Do makes the target; its context decides the target's life, so it is the tab's own, and may not
	// end before the target is known: else nobody would close it.
	if err := i.finish(ctx, func() error { return chromedp.Do(tabCtx) }, cancel); err != nil {
		return nil, i.lostOr("open a tab", err)
	}
	t := &tab{instance: i, capture: newCapture()}
	live, end := context.WithCancel(tabCtx)
	t.ctx, t.cancel, t.capture.end = live, cancel, end
	t.session = string(chromedp.FromContext(tabCtx).Target.SessionID)
	i.register(t.session, t.capture)
	if err := t.prepare(ctx); err != nil {
		t.close()
		return nil, t.lostOr("prepare a tab", err)
	}
	return t, nil
}

// prepare switches the evidence on. chromedp has enabled Network and Log, and
// DOM and CSS, which nobody needs here. Never the Fetch domain, extra headers,
// request blocking or a disabled cache (which adds Cache-Control and Pragma to
// every request): each changes what is measured.
func (t *tab) prepare(ctx context.Context) error {
	ctx, stop := join(t.ctx, ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ignore(chromedp.Call(ctx, css.Disable, cdp.Empty{})) })
	g.Go(func() error { return ignore(chromedp.Call(ctx, dom.Disable, cdp.Empty{})) })
	g.Go(func() error { return ignore(chromedp.Call(ctx, audits.Enable, cdp.Empty{})) })
	g.Go(func() error {
		// Every request would come with script's call stack, which is no evidence here. A browser that does not know this is only slower.
		_, _ = chromedp.Call(ctx, runtime.SetMaxCallStackSizeToCapture, runtime.SetMaxCallStackSizeToCaptureParams{Size: 0})
		return nil
	})
	g.Go(func() error {
		return ignore(chromedp.Call(ctx, runtime.AddBinding, runtime.AddBindingParams{Name: page.Binding}))
	})
	return g.Wait()
}

func ignore[T any](_ T, err error) error { return err }

// open loads the prober at an origin. url is the document's.
func (t *tab) open(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	ctx, stop := join(t.ctx, ctx)
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		return t.lostOr("open the page "+url, err)
	}
	ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("typeof corsproof === 'function'"))
	if err != nil {
		return t.lostOr("look at the page "+url, err)
	}
	if !ok {
		return fmt.Errorf("open the page %s: %s", url, t.whyNoProber())
	}
	return nil
}

// whyNoProber says what keeps the prober, an inline script, from running.
func (t *tab) whyNoProber() string {
	t.capture.mu.Lock()
	defer t.capture.mu.Unlock()
	if d := t.capture.refusedScript; d != "" {
		return "its own Content-Security-Policy (" + d + ") stops corsproof's inline script, which must run there and to which " +
			"corsproof adds no nonce, for that would change what is measured: add script-src 'unsafe-inline' to the policy of this " +
			"page (without a nonce, a hash or 'strict-dynamic' beside it); what the page may send to is connect-src's matter alone"
	}
	return "another document than corsproof's answered; does something else serve that path?"
}

// push tells the page what to send. limit bounds how many requests it has in flight.
func (t *tab) push(ctx context.Context, requests []page.Request, limit int) error {
	list, err := json.Marshal(requests)
	if err != nil {
		return err
	}
	ctx, stop := join(t.ctx, ctx)
	defer stop()
	r, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{
		Expression: fmt.Sprintf("corsproof(%s,%d)", list, limit),
	})
	if err != nil {
		return t.lostOr("give a request to the page", err)
	}
	if r.ExceptionDetails != nil {
		return fmt.Errorf("the prober page threw: %s", r.ExceptionDetails.Text)
	}
	return nil
}

// abort tells the page to end a request, which it then reports.
func (t *tab) abort(ctx context.Context, mark string) error {
	ctx, stop := join(t.ctx, ctx)
	defer stop()
	_, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: fmt.Sprintf("corsproof.abort([%q])", mark)})
	return t.lostOr("abort a request", err)
}

// fence returns when everything that the network service said before is on
// record: the answer to this command comes from there as well, behind it.
func (t *tab) fence(ctx context.Context) error {
	ctx, stop := join(t.ctx, ctx)
	defer stop()
	_, err := chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{"https://fence.corsproof.test/"}})
	return t.lostOr("wait for the network's events", err)
}

// clearCache empties the HTTP cache and the CORS-preflight cache of the tab's browser context.
func (t *tab) clearCache(ctx context.Context) error {
	ctx, stop := join(t.ctx, ctx)
	defer stop()
	return t.lostOr("empty the cache", ignore(chromedp.Call(ctx, network.ClearBrowserCache, cdp.Empty{})))
}

// close closes the tab and waits for chromedp to let go of it.
func (t *tab) close() {
	t.capture.lost()
	t.instance.forget(t.session)
	t.cancel()
}

// lostOr tells a page that was lost from an error of its own.
func (t *tab) lostOr(doing string, err error) error {
	if err != nil && t.capture.isGone() && !errors.Is(err, errLost) {
		return fmt.Errorf("%s: %w (the page crashed, hung or was closed: %w)", doing, errLost, err)
	}
	return t.instance.lostOr(doing, err)
}

// lostOr tells a browser that died from an error of the page's.
func (i *instance) lostOr(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errLost):
		return err
	case !i.alive(), errors.Is(err, chromedp.ErrTargetDetached), strings.Contains(err.Error(), "lost the connection"):
		return fmt.Errorf("%s: %w (%w)", doing, errLost, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
