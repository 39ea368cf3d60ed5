package chromium

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// probe sends a probe the way that fits it: together with others, or in a browser context of its own.
func (i *instance) probe(ctx context.Context, p probe.Probe, mark func() string) ([]probe.Observation, error) {
	doc, err := document(p)
	if err != nil {
		return nil, err
	}
	due := func(r probe.Request) bool { return preflightDue(p.From, r) }
	if stateful(p) {
		list, err := i.sessions.run(ctx, p, doc, mark, due)
		return i.sign(p, list), err
	}
	o, company, err := i.shared.ask(ctx, doc, mark(), p.Steps[0].Request, due(p.Steps[0].Request))
	if err != nil {
		return nil, err
	}
	why := doubtful(o, company)
	if why == "" {
		return i.sign(p, []probe.Observation{o}), nil
	}
	list, err := i.sessions.run(ctx, p, doc, mark, due)
	for n := range list {
		list[n].Retried = why
	}
	return i.sign(p, list), err
}

// sign adds what is the same for all steps.
func (i *instance) sign(p probe.Probe, list []probe.Observation) []probe.Observation {
	for n := range list {
		list[n].ProbeID, list[n].Step, list[n].From = p.ID, n+1, p.From
		list[n].Request, list[n].Browser = p.Steps[n].Request, i.identity
	}
	return list
}

// document is the URL of the page from which a probe asks. An opaque origin
// has the scheme of what it asks for, so that nothing is mixed content that a user would not call so.
func document(p probe.Probe) (string, error) {
	if p.From == "null" {
		scheme, _, ok := strings.Cut(p.Steps[0].Request.URL, "://")
		if !ok || (scheme != "http" && scheme != "https") {
			scheme = "https"
		}
		return scheme + "://" + page.OpaqueHost + page.SandboxPath, nil
	}
	if _, err := fetch.ParseOrigin(p.From); err != nil {
		return "", fmt.Errorf("probe %s: from %q is no origin that a page can have: %w", p.ID, p.From, err)
	}
	return p.From + page.Path, nil
}

// stateful reports probes that may leave or need state in the browser:
// cookies, caches, authentication, permissions. In doubt it says yes.
func stateful(p probe.Probe) bool {
	if len(p.Steps) > 1 || len(p.Cookies) > 0 || len(p.Permissions) > 0 {
		return true
	}
	step := p.Steps[0]
	r := step.Request
	if step.Wait > 0 || step.ClearCache || r.Sync || r.User != "" || r.Password != "" || r.Cache != "" || r.Keepalive {
		return true
	}
	switch {
	case r.Credentials == fetch.Include:
		return true
	case r.Credentials == fetch.Omit && r.Client != probe.XHR: // which cannot omit them
		return false
	}
	u, err := url.Parse(r.URL)
	if err != nil || u.User != nil {
		return true
	}
	target, err := fetch.OriginOf(r.URL)
	return err != nil || target.String() == p.From
}

// doubtful says why an answer from a shared page may be due to its company, or
// "": such a probe is put again, alone. A request that times out may only have
// waited for a socket behind others that hang.
func doubtful(o probe.Observation, company bool) string {
	if o.Outcome == probe.Timeout && company {
		return "it timed out beside other requests, which may have held its sockets"
	}
	if len(o.Missing) > 0 {
		return "evidence was missing: " + strings.Join(o.Missing, ", ")
	}
	switch o.NetError {
	case "net::ERR_NETWORK_CHANGED", "net::ERR_INSUFFICIENT_RESOURCES", "net::ERR_ABORTED":
		if o.Blocked == nil { // otherwise the browser has a reason of its own
			return "the network stack gave up beside other requests: " + o.NetError
		}
	}
	for _, x := range o.Exchanges {
		if x.FromCache != "" || x.Request.Headers.Has("If-None-Match") || x.Request.Headers.Has("If-Modified-Since") {
			return "another request had left something in the cache"
		}
		if x.Response == nil {
			continue
		}
		if v, _ := x.Response.Headers.Get("Non-Authoritative-Reason"); v != "" {
			return "the browser redirected by itself (" + v + "), which another response may have caused"
		}
	}
	return ""
}
