package story

import (
	"github.com/corsproof/corsproof/harness/probe"
)

// Teller tells Observations. Its zero value tells everything as it was.
type Teller struct {
	// Redact gives what is told in place of a header's value. It is asked for
	// every header line that is told, of requests and of responses. Nil redacts nothing.
	// Bodies, URLs and the browser's messages are not headers: they are told as they are.
	Redact func(name, value string) string
}

// Tell tells an Observation without redaction.
func Tell(o probe.Observation) string { return Teller{}.Tell(o) }

// Tell is the whole story, in sections that begin with "script:", "wire:",
// "browser:", "server:" and "without a browser:", and after them "missing:",
// "retried:" and "disagreement:" where there is something to say. Where there
// is no verdict it says why, and nothing else. The last line ends with a line break.
func (t Teller) Tell(o probe.Observation) string {
	s := &sheet{redact: t.Redact}
	if o.Err != nil {
		s.section("no verdict")
		s.prose(1, request(o))
		s.prose(1, Plain(o.Err.Error()))
		return s.text.String()
	}
	s.script(o)
	s.wire(o)
	s.browser(o)
	s.server(o)
	s.replay(o.Replay)
	s.remarks(o)
	return s.text.String()
}

func (s *sheet) remarks(o probe.Observation) {
	if len(o.Missing) > 0 {
		s.section("missing")
		for _, m := range o.Missing {
			s.prose(1, Plain(m))
		}
	}
	for _, r := range []struct{ title, text string }{{"retried", o.Retried}, {"disagreement", o.Disagreement}} {
		if r.text != "" {
			s.section(r.title)
			s.prose(1, Plain(r.text))
		}
	}
}
