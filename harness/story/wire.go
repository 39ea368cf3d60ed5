package story

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// wire tells the second witness: what crossed the network, exchange by exchange.
func (s *sheet) wire(o probe.Observation) {
	s.section("wire")
	if len(o.Exchanges) == 0 {
		s.line(1, "the browser sent nothing")
	}
	for i, x := range o.Exchanges {
		if i == listLimit {
			s.line(1, fmt.Sprintf("… and %d exchanges more", len(o.Exchanges)-i))
			return
		}
		s.exchange(x, len(o.Missing) == 0)
	}
}

// exchange tells a request and its answer. certain is false where evidence is missing.
func (s *sheet) exchange(x probe.Exchange, certain bool) {
	s.line(1, Plain(string(x.Role))+" "+Plain(x.Request.Method)+" "+Plain(x.Request.URL))
	if note := departure(x, certain); note != "" {
		s.line(2, note)
	} else {
		s.relevant(2, x.Request.Headers, mattersInRequest, "also sent:")
	}
	s.cookies("sent cookie", x.Cookies.Sent)
	s.cookies("withheld cookie", x.Cookies.Withheld)
	s.answer(x)
	s.cookies("refused cookie", x.Cookies.Refused)
}

// departure says why a request's lines are not told, or "".
func departure(x probe.Exchange, certain bool) string {
	switch {
	case x.Request.Raw:
		return ""
	case x.FromCache != "":
		return "not sent"
	case x.Response == nil && certain:
		return "never left the browser"
	}
	return "its lines on the wire are not at hand"
}

func (s *sheet) answer(x probe.Exchange) {
	failure := ""
	if x.Error != "" {
		failure = " (" + Plain(x.Error) + ")"
	}
	r := x.Response
	if r == nil {
		s.line(2, "→ no answer"+failure)
		return
	}
	text := fmt.Sprintf("→ %d", r.Status)
	if r.StatusText != "" {
		text += " " + Plain(r.StatusText)
	}
	if r.Protocol != "" {
		text += ", " + Plain(r.Protocol)
	}
	if x.FromCache != "" {
		text += ", from the cache (" + Plain(x.FromCache) + ")"
	}
	if !r.Raw {
		text += ", as the browser shows it"
	}
	s.line(2, text)
	if x.Error != "" && !slices.ContainsFunc(r.Headers, isAccessControl) {
		s.line(3, "no Access-Control-* header at all")
	}
	s.relevant(3, r.Headers, mattersInResponse, "also received:")
	if x.Error != "" {
		s.line(2, "→ ended with "+Plain(x.Error))
	}
}

func isAccessControl(h fetch.Header) bool {
	return strings.HasPrefix(strings.ToLower(h.Name), "access-control-")
}

func (s *sheet) cookies(what string, uses []probe.CookieUse) {
	for i, u := range uses {
		if i == listLimit {
			s.line(2, fmt.Sprintf("… and %d more", len(uses)-i))
			return
		}
		text := what + " " + value(u.Name)
		if len(u.Reasons) > 0 {
			text += ": " + Plain(strings.Join(u.Reasons, ", "))
		}
		s.prose(2, text)
	}
}

// mattersInRequest takes a name in lower case.
func mattersInRequest(name string) bool {
	return name == "origin" || name == "cookie" || strings.HasPrefix(name, "access-control-request-")
}

// mattersInResponse takes a name in lower case.
func mattersInResponse(name string) bool {
	return name == "vary" || name == "set-cookie" || name == "location" || strings.HasPrefix(name, "access-control-")
}
