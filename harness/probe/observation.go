package probe

import (
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Outcome is what happened to script, decided by evidence.
type Outcome string

// The outcomes.
const (
	Readable Outcome = "readable" // script read the body and at least the safelisted headers
	Opaque   Outcome = "opaque"   // a filtered response: no-cors, or redirect: manual
	Blocked  Outcome = "blocked"  // the browser refused on policy: CORS, local network access, mixed content, CSP, CORP
	Failed   Outcome = "failed"   // the network, or script's own call: refused, reset, DNS, TLS, a forbidden method
	Timeout  Outcome = "timeout"  // no answer in time
)

// Observation is everything that is known about one step of a Probe.
type Observation struct {
	ProbeID string
	Step    int // counts from 1
	From    string
	Request Request
	// Err is why there is no verdict (the browser could not be started, the context ended), or nil.
	// Where it is set, nothing below is.
	Err     error
	Outcome Outcome
	// Why says in a sentence which evidence decided Outcome.
	Why  string
	Page Page
	// Exchanges is what crossed the network, in the order in which the browser
	// sent it: preflights stand before the request they serve.
	Exchanges []Exchange
	// Blocked is the browser's own reason, or nil.
	Blocked *Block
	// NetError is Chromium's net error ("net::ERR_CONNECTION_REFUSED"), or "".
	NetError string
	// Console holds the browser's messages about this request, verbatim.
	Console []string
	// Receipts is what the API received, in order. It is nil where nobody of ours could see
	// (ReceiptsKnown is false), and empty where we looked and nothing arrived.
	Receipts      []Receipt
	ReceiptsKnown bool
	// Replay is the same request without a browser, or nil where it was not sent.
	Replay *Replay
	// FollowUps are what diagnosis asked after it, and the answers; nil where it asked nothing.
	FollowUps []FollowUp
	// Disagreement says where the Fetch Standard, applied to what was on the wire, predicts otherwise
	// than what script saw or the browser sent, and no deviation of this browser is known there. "" where they agree or the wire does not tell.
	Disagreement string
	// Deviations are the ids of the browser's known deviations from the Standard that show here.
	Deviations []string
	// Missing lists evidence that the browser announced and did not deliver in time. It is empty in a complete Observation.
	Missing []string
	// Retried says why this probe ran again from the start, or "".
	Retried string
	Browser Browser
	Started time.Time
	// Duration from script's call to the promise's settling or the last event.
	Duration time.Duration
}

// Page is the first witness: what script saw.
type Page struct {
	// Settled is false when script got no answer before the timeout.
	Settled    bool
	Type       fetch.ResponseType // XMLHttpRequest has none: ""
	Status     int
	StatusText string
	URL        string // response.url or responseURL
	Redirected bool   // fetch only
	// Headers are exactly those that script could iterate: names in lower case, sorted, values combined.
	Headers fetch.HeaderList
	Body    ReadBody
	// Error is what script caught, or nil.
	Error *ScriptError
	// Rejected is true when the call itself threw (a forbidden method, a GET with a body): the browser fetched nothing.
	Rejected bool
	// BodyError is what reading the body threw after the response was there, or nil.
	BodyError *ScriptError
	// Events are the names of XMLHttpRequest's events in order ("readystatechange 4", "upload.progress", "load"); repeats in a row are one.
	Events []string
}

// ReadBody is a body as script read it.
type ReadBody struct {
	Text   string // the first bytes as text, when they are valid UTF-8
	Size   int64  // in bytes, whole
	SHA256 string // hexadecimal; set when Text is not the whole body and script could have the bytes (synchronous XMLHttpRequest gives none behind a byte order mark)
	Whole  bool   // Text is the whole body
	Cut    bool   // the body was larger than the engine's limit: reading stopped, Size is what was read, and there is no SHA256
}

// ScriptError is an exception or a rejection as script sees it.
type ScriptError struct{ Name, Message string }

// Block is the browser's own reason for a block.
type Block struct {
	// Code is an open set: Chromium's CorsError ("MissingAllowOriginHeader"), or its blocked reason ("mixed-content", "csp", …).
	Code      string
	Parameter string // the header value, header name or method that it is about
	Message   string // the console's text, verbatim
}

// Browser identifies the browser that was asked.
type Browser struct {
	Engine            string // "chromium": by which name known deviations go
	Name, Version     string
	Flavour           string // "chrome", "chromium", "edge", "headless-shell"
	ThirdPartyCookies string // "allow" or "block"; "" where the browser decides (a control run)
	Sandbox           bool
	Flags             []string // those that change what a page may do
}
