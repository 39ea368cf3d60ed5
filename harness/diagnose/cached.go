package diagnose

import (
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// byCaches are headers by which caches show.
var byCaches = []string{"Age", "X-Cache", "X-Cache-Status", "CF-Cache-Status", "X-Varnish", "X-Proxy-Cache"}

// cachedOnTheWay reports an answer that does not allow the page, where the same server allows it at URLs that no cache can have stored.
func (s *scene) cachedOnTheWay(a answer) bool {
	if a.x.Role == probe.Preflight {
		return s.preflightStored(a)
	}
	return a.x.Role == probe.Actual && s.storable(a) && (s.mayBeStored(a.x) || a.has(fetch.AllowOriginMismatch)) && a.has(fetch.AllowOriginMissing, fetch.AllowOriginMismatch) && s.stored(a.hop.Origin.String())
}

func (s *scene) preflightFromACache(a answer) claim {
	return claim{
		at: a.at(-1),
		summary: fmt.Sprintf("%s was answered by a cache on the way to the server, with what was made for another page: asked by a URL that nobody has stored, the server allows %s",
			exchange(a.x), a.hop.Origin),
		evidence: []string{cite(a.x, append([]string{allowOrigin}, present(a.x.Response.Headers, byCaches)...)...), "with a query that nobody has used before, " + retold(s.reply(freshPreflight))},
		fix:      []string{"have the cache pass OPTIONS on to the server: answers to OPTIONS are not to be stored (https://www.rfc-editor.org/rfc/rfc9110#name-options)", "then empty the cache"},
	}
}

// mayBeStored reports that something shows, or invites, a cache: without that a server may only allow pages at URLs with a query.
func (s *scene) mayBeStored(x probe.Exchange) bool {
	return len(present(x.Response.Headers, append([]string{"Via"}, byCaches...))) > 0 || invitesCaches(x.Response.Headers) || s.o.ReceiptsKnown && len(s.o.Receipts) == 0
}

// preflightStored reports a preflight that a cache shows to have answered, which the same server allows at a URL that no cache can have stored.
func (s *scene) preflightStored(a answer) bool {
	return byACache(a) && leaves(s.reply(freshPreflight), a.hop.Origin.String())
}

// byACache reports a preflight that a cache shows to have answered, and that does not allow the page.
func byACache(a answer) bool {
	return a.x.Role == probe.Preflight && a.has(fetch.AllowOriginMissing, fetch.AllowOriginMismatch) && len(present(a.x.Response.Headers, byCaches)) > 0
}

// askAboutStoredPreflight is for a preflight that a cache shows to have answered.
func (s *scene) askAboutStoredPreflight() []probe.FollowUp {
	a := s.first(byACache)
	if a == nil {
		return nil
	}
	return []probe.FollowUp{askPreflight(freshPreflight, unheardOf(freshPreflight, a.x.Request.URL), a.hop.Origin.String(), a.hop.Preflight.Method, a.hop.Preflight.HeaderNames...)}
}

func (s *scene) fromACache(a answer) claim {
	from := a.hop.Origin.String()
	c := claim{
		at: -1, cures: &a,
		summary:  fmt.Sprintf("%s was answered by a cache on the way to the server, with what was made for another request: asked by a URL that nobody has stored, the server allows %s", exchange(a.x), from),
		evidence: []string{cite(a.x, append([]string{allowOrigin, "Vary"}, present(a.x.Response.Headers, byCaches)...)...), retold(s.reply(withOrigin)), "with a query that nobody has used before, " + retold(s.reply(fresh))},
		fix: []string{"send Vary: Origin with every answer of this URL, those without an Origin in the request too", "have the cache keep one answer for each Origin, where it does not heed Vary, or pass such requests on",
			"then empty the cache"},
	}
	if s.o.ReceiptsKnown && len(s.o.Receipts) == 0 {
		c.evidence = append(c.evidence, "the API did not receive the request")
	}
	return c
}

// stored reports that a URL is answered without leave for an origin each time, and with leave each time that no cache can know it: once
// of each might be servers that differ.
func (s *scene) stored(from string) bool {
	again, once := s.reply(withOrigin), s.reply(againToo)
	if again == nil || once == nil || lets(again, from) || lets(once, from) || lets(s.reply(atOnce), from) {
		return false
	}
	known := func(f *probe.FollowUp) bool {
		return succeeded(f) && f.Answer.Status == again.Answer.Status && lets(f, from)
	}
	return known(s.reply(fresh)) && known(s.reply(freshToo))
}

// present are those of the names that a header list has.
func present(headers fetch.HeaderList, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !headers.Has(name) })
}

// checkCodes are the browser's codes for an answer to the request itself that fails the CORS check.
var checkCodes = []string{"MissingAllowOriginHeader", "MultipleAllowOriginValues", "InvalidAllowOriginValue", "AllowOriginMismatch", "WildcardOriginNotAllowed", "InvalidAllowCredentials"}
