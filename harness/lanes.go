package harness

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/corsproof/corsproof/harness/probe"
)

// lanes keep probes of one URL one after the other, since nothing in a request
// tells a server whose it is: a mark would change what is measured. Probes of
// different URLs run side by side.
type lanes struct {
	pages sync.Mutex          // opening a page
	alone *semaphore.Weighted // all of it is a probe's that must run with no other, and one any other's

	mu   *sync.Mutex
	busy map[string]*lane
}

type lane struct {
	turn  chan struct{} // capacity 1
	users int
}

// everybody is more than ever ask at the same time.
const everybody = 1 << 40

func newLanes() lanes {
	return lanes{alone: semaphore.NewWeighted(everybody), mu: new(sync.Mutex), busy: map[string]*lane{}}
}

// clear waits until nobody else asks anything, and keeps it so until release.
func (l *lanes) clear(ctx context.Context) (release func(), err error) {
	if l.alone.Acquire(ctx, everybody) != nil {
		return nil, context.Cause(ctx)
	}
	return func() { l.alone.Release(everybody) }, nil
}

// enter waits for a probe's turn at all its URLs. They are taken in one order by everybody, so nobody waits in a circle.
func (l *lanes) enter(ctx context.Context, p probe.Probe) (release func(), err error) {
	if l.alone.Acquire(ctx, 1) != nil {
		return nil, context.Cause(ctx)
	}
	held := make([]string, 0, len(p.Steps))
	release = func() {
		for _, url := range held {
			l.leave(url)
		}
		l.alone.Release(1)
	}
	for _, url := range urls(p) {
		if err := l.take(ctx, url); err != nil {
			release()
			return nil, err
		}
		held = append(held, url)
	}
	return release, nil
}

func urls(p probe.Probe) []string {
	list := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		list[i] = receiptURL(s.Request.URL)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (l *lanes) take(ctx context.Context, url string) error {
	l.mu.Lock()
	way := l.busy[url]
	if way == nil {
		way = &lane{turn: make(chan struct{}, 1)}
		l.busy[url] = way
	}
	way.users++
	l.mu.Unlock()
	select {
	case way.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		l.forget(url, way)
		return context.Cause(ctx)
	}
}

func (l *lanes) leave(url string) {
	l.mu.Lock()
	way := l.busy[url]
	l.mu.Unlock()
	<-way.turn
	l.forget(url, way)
}

func (l *lanes) forget(url string, way *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if way.users--; way.users == 0 {
		delete(l.busy, url)
	}
}
