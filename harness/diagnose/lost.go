package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Lost are the cookies that earlier steps of a session should have left for this one, and that the browser did not store: o went without them,
// and may have got what it got for want of them. before are the Observations of the earlier steps, in order.
func Lost(o probe.Observation, before []probe.Observation) []Finding {
	s := newScene(o)
	x := s.final()
	if o.Err != nil || x == nil || x.Response == nil || !s.credentialed() {
		return nil
	}
	at, err := fetch.OriginOf(x.Request.URL)
	if err != nil {
		return nil
	}
	var list []Finding
	for _, b := range before {
		earlier := newScene(b)
		from := earlier.final()
		if b.Err != nil || from == nil {
			continue
		}
		if set, err := fetch.OriginOf(from.Request.URL); err != nil || set.Host != at.Host { // a cookie is for a host, whatever the port
			continue
		}
		for _, c := range refusedCookies(earlier) {
			if among(x.Cookies.Sent, c.cookie) {
				continue
			}
			c.severity = Warning
			c.summary = fmt.Sprintf("%s was answered %d, and went without a cookie of step %d: %s", exchange(*x), x.Response.Status, b.Step, c.summary)
			list = append(list, earlier.finding(placed{rule: cookieRefusedRule, claim: c}))
		}
	}
	return list
}
