package rawhttp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http/httputil"
	"strings"
	"testing"
	"testing/iotest"
)

// copied is what copyBody made of an input.
type copied struct {
	content, raw, rest []byte
	err                error
}

func runCopy(r io.Reader, f framing) copied {
	var c copied
	br := bufio.NewReaderSize(r, 64)
	c.err = copyBody(br, f, bodySink{
		content: func(p []byte) { c.content = append(c.content, p...) },
		raw:     func(p []byte) { c.raw = append(c.raw, p...) },
	})
	c.rest, _ = io.ReadAll(br)
	return c
}

func TestCopyBodyTakesJustTheBody(t *testing.T) {
	for _, tt := range []struct {
		name, input, content, rest string
		framing                    framing
	}{
		{"none", "GET", "", "GET", framing{}},
		{"a length", "abcdeGET", "abcde", "GET", framing{length: 5}},
		{"longer than the buffer", strings.Repeat("x", 1000) + "G", strings.Repeat("x", 1000), "G", framing{length: 1000}},
		{"chunks", "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\nGET", "abc0123456789", "GET", framing{chunked: true}},
		{"upper and lower case, leading zeros", "00a\r\n0123456789\r\n0A \t\r\n0123456789\r\n000\r\n\r\n", "01234567890123456789", "", framing{chunked: true}},
		{"trailers", "1\r\na\r\n0\r\nX: y\r\nZ:\r\n\r\nGET", "a", "GET", framing{chunked: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(tt.input), iotest.OneByteReader(strings.NewReader(tt.input))} {
				got := runCopy(r, tt.framing)
				if got.err != nil || string(got.content) != tt.content || string(got.rest) != tt.rest {
					t.Errorf("got %q, left %q (%v)", got.content, got.rest, got.err)
				}
				if raw := strings.TrimSuffix(tt.input, tt.rest); string(got.raw) != raw {
					t.Errorf("raw is %q, want %q", got.raw, raw)
				}
			}
		})
	}
}

func TestCopyBodyRefusesMalformedChunks(t *testing.T) {
	for _, input := range []string{
		"\r\n", "g\r\n", "+1\r\na\r\n", "-1\r\n", "0x1\r\na\r\n", "1_0\r\n", "8000000000000000\r\n", "1\r\nab\r\n", "1\r\na\n0\r\n\r\n", "1\na\r\n", ";\r\n",
		"1;" + strings.Repeat("x", 100) + "\r\na\r\n0\r\n\r\n",
	} {
		if got := runCopy(strings.NewReader(input), framing{chunked: true}); !errors.Is(got.err, errChunk) {
			t.Errorf("%q: got %v", input, got.err)
		}
	}
}

func TestCopyBodyReportsABodyThatBreaksOff(t *testing.T) {
	for _, input := range []string{"", "3", "3\r\nab", "3\r\nabc", "3\r\nabc\r\n", "0\r\n", "0\r\nX: y\r\n"} {
		if got := runCopy(strings.NewReader(input), framing{chunked: true}); !errors.Is(got.err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: got %v", input, got.err)
		}
	}
	if got := runCopy(strings.NewReader("ab"), framing{length: 3}); !errors.Is(got.err, io.ErrUnexpectedEOF) || string(got.content) != "ab" {
		t.Errorf("got %q, %v", got.content, got.err)
	}
}

func TestCopyBodyBoundsTrailers(t *testing.T) {
	input := "0\r\n" + strings.Repeat("a: b\r\n", maxHead/6+1) + "\r\n"
	var bad *headError
	if got := runCopy(strings.NewReader(input), framing{chunked: true}); !errors.As(got.err, &bad) || bad.status != 431 {
		t.Errorf("got %v", got.err)
	}
}

func TestCaptureKeepsTheBeginningAndCountsAll(t *testing.T) {
	c := capture{limit: 5}
	for _, p := range []string{"abc", "def", "ghi", ""} {
		c.add([]byte(p))
	}
	if string(c.kept) != "abcde" || c.size != 9 {
		t.Errorf("kept %q of %d", c.kept, c.size)
	}
}

// FuzzCopyChunked holds the chunked reader to the standard library's, and to
// this: what it passes on raw is what it took, byte for byte.
func FuzzCopyChunked(f *testing.F) {
	for _, seed := range []string{
		"0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\nrest", "a;b=c\r\n0123456789\r\n00\r\nA: b\r\n\r\n", "1\r\na", "ffffffffffffffff\r\n", "1\na\n0\n\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := runCopy(bytes.NewReader(data), framing{chunked: true})
		if !bytes.HasPrefix(data, got.raw) {
			t.Fatalf("raw %q is not what was sent", got.raw)
		}
		if got.err != nil {
			return
		}
		if !bytes.Equal(append(got.raw, got.rest...), data) {
			t.Fatalf("took %q, left %q", got.raw, got.rest)
		}
		std, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(data)))
		if err == nil && !bytes.Equal(std, got.content) {
			t.Fatalf("net/http reads %q, we read %q", std, got.content)
		}
	})
}
