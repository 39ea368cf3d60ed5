package story

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/probe"
)

// browser tells the browser's own reason, and what it wrote to the console, verbatim but for what Plain escapes.
func (s *sheet) browser(o probe.Observation) {
	s.section("browser")
	if o.Blocked == nil && o.NetError == "" && len(o.Console) == 0 {
		s.line(1, "said nothing")
		return
	}
	if b := o.Blocked; b != nil {
		s.line(1, "code "+value(b.Code))
		if b.Parameter != "" {
			s.line(1, "parameter "+value(b.Parameter))
		}
		if b.Message != "" {
			s.prose(1, Plain(b.Message))
		}
	}
	if o.NetError != "" {
		s.line(1, "network error "+Plain(o.NetError))
	}
	s.console(o)
}

func (s *sheet) console(o probe.Observation) {
	for i, text := range o.Console {
		if i == listLimit {
			s.line(1, fmt.Sprintf("… and %d messages more", len(o.Console)-i))
			return
		}
		if o.Blocked == nil || text != o.Blocked.Message {
			s.prose(1, "console: "+Plain(text))
		}
	}
}
