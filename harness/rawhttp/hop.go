package rawhttp

import (
	"context"
	"errors"
	"io"
	"syscall"
)

// hop joins one connection from a client to one connection to the API. What
// the API sends is copied as it arrives by a goroutine of its own, whatever it
// is; only requests are parsed, for their receipts.
type hop struct {
	conn  *conn
	up    *upstreamConn // nil until the first request for the API
	watch responseWatch
	piped chan struct{} // closed when nothing more comes from the API
}

// serve serves requests until either side ends the connection.
func (h *hop) serve(ctx context.Context) {
	for {
		// The client speaks again only after it has seen the answer, which
		// therefore has passed us: if that was 101, these bytes are no request.
		if _, err := h.conn.br.Peek(1); err != nil {
			h.clientEnded(err)
			return
		}
		if h.watch.switched() {
			h.tunnel()
			return
		}
		head, ok := h.conn.nextHead()
		if !ok || !h.serveOne(ctx, head) {
			return
		}
	}
}

func (h *hop) serveOne(ctx context.Context, head *requestHead) bool {
	if h.conn.srv.cfg.Pages != nil && isReserved(head.target) {
		return h.conn.answer(ctx, head)
	}
	return h.forward(ctx, head)
}

// tunnel copies what the client sends without looking at it (RFC 9110, section 7.8).
func (h *hop) tunnel() {
	_, err := io.Copy(h.up, h.conn.br)
	if err == nil {
		err = io.EOF
	}
	h.clientEnded(err)
}

// clientEnded passes on how the client ended its side, and waits for the API to end its own.
func (h *hop) clientEnded(err error) {
	if h.up == nil {
		return
	}
	if errors.Is(err, syscall.ECONNRESET) {
		h.up.reset()
	} else {
		h.up.endWriting()
	}
	<-h.piped
}

// close ends both connections and waits for the copying to end.
func (h *hop) close() {
	h.conn.close()
	if h.up != nil {
		_ = h.up.Close() // it ends either way
		<-h.piped
		h.conn.srv.untrack(h.up.tcp)
	}
}

// connect makes sure that there is a connection to the API.
func (h *hop) connect(ctx context.Context) error {
	if h.up != nil {
		return nil
	}
	up, err := h.conn.srv.dialUpstream(ctx)
	if err != nil {
		h.conn.srv.addUpstreamError(err)
		return err
	}
	h.up, h.piped = up, make(chan struct{})
	h.conn.srv.running.Add(1)
	go func() {
		defer h.conn.srv.running.Done()
		defer close(h.piped)
		h.pipe()
	}()
	return nil
}

// pipe copies what the API sends, as it arrives.
func (h *hop) pipe() {
	buf := make([]byte, 32<<10)
	for {
		n, err := h.up.Read(buf)
		if n > 0 {
			h.watch.feed(buf[:n])
			if h.conn.write(buf[:n]) != nil {
				h.up.reset() // the client is gone, and a direct one would have reset
				return
			}
		}
		if err != nil {
			h.upstreamEnded(err)
			return
		}
	}
}

// upstreamEnded ends the client's connection the way the API ended its own.
func (h *hop) upstreamEnded(err error) {
	h.conn.writing.Lock()
	defer h.conn.writing.Unlock()
	if errors.Is(err, syscall.ECONNRESET) {
		h.conn.reset()
		return
	}
	h.conn.endWriting()
}
