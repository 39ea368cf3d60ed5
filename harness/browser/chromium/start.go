package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/corsproof/corsproof/harness/browser"
)

// start is a browser on its way, for all who wait for it, so that none of them
// can take it from the others by leaving.
type start struct {
	hosts   uint64 // version of the table of names
	cancel  context.CancelFunc
	done    chan struct{} // closed when i or err is set
	i       *instance
	err     error
	waiting int // how many of instance.inFlight it begins with; Engine.mu guards it until done
}

var errClosed = errors.New("the harness is closed")

// acquire returns a live browser that knows all names, and starts one where
// there is none. The caller is in its inFlight, and leaves that by Done.
func (e *Engine) acquire(ctx context.Context) (*instance, error) {
	for {
		i, s, join, err := e.look(ctx)
		if i != nil || err != nil {
			return i, err
		}
		select {
		case <-s.done:
		case <-ctx.Done():
			if join {
				e.leave(s)
			}
			return nil, fmt.Errorf("the context ended while the browser started, which takes a second or more: %w", context.Cause(ctx))
		}
		if join {
			return s.i, s.err
		}
	}
}

// look finds the browser that runs, or the start to wait for. join is true when
// that one will know all names that there are now, so that the caller is counted as waiting for it.
func (e *Engine) look(ctx context.Context) (i *instance, s *start, join bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, nil, false, errClosed
	}
	version, hosts := e.cfg.Hosts.Snapshot()
	if i := e.current; i != nil && i.alive() && i.hosts == version {
		i.inFlight.Add(1)
		return i, nil, false, nil
	}
	if e.starting == nil {
		e.begin(ctx, version, hosts)
	}
	s = e.starting
	if join = s.hosts == version; join {
		s.waiting++
	}
	return nil, s, join, nil
}

// leave is for who waited and will not use the browser.
func (e *Engine) leave(s *start) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s.waiting--
	if s.i != nil {
		s.i.inFlight.Done()
	}
}

// begin starts a browser in the background; e.mu is held. It is not the caller's alone, so it does not end with ctx.
func (e *Engine) begin(ctx context.Context, version uint64, hosts []browser.Host) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &start{hosts: version, cancel: cancel, done: make(chan struct{})}
	e.starting = s
	go func() {
		i, err := startInstance(ctx, launch{
			binary: e.binary, hosts: hosts, spki: e.cfg.SPKI, thirdPartyCookies: e.cfg.ThirdPartyCookies,
			sandbox: !e.cfg.DangerouslyDisableSandbox && os.Geteuid() != 0, plain: e.cfg.Plain, extra: e.cfg.Flags,
		}, e.cfg)
		e.started(s, i, err)
	}()
}

// started has a browser that has started take the place of the one before.
func (e *Engine) started(s *start, i *instance, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer close(s.done)
	defer s.cancel()
	e.starting = nil
	if e.closed && err != nil {
		err = errClosed // its start was cancelled
	}
	if s.i, s.err = i, err; err != nil {
		return
	}
	i.hosts = s.hosts
	i.inFlight.Add(s.waiting)
	e.retire()
	e.current = i
}

// retire lets the probes of the current browser end in their own time; e.mu is held.
func (e *Engine) retire() {
	old := e.current
	if old == nil {
		return
	}
	e.retiring.Go(func() {
		if err := old.close(); err != nil {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.failures = append(e.failures, err)
		}
	})
}

// Close implements browser.Engine. Probes that are still running end first; end their contexts to have them end at once.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	s := e.starting
	e.mu.Unlock()
	if s != nil {
		s.cancel()
		<-s.done
	}
	e.mu.Lock()
	e.retire()
	e.current = nil
	e.mu.Unlock()
	e.retiring.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	return errors.Join(e.failures...)
}
