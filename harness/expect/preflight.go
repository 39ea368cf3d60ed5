package expect

import (
	"fmt"
	"strconv"

	"github.com/corsproof/corsproof/harness/probe"
)

func (p *Preflight) checks(o probe.Observation) []Check {
	if p == nil {
		return nil
	}
	var list []Check
	lastOne := last(o, probe.Preflight).sent()
	if p.Sent != nil {
		list = append(list, preflightSent(*p.Sent, o))
	}
	if p.Status != nil {
		list = append(list, preflightStatus(*p.Status, lastOne.status(), countPreflights(o)))
	}
	list = append(list, lastOne.headers("preflight request header ", p.RequestHeaders, inRequest)...)
	list = append(list, lastOne.answer().headers("preflight response header ", p.ResponseHeaders, inResponse)...)
	if p.Count != nil {
		list = append(list, preflightCount(*p.Count, o))
	}
	return list
}

// preflightSent tells three things apart: one was sent, one was tried and never left the browser, none was needed.
func preflightSent(want bool, o probe.Observation) Check {
	const name = "preflight"
	text := "none"
	if want {
		text = "sent"
	}
	tried := last(o, probe.Preflight)
	s := tried.sent()
	switch {
	case s.unknown != "":
		return undecided(name, text, s.unknown)
	case tried.absent != "":
		return decided(name, text, "none", !want)
	case s.absent != "":
		return decided(name, text, "tried: "+s.absent, false)
	}
	return decided(name, text, "sent", want)
}

func preflightStatus(want int, s subject, n int) Check {
	const name = "preflight.status"
	return s.check(name, strconv.Itoa(want), func(x probe.Exchange) Check {
		got := strconv.Itoa(x.Response.Status)
		if n > 1 {
			got += fmt.Sprintf(" (the last of %d preflights)", n)
		}
		return decided(name, strconv.Itoa(want), got, x.Response.Status == want)
	})
}

func preflightCount(want int, o probe.Observation) Check {
	const name = "preflight.count"
	if why := unknownWire(o); why != "" {
		return undecided(name, strconv.Itoa(want), why)
	}
	for _, x := range o.Exchanges {
		if s := (subject{exchange: x}).sent(); x.Role == probe.Preflight && s.unknown != "" {
			return undecided(name, strconv.Itoa(want), s.unknown)
		}
	}
	return same(name, strconv.Itoa(want), strconv.Itoa(countPreflights(o)))
}

// countPreflights counts those that left the browser.
func countPreflights(o probe.Observation) int {
	n := 0
	for _, x := range o.Exchanges {
		if x.Role == probe.Preflight && x.Request.Raw {
			n++
		}
	}
	return n
}
