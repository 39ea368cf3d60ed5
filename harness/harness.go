package harness

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/browser/chromium"
	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/replay"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/harness/testca"
)

// Harness has the APIs under test running, pages of any origin at hand, and a
// browser that is started with the first probe. It is safe for concurrent use.
type Harness struct {
	cfg     Config
	sites   *sites
	engine  browser.Engine
	replays *replay.Client
	apis    map[string]*Endpoint
	servers []underTest
	lanes   lanes

	closing  sync.Once
	closeErr error
}

// underTest is a server that is started for an API.
type underTest struct {
	target.Server
	api string
}

// Endpoint is an API as the browser reaches it.
type Endpoint struct{ origin string }

// Origin is the API's origin, as it stands in a browser's requests.
func (e *Endpoint) Origin() string { return e.origin }

// URL is a URL of the API: "/orders/1", with or without a query.
func (e *Endpoint) URL(path string) string {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return e.origin + path
}

// APIError says that an API could not be put under test: its server did not start, or its origin cannot be served; or,
// from Close, that its server ended by itself, or does not end.
type APIError struct {
	Name string // in Config.APIs
	Down bool   // its server is missing, did not start, did not become ready or ended by itself: all that is no matter to other APIs
	Err  error
}

func (e *APIError) Error() string { return fmt.Sprintf("api %s: %v", e.Name, e.Err) }

func (e *APIError) Unwrap() error { return e.Err }

// Start starts the APIs and serves the origins. ctx bounds the start only. The
// caller ends the harness by Close. Where Start fails, nothing is left behind.
func Start(ctx context.Context, cfg Config) (*Harness, error) {
	cfg = cfg.fromEnvironment()
	if err := cfg.validate(); err != nil {
		return nil, fmt.Errorf("start corsproof: %w", err)
	}
	ca, err := testca.New()
	if err != nil {
		return nil, fmt.Errorf("start corsproof: %w", err)
	}
	h := &Harness{cfg: cfg, sites: &sites{ca: ca}, apis: map[string]*Endpoint{}, lanes: newLanes()}
	h.replays = replay.New(replay.Config{Resolve: h.sites.resolve, Allow: cfg.hasAPIAt, Roots: ca.Pool(), Timeout: cfg.Timeout})
	if err := h.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("start corsproof: %w", err), h.Close())
	}
	return h, nil
}

func (h *Harness) start(ctx context.Context) error {
	if err := h.startAPIs(ctx); err != nil {
		return err
	}
	for _, scheme := range []string{"http", "https"} {
		if err := h.sites.open(scheme+"://"+page.OpaqueHost, rawhttp.Config{}, &site{}); err != nil {
			return err
		}
	}
	for _, o := range h.cfg.Origins {
		if err := h.openPage(o); err != nil {
			return err
		}
	}
	engine, err := chromium.New(chromium.Config{
		Path: h.cfg.Browser, ThirdPartyCookies: h.cfg.ThirdPartyCookies, Hosts: h.sites, SPKI: h.sites.ca.SPKI(),
		Concurrency: h.cfg.Concurrency, Timeout: h.cfg.Timeout, Flags: h.cfg.BrowserFlags, Plain: h.cfg.PlainBrowser,
		DangerouslyDisableSandbox: h.cfg.DangerouslyDisableSandbox,
	})
	if err != nil {
		return err
	}
	h.engine = engine
	return nil
}

// startAPIs starts all servers side by side, and then serves each at its origin.
func (h *Harness) startAPIs(ctx context.Context) error {
	names := slices.Sorted(maps.Keys(h.cfg.APIs))
	servers := make([]target.Server, len(names))
	errs := make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		if servers[i] = h.cfg.APIs[name].server(); servers[i] == nil {
			continue
		}
		h.servers = append(h.servers, underTest{servers[i], name})
		wg.Go(func() {
			if err := servers[i].Start(ctx); err != nil {
				errs[i] = &APIError{Name: name, Down: true, Err: keepLog(h.cfg.LogDir, name, err)}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for i, name := range names {
		if err := h.openAPI(name, h.cfg.APIs[name], servers[i]); err != nil {
			return err
		}
	}
	return nil
}

// server is what has to be started for an API, or nil.
func (a API) server() target.Server {
	switch {
	case a.Handler != nil:
		return &target.Handler{Handler: a.Handler}
	case a.Command != nil:
		return a.Command
	}
	return a.Server
}

func (h *Harness) openAPI(name string, a API, server target.Server) error {
	if a.URL != "" && a.At == "" {
		h.apis[name] = &Endpoint{origin: serialized(a.URL)}
		return nil
	}
	cfg := rawhttp.Config{Handler: a.Raw, HTTP2: a.HTTP2}
	switch {
	case server != nil:
		cfg.Upstream = &rawhttp.Upstream{URL: server.URL()}
	case a.URL != "":
		cfg.Upstream = &rawhttp.Upstream{URL: a.URL}
	}
	st := &site{api: true, space: a.AddressSpace}
	if inner, ok := server.(target.Layered); ok {
		st.inner, st.asking = inner, semaphore.NewWeighted(1)
	}
	if err := h.sites.open(a.At, cfg, st); err != nil {
		return &APIError{Name: name, Err: err}
	}
	h.apis[name] = &Endpoint{origin: st.origin}
	return nil
}

// openPage serves corsproof's page at an origin. Where an API sits there, the
// page stands beside it; an API that we do not serve gets a hop before it.
func (h *Harness) openPage(o Origin) error {
	if o.URL == "null" {
		return nil
	}
	o.URL = serialized(o.URL)
	if st := h.sites.find(o.URL); st != nil {
		st.headers = o.Headers
		return nil
	}
	st := &site{space: o.AddressSpace, headers: o.Headers}
	cfg := rawhttp.Config{}
	for _, e := range h.apis {
		if e.origin == o.URL {
			cfg.Upstream, st.api = &rawhttp.Upstream{URL: e.origin}, true
		}
	}
	return h.sites.open(o.URL, cfg, st)
}

// serialized is an origin as browsers write it. What is none has been refused before.
func serialized(origin string) string {
	o, err := fetch.ParseOrigin(origin)
	if err != nil {
		return origin
	}
	return o.String()
}

// API returns an API of the configuration by its name. It panics where there
// is none, since that is a mistake in the test's own code.
func (h *Harness) API(name string) *Endpoint {
	e := h.apis[name]
	if e == nil {
		panic(fmt.Sprintf("harness: no API is called %q; there are %q", name, slices.Sorted(maps.Keys(h.apis))))
	}
	return e
}

// Browser identifies the browser, and starts it where it is not yet running.
func (h *Harness) Browser(ctx context.Context) (probe.Browser, error) {
	return h.engine.Browser(ctx)
}

// Close ends the browser, the pages and the APIs, and waits for all of them. It
// is safe to call more than once.
func (h *Harness) Close() error {
	h.closing.Do(func() {
		var errs []error
		if h.engine != nil {
			errs = append(errs, h.engine.Close())
		}
		h.replays.Close()
		errs = append(errs, h.sites.close())
		for _, s := range h.servers {
			errs = append(errs, h.closed(s))
		}
		h.closeErr = errors.Join(errs...)
	})
	return h.closeErr
}

// closed stops a server, and says so where it had ended by itself.
func (h *Harness) closed(s underTest) error {
	err := s.Close()
	if err == nil {
		return nil
	}
	var died *process.ExitError
	return &APIError{Name: s.api, Down: errors.As(err, &died), Err: keepLog(h.cfg.LogDir, s.api, err)}
}
