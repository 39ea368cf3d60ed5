package rawhttp_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

func TestHopAnswers502WhereTheAPIIsNotThere(t *testing.T) {
	gone := startAPI(t, nil)
	gone.Close()
	var log rawhttp.Log
	hop := startHop(t, rawhttp.Config{Receive: log.Add}, gone.url())
	c := dial(t, hop.Addr())
	for _, request := range []string{get, "PUT / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n" + strings.Repeat("x", 2_000_000), "PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"} {
		c.send(request)
		c.expect("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain; charset=utf-8\r\nDate: ")
		head, body := readTextAnswer(t, c)
		if strings.Contains(strings.ToLower(head), "access-control-") {
			t.Errorf("CORS headers in %q", head)
		}
		if !strings.HasPrefix(body, "corsproof: the API behind this hop could not be reached: ") || !strings.Contains(body, gone.Addr().String()) {
			t.Errorf("got body %q", body)
		}
	}
	if got := c.rest(); got != "" {
		t.Errorf("after a body that may come or not: %q", got)
	}
	errs := hop.UpstreamErrors()
	if len(errs) != 3 || log.Len() != 3 || !errors.Is(errs[0], syscall.ECONNREFUSED) {
		t.Errorf("errors %v, %d receipts", errs, log.Len())
	}
}

// readTextAnswer reads the rest of an answer with a Content-Length.
func readTextAnswer(t *testing.T, c *client) (head, body string) {
	t.Helper()
	for !strings.HasSuffix(head, "\r\n\r\n") {
		line, err := c.br.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		head += line
	}
	_, length, _ := strings.Cut(head, "Content-Length: ")
	n, err := strconv.Atoi(strings.TrimSpace(length))
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, n)
	if _, err := io.ReadFull(c.br, buf); err != nil {
		t.Fatal(err)
	}
	return head, string(buf)
}

func TestHopRemembersABoundedNumberOfErrors(t *testing.T) {
	gone := startAPI(t, nil)
	gone.Close()
	hop := startHop(t, rawhttp.Config{}, gone.url())
	c := dial(t, hop.Addr())
	for range 120 {
		c.send(get)
		c.expect("HTTP/1.1 502 ")
		readTextAnswer(t, c)
	}
	if n := len(hop.UpstreamErrors()); n != 100 {
		t.Errorf("%d errors", n)
	}
}

func TestHopFindsAnAPIThatAppearsLater(t *testing.T) {
	gone := startAPI(t, nil)
	gone.Close()
	c := dial(t, startHop(t, rawhttp.Config{}, gone.url()).Addr())
	c.send(get)
	c.expect("HTTP/1.1 502 ")
	readTextAnswer(t, c)
	s, err := rawhttp.Start(rawhttp.Config{Addr: gone.Addr().String(), Handler: answering(rawhttp.Response{Headers: headers("Date", "d")})})
	if err != nil {
		t.Skipf("the port was taken meanwhile: %v", err)
	}
	defer s.Close()
	c.send(get)
	c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 0\r\n\r\n")
}

func TestHopEndsTheWayTheAPIEnds(t *testing.T) {
	reset := func(nc net.Conn, br *bufio.Reader) {
		_, _ = readRequest(br)
		_ = nc.(*net.TCPConn).SetLinger(0)
	}
	shut := func(_ net.Conn, br *bufio.Reader) { _, _ = readRequest(br) }
	for name, tt := range map[string]struct {
		serve func(net.Conn, *bufio.Reader)
		want  error
	}{"a reset": {reset, syscall.ECONNRESET}, "a close without an answer": {shut, nil}} {
		t.Run(name, func(t *testing.T) {
			cfg := rawhttp.Config{Upstream: &rawhttp.Upstream{URL: startAPI(t, tt.serve).url()}}
			bothSchemes(t, cfg, func(t *testing.T, c *client) {
				c.send(get)
				got, err := io.ReadAll(c.br)
				if len(got) != 0 || !errors.Is(err, tt.want) {
					t.Errorf("got %q, %v", got, err)
				}
			})
		})
	}
}

func TestHopEndsWhenTheAPIClosesAnIdleConnection(t *testing.T) {
	a := startAPI(t, func(nc net.Conn, br *bufio.Reader) {
		_, _ = readRequest(br)
		_, _ = io.WriteString(nc, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	c := dial(t, startHop(t, rawhttp.Config{}, a.url()).Addr())
	c.send(get)
	if got := c.rest(); got != "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" {
		t.Errorf("got %q", got)
	}
}

func TestHopTellsTheAPIHowTheClientEnded(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func(*client)
		want error
	}{
		"close": {func(c *client) { c.Close() }, io.EOF},
		"reset": {func(c *client) { _ = c.Conn.(*net.TCPConn).SetLinger(0); c.Close() }, syscall.ECONNRESET},
	} {
		t.Run(name, func(t *testing.T) {
			asked, ended := make(chan struct{}), make(chan error, 1)
			a := startAPI(t, func(_ net.Conn, br *bufio.Reader) {
				_, _ = readRequest(br)
				close(asked)
				_, err := br.ReadByte()
				ended <- err
			})
			c := dial(t, startHop(t, rawhttp.Config{}, a.url()).Addr())
			c.send(get)
			<-asked
			tt.end(c)
			if err := <-ended; !errors.Is(err, tt.want) {
				t.Errorf("the API saw %v, want %v", err, tt.want)
			}
		})
	}
}

func TestHopCloseEndsWhatHangs(t *testing.T) {
	asked := make(chan struct{})
	a := startAPI(t, func(_ net.Conn, br *bufio.Reader) {
		_, _ = readRequest(br)
		close(asked)
		_, _ = io.Copy(io.Discard, br)
	})
	dial(t, startHop(t, rawhttp.Config{}, a.url()).Addr()).send(get)
	<-asked // start's clean-up demands that Close ends it
}

func TestHopRefusesRequestsThatItCannotFollow(t *testing.T) {
	for request, want := range map[string]string{
		"GET\r\n\r\n": "HTTP/1.1 400 ",
		"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n":                                                    "HTTP/1.1 400 ",
		"PUT / HTTP/1.1\r\nContent-Length: x\r\n\r\n":                                                                   "HTTP/1.1 400 ",
		"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n" + strings.Repeat("x", 0x200000) + "\r\nzz\r\n": "HTTP/1.1 400 ",
	} {
		a := startAPI(t, func(_ net.Conn, br *bufio.Reader) { _, _ = io.Copy(io.Discard, br) })
		if got := exchange(t, startHop(t, rawhttp.Config{}, a.url()).Addr(), request); !strings.HasPrefix(got, want) {
			t.Errorf("%.60q: got %q", request, got)
		}
	}
}

func TestHopTunnelsUpgrades(t *testing.T) {
	a := startAPI(t, func(nc net.Conn, br *bufio.Reader) {
		for _, answer := range []string{"HTTP/1.1 426 x\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nhello"} {
			_, _ = readRequest(br)
			_, _ = io.WriteString(nc, answer)
		}
		_, _ = io.Copy(nc, br) // whatever comes goes back
	})
	var log rawhttp.Log
	c := dial(t, startHop(t, rawhttp.Config{Receive: log.Add}, a.url()).Addr())
	upgrade := "GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
	c.send(upgrade)
	c.expect("HTTP/1.1 426 x\r\nContent-Length: 0\r\n\r\n")
	c.send(upgrade)
	c.expect("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nhello")
	for _, frame := range []string{"\x81\x85\x00\x00\x00\x00hello", get, "\r\n\r\n\x00"} {
		c.send(frame)
		c.expect(frame)
	}
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got := c.rest(); got != "" || log.Len() != 2 {
		t.Errorf("got %q and %d receipts", got, log.Len())
	}
}

func TestHopStreamsAsBytesArrive(t *testing.T) {
	next := make(chan string)
	a := startAPI(t, func(nc net.Conn, br *bufio.Reader) {
		_, _ = readRequest(br)
		for part := range next {
			_, _ = io.WriteString(nc, part)
		}
	})
	c := dial(t, startHop(t, rawhttp.Config{}, a.url()).Addr())
	c.send(get)
	for _, part := range []string{"HTTP/1.1 200 OK\r\n", "Content-Type: text/event-stream\r\n\r\n", "data: 1\n\n", "da", "ta: 2\n\n"} {
		next <- part
		c.expect(part)
	}
	close(next)
	if got := c.rest(); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestHopStreamsWithBoundedMemory(t *testing.T) {
	const size = 64 << 20
	block := make([]byte, 64<<10)
	pump := func(w io.Writer) {
		for range size / len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	a := startAPI(t, func(nc net.Conn, br *bufio.Reader) {
		for line := ""; line != "\r\n"; {
			line, _ = br.ReadString('\n')
		}
		_, _ = io.CopyN(io.Discard, br, size)
		_, _ = io.WriteString(nc, "HTTP/1.1 200 OK\r\n\r\n")
		pump(nc)
	})
	var log rawhttp.Log
	c := dial(t, startHop(t, rawhttp.Config{Receive: log.Add}, a.url()).Addr())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c.send("PUT / HTTP/1.1\r\nContent-Length: " + strconv.Itoa(size) + "\r\n\r\n")
	pump(c)
	c.expect("HTTP/1.1 200 OK\r\n\r\n")
	n, err := io.Copy(io.Discard, struct{ io.Reader }{c.br})
	runtime.ReadMemStats(&after)
	if n != size || err != nil || log.Since(0)[0].BodySize != size {
		t.Errorf("got %d bytes (%v), the receipt has %d", n, err, log.Since(0)[0].BodySize)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > size/4 {
		t.Errorf("%d bytes were allocated for %d each way", used, size)
	}
}

func TestHopServesManyConnectionsAtOnce(t *testing.T) {
	a := startAPI(t, answerAll("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	var log rawhttp.Log
	hop := startHop(t, rawhttp.Config{Receive: log.Add}, a.url())
	var wg sync.WaitGroup
	for range 100 {
		c := dial(t, hop.Addr())
		wg.Go(func() {
			for range 5 {
				c.send(get)
				c.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
			}
		})
	}
	wg.Wait()
	if log.Len() != 500 {
		t.Errorf("%d receipts", log.Len())
	}
}
