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
	crashed bool
	gone    chan struct{} // closed when the tab can answer no more
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

// expect registers a request before the page is told of it.
func (c *capture) expect(mark, raw string) *pending {
	p := &pending{mark: mark, url: fetch.RequestURL(raw), settled: make(chan struct{}), changed: make(chan struct{}, 1)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending[mark] = p
	return p
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
	if !c.crashed {
		c.crashed = true
		close(c.gone)
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
		e = &entry{id: ev.RequestID}
		c.entries[ev.RequestID] = e
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

// report takes the page's own word, of one request or of several.
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
}

// log keeps a console message of the browser's with the request that it is about.
func (c *capture) log(l *logEntry) {
	if l == nil || l.Level == "verbose" {
		return
	}
	if p := c.about(l.NetworkRequestID, l.URL, l.Text); p != nil {
		p.console = append(p.console, strings.ReplaceAll(l.Text, "#"+p.mark, ""))
		p.notify()
	}
}

// about finds the probe that a message concerns: by request id, by the URL it
// names, or by the URL that stands in its text. Two probes with the same URL
// are never in flight in one tab at the same time.
func (c *capture) about(requestID, url, text string) *pending {
	if e := c.entries[requestID]; e != nil && e.owner != nil {
		return e.owner
	}
	if _, mark, ok := strings.Cut(url, "#"); ok && c.pending[mark] != nil {
		return c.pending[mark]
	}
	var best *pending
	for _, p := range c.pending {
		hit := (url != "" && p.url == url) || (text != "" && quotes(text, p.url))
		if hit && (best == nil || len(p.url) > len(best.url)) {
			best = p
		}
	}
	return best
}

// quotes reports whether a message names exactly that URL: followed by no more of a URL.
func quotes(text, url string) bool {
	_, rest, ok := strings.Cut(text, url)
	return ok && (rest == "" || strings.ContainsAny(rest[:1], "'\"`# ,.)]") && !strings.HasPrefix(rest, ".html"))
}

func (c *capture) issue(i *issue) {
	if i == nil {
		return
	}
	id, url := i.subject()
	if p := c.about(id, url, ""); p != nil {
		p.issues = append(p.issues, i)
		p.notify()
	}
}

// subject is the request that an issue is about, as far as it says.
func (i *issue) subject() (requestID, url string) {
	d := i.Details
	switch {
	case d.CORS != nil && d.CORS.Request != nil:
		return d.CORS.Request.RequestID, d.CORS.Request.URL
	case d.MixedContent != nil:
		if d.MixedContent.Request != nil {
			return d.MixedContent.Request.RequestID, d.MixedContent.Request.URL
		}
		return "", d.MixedContent.InsecureURL
	case d.BlockedByResponse != nil && d.BlockedByResponse.Request != nil:
		return d.BlockedByResponse.Request.RequestID, d.BlockedByResponse.Request.URL
	case d.CSP != nil:
		return "", d.CSP.BlockedURL
	}
	return "", ""
}

func (p *pending) notify() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}
