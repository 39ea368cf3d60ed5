package rawhttp

import (
	"context"
	"maps"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
	"golang.org/x/net/http2"
)

// h2stream is one request and its answer.
type h2stream struct {
	id      uint32
	request *Request
	body    capture       // used by the reader until the request is whole
	whole   bool          // used by the reader
	refused *Response     // the answer to a head that is too large, or nil
	window  int64         // what we may send; guarded by h2conn.mu
	ended   chan struct{} // closed when the peer or the connection ends it; guarded by h2conn.mu
	over    bool          // ended is closed; guarded by h2conn.mu
}

// headers opens a stream, or ends a request with its trailers (RFC 9113, section 8.1).
func (h *h2conn) headers(ctx context.Context, f *http2.MetaHeadersFrame) error {
	st, err := h.stream(f.StreamID)
	if err != nil {
		return err
	}
	if st != nil {
		if st.whole || !f.StreamEnded() {
			return http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeProtocol}
		}
		h.answer(ctx, st)
		return nil
	}
	st, err = h.open(f)
	if err != nil {
		return err
	}
	if f.StreamEnded() {
		h.answer(ctx, st)
		return nil
	}
	if hasToken(st.request.Headers, "Expect", "100-continue") {
		return h.send(func() error { return h.writeHeaders(st.id, 100, nil, false) })
	}
	return nil
}

// stream returns an open stream, nil for one that is to be opened, and an error
// for one that was closed or that a client cannot open (section 5.1.1).
func (h *h2conn) stream(id uint32) (*h2stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if st := h.streams[id]; st != nil {
		return st, nil
	}
	if id%2 == 0 {
		return nil, http2.ConnectionError(http2.ErrCodeProtocol)
	}
	if id <= h.lastID {
		return nil, http2.StreamError{StreamID: id, Code: http2.ErrCodeStreamClosed}
	}
	return nil, nil
}

// open makes a stream of its head.
func (h *h2conn) open(f *http2.MetaHeadersFrame) (*h2stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastID = f.StreamID
	if len(h.streams) >= h2Streams {
		return nil, http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeRefusedStream}
	}
	st := &h2stream{
		id: f.StreamID, request: h.conn.h2Request(f), window: h.initial,
		body: capture{limit: maxBody}, ended: make(chan struct{}),
	}
	switch {
	case f.Truncated:
		st.refused = PlainText(431, "the request's head is larger than 1 MiB")
	case st.request.Method == "" || st.request.Scheme == "" && st.request.Method != "CONNECT" || !isTarget(st.request.Target):
		return nil, http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeProtocol}
	}
	h.streams[st.id] = st
	return st, nil
}

// h2Request makes a request of a head (section 8.3.1).
func (c *conn) h2Request(f *http2.MetaHeadersFrame) *Request {
	r := &Request{
		Method: f.PseudoValue("method"), Target: f.PseudoValue("path"), Proto: "HTTP/2.0",
		Scheme: f.PseudoValue("scheme"), Host: f.PseudoValue("authority"),
		RemoteAddr: c.tcp.RemoteAddr().String(),
	}
	for _, field := range f.RegularFields() {
		r.Headers = append(r.Headers, fetch.Header{Name: field.Name, Value: field.Value})
	}
	if r.Host == "" {
		r.Host, _ = r.Headers.Get("Host")
	}
	if r.Method == "CONNECT" {
		r.Target = r.Host
	}
	return r
}

// data takes a piece of a request's body, and gives its room back at once.
func (h *h2conn) data(ctx context.Context, f *http2.DataFrame) error {
	if err := h.giveRoom(0, f.Length); err != nil {
		return err
	}
	st, err := h.stream(f.StreamID)
	if err != nil {
		return err
	}
	if st == nil {
		return http2.ConnectionError(http2.ErrCodeProtocol) // it was never opened
	}
	if st.whole {
		return http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeStreamClosed}
	}
	st.body.add(f.Data())
	if f.StreamEnded() {
		h.answer(ctx, st)
		return nil
	}
	return h.giveRoom(st.id, f.Length)
}

// giveRoom lets the peer send n bytes more.
func (h *h2conn) giveRoom(id, n uint32) error {
	if n == 0 {
		return nil
	}
	return h.send(func() error { return h.fr.WriteWindowUpdate(id, n) })
}

// answer serves a request that is whole.
func (h *h2conn) answer(ctx context.Context, st *h2stream) {
	st.whole = true
	h.answers.Add(1)
	go func() {
		defer h.answers.Done()
		defer h.forget(st)
		reserved := h.receive(st)
		resp := st.refused
		if resp == nil {
			resp = h.conn.srv.respond(ctx, st.request, reserved)
		}
		h.deliver(ctx, st, resp)
	}()
}

// receive reports a stream's request to whoever keeps receipts, and whether it
// is for our own pages, which leave none. Nor does a head that was refused.
func (h *h2conn) receive(st *h2stream) (reserved bool) {
	srv := h.conn.srv
	st.request.Body, st.request.BodySize = st.body.kept, st.body.size
	reserved = srv.reserved(st.request)
	if !reserved && st.refused == nil {
		srv.receive(st.request)
	}
	return reserved
}

// forget removes a stream that was answered.
func (h *h2conn) forget(st *h2stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, st.id)
}

// endStream ends a stream that the peer or we have reset.
func (h *h2conn) endStream(id uint32) {
	h.mu.Lock()
	st := h.streams[id]
	h.mu.Unlock()
	if st != nil {
		h.end(st)
	}
}

// endStreams ends all streams, because the connection is over.
func (h *h2conn) endStreams() {
	h.mu.Lock()
	streams := slices.Collect(maps.Values(h.streams))
	h.mu.Unlock()
	for _, st := range streams {
		h.end(st)
	}
}

// end wakes whoever waits on a stream. A request that was never whole has
// nobody else to report and forget it.
func (h *h2conn) end(st *h2stream) {
	if !st.whole {
		h.receive(st)
		h.forget(st)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !st.over {
		st.over = true
		close(st.ended)
		h.room.Broadcast()
	}
}

// lower returns a name in lower case, as HTTP/2 demands (section 8.2.1). Bytes
// that are no ASCII letters are kept, whatever they are.
func lower(name string) string {
	b := []byte(name)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + ('a' - 'A')
		}
	}
	return string(b)
}
