package rawhttp_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/testca"
)

// patience bounds what a test waits for; nothing passes by waiting for its end.
const patience = 20 * time.Second

// running counts the servers that start has started; tests do not run in parallel.
var running int

// start starts a server that the test's end closes. What the package then
// still runs, after the last one, has leaked.
func start(t *testing.T, cfg rawhttp.Config) *rawhttp.Server {
	t.Helper()
	s, err := rawhttp.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	running++
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		if running--; running == 0 {
			failOnLeak(t)
		}
	})
	return s
}

// failOnLeak fails where goroutines of the package are left. Those that have
// told that they are done may take a moment to vanish.
func failOnLeak(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; runtime.Gosched() {
		leaked := goroutines("rawhttp.(*")
		if len(leaked) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines are left:\n%s", len(leaked), leaked[0])
		}
	}
}

// goroutines returns the stacks that hold a text.
func goroutines(text string) []string {
	buf := make([]byte, 4<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var found []string
	for stack := range strings.SplitSeq(string(buf), "\n\n") {
		if strings.Contains(stack, text) {
			found = append(found, stack)
		}
	}
	return found
}

// answering is a handler that always gives the same answer.
func answering(resp rawhttp.Response) rawhttp.Handler {
	return func(context.Context, *rawhttp.Request) *rawhttp.Response { return &resp }
}

// headers makes a list of "name", "value", …
func headers(pairs ...string) fetch.HeaderList {
	var list fetch.HeaderList
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, fetch.Header{Name: pairs[i], Value: pairs[i+1]})
	}
	return list
}

// client is a connection that a test drives byte by byte.
type client struct {
	t *testing.T
	net.Conn
	br *bufio.Reader
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, nc)
}

func newClient(t *testing.T, nc net.Conn) *client {
	t.Helper()
	t.Cleanup(func() { nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return &client{t, nc, bufio.NewReader(nc)}
}

func dialTLS(t *testing.T, addr string, ca *testca.CA, protocols ...string) *client {
	t.Helper()
	nc, err := tls.Dial("tcp", addr, &tls.Config{ServerName: "api.test", RootCAs: ca.Pool(), NextProtos: protocols})
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, nc)
}

func newCA(t *testing.T) *testca.CA {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func (c *client) send(s string) {
	c.t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

// expect reads as many bytes as want has, and compares.
func (c *client) expect(want string) {
	c.t.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(c.br, got)
	if err != nil || string(got) != want {
		c.t.Fatalf("read %q (%v), want %q", got[:n], err, want)
	}
}

// rest reads until the server closes.
func (c *client) rest() string {
	c.t.Helper()
	got, err := io.ReadAll(c.br)
	if err != nil {
		c.t.Fatalf("after %q: %v", got, err)
	}
	return string(got)
}

// exchange sends a request on a connection of its own, ends its side, and returns all that comes back.
func exchange(t *testing.T, addr, request string) string {
	t.Helper()
	c := dial(t, addr)
	defer c.Close()
	c.send(request)
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	return c.rest()
}

const get = "GET / HTTP/1.1\r\nHost: api.test\r\n\r\n"

var dateLine = regexp.MustCompile(`(?i)\r\ndate: (\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT)\r\n`)

// withoutDate removes the line that no test can foresee, and demands that it is there.
func withoutDate(t *testing.T, response string) string {
	t.Helper()
	if !dateLine.MatchString(response) {
		t.Fatalf("no Date in %q", response)
	}
	return dateLine.ReplaceAllString(response, "\r\n")
}

// shortened keeps failure messages readable.
func shortened(b []byte) []byte {
	if len(b) > 500 {
		return append(bytes.Clone(b[:500]), "…"...)
	}
	return b
}
