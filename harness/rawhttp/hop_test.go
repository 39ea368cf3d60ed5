package rawhttp_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

// api is somebody else's server: each connection is handed to serve, and closed after it.
type api struct {
	net.Listener
	serving sync.WaitGroup
}

func startAPI(t *testing.T, serve func(net.Conn, *bufio.Reader)) *api {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &api{Listener: listener}
	a.serving.Go(func() { a.accept(serve) })
	t.Cleanup(func() {
		listener.Close()
		a.serving.Wait()
	})
	return a
}

func (a *api) accept(serve func(net.Conn, *bufio.Reader)) {
	for {
		nc, err := a.Accept()
		if err != nil {
			return
		}
		a.serving.Go(func() {
			defer nc.Close()
			serve(nc, bufio.NewReader(nc))
		})
	}
}

func (a *api) url() string { return "http://" + a.Addr().String() }

// readRequest reads a request as it came: a head, and whatever its length says follows.
func readRequest(br *bufio.Reader) (string, error) {
	var raw bytes.Buffer
	req, err := http.ReadRequest(bufio.NewReader(io.TeeReader(oneByOne{br}, &raw)))
	if err != nil {
		return raw.String(), err
	}
	_, err = io.Copy(io.Discard, req.Body)
	return raw.String(), err
}

// oneByOne keeps a bufio.Reader over it from reading ahead.
type oneByOne struct{ br *bufio.Reader }

func (o oneByOne) Read(p []byte) (int, error) {
	c, err := o.br.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// answerAll answers every request with the same bytes, until the client ends.
func answerAll(response string) func(net.Conn, *bufio.Reader) {
	return func(nc net.Conn, br *bufio.Reader) {
		for {
			if _, err := readRequest(br); err != nil {
				return
			}
			if _, err := io.WriteString(nc, response); err != nil {
				return
			}
		}
	}
}

// startHop starts a hop before an API.
func startHop(t *testing.T, cfg rawhttp.Config, url string) *rawhttp.Server {
	t.Helper()
	cfg.Upstream = &rawhttp.Upstream{URL: url}
	return start(t, cfg)
}

func uglyResponses() map[string]string {
	var lines strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&lines, "X-%d: value %d\r\n", i, i)
	}
	ok := "HTTP/1.1 200 OK\r\n"
	return map[string]string{
		"repeated lines in odd case":     ok + "VARY: a\r\nvary: b\r\nVary: a\r\naCCESS-cONTROL-aLLOW-oRIGIN: *\r\nContent-Length: 0\r\n\r\n",
		"blanks, folds and empty values": ok + "a:\r\nb:  x\t \r\nc: 1\r\n  2\r\n\t3\r\nd :e\r\nContent-Length: 0\r\n\r\n",
		"control and other bytes":        ok + "a: \x00\x01\x7f\xff\xc3\r\nä: ö\r\nContent-Length: 3\r\n\r\n\x00\r\n",
		"bare line feeds":                "HTTP/1.1 200 OK\na: b\nContent-Length: 1\n\nx",
		"bare carriage returns":          ok + "a: b\rc\r\nContent-Length: 0\r\n\r\n",
		"no phrase":                      "HTTP/1.1 999\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.0 until close":           "HTTP/1.0 200 OK\r\n\r\nas long as it takes",
		"chunks with trailers":           ok + "Transfer-Encoding: chunked\r\nTrailer: x\r\n\r\n3;ext=\"1\"\r\nabc\r\n00A\r\n0123456789\r\n000\r\nx: y\r\nX: z\r\n\r\n",
		"malformed chunks":               ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
		"two lengths":                    ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
		"a length that is too long":      ok + "Content-Length: 10\r\n\r\nabc",
		"no content":                     "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
		"not modified with a length":     "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\nETag: \"a\"\r\n\r\n",
		"early hints and the answer":     "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 102 \r\n\r\n" + ok + "Content-Length: 2\r\n\r\nok",
		"only early hints":               "HTTP/1.1 103 Early Hints\r\n\r\n",
		"10,000 header lines":            ok + lines.String() + "Content-Length: 0\r\n\r\n",
		"a head without an end":          ok + "a: b\r\n",
		"no HTTP":                        "\x16\x03\x01 what is this?",
		"a cookie as it is":              ok + "set-cookie: sid=1; SameSite=None; secure\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n",
		"nothing":                        "",
	}
}

func TestHopPassesResponsesByteForByte(t *testing.T) {
	for name, response := range uglyResponses() {
		t.Run(name, func(t *testing.T) {
			a := startAPI(t, answerAll(response))
			ca := newCA(t)
			plain := startHop(t, rawhttp.Config{}, a.url())
			secure := startHop(t, rawhttp.Config{TLS: ca.TLSConfig(false)}, a.url())
			for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
				request := method + " / HTTP/1.1\r\nHost: a\r\n\r\n"
				direct := exchange(t, a.Addr().String(), request)
				if direct != response {
					t.Fatalf("the API itself answers %q", direct)
				}
				if got := exchange(t, plain.Addr(), request); got != direct {
					t.Errorf("%s: got %q\ndirect %q", method, shortened([]byte(got)), shortened([]byte(direct)))
				}
				c := dialTLS(t, secure.Addr(), ca)
				c.send(request)
				if err := c.Conn.(*tls.Conn).CloseWrite(); err != nil {
					t.Fatal(err)
				}
				if got := c.rest(); got != direct {
					t.Errorf("%s over TLS: got %q\ndirect %q", method, shortened([]byte(got)), shortened([]byte(direct)))
				}
			}
		})
	}
}

func TestHopPassesRequestsByteForByte(t *testing.T) {
	large := strings.Repeat("0123456789", 300_000)
	for name, request := range map[string]string{
		"a usual one":              "GET /a?b#c HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
		"odd case, order, repeats": "pUt /%2F HTTP/1.1\r\nhOST: x\r\nx-B: 1\r\nX-a: 2\r\nx-b: 1\r\ncontent-length: 3\r\n\r\nabc",
		"blanks and other bytes":   "GET / HTTP/1.1\r\nHost:x\r\na:\r\nb:   c\t \r\nd: \xff\xc3\r\n\r\n",
		"a folded line":            "GET / HTTP/1.1\r\nHost: x\r\na: b\r\n  c\r\n\r\n",
		"chunks":                   "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n001\r\nd\r\n0\r\nx: y\r\n\r\n",
		"HTTP/1.0":                 "GET / HTTP/1.0\r\n\r\n",
		"bare line feeds":          "GET / HTTP/1.1\nHost: x\n\n",
		"3 MB":                     fmt.Sprintf("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(large), large),
		"3 MB in a chunk":          fmt.Sprintf("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(large), large),
	} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 1)
			a := startAPI(t, func(_ net.Conn, br *bufio.Reader) {
				all, _ := io.ReadAll(br) // until the client ends its side
				got <- string(all)
			})
			exchange(t, startHop(t, rawhttp.Config{}, a.url()).Addr(), request)
			if got := <-got; got != request {
				t.Errorf("the API got %q", shortened([]byte(got)))
			}
		})
	}
}

func TestHopKeepsOneConnectionAndReceipts(t *testing.T) {
	var connections sync.Map
	a := startAPI(t, func(nc net.Conn, br *bufio.Reader) {
		connections.Store(nc.RemoteAddr().String(), true)
		answerAll("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")(nc, br)
	})
	var log rawhttp.Log
	cfg := rawhttp.Config{
		Receive: log.Add, Origin: "https://api.example.com",
		Pages: answering(rawhttp.Response{Headers: headers("Date", "d"), Body: []byte("page")}),
	}
	c := dial(t, startHop(t, cfg, a.url()).Addr())
	for i := range 5 {
		c.send("PUT /" + strconv.Itoa(i) + " HTTP/1.1\r\nHost: api.example.com\r\nX-a: b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
		c.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		c.send("GET /.well-known/corsproof/page HTTP/1.1\r\nHost: api.example.com\r\n\r\n")
		c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 4\r\n\r\npage")
	}
	receipts := log.Since(0)
	if len(receipts) != 5 {
		t.Fatalf("%d receipts", len(receipts))
	}
	for i, r := range receipts {
		if r.URL != fmt.Sprintf("https://api.example.com/%d", i) || string(r.Body) != "hi" || r.Headers[1].Name != "X-a" {
			t.Errorf("receipt %d: %+v", i, r)
		}
	}
	n := 0
	connections.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d connections to the API", n)
	}
}

func TestHopMakesTheReceiptBeforeTheAPISeesTheRequest(t *testing.T) {
	var log rawhttp.Log
	seen := make(chan int, 1)
	a := startAPI(t, func(_ net.Conn, br *bufio.Reader) {
		if _, err := br.Peek(1); err == nil {
			seen <- log.Len()
		}
		_, _ = io.Copy(io.Discard, br)
	})
	body := strings.Repeat("x", 1<<20-100)
	exchange(t, startHop(t, rawhttp.Config{Receive: log.Add}, a.url()).Addr(), fmt.Sprintf("PUT / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	if n := <-seen; n != 1 {
		t.Errorf("%d receipts when the API had the first byte", n)
	}
	if got := log.Since(0)[0].BodySize; got != int64(len(body)) {
		t.Errorf("the receipt has %d bytes", got)
	}
}

func TestHopMakesTheReceiptBeforeAnEarlyAnswerPasses(t *testing.T) {
	a := startAPI(t, func(nc net.Conn, br *bufio.Reader) {
		if _, err := br.ReadString('\n'); err != nil {
			return
		}
		_, _ = io.WriteString(nc, "HTTP/1.1 413 x\r\n\r\n")
		_, _ = io.Copy(io.Discard, br)
	})
	var log rawhttp.Log
	c := dial(t, startHop(t, rawhttp.Config{Receive: log.Add}, a.url()).Addr())
	c.send("PUT / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n" + strings.Repeat("x", 2<<20))
	c.expect("HTTP/1.1 413 x\r\n\r\n")
	if log.Len() != 1 || log.Since(0)[0].BodySize == 0 {
		t.Errorf("receipts %+v", log.Since(0))
	}
}

func TestHopLetsTheAPIInviteTheBody(t *testing.T) {
	var log rawhttp.Log
	invited := make(chan int, 1)
	a := startAPI(t, func(nc net.Conn, br *bufio.Reader) {
		if _, err := br.ReadString('\n'); err != nil {
			return
		}
		_, _ = io.WriteString(nc, "HTTP/1.1 100 Continue\r\n\r\n")
		_, _ = io.Copy(io.Discard, br)
		invited <- log.Len()
		_, _ = io.WriteString(nc, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	c := dial(t, startHop(t, rawhttp.Config{Receive: log.Add}, a.url()).Addr())
	c.send("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
	c.expect("HTTP/1.1 100 Continue\r\n\r\n")
	if log.Len() != 0 {
		t.Error("a receipt before the body was sent")
	}
	c.send("hi")
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got := c.rest(); got != "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" {
		t.Errorf("got %q", got)
	}
	if n := <-invited; n != 1 || string(log.Since(0)[0].Body) != "hi" {
		t.Errorf("receipts %+v", log.Since(0))
	}
}

func TestHopReachesAnHTTPSAPI(t *testing.T) {
	ca := newCA(t)
	a := start(t, rawhttp.Config{TLS: ca.TLSConfig(false), Handler: func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Headers: headers("Date", "d"), Body: []byte(r.Scheme + " " + r.Host)}
	}})
	hop := start(t, rawhttp.Config{Upstream: &rawhttp.Upstream{URL: "https://" + a.Addr(), TLS: &tls.Config{RootCAs: ca.Pool()}}})
	got := exchange(t, hop.Addr(), "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n")
	if want := "HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 21\r\n\r\nhttps api.example.com"; got != want {
		t.Errorf("got %q", got)
	}
	untrusting := startHop(t, rawhttp.Config{}, "https://"+a.Addr())
	if got := exchange(t, untrusting.Addr(), get); !strings.HasPrefix(got, "HTTP/1.1 502 ") || !strings.Contains(got, "certificate") {
		t.Errorf("an unknown authority: got %q", got)
	}
	if errs := untrusting.UpstreamErrors(); len(errs) != 1 {
		t.Errorf("upstream errors %v", errs)
	}
}
