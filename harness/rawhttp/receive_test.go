package rawhttp_test

import (
	"context"
	"fmt"
	"net"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

func TestHandlerSeesTheRequestAsItWasSent(t *testing.T) {
	seen := make(chan *rawhttp.Request, 1)
	s := start(t, rawhttp.Config{Handler: func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		seen <- r
		return &rawhttp.Response{}
	}})
	exchange(t, s.Addr(), "pAtCh /a%2Fb?c=d?e HTTP/1.1\r\nhOST: api.test:81\r\nx-a: \xff 1\r\nX-A: 2\r\ncontent-length: 3\r\n\r\nabc")
	r := <-seen
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err != nil || host != "127.0.0.1" {
		t.Errorf("RemoteAddr is %q", r.RemoteAddr)
	}
	r.RemoteAddr = ""
	want := &rawhttp.Request{
		Method: "pAtCh", Target: "/a%2Fb?c=d?e", Proto: "HTTP/1.1", Scheme: "http", Host: "api.test:81",
		Headers: headers("hOST", "api.test:81", "x-a", "\xff 1", "X-A", "2", "content-length", "3"),
		Body:    []byte("abc"), BodySize: 3,
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
	if r.Path() != "/a%2Fb" || r.Query() != "c=d?e" {
		t.Errorf("path %q, query %q", r.Path(), r.Query())
	}
}

func TestPathAndQueryOfEachFormOfTarget(t *testing.T) {
	for target, want := range map[string][2]string{
		"/":                   {"/", ""},
		"/a?":                 {"/a", ""},
		"/a?u=http://b/c":     {"/a", "u=http://b/c"},
		"/http://b/c?d":       {"/http://b/c", "d"},
		"http://b.test/c?d":   {"/c", "d"},
		"https://b.test":      {"/", ""},
		"http://b.test?c=d/e": {"/", "c=d/e"},
		"*":                   {"*", ""},
		"b.test:443":          {"b.test:443", ""},
	} {
		r := rawhttp.Request{Target: target}
		if got := [2]string{r.Path(), r.Query()}; got != want {
			t.Errorf("%q: got %q, want %q", target, got, want)
		}
	}
}

func TestBodiesOfAnySizeAreDrained(t *testing.T) {
	const size = 5 << 20
	var log rawhttp.Log
	h := func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Body: fmt.Appendf(nil, "%d of %d", len(r.Body), r.BodySize)}
	}
	s := start(t, rawhttp.Config{Handler: h, Receive: log.Add})
	body := strings.Repeat("x", size)
	got := exchange(t, s.Addr(), fmt.Sprintf("PUT / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s", size, body))
	if want := fmt.Sprintf("%d of %d", 1<<20, size); !strings.HasSuffix(got, want) {
		t.Errorf("got %q", got)
	}
	r := log.Since(0)[0]
	if len(r.Body) != 64<<10 || r.BodySize != size {
		t.Errorf("the receipt has %d of %d bytes", len(r.Body), r.BodySize)
	}
}

func TestReceiptIsThereBeforeTheAnswer(t *testing.T) {
	var log rawhttp.Log
	s := start(t, rawhttp.Config{
		Receive: log.Add, Origin: "https://api.example.com",
		Handler: func(context.Context, *rawhttp.Request) *rawhttp.Response {
			return &rawhttp.Response{Body: []byte(strconv.Itoa(log.Len()))}
		},
	})
	before := time.Now()
	got := exchange(t, s.Addr(), "OPTIONS /a?b HTTP/1.1\r\nHost: x\r\nOrigin: null\r\nAccess-Control-Request-Method: PUT\r\nContent-Length: 2\r\n\r\nhi")
	if !strings.HasSuffix(got, "\r\n\r\n1") {
		t.Errorf("the handler saw %q receipts", got)
	}
	r := log.Since(0)[0]
	if r.At.Before(before) || r.At.After(time.Now()) || r.Seq == 0 {
		t.Errorf("at %v, number %d", r.At, r.Seq)
	}
	r.At, r.Seq = time.Time{}, 0
	want := probe.Receipt{
		Method: "OPTIONS", URL: "https://api.example.com/a?b", Proto: "HTTP/1.1",
		Headers: headers("Host", "x", "Origin", "null", "Access-Control-Request-Method", "PUT", "Content-Length", "2"),
		Body:    []byte("hi"), BodySize: 2,
	}
	if !reflect.DeepEqual(r, want) || !r.IsPreflight() {
		t.Errorf("got %+v", r)
	}
}

func TestReceiptURLIsAbsolute(t *testing.T) {
	for request, want := range map[string]string{
		"GET /a HTTP/1.1\r\nHost: api.test:81\r\n\r\n":         "http://api.test:81/a",
		"GET http://b.test/c HTTP/1.1\r\nHost: b.test\r\n\r\n": "http://b.test/c",
		"OPTIONS * HTTP/1.1\r\nHost: b.test\r\n\r\n":           "http://b.test",
	} {
		var log rawhttp.Log
		s := start(t, rawhttp.Config{Receive: log.Add})
		exchange(t, s.Addr(), request)
		if got := log.Since(0)[0].URL; got != want {
			t.Errorf("%q: got %q, want %q", request, got, want)
		}
	}
}

func TestReceiptOfARequestThatBreaksOff(t *testing.T) {
	var log rawhttp.Log
	s := start(t, rawhttp.Config{Receive: log.Add, Handler: func(context.Context, *rawhttp.Request) *rawhttp.Response {
		t.Error("the handler was asked")
		return nil
	}})
	if got := exchange(t, s.Addr(), "PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"); got != "" {
		t.Errorf("got %q", got)
	}
	if log.Len() != 1 || log.Since(0)[0].BodySize != 3 {
		t.Errorf("got %+v", log.Since(0))
	}
}
