package chromium

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// transport speaks with a browser over its two pipes for chromedp, and takes
// the events that are evidence off the stream, in order, before chromedp would
// decode each of them in full. On the pipes is CBOR (see [item]): Chromium
// spends more on writing JSON than we do on reading either. It implements
// chromedp.Transport.
type transport struct {
	in       *bufio.Reader
	r, w     *os.File
	evidence func(session, method string, ev *event)
	writing  sync.Mutex
	once     sync.Once
	err      error
}

// newTransport reads from r and writes to w. evidence is called on the
// reader's goroutine for every event of [evidenceMethods]: it must not block.
func newTransport(r, w *os.File, evidence func(session, method string, ev *event)) *transport {
	return &transport{in: bufio.NewReaderSize(r, 256<<10), r: r, w: w, evidence: evidence}
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
		whole, err := t.next()
		if err != nil {
			return err
		}
		f := readFrame(whole)
		switch {
		case evidenceMethods[f.method]:
			if err := t.take(f); err != nil {
				return err
			}
		case isNoise(f.method):
		default:
			return f.message(msg)
		}
	}
}

// isNoise reports events that nobody needs: the domains cannot be enabled in part.
func isNoise(method string) bool {
	return method == "Network.dataReceived" || method == "Network.resourceChangedPriority" || method == "Network.policyUpdated"
}

func (t *transport) take(f frame) error {
	ev := new(event)
	if err := ev.read(f.params); err != nil {
		return fmt.Errorf("the browser sent an event that cannot be read (%s): %w", f.method, err)
	}
	t.evidence(f.session, f.method, ev)
	return nil
}

// maxMessage bounds a message, in bytes: what says that it is larger is none.
const maxMessage = 1 << 30

// next reads a message: one envelope.
func (t *transport) next() (item, error) {
	start, err := t.in.Peek(envelopeSize)
	if err != nil {
		if errors.Is(err, io.EOF) && len(start) > 0 {
			return nil, io.ErrUnexpectedEOF
		}
		return nil, err
	}
	size := binary.BigEndian.Uint32(start[len(envelope):])
	if [3]byte(start) != envelope || size > maxMessage {
		return nil, fmt.Errorf("what came through the browser's pipe is no message in CBOR, but begins with %q", start)
	}
	whole := make(item, envelopeSize+int(size))
	if _, err := io.ReadFull(t.in, whole); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	if !whole.valid() {
		return nil, errors.New("the browser sent a message that is broken CBOR")
	}
	return whole, nil
}

// frame is a message from the browser: an event, or the reply to a command.
type frame struct {
	id                     int
	method, session        string
	params, result, failed item
}

func readFrame(whole item) (f frame) {
	for name, value := range whole.members() {
		switch string(name.bytes()) {
		case "id":
			f.id = value.number()
		case "method":
			f.method = value.text()
		case "sessionId":
			f.session = value.text()
		case "params":
			f.params = value
		case "result":
			f.result = value
		case "error":
			f.failed = value
		}
	}
	return f
}

// message gives chromedp a message as it would have it from JSON.
func (f frame) message(msg *cdproto.Message) error {
	*msg = cdproto.Message{ID: int64(f.id), Method: cdproto.MethodType(f.method), SessionID: target.SessionID(f.session)}
	if f.params != nil {
		msg.Params = f.params.appendJSON(nil)
	}
	if f.result != nil {
		msg.Result = f.result.appendJSON(nil)
	}
	if f.failed == nil {
		return nil
	}
	msg.Error = new(cdproto.Error)
	return f.failed.into(msg.Error)
}

// Write sends a message. It is safe for concurrent use.
func (t *transport) Write(_ context.Context, msg *cdproto.Message) error {
	command, err := commandOf(msg)
	if err != nil {
		return fmt.Errorf("write the command %s: %w", msg.Method, err)
	}
	t.writing.Lock()
	defer t.writing.Unlock()
	_, err = t.w.Write(command)
	return err
}

func commandOf(msg *cdproto.Message) (item, error) {
	members := map[string]any{"id": json.Number(strconv.FormatInt(msg.ID, 10)), "method": string(msg.Method)}
	if msg.SessionID != "" {
		members["sessionId"] = string(msg.SessionID)
	}
	if len(msg.Params) > 0 {
		params, err := itemOf(msg.Params)
		if err != nil {
			return nil, err
		}
		members["params"] = params
	}
	return appendItem(nil, members)
}

// Close closes both pipes, upon which the browser exits.
func (t *transport) Close() error {
	t.once.Do(func() { t.err = errors.Join(t.w.Close(), t.r.Close()) })
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
