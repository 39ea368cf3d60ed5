package chromium

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
	"golang.org/x/sync/errgroup"

	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/probe"
)

// sessionPool runs probes that have state: each in a browser context of its
// own while it runs. A context is emptied between two uses, which costs a few
// milliseconds where a new one costs about seventy.
type sessionPool struct {
	instance *instance
	cfg      Config
	slots    chan struct{} // one a session that may exist

	mu   sync.Mutex
	idle []*session
}

// session is a browser context with one tab.
type session struct {
	*tab
	context cdp.BrowserContextID
	origin  string // to which permissions were granted
	// spent says why the context cannot be emptied: some state has no command that clears it.
	spent string
}

func newSessionPool(i *instance, cfg Config) *sessionPool {
	return &sessionPool{instance: i, cfg: cfg, slots: make(chan struct{}, cfg.Sessions)}
}

// run runs a probe's steps in a clean browser context.
func (p *sessionPool) run(ctx context.Context, probed probe.Probe, url string, mark func() string, due func(probe.Request) bool) ([]probe.Observation, error) {
	s, err := p.acquire(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.steps(ctx, p.cfg, probed, url, mark, due)
	if err != nil {
		s.spent = "a probe ended early"
	}
	if err == nil && s.spent == "" && s.empty(ctx) == nil {
		p.keep(s)
	} else {
		p.instance.leaving.Go(func() { p.end(s) })
	}
	return list, err
}

func (p *sessionPool) acquire(ctx context.Context) (*session, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		s := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return s, nil
	}
	p.mu.Unlock()
	s, err := p.open(ctx)
	if err != nil {
		<-p.slots
	}
	return s, err
}

func (p *sessionPool) open(ctx context.Context) (*session, error) {
	id, err := p.instance.newContext(ctx)
	if err != nil {
		return nil, err
	}
	t, err := p.instance.newTab(ctx, id)
	if err != nil {
		p.instance.leaving.Go(func() { p.instance.dispose(id) })
		return nil, err
	}
	return &session{tab: t, context: id}, nil
}

// keep has an empty session ready for the next probe.
func (p *sessionPool) keep(s *session) {
	p.mu.Lock()
	p.idle = append(p.idle, s)
	p.mu.Unlock()
	<-p.slots
}

// end ends a session that cannot be emptied for sure. A page that hangs takes its time to go.
func (p *sessionPool) end(s *session) {
	defer func() { <-p.slots }()
	if p.instance.alive() {
		p.instance.dispose(s.context)
	}
	s.close()
}

func (p *sessionPool) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, s := range idle {
		s.close() // the context goes with the browser
	}
}

// empty clears what a probe may have left: cookies, both caches, permissions, and its document.
func (s *session) empty(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, disposeWithin)
	defer cancel()
	ctx, stop := join(s.tab.ctx, ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return ignore(chromedp.CallBrowser(ctx, storage.ClearCookies, storage.ClearCookiesParams{BrowserContextID: s.context}))
	})
	g.Go(func() error { return s.clearCache(ctx) })
	if s.origin != "" {
		s.origin = ""
		g.Go(func() error {
			return ignore(chromedp.CallBrowser(ctx, cdpbrowser.ResetPermissions, cdpbrowser.ResetPermissionsParams{BrowserContextID: s.context}))
		})
	}
	return g.Wait()
}

// steps prepares the session as the probe asks, and sends its requests one after the other.
func (s *session) steps(ctx context.Context, cfg Config, p probe.Probe, url string, mark func() string, due func(probe.Request) bool) ([]probe.Observation, error) {
	if err := s.grant(ctx, p); err != nil {
		return nil, err
	}
	if err := s.setCookies(ctx, p); err != nil {
		return nil, err
	}
	if err := s.open(ctx, url); err != nil {
		return nil, err
	}
	// One mark for all steps: the CORS-preflight cache is keyed by the URL with its fragment.
	list, sessionMark := make([]probe.Observation, 0, len(p.Steps)), mark()
	for _, step := range p.Steps {
		o, err := s.step(ctx, cfg, step, sessionMark, due)
		if err != nil {
			return list, err
		}
		s.note(step.Request, o)
		list = append(list, o)
		if !o.Page.Settled && o.Page.Error == nil {
			return list, nil // the page is stuck in script: no further step can run in it
		}
	}
	return list, nil
}

func (s *session) step(ctx context.Context, cfg Config, step probe.Step, mark string, due func(probe.Request) bool) (probe.Observation, error) {
	if err := s.before(ctx, step); err != nil {
		return probe.Observation{}, err
	}
	timeout := cfg.timeout(step.Request)
	pending := newPending(mark, step.Request.URL)
	s.capture.expect(pending)
	defer s.capture.release(pending)
	return s.send(ctx, question{
		tab: s.tab, pending: pending, failed: make(chan error, 1), timeout: timeout, started: time.Now(), careful: true,
		sync: step.Request.Sync, preflightDue: step.Request.Cache == "no-store" && due(step.Request),
	}, page.NewRequest(mark, step.Request, timeout, cfg.BodyLimit))
}

// send pushes without waiting for the page to return: it returns when a
// synchronous request does, if ever, and not at all where the page hangs.
func (s *session) send(ctx context.Context, q question, request page.Request) (probe.Observation, error) {
	pushCtx, cancel := context.WithCancel(ctx)
	pushed := make(chan struct{})
	go func() {
		defer close(pushed)
		if err := s.push(pushCtx, []page.Request{request}, 1); err != nil {
			q.failed <- err
		}
	}()
	o, err := q.answer(ctx)
	cancel()
	<-pushed
	return o, err
}

func (s *session) before(ctx context.Context, step probe.Step) error {
	if step.Wait > 0 {
		timer := time.NewTimer(step.Wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if !step.ClearCache {
		return nil
	}
	return s.clearCache(ctx)
}

// note ends the session's reuse where a step left state that no command clears:
// the HTTP authentication cache and HSTS.
func (s *session) note(r probe.Request, o probe.Observation) {
	if r.User != "" || r.Password != "" || !o.Page.Settled {
		s.spent = "authentication or an aborted request"
	}
	for _, x := range o.Exchanges {
		authenticated := x.Request.Headers.Has("Authorization") && !r.Headers.Has("Authorization")
		if u, err := url.Parse(x.Request.URL); err != nil || u.User != nil || authenticated {
			s.spent = "the browser has learnt credentials"
		}
		if x.Response == nil {
			continue
		}
		h := x.Response.Headers
		if h.Has("WWW-Authenticate") || h.Has("Proxy-Authenticate") || h.Has("Strict-Transport-Security") ||
			h.Has("Alt-Svc") || h.Has("Accept-CH") || h.Has("Clear-Site-Data") {
			s.spent = "a response header whose effect outlives the probe"
		}
	}
}

// grant gives the page's origin all its permissions: what is not named stays denied.
func (s *session) grant(ctx context.Context, p probe.Probe) error {
	if len(p.Permissions) == 0 {
		return nil
	}
	ctx, stop := join(s.tab.ctx, ctx)
	defer stop()
	s.origin = p.From
	for _, name := range p.Permissions {
		_, err := chromedp.CallBrowser(ctx, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
			Permission: &cdpbrowser.PermissionDescriptor{Name: name}, Setting: cdpbrowser.PermissionSettingGranted,
			Origin: p.From, BrowserContextID: s.context,
		})
		if err != nil {
			return s.instance.lostOr(fmt.Sprintf("grant %q to %s", name, p.From), err)
		}
	}
	return nil
}

// setCookies fills the jar, and looks whether the browser took them: it drops a cookie that cannot be without a word.
func (s *session) setCookies(ctx context.Context, p probe.Probe) error {
	if len(p.Cookies) == 0 {
		return nil
	}
	ctx, stop := join(s.tab.ctx, ctx)
	defer stop()
	params := make([]*network.CookieParam, len(p.Cookies))
	for i, c := range p.Cookies {
		params[i] = cookieParam(c, p.From)
	}
	_, err := chromedp.CallBrowser(ctx, storage.SetCookies, storage.SetCookiesParams{Cookies: params, BrowserContextID: s.context})
	if err != nil {
		return s.instance.lostOr("put cookies into the jar", err)
	}
	jar, err := chromedp.CallBrowser(ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: s.context})
	if err != nil {
		return s.instance.lostOr("look into the cookie jar", err)
	}
	for _, c := range p.Cookies {
		if !holds(jar.Cookies, c) {
			return fmt.Errorf("the browser does not take the cookie %q for %s: a Secure cookie or SameSite=None needs an https URL, "+
				"__Host- and __Secure- names need their attributes, and a Domain must be the URL's host or above it", c.Name, c.URL)
		}
	}
	return nil
}

func cookieParam(c probe.Cookie, from string) *network.CookieParam {
	out := &network.CookieParam{
		Name: c.Name, Value: c.Value, URL: c.URL, Path: c.Path,
		Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: network.CookieSameSite(c.SameSite),
	}
	if c.Domain != "" { // without its dot the protocol takes it for the one host that a host-only cookie is for
		out.Domain = "." + strings.TrimPrefix(c.Domain, ".")
	}
	if c.Partitioned {
		out.PartitionKey = &network.CookiePartitionKey{TopLevelSite: from, HasCrossSiteAncestor: !sameSite(c.URL, from)}
	}
	return out
}

func holds(jar []*network.Cookie, want probe.Cookie) bool {
	for _, c := range jar {
		if c.Name == want.Name && c.Value == want.Value {
			return true
		}
	}
	return false
}
