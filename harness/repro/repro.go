// Package repro reproduces "works in Postman, fails in the browser": it sends
// a foreign request as its tool would, and has pages of several origins send the same.
package repro

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/replay"
)

// The origins that are asked from where nobody names any.
const (
	DevOrigin      = "http://localhost:3000"     // where most development servers are
	OtherDevOrigin = "http://localhost:5173"     // for an API that is at the former itself
	Stranger       = "https://unrelated.example" // a page that has nothing to do with the API
)

// timeout bounds each request, the tool's and the pages'.
const timeout = 10 * time.Second

// Config says how to ask. The zero value asks from the origin that the request came from, where that is known, or from a typical
// development origin, and from an unrelated one.
type Config struct {
	// From are the pages' origins.
	From []string
	// Credentials is the pages' credentials mode; empty: what the request says.
	Credentials fetch.CredentialsMode
	// Browser is as in [harness.Config].
	Browser string
}

// Comparison is one request as its tool sends it and as pages do.
type Comparison struct {
	Imported importer.Imported
	Tool     probe.Replay
	Pages    []Page
	// Browser is the one that was asked.
	Browser probe.Browser
}

// Page is what a page of one origin came to.
type Page struct {
	From string
	// Stranger is true where nobody named that origin, and it has nothing to do with the API.
	Stranger bool
	Seen     probe.Observation
	Findings []diagnose.Finding
}

// Readable reports that script could read the answer.
func (p Page) Readable() bool { return p.Seen.Err == nil && p.Seen.Outcome == probe.Readable }

// Compare sends each request and gives what it came to, one after the other. Each is sent once by the tool's rules, and once from each page.
// Where there is no browser, nothing is sent at all.
func Compare(ctx context.Context, cfg Config, list []importer.Imported, each func(Comparison) error) (err error) {
	hc := harness.Config{
		APIs: map[string]harness.API{}, Browser: cfg.Browser, Replay: harness.ReplayNever, Timeout: timeout,
	}
	for _, request := range list {
		for _, p := range cfg.pages(request) {
			if !slices.ContainsFunc(hc.Origins, func(o harness.Origin) bool { return o.URL == p.From }) {
				hc.Origins = append(hc.Origins, harness.Origin{URL: p.From})
			}
		}
		at := OriginOf(request)
		hc.APIs[at] = harness.API{URL: at}
	}
	h, err := harness.Start(ctx, hc)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	browser, err := h.Browser(ctx)
	if err != nil {
		return err
	}
	for _, request := range list {
		c, err := cfg.compare(ctx, h, request)
		if err != nil {
			return err
		}
		c.Browser = browser
		if err := each(c); err != nil {
			return err
		}
	}
	return nil
}

// OriginOf is the origin of the API that a request goes to.
func OriginOf(request importer.Imported) string {
	o, _ := fetch.OriginOf(request.Request.URL) // importers give absolute URLs only
	return o.String()
}

// Planned is how many pages [Compare] asks in all.
func (cfg Config) Planned(list []importer.Imported) int {
	n := 0
	for _, request := range list {
		n += len(cfg.pages(request))
	}
	return n
}

// pages are those that send a request.
func (cfg Config) pages(request importer.Imported) []Page {
	var list []Page
	for _, from := range cfg.From {
		list = append(list, Page{From: from})
	}
	if len(list) > 0 {
		return list
	}
	from := request.From
	if from == "" {
		if from = DevOrigin; OriginOf(request) == from {
			from = OtherDevOrigin
		}
	}
	return []Page{{From: from}, {From: Stranger, Stranger: true}}
}

func (cfg Config) compare(ctx context.Context, h *harness.Harness, request importer.Imported) (Comparison, error) {
	tool := replay.New(replay.Config{Timeout: timeout, Insecure: request.Tool.Insecure})
	defer tool.Close()
	c := Comparison{Imported: request, Tool: tool.Do(ctx, request.Tool.Probe(), nil), Pages: cfg.pages(request)}
	asked := request.Request
	if cfg.Credentials != "" {
		asked.Credentials = cfg.Credentials
	}
	for i := range c.Pages {
		p := &c.Pages[i]
		p.Seen = h.From(p.From).WithCookies(request.Cookies...).Fetch(ctx, asked)
		if ctx.Err() != nil {
			return c, fmt.Errorf("ask from %s: %w", p.From, context.Cause(ctx))
		}
		if p.Seen.Err == nil {
			answer := c.Tool
			p.Seen.Replay = &answer
			p.Findings = h.Diagnose(ctx, p.Seen)
		}
	}
	return c, nil
}
