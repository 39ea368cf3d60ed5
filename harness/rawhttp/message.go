package rawhttp

import (
	"context"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Reserved is the prefix of the paths that belong to corsproof's own pages.
const Reserved = "/.well-known/corsproof/"

// Request is a request as it arrived.
type Request struct {
	// Method and Target stand as they were sent; Target is usually a path with
	// its query, but may be absolute, "*" or an authority (RFC 9112, section 3.2).
	Method, Target string
	Proto          string // "HTTP/1.0", "HTTP/1.1", "HTTP/2.0"
	Scheme         string // "http", "https"
	Host           string // the Host header or :authority, with its port if it has one
	// Headers are the header lines in order, names in the case in which they were
	// sent; under HTTP/2 without the pseudo headers.
	Headers fetch.HeaderList
	// Body is the content (chunked framing removed): its first MiB.
	Body []byte
	// BodySize is the size of the whole content in bytes.
	BodySize   int64
	RemoteAddr string
}

// Path returns the target's path as it was sent, percent-encoding included,
// without the query. For "*" and for an authority it returns the target.
func (r *Request) Path() string {
	path, _, _ := strings.Cut(originForm(r.Target), "?")
	return path
}

// Query returns what follows the target's first "?", as it was sent.
func (r *Request) Query() string {
	_, query, _ := strings.Cut(originForm(r.Target), "?")
	return query
}

// originForm strips scheme and authority from an absolute target.
func originForm(target string) string {
	if !isAbsolute(target) {
		return target
	}
	_, rest, _ := strings.Cut(target, "://")
	if i := strings.IndexAny(rest, "/?"); i < 0 {
		return "/"
	} else if rest[i] == '?' {
		return "/" + rest[i:]
	} else {
		return rest[i:]
	}
}

// isAbsolute tells "http://host/path" from a path that merely contains "://".
func isAbsolute(target string) bool {
	scheme, _, found := strings.Cut(target, "://")
	return found && scheme != "" && !strings.ContainsAny(scheme, "/?*:")
}

// Response is an answer. Its headers are written verbatim, and nothing is added
// to them but Date and Content-Length, each only where they do not give one
// themselves: no Date for a status of 1xx, no Content-Length for 1xx, 204 and
// 304, nor beside a Transfer-Encoding.
type Response struct {
	// Status is 100 to 999; 0 means 200. A 1xx is written as the final answer,
	// and ends the connection, since nothing follows it.
	Status int
	// Reason is HTTP/1.1's reason phrase. Empty means the standard phrase, where there is one.
	Reason string
	// Headers are written in order, one line each. Values may hold any bytes;
	// CR and LF would end the line. HTTP/2 demands names in lower case and gets them so.
	Headers fetch.HeaderList
	// Body is not sent where HTTP has none: 1xx, 204, 304, and answers to HEAD.
	// With a Transfer-Encoding of the caller's it must already be encoded.
	Body []byte
	// Delay is how long the answer, or the fault, is held back.
	Delay time.Duration
	Fault Fault
}

// Fault is what befalls the connection instead of a proper answer.
type Fault string

// The faults. Under HTTP/2, Reset and Truncate end the stream with RST_STREAM,
// and Garbage ends the connection with all its streams.
const (
	// Reset ends the connection with a TCP RST before any byte of an answer.
	Reset Fault = "reset"
	// Truncate sends the whole head with the full Content-Length (1 for an empty
	// body), half of the body, and closes. It needs an answer that has a body.
	Truncate Fault = "truncate"
	// Hang never answers: it ends when the peer or the server closes.
	Hang Fault = "hang"
	// Garbage sends bytes that are no HTTP, and closes.
	Garbage Fault = "garbage"
)

// Known reports whether f is a fault that a Server can play, or none.
func (f Fault) Known() bool {
	switch f {
	case "", Reset, Truncate, Hang, Garbage:
		return true
	}
	return false
}

// Handler answers requests, many at a time. ctx ends when the server closes,
// and a Handler that waits must then return. A nil Response and a panic are
// answered with 500 and an explanation, without CORS headers.
type Handler func(ctx context.Context, r *Request) *Response

// HasBody reports whether an answer of that status has a body (RFC 9110, section 6.4.1).
func HasBody(status int) bool {
	return status >= 200 && status != 204 && status != 304
}
