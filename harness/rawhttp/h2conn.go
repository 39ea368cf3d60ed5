package rawhttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	// h2Frame is the largest frame that either side sends: the initial limit (RFC 9113, section 4.2).
	h2Frame = 16 << 10
	// h2Window is the initial flow-control window (section 6.9.2).
	h2Window = 65_535
	// h2Streams bounds the requests under way, each of which may hold 1 MiB of body.
	h2Streams = 250
	// h2Table is the initial size of the header compression's table (RFC 7541, section 4.2).
	h2Table = 4096
)

// h2conn is a connection that speaks HTTP/2. Its own goroutine reads frames and
// never waits for a handler; each stream is answered by one of its own.
//
// The reader itself writes acknowledgements. That cannot block for good: what a
// peer can send unread is bounded by the windows above, which the socket holds.
type h2conn struct {
	conn    *conn
	fr      *http2.Framer // read by serve, written under conn.writing
	enc     *hpack.Encoder
	block   bytes.Buffer // enc's output
	answers sync.WaitGroup

	mu      sync.Mutex // guards what follows, and the streams' own fields
	room    sync.Cond  // a window grew or a stream ended
	window  int64      // what we may send on the connection
	initial int64      // what we may send on a new stream
	streams map[uint32]*h2stream
	lastID  uint32
}

func newH2Conn(c *conn) *h2conn {
	h := &h2conn{conn: c, window: h2Window, initial: h2Window, streams: map[uint32]*h2stream{}}
	h.room.L = &h.mu
	h.fr = http2.NewFramer(c.nc, c.br)
	h.fr.SetMaxReadFrameSize(h2Frame)
	h.fr.MaxHeaderListSize = maxHead
	h.fr.ReadMetaHeaders = hpack.NewDecoder(h2Table, nil)
	h.enc = hpack.NewEncoder(&h.block)
	return h
}

// serve reads frames until the connection ends, and waits for the answers.
func (h *h2conn) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer h.answers.Wait()
	defer h.endStreams()
	defer cancel()
	if h.greet() != nil {
		return
	}
	for {
		frame, err := h.fr.ReadFrame()
		if err == nil {
			err = h.handle(ctx, frame)
		}
		if err = h.recoverStream(err); err != nil {
			h.goAway(err)
			return
		}
	}
}

// greet exchanges the prefaces (RFC 9113, section 3.4).
func (h *h2conn) greet() error {
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(h.conn.br, preface); err != nil {
		return err
	}
	if string(preface) != http2.ClientPreface {
		return http2.ConnectionError(http2.ErrCodeProtocol)
	}
	return h.send(func() error {
		return h.fr.WriteSettings(
			http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: h2Streams},
			http2.Setting{ID: http2.SettingMaxHeaderListSize, Val: maxHead})
	})
}

// send runs a function that writes frames.
func (h *h2conn) send(write func() error) error {
	h.conn.writing.Lock()
	defer h.conn.writing.Unlock()
	return write()
}

// recoverStream resets the stream that an error is about; other errors end the connection.
func (h *h2conn) recoverStream(err error) error {
	var bad http2.StreamError
	if !errors.As(err, &bad) {
		return err
	}
	h.noteID(bad.StreamID)
	h.endStream(bad.StreamID)
	return h.reset(bad.StreamID, bad.Code)
}

// noteID remembers that a stream was opened, even if its head was malformed.
func (h *h2conn) noteID(id uint32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastID = max(h.lastID, id)
}

func (h *h2conn) reset(id uint32, code http2.ErrCode) error {
	return h.send(func() error { return h.fr.WriteRSTStream(id, code) })
}

// goAway tells the peer why the connection ends, where the peer is at fault (section 6.8).
func (h *h2conn) goAway(err error) {
	var bad http2.ConnectionError
	code := http2.ErrCodeFrameSize
	if errors.As(err, &bad) {
		code = http2.ErrCode(bad)
	} else if !errors.Is(err, http2.ErrFrameTooLarge) {
		h.conn.close()
		return
	}
	h.conn.writing.Lock()
	defer h.conn.writing.Unlock()
	if h.fr.WriteGoAway(h.lastID, code, nil) == nil {
		h.conn.linger()
	}
	h.conn.close()
}

// handle serves one frame.
func (h *h2conn) handle(ctx context.Context, frame http2.Frame) error {
	switch f := frame.(type) {
	case *http2.MetaHeadersFrame:
		return h.headers(ctx, f)
	case *http2.DataFrame:
		return h.data(ctx, f)
	case *http2.SettingsFrame:
		return h.settings(f)
	case *http2.WindowUpdateFrame:
		return h.windowUpdate(f)
	case *http2.PingFrame:
		if f.IsAck() {
			return nil
		}
		return h.send(func() error { return h.fr.WritePing(true, f.Data) })
	case *http2.RSTStreamFrame:
		h.endStream(f.StreamID)
	case *http2.PushPromiseFrame:
		return http2.ConnectionError(http2.ErrCodeProtocol)
	}
	return nil // GOAWAY: what is under way is answered; PRIORITY and unknown frames mean nothing
}
