package rawhttp_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
	"golang.org/x/net/http2"
)

func TestH2FlowControlIsObeyed(t *testing.T) {
	const size = 200
	resp := rawhttp.Response{Headers: headers("date", "d"), Body: []byte(strings.Repeat("x", size))}
	s, ca, _ := startH2(t, rawhttp.Config{Handler: answering(resp)})
	c := dialH2(t, s.Addr(), ca, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 10})
	c.get(1, "/")
	c.head(1)
	if got := c.dataLen(); got != 10 {
		t.Fatalf("got %d bytes into a window of 10", got)
	}
	// Whatever stands before the answer to a ping was sent without new room.
	c.must(c.fr.WritePing(false, [8]byte{1}))
	if f, ok := c.read().(*http2.PingFrame); !ok || !f.IsAck() {
		t.Fatalf("got %v while the window is full", f)
	}
	c.must(c.fr.WriteWindowUpdate(1, 5))
	if got := c.dataLen(); got != 5 {
		t.Fatalf("got %d bytes into a window of 5", got)
	}
	c.must(c.fr.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 100}))
	total := 15
	for acked := false; total < 105 || !acked; {
		switch f := c.read().(type) {
		case *http2.DataFrame:
			total += len(f.Data())
		case *http2.SettingsFrame:
			acked = true
		}
	}
	if total != 105 {
		t.Fatalf("got %d bytes into a window of 105", total)
	}
	c.must(c.fr.WriteWindowUpdate(1, 1000))
	if got := c.dataLen(); got != size-total {
		t.Errorf("got %d bytes, want the rest", got)
	}
}

func (c *h2client) dataLen() int {
	c.t.Helper()
	f, ok := c.read().(*http2.DataFrame)
	if !ok {
		c.t.Fatalf("got no DATA")
	}
	return len(f.Data())
}

func TestH2ConnectionWindowBindsAllStreams(t *testing.T) {
	resp := rawhttp.Response{Headers: headers("date", "d"), Body: []byte(strings.Repeat("x", 100_000))}
	s, ca, _ := startH2(t, rawhttp.Config{Handler: answering(resp)})
	c := dialH2(t, s.Addr(), ca, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 20})
	c.get(1, "/")
	c.get(3, "/")
	total := 0
	for total < 65_535 {
		if f, ok := c.read().(*http2.DataFrame); ok {
			total += len(f.Data())
		}
	}
	c.must(c.fr.WriteWindowUpdate(0, 1<<20))
	ended := 0
	for ended < 2 {
		if f, ok := c.read().(*http2.DataFrame); ok {
			if total += len(f.Data()); f.StreamEnded() {
				ended++
			}
		}
	}
	if total != 200_000 {
		t.Errorf("got %d bytes", total)
	}
}

func TestH2ResetOfAStreamWakesItsAnswer(t *testing.T) {
	resp := rawhttp.Response{Headers: headers("date", "d"), Body: []byte(strings.Repeat("x", 100))}
	s, ca, _ := startH2(t, rawhttp.Config{Handler: answering(resp)})
	c := dialH2(t, s.Addr(), ca, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1})
	c.get(1, "/")
	c.head(1)
	c.dataLen()
	c.must(c.fr.WriteRSTStream(1, http2.ErrCodeCancel))
	waitFor(t, "the answer to end", func() bool { return len(goroutines("rawhttp.(*h2conn).deliver(")) == 0 })
	c.get(3, "/")
	c.head(3)
}
