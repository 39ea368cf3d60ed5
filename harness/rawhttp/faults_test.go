package rawhttp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

// bothSchemes runs a test over plain TCP and over TLS.
func bothSchemes(t *testing.T, cfg rawhttp.Config, test func(*testing.T, *client)) {
	t.Helper()
	t.Run("http", func(t *testing.T) { test(t, dial(t, start(t, cfg).Addr())) })
	t.Run("https", func(t *testing.T) {
		ca := newCA(t)
		secure := cfg
		secure.TLS = ca.TLSConfig(false)
		test(t, dialTLS(t, start(t, secure).Addr(), ca))
	})
}

func TestResetSendsNoByteAndResetsTheConnection(t *testing.T) {
	cfg := rawhttp.Config{Handler: answering(rawhttp.Response{Fault: rawhttp.Reset, Body: []byte("x")})}
	bothSchemes(t, cfg, func(t *testing.T, c *client) {
		c.send(get)
		got, err := io.ReadAll(c.br)
		if len(got) != 0 || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("read %q, %v", got, err)
		}
	})
}

func TestTruncateSendsTheHeadAndHalfOfTheBody(t *testing.T) {
	for _, tt := range []struct {
		name string
		resp rawhttp.Response
		want string
	}{
		{"a body", rawhttp.Response{Body: []byte("0123456789")}, "Content-Length: 10\r\n\r\n01234"},
		{"one byte", rawhttp.Response{Body: []byte("0")}, "Content-Length: 1\r\n\r\n"},
		{"an empty body is announced as one byte", rawhttp.Response{}, "Content-Length: 1\r\n\r\n"},
		{"a length of the caller's", rawhttp.Response{Headers: headers("Content-Length", "7"), Body: []byte("01")}, "Content-Length: 7\r\n\r\n0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.resp.Fault = rawhttp.Truncate
			tt.resp.Headers = append(headers("Date", "d"), tt.resp.Headers...)
			bothSchemes(t, rawhttp.Config{Handler: answering(tt.resp)}, func(t *testing.T, c *client) {
				c.send(get)
				if got, want := c.rest(), "HTTP/1.1 200 OK\r\nDate: d\r\n"+tt.want; got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			})
		})
	}
}

func TestGarbageIsNoHTTP(t *testing.T) {
	bothSchemes(t, rawhttp.Config{Handler: answering(rawhttp.Response{Fault: rawhttp.Garbage})}, func(t *testing.T, c *client) {
		c.send(get)
		got := c.rest()
		if got == "" || strings.HasPrefix(got, "HTTP/") {
			t.Errorf("got %q", got)
		}
		if head := got[:8]; !strings.Contains(strings.ToLower(head), "http") || !strings.Contains(got, "\x00") {
			t.Errorf("%q is HTTP/0.9 to Chromium", got)
		}
	})
}

func TestHangEndsWithThePeer(t *testing.T) {
	s := start(t, rawhttp.Config{Handler: answering(rawhttp.Response{Fault: rawhttp.Hang})})
	c := dial(t, s.Addr())
	c.send(get + "more that nobody answers")
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got := c.rest(); got != "" {
		t.Errorf("got %q", got)
	}
	waitFor(t, "the connection to end", func() bool { return len(goroutines("rawhttp.(*conn)")) == 0 })
}

// waitFor waits until something has happened that is bound to happen.
func waitFor(t *testing.T, what string, happened func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !happened() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestHangEndsWithTheServer(t *testing.T) {
	asked := make(chan struct{}, 1)
	bothSchemes(t, rawhttp.Config{Handler: func(context.Context, *rawhttp.Request) *rawhttp.Response {
		asked <- struct{}{}
		return &rawhttp.Response{Fault: rawhttp.Hang}
	}}, func(t *testing.T, c *client) {
		c.send(get)
		<-asked // the server's Close, at the end of this test, must end the rest
	})
}

func TestDelayHoldsTheAnswerBack(t *testing.T) {
	const delay = 30 * time.Millisecond
	s := start(t, rawhttp.Config{Handler: answering(rawhttp.Response{Delay: delay})})
	before := time.Now()
	exchange(t, s.Addr(), get)
	if took := time.Since(before); took < delay {
		t.Errorf("answered after %v", took)
	}
}

func TestDelayEndsWithTheServer(t *testing.T) {
	asked := make(chan struct{}, 1)
	bothSchemes(t, rawhttp.Config{Handler: func(context.Context, *rawhttp.Request) *rawhttp.Response {
		asked <- struct{}{}
		return &rawhttp.Response{Delay: time.Hour}
	}}, func(t *testing.T, c *client) {
		c.send(get)
		<-asked
	})
}

func TestCloseWaitsForHandlersAndEndsTheirContext(t *testing.T) {
	asked := make(chan struct{})
	var ended atomic.Bool
	s, err := rawhttp.Start(rawhttp.Config{Handler: func(ctx context.Context, _ *rawhttp.Request) *rawhttp.Response {
		close(asked)
		<-ctx.Done()
		ended.Store(true)
		return &rawhttp.Response{}
	}})
	if err != nil {
		t.Fatal(err)
	}
	dial(t, s.Addr()).send(get)
	<-asked
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if !ended.Load() {
			t.Error("Close did not wait for the handler")
		}
	}
	if _, err := net.Dial("tcp", s.Addr()); err == nil {
		t.Error("the port is still served after Close")
	}
}

func TestCloseEndsIdleConnectionsAndUnfinishedHandshakes(t *testing.T) {
	for name, cfg := range map[string]rawhttp.Config{"http": {}, "https": {TLS: newCA(t).TLSConfig(true), HTTP2: true}} {
		t.Run(name, func(t *testing.T) {
			s, err := rawhttp.Start(cfg)
			if err != nil {
				t.Fatal(err)
			}
			clients := []*client{dial(t, s.Addr()), dial(t, s.Addr())}
			clients[1].send("G")
			waitFor(t, "both connections", func() bool { return len(goroutines("rawhttp.(*Server).serve(")) == 2 })
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			for _, c := range clients {
				if n, err := c.br.Read(make([]byte, 1)); err == nil {
					t.Errorf("read %d bytes", n)
				}
			}
			failOnLeak(t)
		})
	}
}
