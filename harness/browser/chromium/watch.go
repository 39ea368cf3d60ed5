package chromium

import (
	"context"
	"slices"
	"time"
)

// watch has the page's silence noticed; t.mu is held. Whatever is under way
// ends by its own timeout, and then the page has a word to say: one that says
// nothing for as long as the longest of them, and a while, hangs.
func (t *sharedTab) watch() {
	if len(t.busy) == 0 {
		t.patience = 0
		t.watchdog.Stop()
		return
	}
	t.watchdog.Reset(t.patience + stuckGrace + evidenceWithin)
}

// silent is called when the page did not end any request for too long.
func (t *sharedTab) silent() {
	t.mu.Lock()
	hangs := false
	for _, j := range t.busy {
		hangs = hangs || !j.pending.isSettled()
	}
	if !hangs {
		t.watch() // the page has given its word, and evidence is waited for
	}
	t.mu.Unlock()
	if hangs {
		t.capture.lost()
	}
}

// abortWithin is how long a page may take to report a request that it was told to abort.
const abortWithin = 5 * time.Second

// abandon ends a request that nobody waits for any more, and waits for the
// page to say so: until then its URL and its place are not free. A page that
// does not is lost.
func (t *sharedTab) abandon(j *job) {
	if t.withdraw(j) || j.pending.isSettled() {
		return
	}
	ctx, cancel := context.WithTimeout(t.ctx, abortWithin)
	defer cancel()
	select {
	case <-j.given:
	case <-ctx.Done():
		t.capture.lost()
		return
	}
	if j.refused {
		return
	}
	_ = t.abort(ctx, j.pending.mark) // an error is followed by no report
	select {
	case <-j.pending.settled:
	case <-ctx.Done():
		t.capture.lost()
	}
}

// withdraw takes a request back that was not given to the page yet.
func (t *sharedTab) withdraw(j *job) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.Index(t.queue, j)
	if i < 0 {
		return false
	}
	t.queue = slices.Delete(t.queue, i, i+1)
	return true
}
