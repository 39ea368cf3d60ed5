package story

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/probe"
)

// server tells the third witness: what the API received.
func (s *sheet) server(o probe.Observation) {
	s.section("server")
	if !o.ReceiptsKnown {
		s.line(1, "not known: nobody of ours could see what the API received")
		return
	}
	preflights := 0
	for _, r := range o.Receipts {
		if r.IsPreflight() {
			preflights++
		}
	}
	s.line(1, "received "+count(preflights, "preflight")+", "+count(len(o.Receipts)-preflights, "request"))
	for i, r := range o.Receipts {
		if i == listLimit {
			s.line(1, fmt.Sprintf("… and %d more", len(o.Receipts)-i))
			return
		}
		s.receipt(r)
	}
}

func (s *sheet) receipt(r probe.Receipt) {
	text := Plain(r.Method) + " " + Plain(r.URL)
	if r.Proto != "" {
		text += ", " + Plain(r.Proto)
	}
	if r.BodySize > 0 {
		text += fmt.Sprintf(", a body of %s", count(int(r.BodySize), "byte"))
	}
	s.line(1, text)
}

// replay tells the fourth witness: the same request as curl would send it.
func (s *sheet) replay(r *probe.Replay) {
	s.section("without a browser")
	switch {
	case r == nil:
		s.line(1, "not sent")
		return
	case r.Error != "":
		s.prose(1, "no answer: "+Plain(r.Error))
		return
	}
	text := fmt.Sprintf("→ %d", r.Status)
	if r.Proto != "" {
		text += ", " + Plain(r.Proto)
	}
	s.line(1, text)
	s.relevant(2, r.Headers, mattersInResponse, "also received:")
}
