package chromium

import (
	"context"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"

	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/probe"
)

// maxSharedTabs bounds how many origins have a page open at the same time: a page is a process of about 60 MB.
const maxSharedTabs = 8

// sharedPages runs probes that share no state: one page an origin, many
// requests at a time, in one browser context whose caches are emptied before a URL is asked again.
type sharedPages struct {
	instance *instance
	cfg      Config

	mu      sync.Mutex
	context cdp.BrowserContextID
	tabs    map[string]*sharedTab // by document URL
	used    uint64
	cached  map[string]bool // URLs that the caches may know
	flying  int             // requests under way
	flown   uint64          // requests ever begun
	opening sync.WaitGroup
}

// sharedTab is the page of one origin and the requests that wait for it.
type sharedTab struct {
	*tab
	pages  *sharedPages
	opened chan struct{} // closed when open or failed
	err    error
	users  int
	used   uint64
	limit  int

	mu       sync.Mutex
	queue    []*job
	busy     map[string]bool // URLs in flight: receipts of two probes of one URL could not be told apart
	inFlight int
	pushing  bool
	feeders  sync.WaitGroup
}

// job is a request that waits to be given to the page.
type job struct {
	url     string
	request page.Request
	failed  chan error // capacity 1
}

func newSharedPages(i *instance, cfg Config) *sharedPages {
	return &sharedPages{instance: i, cfg: cfg, tabs: map[string]*sharedTab{}, cached: map[string]bool{}}
}

// ask sends one request from the page at url. company is true when another request was under way meanwhile.
func (s *sharedPages) ask(ctx context.Context, url, mark string, r probe.Request, preflightDue bool) (o probe.Observation, company bool, err error) {
	t, err := s.acquire(ctx, url)
	if err != nil {
		return o, false, err
	}
	defer s.release(t)
	defer s.fly(&company)()
	timeout := s.cfg.timeout(r)
	pending := t.capture.expect(mark, r.URL)
	j := &job{url: pending.url, request: page.NewRequest(mark, r, timeout, s.cfg.BodyLimit), failed: make(chan error, 1)}
	q := question{tab: t.tab, pending: pending, timeout: timeout, started: time.Now(), preflightDue: preflightDue}
	t.submit(j)
	defer t.done(j)
	o, err = q.answerQueued(ctx, j)
	s.learn(o)
	return o, false, err
}

// fly counts a request as under way; the function that it returns ends that, and tells whether there was any other.
func (s *sharedPages) fly(company *bool) func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flying++
	s.flown++
	first, number := s.flying == 1, s.flown
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.flying--
		*company = !first || s.flown != number
	}
}

// acquire finds or opens the page of an origin.
func (s *sharedPages) acquire(ctx context.Context, url string) (*sharedTab, error) {
	s.mu.Lock()
	s.used++
	t := s.tabs[url]
	if t != nil {
		t.users++
		t.used = s.used
		s.mu.Unlock()
		return s.await(ctx, t)
	}
	t = &sharedTab{pages: s, opened: make(chan struct{}), users: 1, used: s.used, limit: s.cfg.Concurrency, busy: map[string]bool{}}
	s.tabs[url] = t
	idle := s.evict()
	s.mu.Unlock()
	closeTabs(idle)
	s.opening.Go(func() { s.openFor(t, url) })
	return s.await(ctx, t)
}

// openFor opens a page for all who wait for it, so that none of them can take it from the others by leaving.
func (s *sharedPages) openFor(t *sharedTab, url string) {
	ctx, cancel := context.WithTimeout(s.instance.root, startWithin)
	defer cancel()
	t.tab, t.err = s.open(ctx, url)
	if t.err != nil {
		s.drop(url, t)
	}
	close(t.opened)
}

// await waits for a page to be opened.
func (s *sharedPages) await(ctx context.Context, t *sharedTab) (*sharedTab, error) {
	select {
	case <-t.opened:
	case <-ctx.Done():
		s.leave(t)
		return nil, context.Cause(ctx)
	}
	if t.err != nil {
		s.leave(t)
		return nil, t.err
	}
	return t, nil
}

// leave is release for a page that may not be open yet.
func (s *sharedPages) leave(t *sharedTab) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.users--
}

func (s *sharedPages) open(ctx context.Context, url string) (*tab, error) {
	id, err := s.contextID(ctx)
	if err != nil {
		return nil, s.instance.lostOr("make a browser context", err)
	}
	t, err := s.instance.newTab(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := t.open(ctx, url); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (s *sharedPages) contextID(ctx context.Context) (cdp.BrowserContextID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.context != "" {
		return s.context, nil
	}
	id, err := s.instance.newContext(ctx)
	s.context = id
	return id, err
}

// release gives a page back. One that crashed is not used again, and its last user closes it.
func (s *sharedPages) release(t *sharedTab) {
	s.mu.Lock()
	t.users--
	crashed := t.isGone()
	if crashed {
		for url, other := range s.tabs {
			if other == t {
				delete(s.tabs, url)
			}
		}
	}
	last := crashed && t.users == 0
	s.mu.Unlock()
	if last {
		closeTabs([]*sharedTab{t})
	}
}

// isOpen reports that the page was opened, or could not be.
func (t *sharedTab) isOpen() bool {
	select {
	case <-t.opened:
		return true
	default:
		return false
	}
}

// isGone reports that the page can answer no more.
func (t *sharedTab) isGone() bool {
	select {
	case <-t.capture.gone:
		return true
	default:
		return false
	}
}

func (s *sharedPages) drop(url string, t *sharedTab) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tabs[url] == t {
		delete(s.tabs, url)
	}
}

// evict takes the pages out that were not used for longest, while there are too many.
func (s *sharedPages) evict() []*sharedTab {
	var out []*sharedTab
	for len(s.tabs) > maxSharedTabs {
		var oldest string
		for url, t := range s.tabs {
			if t.users == 0 && t.isOpen() && (oldest == "" || t.used < s.tabs[oldest].used) {
				oldest = url
			}
		}
		if oldest == "" {
			return out
		}
		out = append(out, s.tabs[oldest])
		delete(s.tabs, oldest)
	}
	return out
}

func closeTabs(tabs []*sharedTab) {
	for _, t := range tabs {
		if t.tab != nil {
			t.tab.close()
			t.feeders.Wait()
		}
	}
}

func (s *sharedPages) close() {
	s.opening.Wait()
	s.mu.Lock()
	tabs := make([]*sharedTab, 0, len(s.tabs))
	for _, t := range s.tabs {
		tabs = append(tabs, t)
	}
	s.tabs = map[string]*sharedTab{}
	s.mu.Unlock()
	closeTabs(tabs)
}
