package rawhttp

import "sync"

// pendingReceipt makes the one receipt of a request that a hop is still
// reading: when it is whole, or before its answer passes, whichever is first.
type pendingReceipt struct {
	mu      sync.Mutex
	srv     *Server
	request *Request
	body    capture
	made    bool
}

func newPendingReceipt(c *conn, head *requestHead) *pendingReceipt {
	return &pendingReceipt{srv: c.srv, request: c.request(head), body: capture{limit: maxReceiptBody}}
}

// add takes content of the body.
func (p *pendingReceipt) add(content []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.body.add(content)
}

// make makes the receipt, unless it was made.
func (p *pendingReceipt) make() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.made {
		return
	}
	p.made = true
	p.request.Body, p.request.BodySize = p.body.kept, p.body.size
	p.srv.receive(p.request)
}
