package harness

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/harness/testca"
)

// site is one origin as we serve it: corsproof's page below the reserved path,
// and an API, if one is there, on every other.
type site struct {
	origin  string
	name    string // what its URLs connect to: "app.example.com:443"
	server  *rawhttp.Server
	log     rawhttp.Log
	space   string
	headers fetch.HeaderList // of the page
	api     bool
	inner   target.Layered      // the API with what stands before it, or nil
	asking  *semaphore.Weighted // one follow-up at a time, so that what arrives within is known to be its; set with inner

	mu   sync.Mutex
	dead map[string][]failure // requests, by URL and in order, for which the API behind could not be reached
}

// maxFailures bounds what is kept of a URL that nobody asks about.
const maxFailures = 64

// unreachable notes a request that the hop could not hand on.
func (st *site) unreachable(url string, err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.dead == nil {
		st.dead = map[string][]failure{}
	}
	list := append(st.dead[url], failure{at: time.Now(), err: err})
	st.dead[url] = list[max(len(list)-maxFailures, 0):]
}

// failure is why the API could not be reached, and when.
type failure struct {
	at  time.Time
	err error
}

// takeUnreachable returns why a URL's first request of a time could not be handed on, or nil, and forgets what was until its end.
func (st *site) takeUnreachable(url string, from, to time.Time) (err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	kept := st.dead[url][:0]
	for _, f := range st.dead[url] {
		switch {
		case f.at.After(to):
			kept = append(kept, f)
		case err == nil && !f.at.Before(from):
			err = f.err
		}
	}
	if len(kept) > 0 {
		st.dead[url] = kept
	} else {
		delete(st.dead, url)
	}
	return err
}

// sites is the table of origins. It implements browser.Hosts.
type sites struct {
	ca *testca.CA

	mu      sync.Mutex
	all     []*site
	version uint64
	closed  bool
}

// open serves an origin. An empty origin is wherever it listens.
func (s *sites) open(origin string, cfg rawhttp.Config, st *site) error {
	if s.isClosed() {
		return errClosed
	}
	cfg.Pages, cfg.Unreachable = st.page, st.unreachable
	if st.api {
		cfg.Receive = st.log.Add
	}
	o, err := fetch.ParseOrigin(origin)
	if err != nil && origin != "" {
		return fmt.Errorf("serve %q: %w", origin, err)
	}
	if o.Scheme == "https" {
		cfg.TLS = s.ca.TLSConfig(cfg.HTTP2)
	}
	if origin != "" {
		cfg.Origin = o.String()
	}
	if other := s.atPlaceOf(o); origin != "" && other != "" {
		return fmt.Errorf("serve %s: %s is at the same host and port, and one port speaks either http or https: give one of them another port", origin, other)
	}
	server, err := rawhttp.Start(cfg)
	if err != nil {
		return fmt.Errorf("serve %s: %w", origin, err)
	}
	st.server, st.origin, st.name = server, o.String(), o.HostPort()
	if origin == "" {
		st.origin, st.name = "http://"+server.Addr(), server.Addr()
	}
	if !s.add(st) {
		return errors.Join(errClosed, server.Close())
	}
	return nil
}

// atPlaceOf is the origin that is served at another origin's host and port, or "".
func (s *sites) atPlaceOf(o fetch.Origin) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.all {
		if strings.EqualFold(st.name, o.HostPort()) && st.origin != o.String() {
			return st.origin
		}
	}
	return ""
}

var errClosed = errors.New("the harness is closed")

// add is false when no site may be added any more.
func (s *sites) add(st *site) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.all = append(s.all, st)
	s.version++
	return true
}

func (s *sites) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// page answers below the reserved path.
func (st *site) page(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
	headers, body, ok := page.Serve(r.Path(), st.headers)
	if !ok {
		return &rawhttp.Response{Status: 404, Body: []byte("corsproof has no such page\n")}
	}
	return &rawhttp.Response{Status: 200, Headers: headers, Body: body}
}

// find returns the site of an origin, or nil.
func (s *sites) find(origin string) *site {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.all {
		if st.origin == origin {
			return st
		}
	}
	return nil
}

// pageHeaders are the headers of an origin's page.
func (s *sites) pageHeaders(origin string) fetch.HeaderList {
	if st := s.find(origin); st != nil {
		return st.headers
	}
	return nil
}

// forURL returns the site that serves a URL, or nil.
func (s *sites) forURL(raw string) *site {
	o, err := fetch.OriginOf(raw)
	if err != nil {
		return nil
	}
	return s.find(o.String())
}

// Snapshot implements browser.Hosts. A site that listens where its origin says needs no entry.
func (s *sites) Snapshot() (uint64, []browser.Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var hosts []browser.Host
	for _, st := range s.all {
		if st.name != st.server.Addr() || st.space != "" {
			hosts = append(hosts, browser.Host{HostPort: st.name, Addr: st.server.Addr(), AddressSpace: st.space})
		}
	}
	return s.version, hosts
}

// resolve is where a name leads, or "".
func (s *sites) resolve(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.all {
		if strings.EqualFold(st.name, name) {
			return st.server.Addr()
		}
	}
	return ""
}

func (s *sites) close() error {
	s.mu.Lock()
	all := s.all
	s.all, s.closed = nil, true
	s.mu.Unlock()
	var errs []error
	for _, st := range all {
		errs = append(errs, st.server.Close())
	}
	return errors.Join(errs...)
}
