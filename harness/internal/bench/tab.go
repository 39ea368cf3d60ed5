package bench

import (
	"context"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/corsproof/corsproof/harness/browser/chromium"
)

// newTab is a page of a browser of its own, with a harness's switches and those flags. It is started with what is asked of it first.
func newTab(ctx context.Context, cfg Config, flags []string) (tab context.Context, closeTab func(), err error) {
	binary, err := chromium.Find(cfg.Browser)
	if err != nil {
		return nil, nil, err
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(binary.Path)}
	for _, s := range chromium.Switches() {
		options = append(options, option(s[0], s[1]))
	}
	for _, text := range flags {
		name, value, _ := strings.Cut(strings.TrimPrefix(text, "--"), "=")
		options = append(options, option(name, value))
	}
	allocated, cancel := chromedp.NewExecAllocator(ctx, options...)
	tab, end := chromedp.NewContext(allocated)
	return tab, func() { end(); cancel() }, nil
}

func option(name, value string) chromedp.ExecAllocatorOption {
	if value == "" {
		return chromedp.Flag(name, true)
	}
	return chromedp.Flag(name, value)
}
