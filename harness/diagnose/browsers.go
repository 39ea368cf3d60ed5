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

// refusesBrowsers reports that a request was refused each time that it had what a browser sends of itself, and not without.
func (s *scene) refusesBrowsers(a answer) bool {
	without := s.reply(withOrigin)
	if a.x.Role == probe.Preflight {
		without = s.reply(samePreflight)
	}
	alike := func(f *probe.FollowUp) bool {
		return f != nil && f.Answer.Status == a.x.Response.Status && !s.allows(f, a)
	}
	return alike(s.reply(asBrowser)) && alike(s.reply(asBrowserToo)) && succeeded(without) && (refuses(a.x.Response.Status) || s.allows(without, a))
}

// forBrowsers is what to do about that, and what shows it.
const forBrowsers = "find out what there refuses browsers, or requests of other sites' pages (a filter against bots, a rule about User-Agent or Sec-Fetch-*), and have it let these through"

func (s *scene) browsersRefused() []string {
	return []string{"with all that the browser sends of itself (User-Agent, Sec-Fetch-*) it gets no leave once more: " + retold(s.reply(asBrowser))}
}
