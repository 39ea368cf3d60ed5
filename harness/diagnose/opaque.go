package diagnose

import (
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// corsFix says what the API has to send for the request to be readable in mode cors.
func (s *scene) corsFix() string {
	a := answer{x: probe.Exchange{Role: probe.Actual, Request: probe.SentRequest{Method: s.method(), URL: s.o.Request.URL}},
		hop: fetch.Hop{Origin: s.request.Origin, Request: s.request}}
	return grant(a)[0]
}
