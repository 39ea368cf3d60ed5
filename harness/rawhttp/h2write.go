package rawhttp

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// maxWindow is the largest flow-control window (RFC 9113, section 6.9.1).
const maxWindow = 1<<31 - 1

// errStreamOver says that nobody waits for the rest of an answer.
var errStreamOver = errors.New("the stream is over")

// deliver sends an answer or plays a fault.
func (h *h2conn) deliver(ctx context.Context, st *h2stream, resp *Response) {
	if !st.pause(ctx, resp.Delay) {
		return
	}
	var err error
	switch resp.Fault {
	case Reset:
		err = h.reset(st.id, http2.ErrCodeInternal)
	case Hang:
		select {
		case <-st.ended:
		case <-ctx.Done():
		}
	case Garbage:
		_ = h.conn.write([]byte(garbage)) // the connection ends in any case
		h.conn.close()
	case Truncate:
		err = h.truncate(st, resp)
	default:
		err = h.respondWith(st, resp, resp.Body, added(st.request.Method, resp, len(resp.Body)), true)
	}
	if err != nil && !errors.Is(err, errStreamOver) {
		h.conn.close() // so that the reader learns that writing has failed
	}
}

// pause waits for d, and reports false when the stream or the server ended meanwhile.
func (st *h2stream) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-st.ended:
		return false
	case <-ctx.Done():
		return false
	}
}

// truncate announces the whole body, sends half of it and resets the stream.
func (h *h2conn) truncate(st *h2stream, resp *Response) error {
	lines := added(st.request.Method, resp, max(len(resp.Body), 1))
	if err := h.respondWith(st, resp, resp.Body[:len(resp.Body)/2], lines, false); err != nil {
		return err
	}
	return h.reset(st.id, http2.ErrCodeInternal)
}

// respondWith sends a head and a body, and ends the stream if end is set.
func (h *h2conn) respondWith(st *h2stream, resp *Response, body []byte, added fetch.HeaderList, end bool) error {
	if !sendsBody(st.request.Method, resp.Status) {
		body = nil
	}
	headers := append(append(fetch.HeaderList(nil), resp.Headers...), added...)
	err := h.send(func() error { return h.writeHeaders(st.id, resp.Status, headers, end && len(body) == 0) })
	for err == nil && len(body) > 0 {
		var n int
		if n, err = h.take(st, len(body)); err == nil {
			part, last := body[:n], end && n == len(body)
			err = h.send(func() error { return h.fr.WriteData(st.id, last, part) })
			body = body[n:]
		}
	}
	return err
}

// writeHeaders writes a header section in as many frames as it takes. The caller holds conn.writing.
func (h *h2conn) writeHeaders(id uint32, status int, headers fetch.HeaderList, end bool) error {
	h.block.Reset()
	h.field(":status", strconv.Itoa(status))
	for _, line := range headers {
		h.field(lower(line.Name), line.Value)
	}
	first := h.block.Next(h2Frame)
	err := h.fr.WriteHeaders(http2.HeadersFrameParam{
		StreamID: id, BlockFragment: first, EndStream: end, EndHeaders: h.block.Len() == 0,
	})
	for err == nil && h.block.Len() > 0 {
		part := h.block.Next(h2Frame)
		err = h.fr.WriteContinuation(id, h.block.Len() == 0, part)
	}
	return err
}

// field encodes one line; writing to a buffer does not fail.
func (h *h2conn) field(name, value string) {
	_ = h.enc.WriteField(hpack.HeaderField{Name: name, Value: value})
}

// take waits until a part of n bytes may be sent, and returns how large a part (section 5.2).
func (h *h2conn) take(st *h2stream, n int) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for !st.over && (st.window <= 0 || h.window <= 0) {
		h.room.Wait()
	}
	if st.over {
		return 0, errStreamOver
	}
	part := min(int64(n), st.window, h.window, h2Frame)
	st.window -= part
	h.window -= part
	return int(part), nil
}

// windowUpdate grows a window (section 6.9).
func (h *h2conn) windowUpdate(f *http2.WindowUpdateFrame) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	defer h.room.Broadcast()
	if f.StreamID == 0 {
		if h.window += int64(f.Increment); h.window > maxWindow {
			return http2.ConnectionError(http2.ErrCodeFlowControl)
		}
		return nil
	}
	st := h.streams[f.StreamID]
	if st == nil {
		return nil // it was answered already
	}
	if st.window += int64(f.Increment); st.window > maxWindow {
		return http2.StreamError{StreamID: st.id, Code: http2.ErrCodeFlowControl}
	}
	return nil
}

// settings takes the peer's settings and acknowledges them (section 6.5).
func (h *h2conn) settings(f *http2.SettingsFrame) error {
	if f.IsAck() {
		return nil
	}
	if err := f.ForeachSetting(h.setting); err != nil {
		return err
	}
	return h.send(h.fr.WriteSettingsAck)
}

// setting takes one; those that are not here do not bind a server that pushes
// nothing and sends frames of the smallest maximum.
func (h *h2conn) setting(s http2.Setting) error {
	if err := s.Valid(); err != nil {
		return err
	}
	switch s.ID {
	case http2.SettingHeaderTableSize:
		return h.send(func() error { h.enc.SetMaxDynamicTableSizeLimit(s.Val); return nil })
	case http2.SettingInitialWindowSize:
		return h.resize(int64(s.Val))
	}
	return nil
}

// resize changes the windows of all streams (section 6.9.2).
func (h *h2conn) resize(initial int64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	defer h.room.Broadcast()
	delta := initial - h.initial
	h.initial = initial
	for _, st := range h.streams {
		if st.window += delta; st.window > maxWindow {
			return http2.ConnectionError(http2.ErrCodeFlowControl)
		}
	}
	return nil
}
