package chromium

import (
	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/probe"
)

// submit queues a job and, unless somebody does already, gives the page what it may have.
func (t *sharedTab) submit(j *job) {
	t.mu.Lock()
	t.queue = append(t.queue, j)
	t.mu.Unlock()
	t.feed()
}

// done makes room for the next job of the same URL.
func (t *sharedTab) done(j *job) {
	t.withdraw(j)
	t.mu.Lock()
	if t.busy[j.pending.url] == j {
		delete(t.busy, j.pending.url)
		t.watch()
	}
	t.mu.Unlock()
	t.feed()
}

// feed gives the page all requests that may run now, in one message. One
// goroutine at a time does so, for all: the others' requests go with its next message.
func (t *sharedTab) feed() {
	t.mu.Lock()
	if t.pushing {
		t.mu.Unlock()
		return
	}
	t.pushing = true
	t.mu.Unlock()
	t.feeders.Go(func() {
		for batch := t.next(); len(batch) > 0; batch = t.next() {
			t.give(batch)
		}
	})
}

// ahead is how many times more requests the page may hold than it has in
// flight. It gets more while it holds half of that, so that it never waits for
// us and a message has many requests.
const ahead = 4

// next takes the jobs that may run, and ends the feeding when there are none.
func (t *sharedTab) next() []*job {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.busy) > ahead*t.limit/2 {
		t.pushing = false
		return nil
	}
	var batch []*job
	rest := t.queue[:0]
	for _, j := range t.queue {
		if len(t.busy) < ahead*t.limit && t.busy[j.pending.url] == nil {
			t.busy[j.pending.url] = j
			t.patience = max(t.patience, j.timeout)
			batch = append(batch, j)
		} else {
			rest = append(rest, j)
		}
	}
	clear(t.queue[len(rest):])
	t.queue = rest
	if t.pushing = len(batch) > 0; t.pushing {
		t.watch()
	}
	return batch
}

func (t *sharedTab) give(batch []*job) {
	requests := make([]page.Request, len(batch))
	for i, j := range batch {
		requests[i] = j.request
		t.capture.expect(j.pending)
	}
	err := t.pages.forgetCached(t.tab, batch)
	if err == nil {
		err = t.push(t.ctx, requests, t.limit)
	}
	for _, j := range batch {
		if err != nil {
			j.refused = true
			j.failed <- err
		}
		close(j.given)
	}
}

// maxCached bounds the memory for URLs that were asked, here and in the browser's caches.
const maxCached = 2_000

// forgetCached empties the caches where they may know a URL of the batch. What
// they may learn meanwhile from requests in flight stays on the list.
func (s *sharedPages) forgetCached(t *tab, batch []*job) error {
	s.mu.Lock()
	known := len(s.cached) > maxCached
	for _, j := range batch {
		known = known || s.cached[j.pending.url]
	}
	if known {
		clear(s.cached)
		for _, tab := range s.tabs {
			tab.markBusy(s.cached)
		}
	}
	for _, j := range batch {
		s.cached[j.pending.url] = true
	}
	s.mu.Unlock()
	if !known {
		return nil
	}
	return t.clearCache(t.ctx)
}

func (t *sharedTab) markBusy(urls map[string]bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for url := range t.busy {
		urls[url] = true
	}
}

// learn notes the URLs that a request came to, redirects included.
func (s *sharedPages) learn(o probe.Observation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range o.Exchanges {
		s.cached[x.Request.URL] = true
	}
}
