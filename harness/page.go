package harness

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Page is a page of one origin. It is a value: the With methods return another
// page, and each request is a browsing session of its own.
type Page struct {
	harness     *Harness
	from        string
	cookies     []probe.Cookie
	permissions []string
}

// From returns a page of an origin: "https://app.example.com", or "null" for an opaque one.
func (h *Harness) From(origin string) Page {
	return Page{harness: h, from: origin}
}

// WithCookies puts cookies into the jar before the first request. A cookie without URL is the page's own origin's.
func (p Page) WithCookies(cookies ...probe.Cookie) Page {
	all := append([]probe.Cookie(nil), p.cookies...)
	for _, c := range cookies {
		if c.URL == "" {
			c.URL = p.from
		}
		all = append(all, c)
	}
	p.cookies = all
	return p
}

// WithPermissions grants the page's origin permissions by the names of the Permissions API ("loopback-network").
func (p Page) WithPermissions(names ...string) Page {
	p.permissions = append(append([]string(nil), p.permissions...), names...)
	return p
}

// Fetch has the page call fetch(). Where no verdict could be reached, the Observation has Err.
func (p Page) Fetch(ctx context.Context, r probe.Request) probe.Observation {
	r.Client = probe.Fetch
	return p.ask(ctx, r)
}

// XHR has the page send an XMLHttpRequest.
func (p Page) XHR(ctx context.Context, r probe.Request) probe.Observation {
	r.Client = probe.XHR
	return p.ask(ctx, r)
}

func (p Page) ask(ctx context.Context, r probe.Request) probe.Observation {
	return p.Session(ctx, probe.Step{Request: r})[0]
}

// Session sends several requests one after the other in one browsing session, so that cookies and caches carry over.
// It returns one Observation for each.
func (p Page) Session(ctx context.Context, steps ...probe.Step) []probe.Observation {
	return p.harness.Probe(ctx, probe.Probe{From: p.from, Cookies: p.cookies, Permissions: p.permissions, Steps: steps})
}

var unnamed atomic.Uint64

// Probe runs any probe and returns one Observation a step, in order. Where no
// verdict could be reached they have Err.
func (h *Harness) Probe(ctx context.Context, p probe.Probe) []probe.Observation {
	if p.ID == "" {
		p.ID = "probe-" + strconv.FormatUint(unnamed.Add(1), 10)
	}
	list, err := h.observe(ctx, p)
	for i := len(list); i < len(p.Steps); i++ {
		o := probe.Observation{ProbeID: p.ID, Step: i + 1, From: p.From, Request: p.Steps[i].Request, Err: err}
		if err == nil {
			o.Err = fmt.Errorf("step %d was not reached: the page is stuck in step %d", i+1, len(list))
		}
		list = append(list, o)
	}
	return list
}

// observe asks the browser and joins the other witnesses to its answer.
func (h *Harness) observe(ctx context.Context, p probe.Probe) ([]probe.Observation, error) {
	p, err := h.place(p)
	if err != nil {
		return nil, err
	}
	release, err := h.lanes.enter(ctx, p)
	if err != nil {
		return nil, err
	}
	list, clean, err := h.witness(ctx, p)
	release()
	if err == nil && !clean {
		list, err = h.witnessAlone(ctx, p)
	}
	return list, err
}

// place makes sure that the page's origin is served.
func (h *Harness) place(p probe.Probe) (probe.Probe, error) {
	o, err := fetch.ParseOrigin(p.From)
	if err != nil {
		return p, fmt.Errorf("from %q is no origin that a page can have: %w", p.From, err)
	}
	if err := check(p); err != nil {
		return p, err
	}
	p.From = o.String()
	if h.cfg.PlainBrowser {
		return p, h.findsPlain(o)
	}
	return p, h.ensurePage(p.From)
}

// findsPlain refuses an origin at which a browser without our flags finds no page: one is beside each API that
// listens here, by the API's own origin and by any name for this machine.
func (h *Harness) findsPlain(o fetch.Origin) error {
	here := o
	if o.Host == "localhost" || strings.HasSuffix(o.Host, ".localhost") {
		here.Host = "127.0.0.1"
	}
	if h.sites.find(here.String()) == nil {
		return fmt.Errorf("from %s: PlainBrowser finds no named origins: ask from the Origin of an API that this harness serves, or from http://localhost at its port", o)
	}
	return nil
}

func (h *Harness) ensurePage(origin string) error {
	h.lanes.pages.Lock()
	defer h.lanes.pages.Unlock()
	if origin == "null" || h.sites.find(origin) != nil {
		return nil
	}
	return h.openPage(Origin{URL: origin})
}
