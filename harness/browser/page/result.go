package page

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Phase is how far script got.
type Phase string

// The phases. Waiting is a request that was dropped before its turn came. An error in Construct was thrown before anything was fetched: by
// the Request constructor, or by XMLHttpRequest.open or setRequestHeader.
const (
	Waiting   Phase = "start"
	Construct Phase = "construct"
	Fetching  Phase = "fetch"
	Reading   Phase = "body"
	Done      Phase = "done"
)

// Result is what page.js reports of one request.
type Result struct {
	ID        string    `json:"id"`
	Phase     Phase     `json:"phase"`
	Response  *response `json:"response"`
	Error     *thrown   `json:"error"`
	BodyError *thrown   `json:"bodyError"`
	TimedOut  bool      `json:"timedOut"`
	Aborted   bool      `json:"aborted"` // by corsproof.abort: Go asked for it
	Events    []string  `json:"events"`
	MS        float64   `json:"ms"`
}

type thrown struct{ Name, Message string }

type response struct {
	Type       fetch.ResponseType
	Status     int
	StatusText string
	URL        string
	Redirected bool
	Headers    [][2]string
	Body       *readBody
}

type readBody struct {
	Text   string
	Size   int64
	SHA256 string
	Whole  bool
	Cut    bool
}

// ParseResults reads what the page reported: one result or more. With an error
// come those that could be told all the same, for their IDs.
func ParseResults(text string) ([]Result, error) {
	var list []Result
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return list, fmt.Errorf("the prober page reported something that is no list of results: %w", err)
	}
	return list, nil
}

// Duration is the time from script's call to its answer.
func (r Result) Duration() time.Duration {
	return time.Duration(r.MS * float64(time.Millisecond))
}

// Page is the result as the first witness tells it.
func (r Result) Page() probe.Page {
	p := probe.Page{
		Settled: !r.TimedOut && !r.Aborted, Events: r.Events,
		Error: r.Error.scriptError(), Rejected: r.Error != nil && r.Phase == Construct, BodyError: r.BodyError.scriptError(),
	}
	if r.Response == nil {
		return p
	}
	p.Type, p.Status, p.StatusText = r.Response.Type, r.Response.Status, r.Response.StatusText
	p.URL, p.Redirected = r.Response.URL, r.Response.Redirected
	for _, h := range r.Response.Headers {
		p.Headers = append(p.Headers, fetch.Header{Name: h[0], Value: h[1]})
	}
	if b := r.Response.Body; b != nil {
		p.Body = probe.ReadBody{Text: b.Text, Size: b.Size, SHA256: b.SHA256, Whole: b.Whole, Cut: b.Cut}
	}
	return p
}

func (t *thrown) scriptError() *probe.ScriptError {
	if t == nil {
		return nil
	}
	return &probe.ScriptError{Name: t.Name, Message: t.Message}
}
