package diagnose

import "fmt"

var preflightKeptRule = Rule{
	ID: "preflight-kept", Title: "The browser asked for no leave: it still had one", Severity: Note,
	Explanation: "A preflight's answer may be kept, for as many seconds as Access-Control-Max-Age says (five, if it says nothing). Until then the browser sends such requests without asking again, also where the server has changed its mind in the meantime: " +
		"what it allows now, and what it allowed then, need not be the same. A new browser session, or waiting, makes it ask again.",
	Clause: "https://fetch.spec.whatwg.org/#cors-preflight-cache",
	find: func(s *scene) []claim {
		hop := s.kept()
		if hop < 0 {
			return nil
		}
		h := s.predicted.Hops[hop]
		c := claim{
			at:       9000,
			summary:  fmt.Sprintf("%s %s needs a preflight, and none was sent: the browser still had leave from an earlier one", h.Request.Method, path(h.URL)),
			evidence: []string{fmt.Sprintf("what needs leave: %s", list(whys(h.Preflight.Reasons)))},
			fix:      []string{"where the server's set-up has just changed, ask again in a new session, or when Access-Control-Max-Age is over"},
		}
		if f := s.reply(samePreflight); f != nil && !leaves(f, h.Origin.String()) {
			c.summary = fmt.Sprintf("%s %s needs a preflight, and none was sent: the browser still had leave from an earlier one, which the server would not give any more", h.Request.Method, path(h.URL))
			c.evidence = append(c.evidence, retold(f))
		}
		return []claim{c}
	},
}
