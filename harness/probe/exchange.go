package probe

import (
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Role says why an exchange took place.
type Role string

// The roles. A redirected request is one Actual (the hop that was answered with 3xx is a
// RedirectHop, the last one is the Actual).
const (
	Preflight   Role = "preflight"
	Actual      Role = "actual"
	RedirectHop Role = "redirect"
)

// Exchange is the second witness: one request that the browser sent (or
// decided to send) and the answer it got.
type Exchange struct {
	// ID is unique within an Observation; For is the ID of the request that a preflight serves.
	ID, For  string
	Role     Role
	Request  SentRequest
	Response *ReceivedResponse // nil: no answer
	// FromCache is "disk", "memory", "prefetch", "service-worker", or "" for the network.
	FromCache string
	Cookies   Cookies
	// Error is the net error with which this exchange ended, or "".
	Error string
}

// SentRequest is a request as it left the browser.
type SentRequest struct {
	Method, URL string
	Headers     fetch.HeaderList
	// Raw is true when Headers are what was on the wire, false when they are only what the browser meant to send (nothing left it, or the evidence is missing).
	Raw bool
}

// ReceivedResponse is an answer as it reached the browser, before any filtering.
type ReceivedResponse struct {
	Status     int
	StatusText string
	Protocol   string // "http/1.1", "h2"
	Headers    fetch.HeaderList
	Raw        bool // as in SentRequest
	RemoteAddr string
}

// Cookies is what the browser did with cookies on one exchange.
type Cookies struct {
	Sent     []CookieUse // in the Cookie header
	Withheld []CookieUse // in the jar, matching, not sent
	Refused  []CookieUse // in Set-Cookie lines, not stored
}

// CookieUse is one cookie and the browser's reasons for not using it (empty for a cookie that was sent).
type CookieUse struct {
	Name    string
	Reasons []string
}

// Receipt is the third witness: a request as the API (or a recording hop of
// ours before it) received it.
type Receipt struct {
	Method, URL string // URL is absolute, in the origin under which the browser reaches the API
	Proto       string // "HTTP/1.1", "HTTP/2.0"
	Headers     fetch.HeaderList
	Body        []byte // its first 64 KiB
	BodySize    int64
	At          time.Time
	// Seq orders the receipts of a process.
	Seq uint64
}

// IsPreflight reports whether a receipt is a CORS-preflight request.
// https://fetch.spec.whatwg.org/#cors-preflight-request
func (r Receipt) IsPreflight() bool {
	return r.Method == "OPTIONS" && r.Headers.Has("Origin") && r.Headers.Has("Access-Control-Request-Method")
}

// Replay is the fourth witness: the same request sent without a browser, as curl would.
type Replay struct {
	Status  int
	Proto   string
	Headers fetch.HeaderList
	Body    []byte // its first 64 KiB
	Error   string // when there was no answer
	// Command is the curl command that does the same.
	Command string
}

// FollowUp is a request that diagnosis wants to be sent after a probe, without a
// browser, to tell causes apart that look alike; and its answer. It changes nothing at the API: its method is GET, HEAD or OPTIONS.
type FollowUp struct {
	ID      string  // what it is to tell; unique in an Observation
	Request Request // with all headers that are sent, Origin and Access-Control-Request-* among them; redirects are not followed
	// Inner sends it to the API itself, past what stands before it. It has no answer where nothing of ours does.
	Inner bool
	// AsBrowser sends it with the User-Agent that Request has, and not as corsproof.
	AsBrowser bool
	Answer    Replay
	// Arrived is the request as it reached the API itself, behind what stands before it: nil where it did not, or where nobody
	// of ours looks (Watched is false).
	Arrived *Receipt
	Watched bool
}
