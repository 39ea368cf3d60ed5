package diagnose

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// challenge is how the server asks for a login, as the request without a browser shows, where the page's is one for which the browser asks the user.
func (s *scene) challenge() string {
	r := s.o.Replay
	if r == nil || r.Status != 401 || !s.credentialed() {
		return ""
	}
	for _, value := range r.Headers.Values("WWW-Authenticate") {
		scheme, _, _ := strings.Cut(value, " ")
		if slices.Contains([]string{"basic", "digest", "ntlm", "negotiate"}, strings.ToLower(scheme)) {
			return "WWW-Authenticate: " + quote(value)
		}
	}
	return ""
}

// silentPreflight is the last exchange, if it is a preflight that left the browser and got no answer; or nil.
func (s *scene) silentPreflight() *probe.Exchange {
	var last *probe.Exchange
	for i := range s.o.Exchanges {
		if x := &s.o.Exchanges[i]; x.Role == probe.Preflight || x.Request.Raw || x.Response != nil {
			last = x // a request that waits for its preflight is announced, and not sent
		}
	}
	if last == nil || last.Role != probe.Preflight || last.Response != nil || !last.Request.Raw {
		return nil
	}
	return last
}

// dropped are the net errors of a connection that worked until something was sent: what came back, if anything, was no whole answer.
var dropped = []string{"ERR_CONNECTION_RESET", "ERR_CONNECTION_CLOSED", "ERR_EMPTY_RESPONSE", "ERR_HTTP2_PROTOCOL_ERROR", "ERR_RESPONSE_HEADERS_TRUNCATED", "ERR_INVALID_HTTP_RESPONSE"}

// preflightDropped reports a preflight whose connection was dropped, where the
// same server answers the request without a browser.
func (s *scene) preflightDropped() bool {
	name := strings.TrimPrefix(s.o.NetError, "net::")
	return s.o.Outcome == probe.Failed && s.silentPreflight() != nil && slices.Contains(dropped, name) && s.o.Replay != nil && s.o.Replay.Error == ""
}

// arrivals says whether the API received anything, preflights alone or all requests.
func (s *scene) arrivals(preflights bool) []string {
	if !s.o.ReceiptsKnown {
		return nil
	}
	n := 0
	for _, r := range s.o.Receipts {
		if r.IsPreflight() == preflights {
			n++
		}
	}
	if n == 0 {
		return []string{"the API did not receive it"}
	}
	return []string{"the API received it"}
}
