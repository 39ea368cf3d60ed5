package rawhttp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

const (
	maxBody        = 1 << 20  // what a Request keeps of its body
	maxReceiptBody = 64 << 10 // what a probe.Receipt keeps of it
)

// capture keeps the beginning of a body and counts all of it.
type capture struct {
	limit int
	kept  []byte
	size  int64
}

func (c *capture) add(p []byte) {
	c.size += int64(len(p))
	c.kept = append(c.kept, p[:min(len(p), c.limit-len(c.kept))]...)
}

// reserved reports whether r is for our own pages.
func (s *Server) reserved(r *Request) bool {
	return s.cfg.Pages != nil && isReserved(r.Target)
}

// receive reports a request to whoever keeps receipts.
func (s *Server) receive(r *Request) {
	if s.cfg.Receive != nil {
		s.cfg.Receive(s.receipt(r))
	}
}

func (s *Server) receipt(r *Request) probe.Receipt {
	body := r.Body[:min(len(r.Body), maxReceiptBody)]
	return probe.Receipt{
		Method: r.Method, URL: s.url(r), Proto: r.Proto, Headers: r.Headers,
		Body: append([]byte(nil), body...), BodySize: r.BodySize, At: time.Now(),
	}
}

// url is the absolute URL of a request, in the configured origin. "*" and the
// authority of a CONNECT have no path: their URL is the origin.
func (s *Server) url(r *Request) string {
	origin := s.cfg.Origin
	if origin == "" {
		origin = r.Scheme + "://" + r.Host
	}
	if strings.HasPrefix(r.Target, "/") {
		return origin + r.Target
	}
	if isAbsolute(r.Target) {
		return r.Target
	}
	return origin
}

// respond asks the handler that is in charge of r. It always has an answer.
func (s *Server) respond(ctx context.Context, r *Request, reserved bool) *Response {
	handler := s.cfg.Handler
	if reserved {
		handler = s.cfg.Pages
	}
	if handler == nil {
		return PlainText(404, "there is nothing here: this server has no Handler and no Upstream")
	}
	resp := call(ctx, handler, r)
	if resp.Status == 0 {
		resp.Status = 200
	}
	if resp.Status < 100 || resp.Status > 999 {
		return PlainText(500, fmt.Sprintf("the handler answered with status %d, which is not within 100 to 999", resp.Status))
	}
	if !resp.Fault.Known() {
		return PlainText(500, fmt.Sprintf("the handler asked for fault %q, which there is not", resp.Fault))
	}
	return resp
}

// call runs a handler. It returns a copy of the answer, which may be one that
// the handler gives to many requests.
func call(ctx context.Context, handler Handler, r *Request) (resp *Response) {
	defer func() {
		if p := recover(); p != nil {
			resp = PlainText(500, fmt.Sprintf("the handler panicked: %v", p))
		}
	}()
	answer := handler(ctx, r)
	if answer == nil {
		return PlainText(500, "the handler gave no answer")
	}
	own := *answer
	return &own
}

// PlainText is an answer of corsproof's own, marked as such. No CORS header lets script read it.
func PlainText(status int, text string) *Response {
	return &Response{
		Status:  status,
		Headers: fetch.HeaderList{{Name: "Content-Type", Value: "text/plain; charset=utf-8"}},
		Body:    []byte("corsproof: " + text + "\n"),
	}
}
