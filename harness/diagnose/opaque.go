package diagnose

import (
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

const leaveOutNoCORS = "leave out mode: \"no-cors\", where script is to read the answer"

// askAboutUnchecked is for script that asked without CORS: would the API allow it to read?
func (s *scene) askAboutUnchecked() []probe.FollowUp {
	x := s.unchecked()
	if x == nil {
		return nil
	}
	return []probe.FollowUp{s.askGET(withOrigin, x.Request.URL, origin(s.request.Origin.String()))}
}

// unchecked is the only exchange of a request in mode no-cors, or nil.
func (s *scene) unchecked() *probe.Exchange {
	if s.request.Mode != fetch.NoCORS || len(s.o.Exchanges) != 1 || s.request.Origin.IsOpaque() || s.o.Outcome == probe.Readable {
		return nil
	}
	return s.final()
}

// inModeCORS says what is left to do once script asks with CORS: nothing, where the API allows the page already.
func (s *scene) inModeCORS(c claim) claim {
	x, f := s.unchecked(), s.reply(withOrigin)
	c.fix = append(c.fix, leaveOutNoCORS)
	switch {
	case x == nil || f == nil:
		c.fix = append(c.fix, "and "+s.corsFix())
	case s.letsRead(f):
		c.evidence = append(c.evidence, retold(f)+": the API allows this page already")
	default:
		c.evidence = append(c.evidence, retold(f))
		c.fix, c.cures = append(c.fix, "and "+s.corsFix()), s.reader(x)
	}
	return c
}

// letsRead reports whether an answer lets the page read, with its credentials if it sends some.
func (s *scene) letsRead(f *probe.FollowUp) bool {
	value, _ := f.Answer.Headers.Get(allowOrigin)
	return lets(f, s.request.Origin.String()) && (!s.credentialed() || value != "*" && allowsCredentials(f.Answer.Headers))
}

// corsFix says what the API has to send for the request to be readable in mode cors.
func (s *scene) corsFix() string {
	a := answer{x: probe.Exchange{Role: probe.Actual, Request: probe.SentRequest{Method: s.method(), URL: s.o.Request.URL}},
		hop: fetch.Hop{Origin: s.request.Origin, Request: s.request}}
	return grant(a)[0]
}
