package expect

import (
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Expectation is what is expected of one step: the expect block of a suite.
// Its zero value expects nothing, and so does the zero value of each member.
type Expectation struct {
	Outcome probe.Outcome
	// Type is the response's type. XMLHttpRequest has none, so that its check is undecided.
	Type fetch.ResponseType
	// Status and StatusText are the response's as script reads them, so 0 and "" for an opaque response.
	Status     *int
	StatusText *string
	// URL is response.url or responseURL.
	URL *string
	// Redirected is response.redirected, which only fetch has.
	Redirected *bool
	// Body is what script read of the body.
	Body Text
	// Headers are those that script can read, with combined values.
	Headers []Header
	// Hidden are names of headers that were on the wire in the final response and that script cannot read.
	Hidden []string
	// Preflight is about the last CORS-preflight request, which is the one that decided.
	Preflight *Preflight
	// Actual is about the last request of the chain of redirects, or the only one.
	Actual *Actual
	// Redirects is how many redirects the browser followed, on the wire.
	Redirects *int
	// BlockedBy is the browser's own code for a block.
	BlockedBy string
	// NetError is the browser's network error ("net::ERR_CONNECTION_REFUSED").
	NetError string
	// Error is the name of the exception that script caught, from the call or from reading the body.
	Error string
	// Events are names of XMLHttpRequest's events that fired in this order; others may stand between them.
	Events []string
	// Received is what the API itself received.
	Received *Received
	// Replay is about the same request sent without a browser.
	Replay *Replay
	// Predicted expects that the Fetch Standard, applied to the wire, predicts what script saw.
	Predicted bool
	// Complete expects that no evidence is missing.
	Complete bool
}

// Header expects a header by its name, which is compared without case.
type Header struct {
	Name string
	// Value is nil for any value. Several lines of a name are one value, joined by ", ".
	Value Text
}

// Preflight expects something of the last CORS-preflight request of a step.
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
type Preflight struct {
	// Sent is whether one left the browser. False also expects that none was tried: a suite's "preflight: none".
	Sent *bool
	// Status is its answer's.
	Status          *int
	RequestHeaders  []Header
	ResponseHeaders []Header
	// Count is how many preflights left the browser.
	Count *int
}

// Actual expects something of the request itself, after all redirects.
type Actual struct {
	// Sent is whether it left the browser: a request that a preflight or the cache stopped did not.
	Sent           *bool
	RequestHeaders []Header
	// Absent are names of headers that it was sent without.
	Absent []string
	// CookiesSent are names of cookies that it carried.
	CookiesSent []string
	// CookiesWithheld were in the jar and matched, and the browser did not send them.
	CookiesWithheld []Cookie
	// CookiesRefused came in its answer's Set-Cookie lines, and the browser did not store them.
	CookiesRefused []Cookie
}

// Cookie expects that the browser did not use a cookie.
type Cookie struct {
	Name string
	// Reasons must all be among the browser's own. Empty means any.
	Reasons []string
}

// Received expects something of what the API received, silent repetitions included.
type Received struct {
	// Preflights and Requests count CORS-preflight requests and all others.
	Preflights, Requests *int
	// Headers are those of the last request that is no preflight.
	Headers []Header
}

// Replay expects something of the answer that came without a browser.
type Replay struct {
	Status *int
}
