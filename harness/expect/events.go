package expect

import (
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// events checks that XMLHttpRequest's events fired in an order. Others may stand between, since
// how often progress fires is up to the network.
func (e Expectation) events(o probe.Observation) []Check {
	if len(e.Events) == 0 {
		return nil
	}
	const name = "events"
	want := joined(e.Events)
	if o.Request.Client != probe.XHR {
		return []Check{undecided(name, want, "fetch() fires no events, only XMLHttpRequest does")}
	}
	rest := e.Events
	for _, fired := range o.Page.Events {
		if len(rest) > 0 && rest[0] == fired {
			rest = rest[1:]
		}
	}
	return []Check{decided(name, want, joined(o.Page.Events), len(rest) == 0)}
}

func joined(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
