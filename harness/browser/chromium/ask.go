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
	timeout time.Duration
	started time.Time
	// preflightDue: the Standard demands a preflight, and no cache can have answered it.
	preflightDue bool
	// careful: events of this tab may come that nothing announces, so wait for the network's fence always.
	careful bool
}

// answer waits until script has its answer and all evidence is in.
func (q question) answer(ctx context.Context) (probe.Observation, error) {
	defer q.tab.capture.release(q.pending)
	if err := q.settle(ctx); err != nil {
		return probe.Observation{}, err
	}
	owed, err := q.collect(ctx)
	if err != nil {
		return probe.Observation{}, err
	}
	q.tab.capture.mu.Lock()
	defer q.tab.capture.mu.Unlock()
	if q.pending.broken != nil {
		return probe.Observation{}, q.pending.broken
	}
	o := q.pending.observe()
	o.Missing, o.Started = owed, q.started
	return o, nil
}

// settle waits for the page's own word, or until the page is stuck.
func (q question) settle(ctx context.Context) error {
	timer := time.NewTimer(q.timeout + stuckGrace)
	defer timer.Stop()
	select {
	case <-q.pending.settled:
		return nil
	case <-q.tab.capture.gone:
		return fmt.Errorf("wait for the page's answer: %w (the page crashed or was closed)", errLost)
	case <-q.tab.ctx.Done():
		return fmt.Errorf("wait for the page's answer: %w (the connection ended)", errLost)
	case <-q.tab.instance.process.Done():
		return fmt.Errorf("wait for the page's answer: %w (its process ended)", errLost)
	case <-timer.C:
		return nil // no result: script is still waiting
	case <-ctx.Done():
		return context.Cause(ctx)
	}
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
