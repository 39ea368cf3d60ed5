package expect

import (
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

func (a *Actual) checks(o probe.Observation) []Check {
	if a == nil {
		return nil
	}
	var list []Check
	request := theActual(o).sent()
	if a.Sent != nil {
		list = append(list, actualSent(*a.Sent, request))
	}
	list = append(list, request.headers("actual request header ", a.RequestHeaders, inRequest)...)
	for _, header := range a.Absent {
		list = append(list, absent(header, request))
	}
	return append(list, a.cookies(o)...)
}

func actualSent(want bool, s subject) Check {
	const name = "actual"
	text := "not sent"
	if want {
		text = "sent"
	}
	switch {
	case s.unknown != "":
		return undecided(name, text, s.unknown)
	case s.absent != "":
		return decided(name, text, s.absent, !want)
	}
	return decided(name, text, "sent", want)
}

// absent fails where nothing was sent: then it says nothing about what a request would have carried.
func absent(header string, s subject) Check {
	name, want := "actual absent "+strings.ToLower(header), "sent without it"
	return s.check(name, want, func(x probe.Exchange) Check {
		value, ok := x.Request.Headers.Get(header)
		if ok {
			return decided(name, want, "sent as "+quote(value), false)
		}
		return decided(name, want, "sent without it", true)
	})
}
