package expect

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// subject is the exchange that a block of an expectation is about, or why there is none.
type subject struct {
	exchange probe.Exchange
	// unknown says why the wire does not tell, absent why there is no such exchange. At most one is set.
	unknown, absent string
}

// check looks at the exchange where there is one.
func (s subject) check(name, want string, look func(probe.Exchange) Check) Check {
	switch {
	case s.unknown != "":
		return undecided(name, want, s.unknown)
	case s.absent != "":
		return decided(name, want, s.absent, false)
	}
	return look(s.exchange)
}

// last is the last exchange of a role, sent or not.
func last(o probe.Observation, role probe.Role) subject {
	if why := unknownWire(o); why != "" {
		return subject{unknown: why}
	}
	s := subject{absent: fmt.Sprintf("the browser sent no %s request", role)}
	for _, x := range o.Exchanges {
		if x.Role == role {
			s = subject{exchange: x}
		}
	}
	return s
}

func theActual(o probe.Observation) subject { return last(o, probe.Actual) }

// sent narrows a subject to a request that left the browser.
func (s subject) sent() subject {
	if s.unknown != "" || s.absent != "" {
		return s
	}
	x := s.exchange
	switch {
	case x.Request.Raw:
		return s
	case x.FromCache != "":
		return subject{absent: fmt.Sprintf("the %s request was answered from the %s cache", x.Role, x.FromCache)}
	case x.Response == nil:
		return subject{absent: fmt.Sprintf("the %s request never left the browser%s", x.Role, because(x.Error))}
	}
	return subject{unknown: fmt.Sprintf("the %s request's lines on the wire are not at hand", x.Role)}
}

// status narrows a subject to an exchange that was answered; only its status is sure to be the wire's.
func (s subject) status() subject {
	if s.unknown == "" && s.absent == "" && s.exchange.Response == nil {
		return subject{absent: fmt.Sprintf("the %s request got no answer%s", s.exchange.Role, because(s.exchange.Error))}
	}
	return s
}

// answer narrows a subject to an exchange whose answer is known line by line.
func (s subject) answer() subject {
	s = s.status()
	if s.unknown != "" || s.absent != "" || s.exchange.Response.Raw {
		return s
	}
	where := ""
	if s.exchange.FromCache != "" {
		where = ": it came from the " + s.exchange.FromCache + " cache"
	}
	return subject{unknown: fmt.Sprintf("the answer's lines on the wire are not at hand%s", where)}
}

// headers checks request or response headers of a subject; of says where they are.
func (s subject) headers(prefix string, wanted []Header, of func(Header, probe.Exchange, string) Check) []Check {
	var list []Check
	for _, h := range wanted {
		name := prefix + strings.ToLower(h.Name)
		list = append(list, s.check(name, h.want(), func(x probe.Exchange) Check { return of(h, x, name) }))
	}
	return list
}

func inRequest(h Header, x probe.Exchange, name string) Check { return h.in(x.Request.Headers, name) }

func inResponse(h Header, x probe.Exchange, name string) Check { return h.in(x.Response.Headers, name) }

// unknownWire says why the wire cannot be relied on, or "".
func unknownWire(o probe.Observation) string {
	if len(o.Missing) == 0 {
		return ""
	}
	return "evidence is missing: " + strings.Join(o.Missing, ", ")
}

func because(netError string) string {
	if netError == "" {
		return ""
	}
	return ": " + strconv.Quote(netError)
}

// redirects counts the redirects that the browser followed.
func (e Expectation) redirects(o probe.Observation) []Check {
	if e.Redirects == nil {
		return nil
	}
	want := strconv.Itoa(*e.Redirects)
	if why := unknownWire(o); why != "" {
		return []Check{undecided("redirects", want, why)}
	}
	n := 0
	for _, x := range o.Exchanges {
		if x.Role == probe.RedirectHop {
			n++
		}
	}
	return []Check{same("redirects", want, strconv.Itoa(n))}
}
