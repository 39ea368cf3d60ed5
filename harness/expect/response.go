package expect

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// response checks what script reads of a response, its headers and body aside.
func (e Expectation) response(o probe.Observation) []Check {
	var list []Check
	p := o.Page
	if e.Type != "" {
		list = append(list, fetchOnly(o, same("type", string(e.Type), string(p.Type))))
	}
	if e.Status != nil {
		list = append(list, read(o, same("status", strconv.Itoa(*e.Status), strconv.Itoa(p.Status))))
	}
	if e.StatusText != nil {
		list = append(list, read(o, compare("statusText", Exactly(*e.StatusText), p.StatusText)))
	}
	if e.URL != nil {
		list = append(list, read(o, compare("url", Exactly(*e.URL), p.URL)))
	}
	if e.Redirected != nil {
		list = append(list, fetchOnly(o, same("redirected", strconv.FormatBool(*e.Redirected), strconv.FormatBool(p.Redirected))))
	}
	return list
}

// read is a check of what script read, which fails where there was nothing to read.
func read(o probe.Observation, c Check) Check {
	if !c.Undecided && !hasResponse(o.Page) {
		return decided(c.Name, c.Want, "script got no response: "+outcomeOf(o), false)
	}
	return c
}

// fetchOnly is about what a Response has and an XMLHttpRequest has not.
func fetchOnly(o probe.Observation, c Check) Check {
	if o.Request.Client == probe.XHR {
		return undecided(c.Name, c.Want, "XMLHttpRequest does not tell script, only fetch does")
	}
	return read(o, c)
}

// hasResponse reports whether script got a response, even if it could not read it to the end.
// An opaque one has status 0, one of XMLHttpRequest has no type.
func hasResponse(p probe.Page) bool { return p.Type != "" || p.Status != 0 }

// exposure checks which headers script can read, and which it cannot.
func (e Expectation) exposure(o probe.Observation) []Check {
	var list []Check
	for _, h := range e.Headers {
		name := "header " + strings.ToLower(h.Name)
		list = append(list, read(o, h.in(o.Page.Headers, name)))
	}
	for _, name := range e.Hidden {
		list = append(list, hidden(name, o))
	}
	return list
}

// hidden needs both witnesses: the header on the wire, and script without it.
func hidden(header string, o probe.Observation) Check {
	name, want := "hidden "+strings.ToLower(header), "on the wire, and not readable by script"
	return theActual(o).answer().check(name, want, func(x probe.Exchange) Check {
		value, onWire := x.Response.Headers.Get(header)
		read, readable := o.Page.Headers.Get(header)
		switch {
		case !onWire && readable:
			return decided(name, want, "not on the wire, yet script read "+quote(read), false)
		case !onWire:
			return decided(name, want, "not on the wire", false)
		case readable:
			return decided(name, want, "on the wire, but script read "+quote(read), false)
		}
		return decided(name, want, fmt.Sprintf("on the wire as %s, and not readable", quote(value)), true)
	})
}

// in checks a header in a list that is known.
func (h Header) in(list fetch.HeaderList, name string) Check {
	value, ok := list.Get(h.Name)
	if !ok {
		return decided(name, h.want(), "absent", false)
	}
	return compare(name, h.Value, value)
}

func (h Header) want() string {
	if h.Value == nil {
		return "present"
	}
	return h.Value.Want()
}
