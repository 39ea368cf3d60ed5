package diagnose

import (
	"fmt"
	"slices"
	"strings"

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
	if f == nil || !succeeded(f) || f.Answer.Headers.Has(allowOrigin) || unstored(&probe.ReceivedResponse{Status: f.Answer.Status, Headers: f.Answer.Headers}) || !variesBy(x.Response.Headers, "Origin") || variesBy(f.Answer.Headers, "Origin") || variesBy(f.Answer.Headers, "*") {
		return nil
	}
	return &claim{
		at: 5000, severity: Note, cures: s.reader(x),
		summary:  fmt.Sprintf("%s says that it varies by Origin where it allows a page, and not where it allows none: a cache may keep such an answer, and give it to the page", exchange(*x)),
		evidence: []string{cite(*x, allowOrigin, "Vary"), retold(f)},
		fix:      []string{"send Vary: Origin with every answer of this URL, those without Access-Control-Allow-Origin too"},
	}
}

// heuristically are the statuses that caches keep even if nothing says for how long. https://www.rfc-editor.org/rfc/rfc9110#name-overview-of-status-codes
var heuristically = []int{200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}

// unstored reports whether no cache keeps an answer.
func unstored(answer *probe.ReceivedResponse) bool {
	value, _ := answer.Headers.Get("Cache-Control")
	fresh := strings.Contains(value, "max-age") || strings.Contains(value, "public") || answer.Headers.Has("Expires")
	if !fresh && !slices.Contains(heuristically, answer.Status) {
		return true
	}
	for item := range strings.SplitSeq(value, ",") {
		if strings.EqualFold(strings.TrimSpace(item), "no-store") {
			return true
		}
	}
	return false
}
