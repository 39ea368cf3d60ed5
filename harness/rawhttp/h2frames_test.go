package rawhttp_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/testca"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// h2client drives a connection frame by frame.
type h2client struct {
	*client
	fr  *http2.Framer
	enc *hpack.Encoder
	dec *hpack.Decoder
	buf bytes.Buffer
}

func dialH2(t *testing.T, addr string, ca *testca.CA, settings ...http2.Setting) *h2client {
	t.Helper()
	c := &h2client{client: dialTLS(t, addr, ca, "h2")}
	c.fr = http2.NewFramer(c.Conn, c.br)
	c.enc, c.dec = hpack.NewEncoder(&c.buf), hpack.NewDecoder(4096, nil)
	c.client.send(http2.ClientPreface)
	c.must(c.fr.WriteSettings(settings...))
	if _, ok := c.read().(*http2.SettingsFrame); !ok {
		t.Fatal("the server's first frame is not SETTINGS")
	}
	if f, ok := c.read().(*http2.SettingsFrame); !ok || !f.IsAck() {
		t.Fatal("our SETTINGS were not acknowledged")
	}
	return c
}

func (c *h2client) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *h2client) read() http2.Frame {
	c.t.Helper()
	f, err := c.fr.ReadFrame()
	c.must(err)
	return f
}

// request sends a head of "name", "value", …
func (c *h2client) request(id uint32, end bool, pairs ...string) {
	c.t.Helper()
	c.buf.Reset()
	for i := 0; i < len(pairs); i += 2 {
		c.must(c.enc.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]}))
	}
	block := c.buf.Bytes()
	first := block[:min(len(block), 16<<10)]
	c.must(c.fr.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: first, EndStream: end, EndHeaders: len(first) == len(block)}))
	for block = block[len(first):]; len(block) > 0; {
		part := block[:min(len(block), 16<<10)]
		block = block[len(part):]
		c.must(c.fr.WriteContinuation(id, len(block) == 0, part))
	}
}

func (c *h2client) get(id uint32, path string) {
	c.t.Helper()
	c.request(id, true, ":method", "GET", ":scheme", "https", ":path", path, ":authority", "a")
}

func (c *h2client) data(id uint32, end bool, p string) {
	c.t.Helper()
	c.must(c.fr.WriteData(id, end, []byte(p)))
}

// head reads a header section: "name: value|…", and whether the stream ended with it.
func (c *h2client) head(id uint32) (string, bool) {
	c.t.Helper()
	for {
		switch f := c.read().(type) {
		case *http2.HeadersFrame:
			if f.StreamID != id {
				c.t.Fatalf("a head on stream %d", f.StreamID)
			}
			block, end, whole := bytes.Clone(f.HeaderBlockFragment()), f.StreamEnded(), f.HeadersEnded()
			for !whole {
				more := c.read().(*http2.ContinuationFrame)
				block, whole = append(block, more.HeaderBlockFragment()...), more.HeadersEnded()
			}
			return c.decode(block), end
		case *http2.WindowUpdateFrame:
		default:
			c.t.Fatalf("got %v before a head", f)
		}
	}
}

func (c *h2client) decode(block []byte) string {
	c.t.Helper()
	fields, err := c.dec.DecodeFull(block)
	c.must(err)
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, "%s: %s|", f.Name, f.Value)
	}
	return b.String()
}

// response reads a whole answer, which must fit the window.
func (c *h2client) response(id uint32) (head, body string) {
	c.t.Helper()
	head, end := c.head(id)
	for !end {
		f, ok := c.read().(*http2.DataFrame)
		if !ok || f.StreamID != id {
			c.t.Fatalf("got %v after %q", f, head)
		}
		body, end = body+string(f.Data()), f.StreamEnded()
	}
	return head, body
}

func TestH2TrailersEndARequest(t *testing.T) {
	s, ca, _ := startH2(t, rawhttp.Config{Handler: answering(rawhttp.Response{Headers: headers("date", "d")})})
	c := dialH2(t, s.Addr(), ca)
	c.request(1, false, ":method", "PUT", ":scheme", "https", ":path", "/", ":authority", "a")
	c.data(1, false, "abc")
	c.request(1, true, "x-trailer", "1")
	if got, _ := c.response(1); got != ":status: 200|date: d|content-length: 0|" {
		t.Errorf("got %q", got)
	}
}

func TestH2ExpectContinueIsInvited(t *testing.T) {
	s, ca, _ := startH2(t, rawhttp.Config{Handler: answering(rawhttp.Response{Headers: headers("date", "d")})})
	c := dialH2(t, s.Addr(), ca)
	c.request(1, false, ":method", "PUT", ":scheme", "https", ":path", "/", ":authority", "a", "expect", "100-continue")
	if got, end := c.head(1); got != ":status: 100|" || end {
		t.Errorf("got %q", got)
	}
	c.data(1, true, "")
	if got, _ := c.response(1); got != ":status: 200|date: d|content-length: 0|" {
		t.Errorf("got %q", got)
	}
}

func TestH2HeadsThatAreTooLargeAreRefused(t *testing.T) {
	var log rawhttp.Log
	s, ca, _ := startH2(t, rawhttp.Config{Receive: log.Add})
	c := dialH2(t, s.Addr(), ca)
	pairs := []string{":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a"}
	for range 11 {
		pairs = append(pairs, "x-large", strings.Repeat("x", 100_000))
	}
	c.request(1, true, pairs...)
	if got, _ := c.response(1); !strings.HasPrefix(got, ":status: 431|") || log.Len() != 0 {
		t.Errorf("got %q and %d receipts", got, log.Len())
	}
	c.get(3, "/")
	if got, _ := c.response(3); !strings.HasPrefix(got, ":status: 404|") {
		t.Errorf("another stream got %q", got)
	}
}

func TestH2MalformedStreamsAreReset(t *testing.T) {
	for name, tt := range map[string]struct {
		pairs []string
		code  http2.ErrCode
	}{
		"no method":        {[]string{":scheme", "https", ":path", "/"}, http2.ErrCodeProtocol},
		"no scheme":        {[]string{":method", "GET", ":path", "/"}, http2.ErrCodeProtocol},
		"no path":          {[]string{":method", "GET", ":scheme", "https"}, http2.ErrCodeProtocol},
		"a blank in path":  {[]string{":method", "GET", ":scheme", "https", ":path", "/ "}, http2.ErrCodeProtocol},
		"upper-case names": {[]string{":method", "GET", ":scheme", "https", ":path", "/", "X-A", "b"}, http2.ErrCodeProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			s, ca, _ := startH2(t, rawhttp.Config{})
			c := dialH2(t, s.Addr(), ca)
			c.request(1, true, tt.pairs...)
			if f, ok := c.read().(*http2.RSTStreamFrame); !ok || f.StreamID != 1 || f.ErrCode != tt.code {
				t.Errorf("got %v", f)
			}
			c.get(3, "/")
			if got, _ := c.response(3); !strings.HasPrefix(got, ":status: 404|") {
				t.Errorf("another stream got %q", got)
			}
		})
	}
}

func TestH2ViolationsEndTheConnectionWithGoAway(t *testing.T) {
	for name, tt := range map[string]struct {
		violate func(*h2client) error
		code    http2.ErrCode
	}{
		"an even stream":          {func(c *h2client) error { c.get(2, "/"); return nil }, http2.ErrCodeProtocol},
		"data before a head":      {func(c *h2client) error { return c.fr.WriteData(1, true, nil) }, http2.ErrCodeProtocol},
		"a push":                  {func(c *h2client) error { return c.fr.WriteRawFrame(http2.FramePushPromise, 4, 1, []byte{0, 0, 0, 2}) }, http2.ErrCodeProtocol},
		"a window that overflows": {func(c *h2client) error { return c.fr.WriteWindowUpdate(0, 1<<31-1) }, http2.ErrCodeFlowControl},
		"a frame that is large": {func(c *h2client) error {
			return c.fr.WriteRawFrame(http2.FrameData, 0, 1, make([]byte, 16<<10+1))
		}, http2.ErrCodeFrameSize},
		"a malformed header block": {func(c *h2client) error {
			return c.fr.WriteRawFrame(http2.FrameHeaders, 5, 1, []byte{0xff, 0xff, 0xff, 0xff, 0xff})
		}, http2.ErrCodeCompression},
	} {
		t.Run(name, func(t *testing.T) {
			s, ca, _ := startH2(t, rawhttp.Config{})
			c := dialH2(t, s.Addr(), ca)
			c.fr.AllowIllegalWrites = true
			_ = tt.violate(c) // the server may end the connection while it is written
			if f, ok := c.read().(*http2.GoAwayFrame); !ok || f.ErrCode != tt.code {
				t.Fatalf("got %v", f)
			}
			if _, err := c.fr.ReadFrame(); !errors.Is(err, io.EOF) {
				t.Errorf("after GOAWAY: %v", err)
			}
		})
	}
}

func TestH2ClosedStreamsTakeNoMoreData(t *testing.T) {
	s, ca, _ := startH2(t, rawhttp.Config{})
	c := dialH2(t, s.Addr(), ca)
	c.get(1, "/")
	c.response(1)
	c.data(1, true, "late")
	for {
		if f, ok := c.read().(*http2.RSTStreamFrame); ok {
			if f.StreamID != 1 || f.ErrCode != http2.ErrCodeStreamClosed {
				t.Errorf("got %v", f)
			}
			return
		}
	}
}

func TestH2ReceiptOfARequestThatBreaksOff(t *testing.T) {
	for name, breakOff := range map[string]func(*h2client) error{
		"reset": func(c *h2client) error { return c.fr.WriteRSTStream(1, http2.ErrCodeCancel) },
		"close": func(c *h2client) error { return c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			var log rawhttp.Log
			s, ca, _ := startH2(t, rawhttp.Config{Receive: log.Add})
			c := dialH2(t, s.Addr(), ca)
			c.request(1, false, ":method", "PUT", ":scheme", "https", ":path", "/", ":authority", "a")
			c.data(1, false, "abc")
			c.must(breakOff(c))
			waitFor(t, "the receipt", func() bool { return log.Len() == 1 })
			if got := log.Since(0)[0]; got.BodySize != 3 || got.Method != "PUT" {
				t.Errorf("got %+v", got)
			}
		})
	}
}
