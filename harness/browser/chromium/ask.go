package chromium

import (
	"context"
	"fmt"
	"time"

	"github.com/corsproof/corsproof/harness/probe"
)

// evidenceWithin is how long events may trail the page's own word. They
// usually come within a millisecond and have taken more than 20 ms; past this
// the Observation says what is missing.
const evidenceWithin = 5 * time.Second

// stuckGrace is how much longer than its timeout a request may take before the
// page counts as stuck: script cannot abort a synchronous XMLHttpRequest.
const stuckGrace = 2 * time.Second

// question is one request on its way through a tab.
type question struct {
	tab     *tab
	pending *pending
	failed  chan error // capacity 1: why the page could not be told
	// timeout is the request's own. Zero means that the tab has a watchdog: only the page knows when a queued request began.
	timeout time.Duration
	started time.Time
	// sync: script cannot abort it, so that a page that is stuck in it is a time-out and no fault.
	sync bool
	// preflightDue: the Standard demands a preflight, and no cache can have answered it.
	preflightDue bool
	// careful: events of this tab may come that nothing announces, so wait for the network's fence always.
	careful bool
}

// answer waits until script has its answer and all evidence is in.
func (q question) answer(ctx context.Context) (probe.Observation, error) {
	err := q.settle(ctx)
	if broken := q.broken(); broken != nil {
		return probe.Observation{}, broken
	}
	if err != nil {
		return probe.Observation{}, err
	}
	owed, err := q.collect(ctx)
	if err != nil {
		return probe.Observation{}, err
	}
	q.tab.capture.mu.Lock()
	defer q.tab.capture.mu.Unlock()
	o := q.pending.observe()
	o.Missing, o.Started = owed, q.started
	return o, nil
}

// broken is why the page's own word on this request cannot be read.
func (q question) broken() error {
	q.tab.capture.mu.Lock()
	defer q.tab.capture.mu.Unlock()
	return q.pending.broken
}

// settle waits for the page's own word, or until the page is stuck.
func (q question) settle(ctx context.Context) error {
	stuck, stop := q.deadline()
	defer stop()
	select {
	case <-q.pending.settled:
		return nil
	case err := <-q.failed:
		return err
	case <-q.tab.capture.gone:
		return fmt.Errorf("wait for the page's answer: %w (the page crashed, hung or was closed)", errLost)
	case <-q.tab.ctx.Done():
		return fmt.Errorf("wait for the page's answer: %w (the connection ended)", errLost)
	case <-q.tab.instance.process.Done():
		return fmt.Errorf("wait for the page's answer: %w (its process ended)", errLost)
	case <-stuck:
		return q.stuck()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// deadline fires when the request should have ended, or never where the tab has a watchdog.
func (q question) deadline() (fired <-chan time.Time, stop func() bool) {
	if q.timeout == 0 {
		return nil, func() bool { return false }
	}
	timer := time.NewTimer(q.timeout + stuckGrace)
	return timer.C, timer.Stop
}

// stuck judges a page that gave no word in time: script waits in a synchronous
// request, which is an answer, or else the page hangs and another is to be asked.
func (q question) stuck() error {
	if q.sync {
		return nil
	}
	q.tab.capture.lost()
	return fmt.Errorf("wait for the page's answer: %w (the page hung)", errLost)
}

// collect waits for the evidence and returns what is still missing at the end.
// A refusal may come with evidence that nothing announces (an issue, a
// preflight's end), so it is fenced as well.
func (q question) collect(caller context.Context) ([]string, error) {
	ctx, cancel := context.WithTimeout(caller, evidenceWithin)
	defer cancel()
	owed := q.await(ctx, q.pending.unended)
	if len(owed) == 0 && (q.careful || q.refused()) {
		if err := q.tab.fence(ctx); err != nil && ctx.Err() == nil {
			return nil, err
		}
		q.fenced()
	}
	owed = q.await(ctx, q.pending.missing)
	if len(owed) > 0 && !q.tab.instance.alive() {
		return nil, fmt.Errorf("wait for the evidence: %w", errLost)
	}
	return owed, context.Cause(caller) // the end by our own bound is no error but a finding
}

// await waits until account, which is one of pending's, lists nothing more, and returns what it still lists at the end.
func (q question) await(ctx context.Context, account func(preflightDue bool) []string) []string {
	for {
		q.tab.capture.mu.Lock()
		owed := q.owed(account)
		q.tab.capture.mu.Unlock()
		if len(owed) == 0 {
			return nil
		}
		select {
		case <-q.pending.changed:
		case <-q.tab.capture.gone:
			return owed
		case <-q.tab.ctx.Done():
			return owed
		case <-ctx.Done():
			return owed
		}
	}
}

func (q question) owed(account func(preflightDue bool) []string) []string {
	r := q.pending.result
	if r == nil {
		return nil // stuck: the tab is thrown away, and its requests have no end to wait for
	}
	if r.Error != nil && r.Phase == "construct" {
		return nil
	}
	return account(q.preflightDue)
}

func (q question) fenced() {
	q.tab.capture.mu.Lock()
	defer q.tab.capture.mu.Unlock()
	q.pending.storedAnswers()
}

func (q question) refused() bool {
	q.tab.capture.mu.Lock()
	defer q.tab.capture.mu.Unlock()
	r := q.pending.result
	return r == nil || r.Error != nil || r.BodyError != nil
}
