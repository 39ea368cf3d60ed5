package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/probe"
)

const varyClause = "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches"

// answersDiffer says what asking from another origin proved: nil where nobody asked, empty where the server sends one value to everybody.
func (s *scene) answersDiffer(x *probe.Exchange) []claim {
	f := s.reply(fromOrigin + stranger)
	if f == nil {
		return nil
	}
	page := s.request.Origin.String()
	same := lets(f, page)
	if with := s.reply(withOrigin); !same && (!lets(with, page) || f.Answer.Status >= 400 && f.Answer.Status != x.Response.Status && !forbids(f)) {
		return []claim{} // what answered it may have been a limit, or have missed the browser, and not looked at the origin
	}
	shown := present(f.Answer.Headers, byCaches)
	if same && len(shown) == 0 {
		return []claim{}
	}
	c := claim{
		at: 5000, severity: Warning, cures: s.reader(x),
		summary:  fmt.Sprintf("%s allows exactly %s, answers another origin otherwise, and does not say that it varies by Origin: caches give the one's answer to the other", exchange(*x), page),
		evidence: []string{cite(*x, allowOrigin, "Vary"), retold(f)},
		fix:      []string{"send Vary: Origin with every answer of this URL, those without an Origin in the request too"},
	}
	if same {
		c.severity = Note
		c.summary = fmt.Sprintf("%s allows exactly %s, a page of another origin gets the same, and a cache stands on the way (%s): it may be what was stored for the first", exchange(*x), page, list(shown))
	}
	return []claim{c}
}

// strangersNotVaried is for a server that says Vary: Origin to pages that it allows, and not to others: a cache may keep the answer to these for those.
func (s *scene) strangersNotVaried(x *probe.Exchange) *claim {
	f := s.reply(fromOrigin + stranger)
	if f == nil || !succeeded(f) || f.Answer.Headers.Has(allowOrigin) || unstored(f.Answer.Status, f.Answer.Headers) || !variesBy(x.Response.Headers, "Origin") || variesBy(f.Answer.Headers, "Origin") || variesBy(f.Answer.Headers, "*") {
		return nil
	}
	return &claim{
		at: 5000, severity: Note, cures: s.reader(x),
		summary:  fmt.Sprintf("%s says that it varies by Origin where it allows a page, and not where it allows none: a cache may keep such an answer, and give it to the page", exchange(*x)),
		evidence: []string{cite(*x, allowOrigin, "Vary"), retold(f)},
		fix:      []string{"send Vary: Origin with every answer of this URL, those without Access-Control-Allow-Origin too"},
	}
}
