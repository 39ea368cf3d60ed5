package chromium

import (
	"strings"
	"sync"

	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/fetch"
)

// capture collects the evidence of one tab: what the browser announced, by
// request id, and what the page reported, by probe mark. The transport's
// reader writes to it; the goroutine that asked reads from it.
type capture struct {
	mu      sync.Mutex
	entries map[string]*entry
	pending map[string]*pending
	strays  []string // ids of entries that had no owner when they were made, oldest first
	crashed bool
	gone    chan struct{} // closed when the tab can answer no more
	end     func()        // ends what the tab was told to do, once it is gone; or nil

	refusedScript string // the directive by which the page's own policy stopped an inline script
}

// pending is a request that the page was told to send, until its evidence is collected.
type pending struct {
	mark    string // the URL fragment
	url     string // without fragment, as script gave it
	entries []*entry
	result  *page.Result
	broken  error // the page reported something unreadable
	settled chan struct{}
	changed chan struct{} // capacity 1: something came in
	issues  []*issue
	console []string
}

// entry is everything about one request id: one request with its redirects, or one preflight.
type entry struct {
	id            string
	preflightFor  string
	isPreflight   bool
	owner         *pending
	sent          []*event // requestWillBeSent: the first, then one for each redirect
	requestExtra  []*event
	responseExtra []*event
	received      *event // responseReceived
	failed        *event
	finished      bool
	fromCache     bool
	stored        bool // see storedAnswers
}

func newCapture() *capture {
	return &capture{entries: map[string]*entry{}, pending: map[string]*pending{}, gone: make(chan struct{})}
}

func newPending(mark, raw string) *pending {
	return &pending{mark: mark, url: fetch.RequestURL(raw), settled: make(chan struct{}), changed: make(chan struct{}, 1)}
}

// expect registers a request before the page is told of it, and no earlier: a
// message that names its URL may be about another that has the URL meanwhile.
func (c *capture) expect(p *pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending[p.mark] = p
}

// release forgets a request and its evidence.
func (c *capture) release(p *pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, p.mark)
	for _, e := range p.entries {
		delete(c.entries, e.id)
	}
}

// lost ends every wait on this tab.
func (c *capture) lost() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lose()
}

// lose is lost for who holds the lock.
func (c *capture) lose() {
	if c.crashed {
		return
	}
	c.crashed = true
	close(c.gone)
	if c.end != nil {
		c.end()
	}
}

// isGone reports that the tab can answer no more.
func (c *capture) isGone() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

// isSettled reports that the page has given its word.
func (p *pending) isSettled() bool {
	select {
	case <-p.settled:
		return true
	default:
		return false
	}
}

// take is called for every event, in order.
func (c *capture) take(method string, ev *event) {
	if method == "Inspector.targetCrashed" {
		c.lost()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch method {
	case "Runtime.bindingCalled":
		c.report(ev)
	case "Log.entryAdded":
		c.log(ev.Entry)
	case "Audits.issueAdded":
		c.issue(ev.Issue)
	default:
		c.network(method, ev)
	}
}

func (c *capture) network(method string, ev *event) {
	e := c.entries[ev.RequestID]
	if e == nil {
		if method == "Network.loadingFinished" || method == "Network.loadingFailed" {
			return // of a request that was released, or is none of ours
		}
		e = c.newEntry(ev.RequestID)
	}
	switch method {
	case "Network.requestWillBeSent":
		e.sent = append(e.sent, ev)
		c.attribute(e, ev)
	case "Network.requestWillBeSentExtraInfo":
		e.requestExtra = append(e.requestExtra, ev)
	case "Network.responseReceivedExtraInfo":
		e.responseExtra = append(e.responseExtra, ev)
	case "Network.responseReceived":
		e.received = ev
	case "Network.requestServedFromCache":
		e.fromCache = true
	case "Network.loadingFinished":
		e.finished = true
	case "Network.loadingFailed":
		e.failed = ev
	}
	if e.owner != nil {
		e.owner.notify()
	} else if e.finished || e.failed != nil {
		delete(c.entries, e.id) // a document or another load that is no probe's
	}
}

// maxStrays bounds the entries that nobody owns: raw headers may come before
// their request, and may trail one that was released, for which nothing else ever comes.
const maxStrays = 1_000

func (c *capture) newEntry(id string) *entry {
	e := &entry{id: id}
	c.entries[id] = e
	c.strays = append(c.strays, id)
	if len(c.strays) > maxStrays {
		oldest := c.entries[c.strays[0]]
		if oldest != nil && oldest.owner == nil {
			delete(c.entries, oldest.id)
		}
		c.strays = c.strays[1:]
	}
	return e
}

// attribute finds the probe that an entry belongs to: by the fragment, which
// preflights and redirects carry as well. A redirect may replace the fragment
// by one of its Location, so only the first event of a request decides.
func (c *capture) attribute(e *entry, ev *event) {
	if ev.Initiator.Type == "preflight" {
		e.isPreflight, e.preflightFor = true, ev.Initiator.RequestID
	}
	if e.owner != nil {
		return
	}
	p := c.pending[strings.TrimPrefix(ev.Request.URLFragment, "#")]
	if p == nil && e.isPreflight {
		if served := c.entries[e.preflightFor]; served != nil {
			p = served.owner
		}
	}
	if p == nil {
		return
	}
	e.owner = p
	p.entries = append(p.entries, e)
}

// report takes the page's own word, of one request or of several. Of a word
// that cannot be read nobody knows whom it was about, so the page is lost for all others.
func (c *capture) report(ev *event) {
	if ev.Name != page.Binding {
		return
	}
	list, err := page.ParseResults(ev.Payload)
	for _, r := range list {
		p := c.pending[r.ID]
		if p == nil || p.result != nil {
			continue
		}
		p.result, p.broken = &r, err
		close(p.settled)
		p.notify()
	}
	if err != nil {
		c.lose()
	}
}

func (p *pending) notify() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}
