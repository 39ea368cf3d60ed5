package bench

import (
	"context"
	"fmt"
)

// engineVsBare compares probes with all their evidence to the same fetches in a loop of script, of which none is collected.
func engineVsBare(ctx context.Context, cfg Config, show func(Figure)) (err error) {
	n, rounds := 2000, 7
	if cfg.Quick {
		n, rounds = 500, 3
	}
	w, err := newWorld(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, w) }()
	like, err := w.harness.Browser(ctx)
	if err != nil {
		return err
	}
	b, err := newBare(ctx, cfg, like)
	if err != nil {
		return err
	}
	defer b.close()
	engine := func(n int) side { return func() (float64, error) { return w.rate(ctx, n, callers, "") } }
	bare := func(n int) side { return func() (float64, error) { return b.rate(w, n) } }
	if _, err := alternate(1, engine(n/4), bare(n/4)); err != nil { // connections, and script that is compiled
		return err
	}
	s, err := alternate(rounds, engine(n), bare(n))
	if err != nil {
		return err
	}
	show(Figure{
		Name:   "engine-vs-bare",
		Value:  fmt.Sprintf("%.2f of the browser's own rate (%.0f/s to %.0f/s; %s)", s.ratio(), median(s.a), median(s.b), s.spread()),
		Target: "at least 0.80", Met: s.ratio() >= 0.80,
	})
	return nil
}
