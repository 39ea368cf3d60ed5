package rawhttp

import (
	"context"
	"errors"
)

// holdBack is how much of a request a hop holds until it is whole, so that its
// receipt is made before the API can see it. A larger request is streamed: its
// receipt is made when it is whole, or before an earlier answer passes.
const holdBack = 1 << 20

// forward sends one request to the API, byte for byte, and reports whether the
// connection can carry another.
func (h *hop) forward(ctx context.Context, head *requestHead) bool {
	pending := newPendingReceipt(h.conn, head)
	defer pending.make()
	h.watch.expect(pending.make)
	up := &upload{hop: h, held: head.raw}
	if head.expectsContinue() {
		if up.flush(ctx); up.err != nil {
			h.unreachable(ctx, head, pending, up.err)
			return false // the client may, or may not, send its body now
		}
	}
	sink := bodySink{content: pending.add, raw: func(p []byte) { up.add(ctx, p) }}
	if err := copyBody(h.conn.br, head.framing, sink); err != nil {
		h.brokeOff(err)
		return false
	}
	pending.make()
	if up.flush(ctx); up.err != nil {
		return h.unreachable(ctx, head, pending, up.err)
	}
	return true
}

// brokeOff ends an exchange whose request is not whole.
func (h *hop) brokeOff(err error) {
	var bad *headError
	if !errors.As(err, &bad) {
		h.clientEnded(err)
		return
	}
	h.conn.writing.Lock()
	h.conn.refuse(err)
	h.conn.writing.Unlock()
	if h.up != nil {
		h.up.reset() // what the API got of this request is no use to it
	}
}

// unreachable answers a request that could not be forwarded, and reports
// whether the connection can carry another. No CORS header lets script read
// it, as script can read nothing of a connection that failed.
func (h *hop) unreachable(ctx context.Context, head *requestHead, pending *pendingReceipt, err error) bool {
	pending.make()
	if tell := h.conn.srv.cfg.Unreachable; tell != nil {
		tell(h.conn.srv.url(pending.request), err)
	}
	h.conn.writing.Lock()
	defer h.conn.writing.Unlock()
	return h.conn.deliver(ctx, head, PlainText(502, "the API behind this hop could not be reached: "+err.Error()))
}

// upload is a request on its way to the API.
type upload struct {
	hop       *hop
	held      []byte
	streaming bool
	err       error // why the API could not be reached; the rest is read, and dropped
}

// add sends p, or holds it until flush.
func (u *upload) add(ctx context.Context, p []byte) {
	switch {
	case u.err != nil:
	case u.streaming:
		u.send(p)
	default:
		u.held = append(u.held, p...)
		if len(u.held) > holdBack {
			u.flush(ctx)
		}
	}
}

// flush connects where need be, and sends what was held.
func (u *upload) flush(ctx context.Context) {
	if u.streaming || u.err != nil {
		return
	}
	if u.err = u.hop.connect(ctx); u.err != nil {
		return
	}
	u.streaming = true
	u.send(u.held)
	u.held = nil
}

// send writes to the API. If it takes no more, it says why by what it answers,
// or by how it ends the connection, and both reach the client by pipe.
func (u *upload) send(p []byte) { _, _ = u.hop.up.Write(p) }
