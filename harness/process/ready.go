package process

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"
)

// defaultWithin suits the slowest server we know, a JVM on a busy machine.
const defaultWithin = 10 * time.Second

// attemptTime bounds one try: a server that accepts and never answers may do better on the next connection.
const attemptTime = 2 * time.Second

// The pause between tries grows from the first to the last: nginx is ready after 10 ms, Node after 300.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = 200 * time.Millisecond
)

var errNoAnswer = errors.New("no try has ended yet")

// Ready asks once whether a server is ready; nil means it is. It must return when its context ends.
type Ready func(ctx context.Context) error

// HTTP is ready when a GET of that URL is answered with one of the wanted
// statuses, or with any answer at all where none is named. Redirects are not followed and certificates not checked.
func HTTP(url string, wanted ...int) Ready {
	return func(ctx context.Context) error {
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
		defer transport.CloseIdleConnections()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := transport.RoundTrip(request)
		if err != nil {
			return fmt.Errorf("GET %s: %w", url, err)
		}
		response.Body.Close()
		if len(wanted) > 0 && !slices.Contains(wanted, response.StatusCode) {
			return fmt.Errorf("GET %s: status %d, not %v", url, response.StatusCode, wanted)
		}
		return nil
	}
}

// TCP is ready when that address accepts a connection.
func TCP(address string) Ready {
	return func(ctx context.Context) error {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	}
}

// WaitReady asks until the child is ready, for at most that long (zero means
// 10 s). It fails at once when the child exits, and at the end of the time or of the
// context with the last answer of ready; the message ends with the child's output. It does not stop the child.
func (p *Process) WaitReady(ctx context.Context, ready Ready, within time.Duration) error {
	if within <= 0 {
		within = defaultWithin
	}
	tries, cancel := context.WithTimeout(ctx, within)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-p.done:
			cancel()
		case <-tries.Done():
		}
	}()
	last := poll(tries, ready)
	cancel()
	<-watched
	switch {
	case p.exited():
		return fmt.Errorf("not ready, it ended first: %w", p.exit)
	case last == nil:
		return nil
	case ctx.Err() != nil:
		return &NotReadyError{fmt.Errorf("%s is not ready: %w (%v)", p.name, context.Cause(ctx), last), p.Output()}
	}
	return &NotReadyError{fmt.Errorf("%s is not ready after %v: %w", p.name, within, last), p.Output()}
}

// poll asks until the answer is nil or the context ends, and returns the last answer that was not cut off by that end.
func poll(ctx context.Context, ready Ready) error {
	last := errNoAnswer
	for pause := firstPause; ; pause = min(pause*3/2, lastPause) {
		err := attempt(ctx, ready)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return last
		}
		last = err
		if closes(ctx.Done(), pause) {
			return last
		}
	}
}

func attempt(ctx context.Context, ready Ready) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	return ready(ctx)
}
