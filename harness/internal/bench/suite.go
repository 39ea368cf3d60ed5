package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/harreport"
	"github.com/corsproof/corsproof/harness/report/html"
	"github.com/corsproof/corsproof/harness/report/jsonreport"
	"github.com/corsproof/corsproof/harness/report/junit"
	"github.com/corsproof/corsproof/harness/report/sarif"
	"github.com/corsproof/corsproof/harness/report/terminal"
	"github.com/corsproof/corsproof/harness/run"
	"github.com/corsproof/corsproof/harness/suite"
)

// suiteVsEngine compares a suite, all its reports included, to
// the same probes put to the engine directly, and opens the HTML report.
func suiteVsEngine(ctx context.Context, cfg Config, show func(Figure)) (err error) {
	n, rounds := 5000, 3
	if cfg.Quick {
		n, rounds = 500, 3
	}
	folder, err := os.MkdirTemp("", "corsproof-bench-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	w, err := newWorld(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, w) }()
	if _, err := w.rate(ctx, n/10, callers, ""); err != nil {
		return err
	}
	s, err := alternate(rounds,
		func() (float64, error) { return suiteRate(ctx, cfg, folder, n) },
		func() (float64, error) { return w.rate(ctx, n, callers, "") })
	if err != nil {
		return err
	}
	show(Figure{
		Name:   "suite-vs-engine",
		Value:  fmt.Sprintf("%.2f of the engine's own rate (%.0f/s to %.0f/s, six reports included; %s)", s.ratio(), median(s.a), median(s.b), s.spread()),
		Target: "at least 0.90", Met: s.ratio() >= 0.90,
	})
	sum, err := runSuite(ctx, cfg, folder, failingSuite(n), &clock{})
	if err != nil {
		return err
	}
	if sum.Failed != n/5 || sum.Total() != n {
		return fmt.Errorf("%d of %d cases failed, and %d were to", sum.Failed, sum.Total(), n/5)
	}
	like, err := w.harness.Browser(ctx)
	if err != nil {
		return err
	}
	return openReport(ctx, cfg, like, filepath.Join(folder, "html"), sum, show)
}

// suiteRate runs a suite of n cases with all reports, and returns how many cases there were a second, from when the browser was
// ready, as it is for the engine's rate.
func suiteRate(ctx context.Context, cfg Config, folder string, n int) (float64, error) {
	begun := &clock{}
	sum, err := runSuite(ctx, cfg, folder, suiteOf(n, 1), begun)
	if err == nil && sum.Passed != n {
		err = fmt.Errorf("%d of %d cases passed", sum.Passed, n)
	}
	return float64(n) / begun.ended.Sub(begun.begun).Seconds(), err
}

// runSuite writes a suite and runs it with all reports.
func runSuite(ctx context.Context, cfg Config, folder string, text []byte, c *clock) (report.Summary, error) {
	var none report.Summary
	file := filepath.Join(folder, "suite.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return none, err
	}
	s, err := suite.Load(ctx, file, suite.Options{})
	if err != nil {
		return none, err
	}
	plan, err := run.NewPlan([]*suite.Suite{s}, run.Selection{})
	if err != nil {
		return none, err
	}
	out, closeAll, err := allReports(folder)
	if err != nil {
		return none, err
	}
	sum, err := plan.Run(ctx, run.Config{Browser: cfg.Browser, Jobs: callers}, report.Multi(out, c))
	return sum, errors.Join(err, closeAll())
}

// clock is a report.Reporter that only looks at when a run begins and, where it stands behind the others, when all reports are whole.
type clock struct{ begun, ended time.Time }

func (c *clock) Begin(report.Header) error { c.begun = time.Now(); return nil }

func (c *clock) Result(report.Result) error { return nil }

func (c *clock) End(report.Summary) error { c.ended = time.Now(); return nil }

// allReports opens a report of each format, in files named after them.
func allReports(folder string) (report.Reporter, func() error, error) {
	var files []*os.File
	closeAll := func() error {
		var errs []error
		for _, f := range files {
			errs = append(errs, f.Close())
		}
		return errors.Join(errs...)
	}
	all := []report.Reporter{terminal.New(terminal.Config{To: io.Discard})}
	for name, open := range map[string]func(io.Writer) report.Reporter{
		"json": func(w io.Writer) report.Reporter { return jsonreport.New(w) }, "junit": func(w io.Writer) report.Reporter { return junit.New(w) },
		"html": func(w io.Writer) report.Reporter { return html.New(w) }, "har": func(w io.Writer) report.Reporter { return harreport.New(w) },
		"sarif": func(w io.Writer) report.Reporter { return sarif.New(w) },
	} {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			return nil, nil, errors.Join(err, closeAll())
		}
		files = append(files, f)
		all = append(all, open(f))
	}
	return report.Multi(all...), closeAll, nil
}
