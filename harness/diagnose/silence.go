package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

var silenceRules = []Rule{
	{
		ID: "preflight-unanswered", Title: "The preflight got no answer", Severity: Error,
		Explanation: "Before a request that an HTML form could not send, a browser asks the server for leave: it sends OPTIONS, the preflight. Here nothing answered that, so the request itself was never sent. " +
			"Firewalls and servers that do not expect OPTIONS drop it or leave it hanging, while GET and POST work.",
		Clause: fetch.PreflightStatus.Clause(),
		find: func(s *scene) []claim {
			x := s.silentPreflight()
			if x == nil || s.o.Outcome != probe.Timeout && !s.preflightDropped() {
				return nil
			}
			what := "was not answered before the timeout"
			if s.o.Outcome != probe.Timeout {
				what = "was dropped without an answer (" + s.o.NetError + ")"
			}
			return []claim{{
				at:       -1,
				summary:  fmt.Sprintf("%s %s, so that %s was never sent", exchange(*x), what, s.method()),
				evidence: append([]string{cite(*x)}, s.arrivals(true)...),
				fix: append(grant(answer{x: *x, hop: s.hopTo(x.Request.URL)}),
					"see whether a firewall or a proxy in front of the server lets OPTIONS through"),
			}}
		},
	},
	{
		ID: "timeout", Title: "There was no answer in time: not CORS", Severity: Error,
		Explanation: "The browser waited for the server, and script gave up first. No CORS check failed, since there was no answer to check.",
		Clause:      "https://fetch.spec.whatwg.org/#concept-aborted-network-error",
		find: func(s *scene) []claim {
			if s.o.Outcome != probe.Timeout || s.silentPreflight() != nil {
				return nil
			}
			c := claim{at: -1, summary: fmt.Sprintf("not CORS: %s %s was not answered in time", s.method(), path(s.o.Request.URL)), evidence: s.arrivals(false),
				fix: []string{"see in the server's log what it waits for", "or give the request a longer timeout"}}
			if challenge := s.challenge(); challenge != "" {
				c.summary = fmt.Sprintf("not CORS: %s %s is answered 401 with a challenge (%s), for which the browser asks the user: it waits for a login dialog that nobody answers", s.method(), path(s.o.Request.URL), challenge)
				c.fix = []string{"have script send the credentials in the Authorization header, or have the server answer 401 without Basic or Digest in WWW-Authenticate to requests of script"}
			}
			if x := s.final(); x != nil {
				c.evidence = append([]string{cite(*x)}, c.evidence...)
			}
			return []claim{c}
		},
	},
}

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

// dropped are the net errors of a connection that worked until something was sent.
var dropped = []string{"ERR_CONNECTION_RESET", "ERR_CONNECTION_CLOSED", "ERR_EMPTY_RESPONSE", "ERR_HTTP2_PROTOCOL_ERROR"}

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
