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

	making  chan struct{} // capacity 1: who has it may make the context
	context cdp.BrowserContextID

	mu      sync.Mutex
	tabs    map[string]*sharedTab // by document URL
	used    uint64
	cached  map[string]bool // URLs that the caches may know
	flying  int             // requests under way
	flown   uint64          // requests ever begun
	opening sync.WaitGroup
	life    func() (context.Context, context.CancelFunc) // bounds the opening of one page
	quit    context.CancelFunc                           // ends all openings
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
	busy     map[string]*job // in flight, by URL: receipts of two probes of one URL could not be told apart
	pushing  bool
	feeders  sync.WaitGroup
	patience time.Duration // the longest timeout of what is in flight
	watchdog *time.Timer   // see watch
}

// job is a request that waits to be given to the page.
type job struct {
	pending *pending
	request page.Request
	timeout time.Duration
	given   chan struct{} // closed when the page was told, or could not be
	failed  chan error    // capacity 1: why it could not be
	refused bool          // it could not be; to read when given is closed
}

func newSharedPages(i *instance, cfg Config) *sharedPages {
	root, quit := context.WithCancel(i.root)
	return &sharedPages{
		instance: i, cfg: cfg, making: make(chan struct{}, 1), tabs: map[string]*sharedTab{}, cached: map[string]bool{},
		life: func() (context.Context, context.CancelFunc) { return context.WithTimeout(root, startWithin) }, quit: quit,
	}
}

// ask sends one request from the page at url. company is true when another request was under way meanwhile.
func (s *sharedPages) ask(ctx context.Context, url, mark string, r probe.Request, preflightDue bool) (o probe.Observation, company bool, err error) {
	t, err := s.acquire(ctx, url)
	if err != nil {
		return o, false, err
	}
	land := s.fly()
	timeout := s.cfg.timeout(r)
	j := &job{
		pending: newPending(mark, r.URL), request: page.NewRequest(mark, r, timeout, s.cfg.BodyLimit), timeout: timeout,
		given: make(chan struct{}), failed: make(chan error, 1),
	}
	q := question{tab: t.tab, pending: j.pending, failed: j.failed, started: time.Now(), preflightDue: preflightDue}
	t.submit(j)
	o, err = q.answer(ctx)
	if err != nil && ctx.Err() != nil {
		s.instance.leaving.Go(func() {
			t.abandon(j)
			s.leave(t, j, land)
		})
		return o, false, err
	}
	s.learn(o)
	return o, s.leave(t, j, land), err
}

// leave gives back what a request held, and tells whether another was under way meanwhile.
func (s *sharedPages) leave(t *sharedTab, j *job, land func() bool) (company bool) {
	t.capture.release(j.pending)
	t.done(j)
	company = land()
	s.release(t)
	return company
}

// fly counts a request as under way; the function that it returns ends that, and tells whether there was any other.
func (s *sharedPages) fly() (land func() bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flying++
	s.flown++
	first, number := s.flying == 1, s.flown
	return func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.flying--
		return !first || s.flown != number
	}
}

// acquire finds or opens the page of an origin.
func (s *sharedPages) acquire(ctx context.Context, url string) (*sharedTab, error) {
	s.mu.Lock()
	s.used++
	t := s.tabs[url]
	if t != nil && !t.isGone() {
		t.users++
		t.used = s.used
		s.mu.Unlock()
		return s.await(ctx, t)
	}
	var spent []*sharedTab
	if t != nil && t.users == 0 { // otherwise its last user closes it
		spent = append(spent, t)
	}
	t = &sharedTab{pages: s, opened: make(chan struct{}), users: 1, used: s.used, limit: s.cfg.Concurrency, busy: map[string]*job{}}
	t.watchdog = time.AfterFunc(longestTimeout, t.silent)
	t.watchdog.Stop() // until the page has something to do
	s.tabs[url] = t
	spent = append(spent, s.evict()...)
	s.mu.Unlock()
	s.closeBehind(spent)
	s.opening.Go(func() { s.openFor(t, url) })
	return s.await(ctx, t)
}

// openFor opens a page for all who wait for it, so that none of them can take it from the others by leaving.
func (s *sharedPages) openFor(t *sharedTab, url string) {
	ctx, cancel := s.life()
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
		s.release(t)
		return nil, context.Cause(ctx)
	}
	if t.err != nil {
		s.release(t)
		return nil, t.err
	}
	return t, nil
}

func (s *sharedPages) open(ctx context.Context, url string) (*tab, error) {
	id, err := s.contextID(ctx)
	if err != nil {
		return nil, err
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

// contextID is the browser context of all shared pages. The first who needs it makes it.
func (s *sharedPages) contextID(ctx context.Context) (cdp.BrowserContextID, error) {
	select {
	case s.making <- struct{}{}:
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	defer func() { <-s.making }()
	if s.context != "" {
		return s.context, nil
	}
	id, err := s.instance.newContext(ctx)
	s.context = id
	return id, err
}

// release gives a page back. One that was lost is not used again, and its last user has it closed.
func (s *sharedPages) release(t *sharedTab) {
	s.mu.Lock()
	t.users--
	gone := t.isGone()
	if gone {
		for url, other := range s.tabs {
			if other == t {
				delete(s.tabs, url)
			}
		}
	}
	last := gone && t.users == 0
	s.mu.Unlock()
	if last {
		s.closeBehind([]*sharedTab{t})
	}
}

// closeBehind closes pages that nobody uses any more: the browser may take
// seconds for one that hangs, which is nobody's to wait for.
func (s *sharedPages) closeBehind(tabs []*sharedTab) {
	if len(tabs) > 0 {
		s.instance.leaving.Go(func() { closeTabs(tabs) })
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

// isGone reports that the page was open and can answer no more.
func (t *sharedTab) isGone() bool {
	return t.isOpen() && t.err == nil && t.capture.isGone()
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
		t.watchdog.Stop()
		if t.tab != nil {
			t.tab.close()
			t.feeders.Wait()
		}
	}
}

func (s *sharedPages) close() {
	s.quit()
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
