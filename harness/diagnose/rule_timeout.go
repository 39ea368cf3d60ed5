package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/probe"
)

var timeoutRule = Rule{
	ID: "timeout", Title: "There was no answer in time: not CORS", Severity: Error,
	Explanation: "The browser waited for the server, and script gave up first. No CORS check failed, since there was no answer to check.",
	Clause:      "https://fetch.spec.whatwg.org/#concept-aborted-network-error",
	find: func(s *scene) []claim {
		if s.o.Outcome != probe.Timeout || s.silentPreflight() != nil {
			return nil
		}
		c := claim{at: -1, summary: fmt.Sprintf("not CORS: %s %s was not answered in time", s.method(), path(s.o.Request.URL)), evidence: s.arrivals(false),
			fix: []string{"see in the server's log what it waits for", "or give the request a longer timeout"}}
		if x := s.final(); x != nil && x.Response != nil {
			c.summary = fmt.Sprintf("not CORS: %s was answered %d, and the body did not end in time", exchange(*x), x.Response.Status)
			c.fix = []string{"see in the server's log what it waits for while it sends the body (a stream that never ends?)", "or give the request a longer timeout"}
		}
		if challenge := s.challenge(); challenge != "" {
			c.summary = fmt.Sprintf("not CORS: %s %s is answered 401 with a challenge (%s), for which the browser asks the user: it waits for a login dialog that nobody answers", s.method(), path(s.o.Request.URL), challenge)
			c.fix = []string{"have script send the credentials in the Authorization header, or have the server answer 401 without Basic or Digest in WWW-Authenticate to requests of script"}
		}
		if x := s.final(); x != nil {
			c.evidence = append([]string{cite(*x)}, c.evidence...)
		}
		return []claim{c}
	},
}
