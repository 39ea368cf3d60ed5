package rawhttp_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

func TestResponsesAreWrittenByteForByte(t *testing.T) {
	const date = "Date: d\r\n"
	d := headers("Date", "d")
	for _, tt := range []struct {
		name   string
		method string
		resp   rawhttp.Response
		want   string
	}{
		{"the zero value", "GET", rawhttp.Response{Headers: d}, "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 0\r\n\r\n"},
		{"a body", "GET", rawhttp.Response{Headers: d, Body: []byte("ab\x00c")}, "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 4\r\n\r\nab\x00c"},
		{"names in any case, order and repeats", "GET",
			rawhttp.Response{Headers: headers("x-b", "1", "DATE", "d", "X-A", "2", "x-B", "1")},
			"HTTP/1.1 200 OK\r\nx-b: 1\r\nDATE: d\r\nX-A: 2\r\nx-B: 1\r\nContent-Length: 0\r\n\r\n"},
		{"blank, control and other bytes in values", "GET",
			rawhttp.Response{Headers: headers("Date", "d", "a", "", "b", "  x\t ", "c", "\x00\x01\x7f", "d", "\xff\xc3ä")},
			"HTTP/1.1 200 OK\r\nDate: d\r\na: \r\nb:   x\t \r\nc: \x00\x01\x7f\r\nd: \xff\xc3ä\r\nContent-Length: 0\r\n\r\n"},
		{"odd names", "GET", rawhttp.Response{Headers: headers("Date", "d", "a b ", "1", "ä", "2")},
			"HTTP/1.1 200 OK\r\nDate: d\r\na b : 1\r\nä: 2\r\nContent-Length: 0\r\n\r\n"},
		{"a status without a phrase", "GET", rawhttp.Response{Status: 799, Headers: d}, "HTTP/1.1 799 \r\n" + date + "Content-Length: 0\r\n\r\n"},
		{"a phrase", "GET", rawhttp.Response{Status: 404, Reason: "Weg  \xff", Headers: d}, "HTTP/1.1 404 Weg  \xff\r\n" + date + "Content-Length: 0\r\n\r\n"},
		{"no content", "GET", rawhttp.Response{Status: 204, Headers: d, Body: []byte("x")}, "HTTP/1.1 204 No Content\r\n" + date + "\r\n"},
		{"not modified", "GET", rawhttp.Response{Status: 304, Headers: d, Body: []byte("x")}, "HTTP/1.1 304 Not Modified\r\n" + date + "\r\n"},
		{"an interim status as the final answer", "GET", rawhttp.Response{Status: 103, Body: []byte("x")}, "HTTP/1.1 103 Early Hints\r\n\r\n"},
		{"HEAD has the length and no body", "HEAD", rawhttp.Response{Headers: d, Body: []byte("abc")}, "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 3\r\n\r\n"},
		{"a length of the caller's", "GET", rawhttp.Response{Headers: headers("Date", "d", "content-length", "9"), Body: []byte("abc")},
			"HTTP/1.1 200 OK\r\nDate: d\r\ncontent-length: 9\r\n\r\nabc"},
		{"chunks of the caller's", "GET", rawhttp.Response{Headers: headers("Date", "d", "transfer-encoding", "chunked"), Body: []byte("1\r\na\r\n0\r\n\r\n")},
			"HTTP/1.1 200 OK\r\nDate: d\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, rawhttp.Config{Handler: answering(tt.resp)})
			if got := exchange(t, s.Addr(), tt.method+" / HTTP/1.1\r\nHost: a\r\n\r\n"); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestDateIsAddedWhereItIsMissing(t *testing.T) {
	for _, status := range []int{200, 204, 304, 404, 799} {
		s := start(t, rawhttp.Config{Handler: answering(rawhttp.Response{Status: status})})
		match := dateLine.FindStringSubmatch(exchange(t, s.Addr(), get))
		if match == nil {
			t.Errorf("%d: no Date", status)
			continue
		}
		if _, err := time.Parse(http.TimeFormat, match[1]); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestLargeAnswersArriveWhole(t *testing.T) {
	var resp rawhttp.Response
	var want strings.Builder
	want.WriteString("HTTP/1.1 200 OK\r\n")
	for i := range 10_000 {
		resp.Headers = append(resp.Headers, headers("X-"+strconv.Itoa(i), "value")...)
		fmt.Fprintf(&want, "X-%d: value\r\n", i)
	}
	resp.Body = []byte(strings.Repeat("0123456789abcdef", 1<<18))
	fmt.Fprintf(&want, "Content-Length: %d\r\n\r\n%s", len(resp.Body), resp.Body)
	s := start(t, rawhttp.Config{Handler: answering(resp)})
	if got := withoutDate(t, exchange(t, s.Addr(), get)); got != want.String() {
		t.Errorf("got %d bytes, want %d, or others", len(got), want.Len())
	}
}

func TestConnectionCarriesMoreRequestsWhereTheEndOfAnAnswerIsKnown(t *testing.T) {
	h := func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Headers: headers("Date", "d"), Body: append([]byte(r.Target+":"), r.Body...)}
	}
	c := dial(t, start(t, rawhttp.Config{Handler: h}).Addr())
	c.send("GET /1 HTTP/1.1\r\n\r\n")
	c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 3\r\n\r\n/1:")
	c.send("PUT /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab")
	c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 5\r\n\r\n/2:ab")
	c.send("POST /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2;x\r\nbc\r\n0\r\nX: y\r\n\r\n")
	c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 6\r\n\r\n/3:abc")
	c.send("HEAD /4 HTTP/1.1\r\n\r\n")
	c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 3\r\n\r\n")
	c.send("GET /5 HTTP/1.1\r\nConnection: Close\r\n\r\n")
	if got, want := c.rest(), "HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 3\r\n\r\n/5:"; got != want {
		t.Errorf("got %q, want %q, and the end", got, want)
	}
}

func TestConnectionEndsWhereTheClientCouldNotTellTheNextAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		request string
		resp    rawhttp.Response
	}{
		"HTTP/1.0":                   {"GET / HTTP/1.0\r\n\r\n", rawhttp.Response{}},
		"the answer says close":      {get, rawhttp.Response{Headers: headers("connection", "keep-alive, close")}},
		"the length is wrong":        {get, rawhttp.Response{Headers: headers("Content-Length", "1")}},
		"two lengths, one wrong":     {get, rawhttp.Response{Headers: headers("Content-Length", "0", "Content-Length", "1")}},
		"the caller frames the body": {get, rawhttp.Response{Headers: headers("Transfer-Encoding", "chunked")}},
		"an interim status":          {get, rawhttp.Response{Status: 100}},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, start(t, rawhttp.Config{Handler: answering(tt.resp)}).Addr())
			c.send(tt.request)
			if got := c.rest(); !strings.HasPrefix(got, "HTTP/1.1 ") {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestExpectContinueIsInvited(t *testing.T) {
	c := dial(t, start(t, rawhttp.Config{Handler: answering(rawhttp.Response{Headers: headers("Date", "d")})}).Addr())
	c.send("PUT / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n")
	c.expect("HTTP/1.1 100 Continue\r\n\r\n")
	c.send("x")
	c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 0\r\n\r\n")
	c.send("GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n")
	c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 0\r\n\r\n")
}

func TestReservedPathsGoToPagesWithoutAReceipt(t *testing.T) {
	var log rawhttp.Log
	cfg := rawhttp.Config{
		Receive: log.Add,
		Handler: answering(rawhttp.Response{Headers: headers("Date", "d"), Body: []byte("api")}),
		Pages:   answering(rawhttp.Response{Headers: headers("Date", "d"), Body: []byte("page")}),
	}
	c := dial(t, start(t, cfg).Addr())
	for _, tt := range []struct{ target, body string }{
		{"/.well-known/corsproof/", "page"},
		{"http://api.test/.well-known/corsproof/x", "page"},
		{"/.well-known/corsproof", "api"},
		{"/", "api"},
		{"/a/.well-known/corsproof/", "api"},
	} {
		c.send("GET " + tt.target + " HTTP/1.1\r\n\r\n")
		c.expect(fmt.Sprintf("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: %d\r\n\r\n%s", len(tt.body), tt.body))
	}
	if log.Len() != 3 {
		t.Errorf("%d receipts", log.Len())
	}
	cfg.Pages = nil
	got := exchange(t, start(t, cfg).Addr(), "GET /.well-known/corsproof/ HTTP/1.1\r\n\r\n")
	if !strings.HasSuffix(got, "api") {
		t.Errorf("without pages nothing is reserved, but got %q", got)
	}
}

func TestMistakesAreAnsweredWithoutCORSHeaders(t *testing.T) {
	panics := func(context.Context, *rawhttp.Request) *rawhttp.Response { panic("ouch") }
	nothing := func(context.Context, *rawhttp.Request) *rawhttp.Response { return nil }
	for name, tt := range map[string]struct {
		handler rawhttp.Handler
		request string
		want    []string
	}{
		"nobody answers":       {nil, get, []string{"404", "no Handler"}},
		"no answer":            {nothing, get, []string{"500", "gave no answer"}},
		"a panic":              {panics, get, []string{"500", "panicked: ouch"}},
		"a status of 99":       {answering(rawhttp.Response{Status: 99}), get, []string{"500", "status 99"}},
		"a status of 1000":     {answering(rawhttp.Response{Status: 1000}), get, []string{"500", "status 1000"}},
		"an unknown fault":     {answering(rawhttp.Response{Fault: "x"}), get, []string{"500", `fault "x"`}},
		"a malformed head":     {nothing, "GET\r\n\r\n", []string{"400", "malformed request line"}},
		"a malformed body":     {nothing, "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", []string{"400", "malformed chunked"}},
		"a head that is large": {nothing, "GET / HTTP/1.1\r\na: " + strings.Repeat("x", 2<<20), []string{"431", "larger than 1 MiB"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := exchange(t, start(t, rawhttp.Config{Handler: tt.handler}).Addr(), tt.request)
			if !strings.HasPrefix(got, "HTTP/1.1 "+tt.want[0]) || !strings.Contains(got, "corsproof: ") || !strings.Contains(got, tt.want[1]) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if strings.Contains(strings.ToLower(got), "access-control-") {
				t.Errorf("CORS headers in %q", got)
			}
		})
	}
}

func TestManyConnectionsAtOnce(t *testing.T) {
	var log rawhttp.Log
	s := start(t, rawhttp.Config{Receive: log.Add, Handler: func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Headers: headers("Date", "d"), Body: []byte(r.Target)}
	}})
	var wg sync.WaitGroup
	for i := range 200 {
		c := dial(t, s.Addr())
		wg.Go(func() {
			for j := range 5 {
				target := fmt.Sprintf("/%03d/%d", i, j)
				c.send("GET " + target + " HTTP/1.1\r\n\r\n")
				c.expect("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 6\r\n\r\n" + target)
			}
		})
	}
	wg.Wait()
	if log.Len() != 1000 {
		t.Errorf("%d receipts", log.Len())
	}
}
