package diagnose

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// asTheBrowser is a request of the browser's with all its headers, twice at once.
func asTheBrowser(x probe.Exchange) []probe.FollowUp {
	f := ask(asBrowser, x.Request.Method, x.Request.URL)
	for _, h := range x.Request.Headers {
		if !overrides(h.Name) && !slices.ContainsFunc(connections, func(name string) bool { return strings.EqualFold(name, h.Name) }) {
			f.Request.Headers = append(f.Request.Headers, h)
		}
	}
	f.AsBrowser = true
	too := f
	too.ID = asBrowserToo
	return []probe.FollowUp{f, too}
}

// connections are headers that are for the connection.
var connections = []string{"Host", "Connection", "Content-Length"}

// unsigned is a request, or its preflight, asked afterwards without what a browser sends of itself.
func (s *scene) unsigned(a answer) *probe.FollowUp {
	if a.x.Role == probe.Preflight {
		return s.reply(samePreflight)
	}
	return s.reply(withOrigin)
}

// refusesBrowsers reports that a request was refused each time that it had what a browser sends of itself, and not without.
func (s *scene) refusesBrowsers(a answer) bool {
	alike := func(f *probe.FollowUp) bool {
		return f != nil && f.Answer.Status == a.x.Response.Status && !s.allows(f, a)
	}
	without := s.unsigned(a)
	return alike(s.reply(asBrowser)) && alike(s.reply(asBrowserToo)) && succeeded(without) && (refuses(a.x.Response.Status) || s.allows(without, a))
}

// forBrowsers is what to do about that.
const forBrowsers = "find out what there refuses browsers, or requests of other sites' pages (a filter against bots, a rule about User-Agent or Sec-Fetch-*), and have it let these through"

// browsersRefused is what shows it.
func (s *scene) browsersRefused(a answer) []string {
	return []string{"with all that the browser sends of itself (User-Agent, Sec-Fetch-*) it gets no leave once more: " + retold(s.reply(asBrowser)), retold(s.unsigned(a))}
}
