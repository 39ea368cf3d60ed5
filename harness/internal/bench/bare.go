package bench

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/probe"
)

// bare is a page of the same origin, in another browser with the same switches, of which no evidence is collected.
type bare struct {
	ctx   context.Context // chromedp keeps its target in a context
	close context.CancelFunc
}

// newBare opens the page. like is the browser that a harness uses: its policy
// switches lead names to the same places.
func newBare(ctx context.Context, cfg Config, like probe.Browser) (*bare, error) {
	tab, closeTab, err := newTab(ctx, cfg, like.Flags)
	if err != nil {
		return nil, err
	}
	b := &bare{ctx: tab, close: closeTab}
	if err := b.open(); err != nil {
		b.close()
		return nil, fmt.Errorf("open a page without evidence: %w", err)
	}
	return b, nil
}

// open loads the page and switches off what chromedp has switched on.
func (b *bare) open() error {
	if err := chromedp.Do(b.ctx, chromedp.Navigate(pageOrigin+page.Path)); err != nil {
		return err
	}
	for _, disable := range []func() error{
		func() error { _, err := chromedp.Call(b.ctx, network.Disable, cdp.Empty{}); return err },
		func() error { _, err := chromedp.Call(b.ctx, log.Disable, cdp.Empty{}); return err },
		func() error { _, err := chromedp.Call(b.ctx, css.Disable, cdp.Empty{}); return err },
		func() error { _, err := chromedp.Call(b.ctx, dom.Disable, cdp.Empty{}); return err },
	} {
		if err := disable(); err != nil {
			return err
		}
	}
	return nil
}

// loop sends n requests, some at a time, reads each answer as text, and gives the seconds that it took.
const loop = `(async (url, from, n, atATime) => {
	const started = performance.now();
	let next = 0;
	await Promise.all(Array.from({ length: atATime }, async () => {
		while (next < n) {
			const response = await fetch(url + (from + next++), { method: 'PUT', headers: { 'X-A': '1' } });
			if (await response.text() !== '{}') throw new Error('another answer');
		}
	}));
	return (performance.now() - started) / 1000;
})(%q, %d, %d, %d)`

// rate returns how many requests there were a second.
func (b *bare) rate(w *world, n int) (float64, error) {
	from := w.asked.Add(int64(n)) - int64(n)
	url := w.harness.API("bare").URL("/x?k=")
	seconds, err := chromedp.Run(b.ctx, chromedp.Evaluate[float64](fmt.Sprintf(loop, url, from, n, inFlight), chromedp.EvalAwaitPromise))
	if err != nil {
		return 0, fmt.Errorf("the bare loop: %w", err)
	}
	return float64(n) / seconds, nil
}
