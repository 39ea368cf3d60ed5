package rawhttp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
)

func parse(request string) (*requestHead, error) {
	raw, err := readHead(bufio.NewReaderSize(strings.NewReader(request), 64))
	if err != nil {
		return nil, err
	}
	return parseHead(raw)
}

// lines makes a list of "name", "value", …
func lines(pairs ...string) fetch.HeaderList {
	var list fetch.HeaderList
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, fetch.Header{Name: pairs[i], Value: pairs[i+1]})
	}
	return list
}

func TestParseHeadKeepsWhatWasSent(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, tt := range []struct {
		name, request  string
		method, target string
		headers        fetch.HeaderList
	}{
		{"a usual head", "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a?b=c", lines("Host", "x")},
		{"case, order and repeats", "pUt / HTTP/1.1\r\nX-b: 1\r\nx-A: 2\r\nX-B: 1\r\n\r\n", "pUt", "/", lines("X-b", "1", "x-A", "2", "X-B", "1")},
		{"blanks around a value are not part of it", "GET / HTTP/1.1\r\na: \t b c\t \r\nd:\r\ne:f\r\n\r\n", "GET", "/", lines("a", "b c", "d", "", "e", "f")},
		{"other bytes in a value are", "GET / HTTP/1.1\r\na: \x00\x01\xff\x7f:\r\n\r\n", "GET", "/", lines("a", "\x00\x01\xff\x7f:")},
		{"bytes beyond ASCII in the target", "GET /\xff%C3?\xc3\xa4 HTTP/1.1\r\n\r\n", "GET", "/\xff%C3?\xc3\xa4", nil},
		{"bare line feeds", "GET / HTTP/1.1\na: b\n\n", "GET", "/", lines("a", "b")},
		{"a folded line", "GET / HTTP/1.1\r\na: b\r\n  c\r\n\td\r\ne: f\r\n\r\n", "GET", "/", lines("a", "b c d", "e", "f")},
		{"blank lines before", "\r\n\n\r\nGET / HTTP/1.1\r\n\r\n", "GET", "/", nil},
		{"a line longer than the buffer", "GET / HTTP/1.1\r\na: " + long + "\r\n\r\n", "GET", "/", lines("a", long)},
		{"asterisk", "OPTIONS * HTTP/1.1\r\n\r\n", "OPTIONS", "*", nil},
		{"absolute", "GET http://a.test/b HTTP/1.0\r\n\r\n", "GET", "http://a.test/b", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			head, err := parse(tt.request)
			if err != nil {
				t.Fatal(err)
			}
			if head.method != tt.method || head.target != tt.target || !reflect.DeepEqual(head.headers, tt.headers) {
				t.Errorf("got %q %q %q", head.method, head.target, head.headers)
			}
			if want := strings.TrimLeft(tt.request, "\r\n"); string(head.raw) != want {
				t.Errorf("raw is %q, want %q", head.raw, want)
			}
		})
	}
}

func TestParseHeadRefusesWithAStatus(t *testing.T) {
	for request, status := range map[string]int{
		"GET /\r\n\r\n":                                                           400,
		"GET  / HTTP/1.1\r\n\r\n":                                                 400,
		"GET / x HTTP/1.1\r\n\r\n":                                                505,
		"G(T / HTTP/1.1\r\n\r\n":                                                  400,
		" / HTTP/1.1\r\n\r\n":                                                     400,
		"GET /\x01 HTTP/1.1\r\n\r\n":                                              400,
		"PRI * HTTP/2.0\r\n\r\nSM\r\n":                                            505,
		"GET / http/1.1\r\n\r\n":                                                  505,
		"GET / HTTP/1.1\r\nno\r\n\r\n":                                            400,
		"GET / HTTP/1.1\r\na : b\r\n\r\n":                                         400,
		"GET / HTTP/1.1\r\n: b\r\n\r\n":                                           400,
		"GET / HTTP/1.1\r\n a: b\r\n\r\n":                                         400,
		"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n":                            400,
		"GET / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n":        400,
		"GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n":          400,
		"GET / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n":              400,
		"GET / HTTP/1.1\r\na: " + strings.Repeat("x", maxHead) + "\r\n\r\n":       431,
		"GET / HTTP/1.1\r\n" + strings.Repeat("a: b\r\n", maxHead/5) + "\r\n\r\n": 431,
	} {
		_, err := parse(request)
		var bad *headError
		if !errors.As(err, &bad) || bad.status != status {
			t.Errorf("%.60q: got %v, want status %d", request, err, status)
		}
	}
}

func TestReadHeadTellsAnEndBetweenMessagesFromOneWithin(t *testing.T) {
	for request, want := range map[string]error{
		"": io.EOF, "\r\n": io.EOF, "G": io.ErrUnexpectedEOF, "GET / HTTP/1.1\r\na: b\r\n": io.ErrUnexpectedEOF,
	} {
		if _, err := parse(request); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", request, err, want)
		}
	}
}

func TestTenThousandHeaderLinesFitAHead(t *testing.T) {
	var b strings.Builder
	b.WriteString("GET / HTTP/1.1\r\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "X-Header-Number-%d: a value of some length\r\n", i)
	}
	head, err := parse(b.String() + "\r\n")
	if err != nil || len(head.headers) != 10_000 {
		t.Fatalf("%v", err)
	}
}

func TestRequestFraming(t *testing.T) {
	for _, tt := range []struct {
		headers fetch.HeaderList
		want    framing
	}{
		{nil, framing{}},
		{lines("content-length", "0"), framing{}},
		{lines("Content-Length", "12"), framing{length: 12}},
		{lines("Content-Length", "12", "content-length", "12"), framing{length: 12}},
		{lines("Transfer-Encoding", "Chunked"), framing{chunked: true}},
		{lines("Transfer-Encoding", "gzip, chunked"), framing{chunked: true}},
		{lines("Transfer-Encoding", "gzip", "transfer-encoding", "chunked"), framing{chunked: true}},
		{lines("Transfer-Encoding", "chunked", "Content-Length", "3"), framing{chunked: true}},
	} {
		if got, err := requestFraming(tt.headers); err != nil || got != tt.want {
			t.Errorf("%v: got %v, %v, want %v", tt.headers, got, err, tt.want)
		}
	}
}

// FuzzParseHead holds the parser to net/http's where both accept a head, and to
// itself: what it understood and writes again, it understands the same.
func FuzzParseHead(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nPOST /a?b HTTP/1.0\nx:y\n z\n\n", "OPTIONS * HTTP/1.1\r\nA: \x00\r\na:\r\n\r\n",
		"PUT http://a/b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "\r0\n\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		raw, err := readHead(bufio.NewReaderSize(bytes.NewReader(data), 32))
		if err != nil {
			return
		}
		if !bytes.Contains(data, raw) {
			t.Fatalf("raw %q is not what was sent", raw)
		}
		head, err := parseHead(raw)
		if err != nil {
			return
		}
		again, err := parseHead(appendLines([]byte(head.method+" "+head.target+" "+head.proto+"\r\n"), head.headers))
		if err != nil || !reflect.DeepEqual(again.headers, head.headers) || again.target != head.target {
			t.Fatalf("read %q, then %q (%v)", head.headers, again.headers, err)
		}
		compareWithStd(t, raw, head)
	})
}

func compareWithStd(t *testing.T, raw []byte, head *requestHead) {
	std, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil || bytes.Contains(raw, []byte("\n ")) || bytes.Contains(raw, []byte("\n\t")) {
		return // net/http is stricter, and folds otherwise
	}
	if std.Method != head.method || std.RequestURI != head.target || std.Proto != head.proto {
		t.Fatalf("net/http reads %s %s %s, we read %s %s %s", std.Method, std.RequestURI, std.Proto, head.method, head.target, head.proto)
	}
	for name, values := range std.Header {
		if got := head.headers.Values(name); !reflect.DeepEqual(got, values) {
			t.Fatalf("%s: net/http reads %q, we read %q", name, values, got)
		}
	}
}
