package diagnose

import (
	"slices"

	"github.com/corsproof/corsproof/harness/probe"
)

// turnedDown reports that the request was answered with an error, or a redirect, that says it was not executed.
func (s *scene) turnedDown() bool {
	x := s.final()
	return x != nil && x.Response != nil && (movesOn(x.Response.Status) || 400 <= x.Response.Status && x.Response.Status < 500 || x.Response.Status == 501 || x.Response.Status == 503)
}

// movesOn reports a redirect that sends the request itself somewhere else; 302 and 303 may follow what was executed.
func movesOn(status int) bool { return status == 301 || status == 307 || status == 308 }

// movedOn reports a request that was received and only sent somewhere else.
func (s *scene) movedOn(r probe.Receipt) bool {
	return slices.ContainsFunc(s.o.Exchanges, func(x probe.Exchange) bool {
		return x.Request.Method == r.Method && x.Request.URL == r.URL && x.Response != nil && movesOn(x.Response.Status)
	})
}

// reads reports a method that asks for a resource itself.
func reads(method string) bool { return method == "GET" || method == "HEAD" }

// safe reports whether a method asks for nothing to change. https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods
func safe(method string) bool {
	return reads(method) || method == "OPTIONS" || method == "TRACE"
}
