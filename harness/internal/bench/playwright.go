package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/browser/chromium"
	"github.com/corsproof/corsproof/harness/fetch"
)

// Peer is how the Playwright peer is run: the same work, done as a Playwright user does it.
type Peer struct {
	// Command is the program and its first arguments ("node", "peer.mjs").
	Command []string
	// Missing says why there is no peer, or "".
	Missing string
}

// skip shows figures without a value.
func (p Peer) skip(show func(Figure), figures ...Figure) {
	for _, f := range figures {
		f.Skipped = p.Missing
		show(f)
	}
}

// peerResult is what the peer prints.
type peerResult struct {
	Rate float64 `json:"rate"` // cases a second, the browser's start left out
}

// rate runs the peer once: mode "context" has a fresh browser context and page
// for each case, mode "page" sends all cases from one page, one after the other.
func (p Peer) rate(ctx context.Context, cfg Config, mode string, n, atATime int) (float64, error) {
	if len(p.Command) == 0 {
		return 0, errors.New("the Playwright peer has no command")
	}
	binary, err := chromium.Find(cfg.Browser)
	if err != nil {
		return 0, err
	}
	args := append(p.Command[1:len(p.Command):len(p.Command)], binary.Path, mode, strconv.Itoa(n), strconv.Itoa(atATime))
	var stderr strings.Builder
	cmd := exec.CommandContext(ctx, p.Command[0], args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("the Playwright peer: %w: %s", err, stderr.String())
	}
	var r peerResult
	if err := json.Unmarshal(out, &r); err != nil {
		return 0, fmt.Errorf("the Playwright peer printed %q: %w", out, err)
	}
	return r.Rate, nil
}

// peerAtATime is how many browser contexts the peer has open at a time.
const peerAtATime = 4

// vsContext compares with the isolated way: a browser context for each case.
func vsContext(ctx context.Context, cfg Config, show func(Figure)) (err error) {
	stateless := Figure{Name: "vs-playwright-context", Target: "at least 20 times"}
	stateful := Figure{Name: "stateful-vs-playwright-context", Target: "at least 3 times"}
	if cfg.Peer.Missing != "" {
		cfg.Peer.skip(show, stateless, stateful)
		return nil
	}
	n, rounds := 100, 3
	if cfg.Quick {
		n, rounds = 20, 1
	}
	w, err := newWarm(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, w) }()
	var isolated sample // our own two kinds, so that one run of the peer serves both
	peer := func() (float64, error) { return cfg.Peer.rate(ctx, cfg, "context", n, peerAtATime) }
	s, err := alternate(rounds, func() (float64, error) {
		rate, err := w.rate(ctx, n, callers, fetch.Include)
		if err != nil {
			return 0, err
		}
		isolated.a = append(isolated.a, rate)
		return w.rate(ctx, n, callers, "")
	}, peer)
	if err != nil {
		return err
	}
	for i, rate := range isolated.a {
		isolated.ratios = append(isolated.ratios, rate/s.b[i])
	}
	isolated.b = s.b
	show(stateless.times(s, 20, "a fresh context and page a case"))
	show(stateful.times(isolated, 3, "the same, ours each in a clean browser context too"))
	return nil
}

// vsPage compares with the sequential way: one page, one case after the other.
func vsPage(ctx context.Context, cfg Config, show func(Figure)) (err error) {
	f := Figure{Name: "vs-playwright-page", Target: "at least 1.5 times"}
	if cfg.Peer.Missing != "" {
		cfg.Peer.skip(show, f)
		return nil
	}
	n, rounds := 500, 3
	if cfg.Quick {
		n, rounds = 100, 1
	}
	w, err := newWarm(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, w) }()
	s, err := alternate(rounds,
		func() (float64, error) { return w.rate(ctx, n, callers, "") },
		func() (float64, error) { return cfg.Peer.rate(ctx, cfg, "page", n, 1) })
	if err != nil {
		return err
	}
	show(f.times(s, 1.5, "one page, one case after the other"))
	return nil
}

// newWarm is a world whose browser runs, with its connections made and its script compiled, as the peer's browser is started before its clock is.
func newWarm(ctx context.Context, cfg Config) (*world, error) {
	w, err := newWorld(ctx, cfg)
	if err != nil {
		return nil, err
	}
	for _, credentials := range []fetch.CredentialsMode{fetch.Omit, fetch.Include} {
		if _, err := w.rate(ctx, 40, callers, credentials); err != nil {
			return nil, closed(err, w)
		}
	}
	return w, nil
}

// times fills in a ratio of rates.
func (f Figure) times(s sample, atLeast float64, what string) Figure {
	f.Value = fmt.Sprintf("%.1f times Playwright, %s (%.0f/s to %.1f/s; %s)", s.ratio(), what, median(s.a), median(s.b), s.spread())
	f.Met = s.ratio() >= atLeast
	return f
}
