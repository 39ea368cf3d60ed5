// Package chromium asks Chrome, Chromium, Edge or headless-shell, driven by
// chromedp. It is the only package that knows the DevTools protocol.
//
// What a probe measures is left alone: no interception, no added headers, no
// request blocking, web security on. Names are mapped by a flag, one test key
// is trusted, and everything else is as a user's browser has it.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/probe"
)

// Config says which browser to ask, and how. The zero value finds one.
type Config struct {
	// Path of the browser; empty looks in the usual places.
	Path string
	// ThirdPartyCookies is browser.AllowThirdPartyCookies (also when empty) or browser.BlockThirdPartyCookies.
	ThirdPartyCookies string
	// Hosts are the names that the browser must find here; nil for none.
	Hosts browser.Hosts
	// SPKI is the hash of the one certificate key that is trusted beside the real ones; empty for none.
	SPKI string
	// Concurrency is how many requests a page has in flight at most; zero means 16.
	Concurrency int
	// Sessions is how many probes with state run at a time, each in a browser context of its own; zero means 4.
	Sessions int
	// Timeout bounds a request that has none of its own; zero means 10 s.
	Timeout time.Duration
	// BodyLimit is how many bytes of a response's body script reads before it stops; zero means 64 MiB.
	BodyLimit int64
	// Plain starts the browser as it comes, without our flags and preferences, for a control run. Then it does not
	// find Hosts, trusts no SPKI, and has third-party cookies as it likes: ThirdPartyCookies must be empty.
	Plain bool
	// Flags are added to the command line, verbatim ("--lang=de"). Reports name them.
	Flags []string
	// DangerouslyDisableSandbox starts the browser without its sandbox. As root there is none in any case.
	DangerouslyDisableSandbox bool
}

func (c Config) withDefaults() Config {
	if c.ThirdPartyCookies == "" && !c.Plain {
		c.ThirdPartyCookies = browser.AllowThirdPartyCookies
	}
	if c.Hosts == nil {
		c.Hosts = noHosts{}
	}
	if c.Concurrency == 0 {
		c.Concurrency = 16
	}
	if c.Sessions == 0 {
		c.Sessions = 4
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.BodyLimit == 0 {
		c.BodyLimit = 64 << 20
	}
	return c
}

// longestTimeout is the longest that a timer of script's can run.
const longestTimeout = math.MaxInt32 * time.Millisecond

func (c Config) timeout(r probe.Request) time.Duration {
	if r.Timeout > 0 {
		return min(r.Timeout, longestTimeout)
	}
	return min(c.Timeout, longestTimeout)
}

type noHosts struct{}

func (noHosts) Snapshot() (uint64, []browser.Host) { return 0, nil }

// attempts is how often a probe may meet a browser that dies under it: the
// third time the probe itself is the likely cause.
const attempts = 3

// Engine implements browser.Engine. It starts a browser with the first probe,
// another one when names were added, and a new one when one died.
type Engine struct {
	cfg    Config
	binary Binary
	marks  atomic.Uint64
	// alone serves probes that lost their browser, one at a time, so that one that kills browsers takes no other down
	// with it again: who has put a value in has it. Its capacity is 1.
	alone chan struct{}

	mu       sync.Mutex
	current  *instance
	starting *start
	retiring sync.WaitGroup
	failures []error // of closing those that were replaced
	closed   bool
}

// New finds the browser and checks the configuration. It starts nothing yet.
func New(cfg Config) (*Engine, error) {
	cfg = cfg.withDefaults()
	t := cfg.ThirdPartyCookies
	if cfg.Plain && t != "" {
		return nil, fmt.Errorf("third-party cookies are %q: leave that empty for a plain browser", t)
	}
	if !cfg.Plain && t != browser.AllowThirdPartyCookies && t != browser.BlockThirdPartyCookies {
		return nil, fmt.Errorf("third-party cookies are %q: say %q or %q", t, browser.AllowThirdPartyCookies, browser.BlockThirdPartyCookies)
	}
	binary, err := Find(cfg.Path)
	if err != nil {
		return nil, err
	}
	return &Engine{cfg: cfg, binary: binary, alone: make(chan struct{}, 1)}, nil
}

// Browser implements browser.Engine.
func (e *Engine) Browser(ctx context.Context) (probe.Browser, error) {
	i, err := e.acquire(ctx)
	if err != nil {
		return probe.Browser{}, err
	}
	defer i.inFlight.Done()
	return i.identity, nil
}

// Probe implements browser.Engine.
func (e *Engine) Probe(ctx context.Context, p probe.Probe) ([]probe.Observation, error) {
	if len(p.Steps) == 0 {
		return nil, fmt.Errorf("probe %s has no step: there is nothing to ask", p.ID)
	}
	list, err := e.once(ctx, p)
	for n := 1; n < attempts && errors.Is(err, errLost); n++ {
		list, err = e.again(ctx, p)
		for i := range list {
			list[i].Retried = "the browser or its page died or hung while it was asked"
		}
	}
	if errors.Is(err, errLost) {
		err = &browser.UnavailableError{What: fmt.Sprintf("probe %s was put to %d browsers and each died or hung", p.ID, attempts), Err: err,
			How: "run it by itself, and look at what the API answers to it"}
	}
	return list, err
}

// again is once, for one probe at a time.
func (e *Engine) again(ctx context.Context, p probe.Probe) ([]probe.Observation, error) {
	select {
	case e.alone <- struct{}{}:
	case <-ctx.Done():
		return nil, ended(ctx)
	}
	defer func() { <-e.alone }()
	return e.once(ctx, p)
}

func ended(ctx context.Context) error {
	return fmt.Errorf("the context ended before the browser answered (Request.Timeout gives a verdict instead): %w", context.Cause(ctx))
}

// once puts a probe to the browser that runs now.
func (e *Engine) once(ctx context.Context, p probe.Probe) ([]probe.Observation, error) {
	i, err := e.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer i.inFlight.Done()
	list, err := i.probe(ctx, p, e.mark)
	if err != nil && ctx.Err() != nil { // whatever it interrupted
		err = ended(ctx)
	}
	return list, err
}

// mark is a new URL fragment.
func (e *Engine) mark() string {
	return "p-" + strconv.FormatUint(e.marks.Add(1), 10)
}
