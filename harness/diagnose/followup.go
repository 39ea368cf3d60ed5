package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// rounds bounds how often rules may ask: broadly, for what the answers leave open, and to see whether they stay the same.
const rounds = 4

// inquiries are what rules want to know, each for one kind of doubt.
var inquiries = []func(*scene) []probe.FollowUp{
	(*scene).askAboutPreflight, (*scene).askAboutMissing, (*scene).askAboutMismatch, (*scene).askAboutTwice, (*scene).askAboutKept, (*scene).askAboutStoredPreflight, (*scene).askAboutUnchecked, (*scene).askAboutDropped, (*scene).askAboutStrangers,
}

// Inquire has answer send what rules want to know beyond an Observation, until there is nothing more that would tell,
// and returns the Observation with the answers. What is asked changes nothing at the API (GET, HEAD, OPTIONS).
// It asks nothing where the cause is plain, or where there is no verdict.
func Inquire(o probe.Observation, answer func([]probe.FollowUp) []probe.FollowUp) probe.Observation {
	if o.Err != nil {
		return o
	}
	o.FollowUps = slices.Clone(o.FollowUps)
	for range rounds {
		var open []probe.FollowUp
		s := newScene(o)
		for _, inquiry := range inquiries {
			for _, f := range inquiry(s) {
				if !has(o.FollowUps, f.ID) && !has(open, f.ID) {
					open = append(open, f)
				}
			}
		}
		if len(open) == 0 {
			break
		}
		answered := answer(open)
		o.FollowUps = append(o.FollowUps, answered...)
		if !slices.ContainsFunc(answered, func(f probe.FollowUp) bool { return f.Answer.Error == "" }) {
			break // nobody answers
		}
	}
	return o
}

func has(list []probe.FollowUp, id string) bool {
	return slices.ContainsFunc(list, func(f probe.FollowUp) bool { return f.ID == id })
}

// The follow-ups.
const (
	samePreflight    = "same-preflight"         // the browser's own preflight, to read its body
	plainPreflight   = "plain-preflight"        // for a GET without headers: only the origin is asked about
	methodPreflight  = "method-preflight"       // for the method, without headers
	headerPreflight  = "header-preflight:"      // … NAME: for one header
	plainOptions     = "options-without-origin" // OPTIONS that is no preflight
	withOrigin       = "get-with-origin"        // a GET from the page's origin
	withoutOriginToo = "get-without-origin"     // the same as curl sends it
	innerGET         = "inner-get"              // past what stands before the server
	innerPreflight   = "inner-preflight"
	otherPreflight   = "other-preflight:"        // … METHOD: for another method than the request's
	freshPreflight   = "fresh-preflight"         // the browser's own preflight, of a URL that no cache can have stored
	fresh            = "fresh"                   // a GET from the page's origin that no cache can have stored
	baseToo          = "base-preflight-too"      // the preflight that was allowed, once more
	refusedToo       = "same-preflight-too"      // the one that was not, once more
	freshToo         = "fresh-too"               // the same again, with another query
	againToo         = "get-with-origin-too"     // the first GET once more, after these
	atOnce           = "get-with-origin-at-once" // the same right after the first: servers that take turns answer otherwise
	refusedAtOnce    = "same-preflight-at-once"  // so of the preflight that was not allowed
	asBrowserToo     = "as-the-browser-too"
	asBrowser        = "as-the-browser"  // the page's own request, or its preflight, with all that the browser sent of itself
	fromOrigin       = "from:"           // … ORIGIN: the same from another origin
	preflightFrom    = "preflight-from:" // … ORIGIN: a preflight from another origin
)

// ask is a request to a URL with those headers.
func ask(id, method, url string, headers ...fetch.Header) probe.FollowUp {
	return probe.FollowUp{ID: id, Request: probe.Request{
		Method: method, URL: url, Headers: headers, Credentials: fetch.Omit, Redirect: fetch.ManualRedirect,
	}}
}

func origin(value string) fetch.Header { return fetch.Header{Name: "Origin", Value: value} }

// askPreflight is a preflight as a browser sends it.
func askPreflight(id, url, from, method string, names ...string) probe.FollowUp {
	headers := []fetch.Header{origin(from), {Name: "Access-Control-Request-Method", Value: method}}
	if len(names) > 0 {
		headers = append(headers, fetch.Header{Name: "Access-Control-Request-Headers", Value: strings.Join(names, ",")})
	}
	return ask(id, "OPTIONS", url, headers...)
}

// askGET is a GET of that URL. Where it is the page's own request again, it has what script set and what the browser added for the user (cookies,
// Authorization, languages), so that the answer is the same; but for what would have it mean another method, and for what no page can set.
func (s *scene) askGET(id, url string, extra ...fetch.Header) probe.FollowUp {
	f := ask(id, "GET", url, extra...)
	if !reads(s.method()) || originOf(url) != originOf(s.o.Request.URL) {
		return f
	}
	f.Request.Method, f.Request.User, f.Request.Password = s.method(), s.o.Request.User, s.o.Request.Password
	for _, h := range s.o.Request.Headers {
		if !fetch.IsForbiddenRequestHeader(h.Name, h.Value) && !overrides(h.Name) {
			f.Request.Headers = append(f.Request.Headers, h)
		}
	}
	if x := s.final(); x != nil {
		for _, name := range []string{"Cookie", "Accept", "Accept-Language"} {
			for _, value := range x.Request.Headers.Values(name) {
				if name == "Cookie" || !s.o.Request.Headers.Has(name) {
					f.Request.Headers = append(f.Request.Headers, fetch.Header{Name: name, Value: value})
				}
			}
		}
	}
	return f
}

// overrides reports a header by which some servers take a GET for another method.
func overrides(name string) bool {
	return slices.ContainsFunc([]string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"}, func(n string) bool { return strings.EqualFold(n, name) })
}

// reply is a follow-up that was answered, or nil.
func (s *scene) reply(id string) *probe.FollowUp {
	for i, f := range s.o.FollowUps {
		if f.ID == id && f.Answer.Status != 0 { // a body that does not end is no matter
			return &s.o.FollowUps[i]
		}
	}
	return nil
}

// lets reports whether an answer allows an origin to read it.
func lets(f *probe.FollowUp, from string) bool {
	if f == nil {
		return false
	}
	values := f.Answer.Headers.Values(allowOrigin)
	return len(values) == 1 && (values[0] == from || values[0] == "*")
}

// leaves reports whether an answer is leave for the preflight that was asked: origin and status.
func leaves(f *probe.FollowUp, from string) bool { return lets(f, from) && succeeded(f) }

func succeeded(f *probe.FollowUp) bool {
	return f != nil && isOK(f.Answer.Status)
}

// retold is a follow-up as evidence.
func retold(f *probe.FollowUp) string {
	text := fmt.Sprintf("asked afterwards, without a browser: %s %s", f.Request.Method, path(f.Request.URL))
	for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
		if value, ok := f.Request.Headers.Get(name); ok {
			text += fmt.Sprintf(", %s: %s", name, quote(value))
		}
	}
	text += fmt.Sprintf("; status %d, %s: %s", f.Answer.Status, allowOrigin, quotes(f.Answer.Headers.Values(allowOrigin)))
	if f.Answer.Headers.Has("Vary") {
		text += ", Vary: " + quotes(f.Answer.Headers.Values("Vary"))
	}
	return text
}
