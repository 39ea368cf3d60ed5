package diagnose

import (
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// mostHeaders is how many headers are asked about one by one.
const mostHeaders = 12

// askAboutPreflight is for a preflight that was turned away in a way that does not say whether it is
// for its origin, its method or its headers, or because nothing there answers preflights.
func (s *scene) askAboutPreflight() []probe.FollowUp {
	a := s.first(turnedAway)
	if a == nil {
		return nil
	}
	url, from, p := a.x.Request.URL, a.hop.Origin.String(), a.hop.Preflight
	list := []probe.FollowUp{
		askPreflight(samePreflight, url, from, p.Method, p.HeaderNames...),
		askPreflight(plainPreflight, url, from, "GET"),
		askPreflight(methodPreflight, url, from, p.Method),
		ask(plainOptions, "OPTIONS", url),
		s.askGET(withOrigin, url, origin(from)),
		s.askGET(withoutOriginToo, url),
		inner(askPreflight(innerPreflight, url, from, p.Method, p.HeaderNames...)),
	}
	if s.reply(plainPreflight) == nil {
		return list
	}
	if s.forbiddenByOrigin() {
		list = append(list, s.askGET(atOnce, url, origin(from)))
	}
	if leaves(s.reply(samePreflight), from) {
		list = append(list, asTheBrowser(a.x)...)
	}
	base := s.base(*a)
	switch {
	case base != "":
		for i, name := range p.HeaderNames {
			if i < mostHeaders {
				list = append(list, askPreflight(headerPreflight+name, url, from, base, name))
			}
		}
		if s.refusedList(*a, base).rule != "" {
			list = append(list, askPreflight(baseToo, url, from, base), askPreflight(refusedToo, url, from, p.Method, p.HeaderNames...), askPreflight(refusedAtOnce, url, from, p.Method, p.HeaderNames...))
		}
	case s.reply(otherPreflight+"POST") == nil:
		for _, method := range otherMethods {
			list = append(list, askPreflight(otherPreflight+method, url, from, method))
		}
	case s.reply(withOrigin) != nil && !lets(s.reply(withOrigin), from):
		for _, v := range variants(a.hop.Origin, url) {
			list = append(list, askPreflight(preflightFrom+v, url, v, p.Method, p.HeaderNames...))
		}
	}
	return list
}

// turnedAway reports a preflight whose answer does not tell its cause.
func turnedAway(a answer) bool {
	return a.x.Role == probe.Preflight && a.has(fetch.AllowOriginMissing, fetch.PreflightStatus) && !a.has(fetch.PreflightRedirect)
}

// base is a method for which preflights from the page's origin are allowed, where no header is asked for; or "".
func (s *scene) base(a answer) string {
	from := a.hop.Origin.String()
	switch {
	case leaves(s.reply(plainPreflight), from):
		return "GET"
	case leaves(s.reply(methodPreflight), from):
		return a.hop.Preflight.Method
	}
	for _, method := range otherMethods {
		if leaves(s.reply(otherPreflight+method), from) {
			return method
		}
	}
	return ""
}

// otherMethods are asked for where neither GET nor the request's own is allowed: a server may allow the origin for these alone.
var otherMethods = []string{"POST", "PUT", "PATCH", "DELETE"}

// inner sends a follow-up past what stands before the server.
func inner(f probe.FollowUp) probe.FollowUp {
	f.Inner = true
	return f
}

// askAboutMissing is for an answer to the request itself that allows nobody.
func (s *scene) askAboutMissing() []probe.FollowUp {
	a := s.first(s.bare)
	if a == nil {
		return nil
	}
	url, from := a.x.Request.URL, a.hop.Origin.String()
	list := []probe.FollowUp{
		askPreflight(plainPreflight, url, from, "GET"),
		ask(plainOptions, "OPTIONS", url),
		s.askGET(withOrigin, url, origin(from)),
		s.askGET(atOnce, url, origin(from)),
		s.askGET(withoutOriginToo, url),
		inner(s.askGET(innerGET, url, origin(from))),
	}
	if safe(a.x.Request.Method) && (s.allowedNow(*a) || succeeded(s.reply(withOrigin)) && refuses(a.x.Response.Status)) {
		list = append(list, asTheBrowser(a.x)...)
	}
	if s.storable(*a) && s.mayBeStored(a.x) {
		list = append(list, s.askFresh(url, from)...)
	}
	if s.refusedForOrigin(*a) {
		list = append(list, askPreflight(methodPreflight, url, from, a.x.Request.Method))
	}
	if s.reply(withOrigin) == nil || lets(s.reply(withOrigin), from) || lets(s.reply(plainPreflight), from) {
		return list
	}
	for _, v := range variants(a.hop.Origin, url) {
		list = append(list, s.askGET(fromOrigin+v, url, origin(v)))
	}
	return list
}

// bare reports an answer to the request itself that has no Allow-Origin.
func (s *scene) bare(a answer) bool {
	return a.x.Role == probe.Actual && a.has(fetch.AllowOriginMissing) && !s.redirectedTo(a) && !redirects(a.x)
}

// askAboutMismatch is for an answer that names another origin (everybody's, or of whoever asked before) or does not allow credentials.
func (s *scene) askAboutMismatch() []probe.FollowUp {
	a := s.first(func(a answer) bool {
		return a.x.Role == probe.Actual && a.has(fetch.AllowOriginMismatch, fetch.AllowCredentials) && !s.redirectedTo(a) && s.storable(a)
	})
	if a == nil {
		return nil
	}
	url, from := a.x.Request.URL, a.hop.Origin.String()
	list := []probe.FollowUp{s.askGET(withOrigin, url, origin(from)), s.askGET(atOnce, url, origin(from))}
	if s.allowedNow(*a) {
		list = append(list, asTheBrowser(a.x)...)
	}
	if !a.has(fetch.AllowOriginMismatch) {
		return list
	}
	return append(list, append(s.askFresh(url, from), s.askGET(fromOrigin+stranger, url, origin(stranger)))...)
}

// askAboutTwice is for an answer that has Allow-Origin more than once: which of them is the server's own?
func (s *scene) askAboutTwice() []probe.FollowUp {
	a := s.first(func(a answer) bool { return a.has(fetch.AllowOriginMultiple) })
	if a == nil {
		return nil
	}
	return []probe.FollowUp{inner(s.askGET(innerGET, a.x.Request.URL, origin(a.hop.Origin.String())))}
}

// storable reports whether a cache may have made an answer.
func (s *scene) storable(a answer) bool {
	return a.x.Request.Method == "GET" && a.x.Response.Status < 400 && a.x.FromCache == ""
}

// askFresh asks for what no cache can have stored: a query that nobody has used. Where that is allowed it asks both once more.
func (s *scene) askFresh(url, from string) []probe.FollowUp {
	list := []probe.FollowUp{s.askUnheardOf(fresh, url, from)}
	if lets(s.reply(fresh), from) && !lets(s.reply(withOrigin), from) {
		list = append(list, s.askUnheardOf(freshToo, url, from), s.askGET(againToo, url, origin(from)))
	}
	return list
}

func (s *scene) askUnheardOf(id, url, from string) probe.FollowUp {
	return s.askGET(id, unheardOf(id, url), origin(from))
}

// unheardOf is a URL with a query that nobody has used.
func unheardOf(id, url string) string {
	url, _, _ = strings.Cut(url, "#")
	mark := "?"
	if strings.Contains(url, "?") {
		mark = "&"
	}
	return fmt.Sprintf("%s%scorsproof-%s=%s", url, mark, id, rand.Text())
}

// askAboutStrangers is for an answer that names the page's origin: from whom else would it take that?
func (s *scene) askAboutStrangers() []probe.FollowUp {
	x := s.readCORS()
	if x == nil || len(s.o.Exchanges) > 2 {
		return nil
	}
	if value, _ := x.Response.Headers.Get(allowOrigin); value == "*" {
		return nil
	}
	safe := reads(x.Request.Method)
	var list []probe.FollowUp
	first := s.reply(fromOrigin+stranger) == nil && s.reply(preflightFrom+stranger) == nil
	for _, h := range hostile(s.request.Origin, x.Request.URL) {
		switch {
		case !h.anybody && (first || s.letIn(stranger) != nil):
			continue // whoever lets anybody in is asked no more
		case h.origin == localhostsLikeness && s.letIn(localhosts) == nil:
			continue
		}
		if safe {
			list = append(list, s.askGET(fromOrigin+h.origin, x.Request.URL, origin(h.origin)))
		} else {
			list = append(list, askPreflight(preflightFrom+h.origin, x.Request.URL, h.origin, x.Request.Method))
		}
	}
	if !safe {
		list = append(list, s.askGET(fromOrigin+stranger, x.Request.URL, origin(stranger)))
	}
	if f := s.reply(fromOrigin + stranger); safe && f != nil && !lets(f, s.request.Origin.String()) && !variesBy(x.Response.Headers, "Origin") {
		list = append(list, s.askGET(withOrigin, x.Request.URL, origin(s.request.Origin.String())))
	}
	return list
}
