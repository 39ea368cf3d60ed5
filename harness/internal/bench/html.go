package bench

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/report"
)

// opened is how many milliseconds a document took until DOMContentLoaded.
const opened = `performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd`

// openTime bounds the opening of a report, which is to take a second.
const openTime = time.Minute

// openReport opens an HTML report in the browser, as a person would. like is the browser that a harness uses: its sandbox is what
// this machine allows.
func openReport(ctx context.Context, cfg Config, like probe.Browser, file string, sum report.Summary, show func(Figure)) error {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if err := os.Rename(file, file+".html"); err != nil {
		return err
	}
	var flags []string
	if !like.Sandbox {
		flags = []string{"--no-sandbox"}
	}
	tab, closeTab, err := newTab(ctx, cfg, flags)
	if err != nil {
		return err
	}
	defer closeTab()
	if err := chromedp.Do(tab, chromedp.Navigate("file://"+file+".html")); err != nil {
		return fmt.Errorf("open the HTML report: %w", err)
	}
	ms, err := chromedp.Run(tab, chromedp.Evaluate[float64](opened))
	if err != nil {
		return fmt.Errorf("time the HTML report: %w", err)
	}
	mb := float64(info.Size()) / 1e6
	f := Figure{
		Name:   "html-report",
		Value:  fmt.Sprintf("%d cases, of which %d fail: DOMContentLoaded after %.2f s, %.1f MB", sum.Total(), sum.Failed, ms/1000, mb),
		Target: "5000 cases in less than 1 s and 15 MB", Met: ms < 1000 && mb < 15,
	}
	show(f.roughIf(cfg.Quick))
	return nil
}
