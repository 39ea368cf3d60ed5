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
	return a.x.Role == probe.Actual && s.storable(a) && a.has(fetch.AllowOriginMissing, fetch.AllowOriginMismatch) && s.stored(a.hop.Origin.String())
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
	if again == nil || once == nil || lets(again, from) || lets(once, from) {
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
