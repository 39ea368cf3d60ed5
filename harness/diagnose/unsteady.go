package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// otherwise is the same request as one that was refused, asked afterwards and allowed, or nil. An error may have passed meanwhile; it proves nothing.
func (s *scene) otherwise(a answer) *probe.FollowUp {
	from := a.hop.Origin.String()
	if !a.has(unlikeAnother...) || a.x.Response.Status >= 400 && !refuses(a.x.Response.Status) || a.x.FromCache != "" || s.redirectedTo(a) || redirects(a.x) {
		return nil
	}
	if b := s.reply(asBrowser); a.x.Response.Status >= 400 && !(succeeded(b) && lets(b, from)) {
		return nil // it may be refused for what a browser sends of itself
	}
	var again []*probe.FollowUp
	switch {
	case a.x.Role == probe.Preflight:
		again = []*probe.FollowUp{s.reply(samePreflight), s.reply(refusedToo), s.reply(refusedAtOnce)}
		if f := s.unconfirmed(a); f != nil {
			return f
		}
	case a.x.Request.Method == "GET":
		again = []*probe.FollowUp{s.reply(withOrigin), s.reply(atOnce), s.reply(againToo)}
	default: // what may change something is not asked again, but GETs that disagree tell as much
		return s.disagreement(from)
	}
	for _, f := range again {
		if succeeded(f) && lets(f, from) && (!a.has(fetch.AllowCredentials) || allowsCredentials(f.Answer.Headers)) {
			return f
		}
	}
	return nil
}

// refusesBrowsers reports that a request was refused each time that it had what a browser sends of itself, and not without.
func (s *scene) refusesBrowsers(a answer) bool {
	b := s.reply(asBrowser)
	without := s.reply(withOrigin)
	if a.x.Role == probe.Preflight {
		without = s.reply(samePreflight)
	}
	return b != nil && b.Answer.Status == a.x.Response.Status && refuses(b.Answer.Status) && succeeded(without)
}

// forBrowsers is what to do about that, and what shows it.
const forBrowsers = "find out what there refuses browsers, or requests of other sites' pages (a filter against bots, a rule about User-Agent or Sec-Fetch-*), and have it let these through"

func (s *scene) browsersRefused() []string {
	return []string{"with all that the browser sends of itself (User-Agent, Sec-Fetch-*) it is refused once more: " + retold(s.reply(asBrowser))}
}

// unlikeAnother are the checks that an answer may fail, and the next one from the same address not.
var unlikeAnother = []fetch.Step{fetch.AllowOriginMissing, fetch.AllowOriginMismatch, fetch.AllowCredentials}

// disagreement is the one of two equal GETs that allows the page, where the other does not; or nil.
func (s *scene) disagreement(from string) *probe.FollowUp {
	one, other := s.reply(withOrigin), s.reply(atOnce)
	if !succeeded(one) || !succeeded(other) || lets(one, from) == lets(other, from) {
		return nil
	}
	if lets(one, from) {
		return one
	}
	return other
}

// unlike are the answers that differ.
func (s *scene) unlike(a answer) []string {
	list := []string{cite(a.x, allowOrigin, allowCredentials), retold(s.otherwise(a))}
	if a.x.Role == probe.Actual && a.x.Request.Method != "GET" {
		for _, f := range []*probe.FollowUp{s.reply(withOrigin), s.reply(atOnce)} {
			if f != s.otherwise(a) {
				list = append(list, retold(f))
			}
		}
	}
	return list
}

func (s *scene) unsteady(a answer) claim {
	return claim{
		at:       a.at(-1),
		summary:  fmt.Sprintf("%s was answered %d so that the page cannot read it, and such a request a moment later otherwise: not all of what answers there has the same set-up", exchange(a.x), a.x.Response.Status),
		evidence: s.unlike(a),
		fix:      []string{"see whether several servers answer at that address, and give all of them the same CORS set-up"},
	}
}
