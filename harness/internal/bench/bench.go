// Package bench measures what corsproof costs: against the browser's own
// ceiling, against the way that a Playwright user takes, and in memory. Every
// figure of speed is a ratio of two sides that ran in turns on the same machine,
// since no absolute figure means anything on another.
package bench

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
)

// Config says what to measure, and with what. The zero value measures
// everything with a browser from the usual places, apart from the peer.
type Config struct {
	// Only is a part of the names of the figures to measure; empty means all.
	Only string
	// Quick takes smaller numbers and fewer rounds: the figures are rougher.
	Quick bool
	// Browser is a path or a name; empty looks in the usual places.
	Browser string
	// Peer is how the Playwright peer is run.
	Peer Peer
}

// Figure is one result.
type Figure struct {
	Name string
	// Value is the figure with its unit, and whatever explains it.
	Value string
	// Target is what the figure should be.
	Target string
	Met    bool
	// Skipped says why there is no figure, or "".
	Skipped string
}

// String is the figure as one line: "bench NAME: VALUE (target TARGET)".
func (f Figure) String() string {
	value := f.Value
	if f.Skipped != "" {
		value = "skipped: " + f.Skipped
	}
	if f.Target == "" {
		return fmt.Sprintf("bench %s: %s", f.Name, value)
	}
	return fmt.Sprintf("bench %s: %s (target %s)", f.Name, value, f.Target)
}

// roughIf is the figure without a word on its target where it is of fewer cases than that is about.
func (f Figure) roughIf(quick bool) Figure {
	if quick && f.Skipped == "" {
		f.Skipped, f.Value, f.Met = "-quick measures less than the target is about: "+f.Value, "", false
	}
	return f
}

// part is a measurement that gives one or more figures.
type part struct {
	figures []string
	run     func(ctx context.Context, cfg Config, show func(Figure)) error
}

// parts are in the order in which they run: memory comes first, since the
// peak of a process cannot be told apart from what ran before.
var parts = []part{
	{[]string{"memory-peak", "memory-growth"}, memory},
	{[]string{"plan"}, plan},
	{[]string{"fleet-start", "fleet-memory"}, fleet},
	{[]string{"engine-vs-bare"}, engineVsBare},
	{[]string{"suite-vs-engine", "html-report"}, suiteVsEngine},
	{[]string{"vs-playwright-context", "stateful-vs-playwright-context"}, vsContext},
	{[]string{"vs-playwright-page"}, vsPage},
	{[]string{"cold-start"}, coldStart},
}

// Run measures, prints a line for each figure as soon as it is there, and
// returns them all. An error means that something could not be measured at all.
func Run(ctx context.Context, cfg Config, out io.Writer) ([]Figure, error) {
	var all []Figure
	show := func(f Figure) {
		if strings.Contains(f.Name, cfg.Only) {
			fmt.Fprintln(out, f)
			all = append(all, f)
		}
	}
	name, err := browserName(ctx, cfg)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "bench on: %s; %d cores, %s/%s, %s\n", name, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	ran := false
	for _, p := range parts {
		if !p.wanted(cfg.Only) {
			continue
		}
		ran = true
		if err := p.run(ctx, cfg, show); err != nil {
			return all, fmt.Errorf("bench %s: %w", strings.Join(p.figures, ", "), err)
		}
	}
	if !ran {
		return nil, fmt.Errorf("no figure's name contains %q; there are %s", cfg.Only, strings.Join(names(), ", "))
	}
	return all, nil
}

func (p part) wanted(only string) bool {
	for _, name := range p.figures {
		if strings.Contains(name, only) {
			return true
		}
	}
	return false
}

func names() []string {
	var list []string
	for _, p := range parts {
		list = append(list, p.figures...)
	}
	return list
}
