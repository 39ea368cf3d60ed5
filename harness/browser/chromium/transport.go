package chromium

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/chromedp/cdproto"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/chromedp"
)

// transport speaks with a browser over its two pipes for chromedp, and takes
// the events that are evidence off the stream, in order, before chromedp would
// decode each of them in full. It implements chromedp.Transport.
type transport struct {
	in       *bufio.Reader
	r        io.Closer
	out      *chromedp.PipeConn
	evidence func(session, method string, ev *event)
	once     sync.Once
	err      error
}

// newTransport reads from r and writes to w. evidence is called on the
// reader's goroutine for every event of [evidenceMethods]: it must not block.
func newTransport(r, w *os.File, evidence func(session, method string, ev *event)) *transport {
	return &transport{
		in: bufio.NewReaderSize(r, 256<<10), r: r,
		out:      chromedp.NewPipeConn(io.NopCloser(bytes.NewReader(nil)), w),
		evidence: evidence,
	}
}

// evidenceMethods are the events that no part of chromedp needs and that an
// Observation is made of.
var evidenceMethods = map[string]bool{
	"Network.requestWillBeSent":          true,
	"Network.requestWillBeSentExtraInfo": true,
	"Network.responseReceived":           true,
	"Network.responseReceivedExtraInfo":  true,
	"Network.loadingFinished":            true,
	"Network.loadingFailed":              true,
	"Network.requestServedFromCache":     true,
	"Log.entryAdded":                     true,
	"Audits.issueAdded":                  true,
	"Runtime.bindingCalled":              true,
	"Inspector.targetCrashed":            true,
}

// Read returns the next message that is for chromedp.
func (t *transport) Read(_ context.Context, msg *cdproto.Message) error {
	for {
		frame, err := t.in.ReadBytes(0)
		if err != nil {
			if errors.Is(err, io.EOF) && len(frame) > 0 {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		frame = frame[:len(frame)-1]
		method := methodOf(frame)
		switch {
		case evidenceMethods[method]:
			if err := t.take(method, frame); err != nil {
				return err
			}
		case isNoise(method):
		default:
			return jsonv2.Unmarshal(frame, msg, chromedp.DefaultUnmarshalOptions)
		}
	}
}

// isNoise reports events that nobody needs: the domains cannot be enabled in part.
func isNoise(method string) bool {
	return method == "Network.dataReceived" || method == "Network.resourceChangedPriority" || method == "Network.policyUpdated"
}

func (t *transport) take(method string, frame []byte) error {
	var m struct {
		Params    event  `json:"params"`
		SessionID string `json:"sessionId"`
	}
	err := jsonv2.Unmarshal(frame, &m, chromedp.DefaultUnmarshalOptions)
	if err != nil { // stricter than the wire may be: a repeated name is an error to it
		err = json.Unmarshal(frame, &m)
	}
	if err != nil {
		return fmt.Errorf("the browser sent an event that cannot be read (%s): %w", method, err)
	}
	t.evidence(m.SessionID, method, &m.Params)
	return nil
}

// methodOf is an event's method, or "" for a reply. Chromium writes the method
// first; a frame of another shape goes to chromedp, which reads any order.
func methodOf(frame []byte) string {
	rest, ok := bytes.CutPrefix(frame, []byte(`{"method":"`))
	if !ok {
		return ""
	}
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return ""
	}
	return string(rest[:end])
}

// Write sends a message. It is safe for concurrent use.
func (t *transport) Write(ctx context.Context, msg *cdproto.Message) error {
	return t.out.Write(ctx, msg)
}

// Close closes both pipes, upon which the browser exits.
func (t *transport) Close() error {
	t.once.Do(func() { t.err = errors.Join(t.out.Close(), t.r.Close()) })
	return t.err
}

// allocator gives chromedp a browser that runs already: the process is the
// instance's, so that its life does not hang on a context.
type allocator struct{ transport *transport }

// Allocate connects chromedp to the browser.
func (a allocator) Allocate(ctx context.Context, opts ...chromedp.BrowserOption) (*chromedp.Browser, error) {
	return chromedp.NewBrowserTransport(ctx, a.transport, opts...)
}

// Attaches tells chromedp that it starts no process.
func (a allocator) Attaches() bool { return true }

// Wait has nothing to wait for: the instance waits for its process.
func (a allocator) Wait() {}
