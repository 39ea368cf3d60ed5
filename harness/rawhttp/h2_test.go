package rawhttp_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/testca"
	"golang.org/x/net/http2"
)

// startH2 starts a server that offers h2, and a client of it by net/http's means.
func startH2(t *testing.T, cfg rawhttp.Config) (*rawhttp.Server, *testca.CA, *http.Client) {
	t.Helper()
	ca := newCA(t)
	cfg.TLS, cfg.HTTP2 = ca.TLSConfig(true), true
	s := start(t, cfg)
	var h2 http.Protocols
	h2.SetHTTP2(true)
	transport := &http.Transport{Protocols: &h2, TLSClientConfig: &tls.Config{RootCAs: ca.Pool()}}
	t.Cleanup(transport.CloseIdleConnections)
	return s, ca, &http.Client{Transport: transport, Timeout: patience}
}

func do(t *testing.T, client *http.Client, method, url string, body io.Reader) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, got
}

func TestALPNDecidesTheProtocol(t *testing.T) {
	ca := newCA(t)
	for _, tt := range []struct {
		http2 bool
		offer []string
		want  string
	}{
		{true, []string{"h2", "http/1.1"}, "h2"},
		{true, []string{"http/1.1"}, "http/1.1"},
		{true, nil, ""},
		{false, []string{"h2", "http/1.1"}, "http/1.1"},
	} {
		s := start(t, rawhttp.Config{TLS: ca.TLSConfig(!tt.http2), HTTP2: tt.http2})
		c := dialTLS(t, s.Addr(), ca, tt.offer...)
		if got := c.Conn.(*tls.Conn).ConnectionState().NegotiatedProtocol; got != tt.want {
			t.Errorf("HTTP2 %v, offered %q: got %q", tt.http2, tt.offer, got)
		}
		if tt.want != "h2" {
			c.send(get)
			c.expect("HTTP/1.1 404 Not Found\r\n")
		}
	}
}

func TestH2HandlerSeesTheRequestAsItWasSent(t *testing.T) {
	seen := make(chan *rawhttp.Request, 1)
	var log rawhttp.Log
	s, ca, _ := startH2(t, rawhttp.Config{Receive: log.Add, Handler: func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		seen <- r
		return &rawhttp.Response{}
	}})
	c := dialH2(t, s.Addr(), ca)
	c.request(1, false, ":method", "PuT", ":scheme", "https", ":authority", "api.test:81", ":path", "/a?b",
		"x-b", " 1 ", "cookie", "a=1", "x-a", "\xff", "cookie", "b=2")
	c.data(1, false, "ab")
	c.data(1, true, "c")
	c.response(1)
	r := <-seen
	r.RemoteAddr = ""
	want := &rawhttp.Request{
		Method: "PuT", Target: "/a?b", Proto: "HTTP/2.0", Scheme: "https", Host: "api.test:81",
		Headers: headers("x-b", " 1 ", "cookie", "a=1", "x-a", "\xff", "cookie", "b=2"), Body: []byte("abc"), BodySize: 3,
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
	if r := log.Since(0)[0]; r.URL != "https://api.test:81/a?b" || r.Proto != "HTTP/2.0" || string(r.Body) != "abc" {
		t.Errorf("receipt %+v", r)
	}
}

func TestH2ResponsesAreWrittenByteForByte(t *testing.T) {
	for _, tt := range []struct {
		name, method string
		resp         rawhttp.Response
		headers      string
		body         string
	}{
		{"a body", "GET", rawhttp.Response{Headers: headers("Date", "d"), Body: []byte("a\x00b")}, ":status: 200|date: d|content-length: 3|", "a\x00b"},
		{"order, repeats, blanks, control and other bytes", "GET",
			rawhttp.Response{Status: 799, Headers: headers("DATE", "d", "X-b", " 1\t", "x-A", "\x01\xff", "x-b", "", "x-ä-X", "2")},
			":status: 799|date: d|x-b:  1\t|x-a: \x01\xff|x-b: |x-ä-x: 2|content-length: 0|", ""},
		{"HEAD", "HEAD", rawhttp.Response{Headers: headers("date", "d"), Body: []byte("abc")}, ":status: 200|date: d|content-length: 3|", ""},
		{"no content", "GET", rawhttp.Response{Status: 204, Headers: headers("date", "d"), Body: []byte("abc")}, ":status: 204|date: d|", ""},
		{"an interim status", "GET", rawhttp.Response{Status: 103}, ":status: 103|", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, ca, _ := startH2(t, rawhttp.Config{Handler: answering(tt.resp)})
			c := dialH2(t, s.Addr(), ca)
			c.request(1, true, ":method", tt.method, ":scheme", "https", ":path", "/", ":authority", "a")
			if got, body := c.response(1); got != tt.headers || body != tt.body {
				t.Errorf("got  %q %q\nwant %q %q", got, body, tt.headers, tt.body)
			}
		})
	}
}

func TestH2ServesStandardClients(t *testing.T) {
	var log rawhttp.Log
	s, _, client := startH2(t, rawhttp.Config{Receive: log.Add, Handler: func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Body: fmt.Appendf(nil, "%s %s %d", r.Method, r.Path(), r.BodySize)}
	}, Pages: answering(rawhttp.Response{Body: []byte("page")})})
	url := "https://" + s.Addr()
	if _, got := do(t, client, "PUT", url+"/a", strings.NewReader(strings.Repeat("x", 3<<20))); string(got) != "PUT /a 3145728" {
		t.Errorf("got %q", got)
	}
	if _, got := do(t, client, "GET", url+rawhttp.Reserved, nil); string(got) != "page" {
		t.Errorf("got %q", got)
	}
	resp, got := do(t, client, "HEAD", url+"/b", nil)
	if resp.ContentLength != int64(len("HEAD /b 0")) || len(got) != 0 || resp.Header.Get("Date") == "" {
		t.Errorf("got %v %q", resp.Header, got)
	}
	receipts := log.Since(0)
	if len(receipts) != 2 || receipts[0].BodySize != 3<<20 || len(receipts[0].Body) != 64<<10 {
		t.Errorf("%d receipts", len(receipts))
	}
}

func TestH2AnswersLargerThanEveryWindowArriveWhole(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 1<<18)
	resp := rawhttp.Response{Body: body}
	for i := range 3_000 {
		resp.Headers = append(resp.Headers, headers(fmt.Sprintf("x-%d", i), "a value")...)
	}
	s, _, client := startH2(t, rawhttp.Config{Handler: answering(resp)})
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			resp, got := do(t, client, "GET", "https://"+s.Addr(), nil)
			if sha256.Sum256(got) != sha256.Sum256(body) || resp.Header.Get("X-2999") != "a value" {
				t.Errorf("got %d bytes, or others", len(got))
			}
		})
	}
	wg.Wait()
}

func TestH2ServesManyStreamsAtOnce(t *testing.T) {
	const n = 100
	var together sync.WaitGroup
	together.Add(n)
	s, _, client := startH2(t, rawhttp.Config{Handler: func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		together.Done()
		together.Wait() // passes only if all are under way at once
		return &rawhttp.Response{Body: []byte(r.Path())}
	}})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			path := fmt.Sprintf("/%d", i)
			if _, got := do(t, client, "GET", "https://"+s.Addr()+path, nil); string(got) != path {
				t.Errorf("%s: got %q", path, got)
			}
		})
	}
	wg.Wait()
}

func TestH2FaultsEndTheStreamAndSpareTheOthers(t *testing.T) {
	for fault, want := range map[rawhttp.Fault]string{rawhttp.Reset: "", rawhttp.Truncate: "01234"} {
		t.Run(string(fault), func(t *testing.T) {
			s, _, client := startH2(t, rawhttp.Config{Handler: func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
				if r.Path() == "/well" {
					return &rawhttp.Response{Body: []byte("well")}
				}
				return &rawhttp.Response{Fault: fault, Body: []byte("0123456789")}
			}})
			resp, err := client.Get("https://" + s.Addr() + "/")
			var got []byte
			if err == nil {
				defer resp.Body.Close()
				got, err = io.ReadAll(resp.Body)
			}
			var reset http2.StreamError
			if !errors.As(err, &reset) || reset.Code != http2.ErrCodeInternal || string(got) != want {
				t.Errorf("got %q, %v", got, err)
			}
			if _, got := do(t, client, "GET", "https://"+s.Addr()+"/well", nil); string(got) != "well" {
				t.Errorf("another stream got %q", got)
			}
		})
	}
}

func TestH2GarbageEndsTheConnection(t *testing.T) {
	s, ca, _ := startH2(t, rawhttp.Config{Handler: answering(rawhttp.Response{Fault: rawhttp.Garbage})})
	c := dialH2(t, s.Addr(), ca)
	c.request(1, true, ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a")
	rest, err := io.ReadAll(c.br)
	if err != nil || !bytes.Contains(rest, []byte("no HTTP")) {
		t.Errorf("got %q, %v", rest, err)
	}
}

func TestH2WaitingEndsWithTheStreamAndTheServer(t *testing.T) {
	for name, resp := range map[string]rawhttp.Response{"hang": {Fault: rawhttp.Hang}, "delay": {Delay: 1 << 60}} {
		t.Run(name, func(t *testing.T) {
			var log rawhttp.Log
			s, ca, _ := startH2(t, rawhttp.Config{Receive: log.Add, Handler: answering(resp)})
			c := dialH2(t, s.Addr(), ca)
			c.request(1, true, ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a")
			c.request(3, true, ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a")
			waitFor(t, "both requests", func() bool { return len(goroutines("rawhttp.(*h2conn).deliver(")) == 2 })
			c.must(c.fr.WriteRSTStream(1, http2.ErrCodeCancel))
			waitFor(t, "one to end", func() bool { return len(goroutines("rawhttp.(*h2conn).deliver(")) == 1 })
			if log.Len() != 2 {
				t.Errorf("%d receipts", log.Len())
			}
		})
	}
}
