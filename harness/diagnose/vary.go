package diagnose

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

const varyClause = "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches"

var varyRules = []Rule{{
	ID: "vary-origin-missing", Title: "The answer names the origin, and has no Vary: Origin", Severity: Note,
	Explanation: "The answer allows exactly this origin. If the server makes that value from the request's Origin, caches (the browser's, a CDN's) have to keep one answer for each origin, which Vary: Origin tells them. Without it the answer made for one page is served to another, which then fails, now and then. " +
		"A server that sends the same value to everybody needs no Vary.",
	Clause: varyClause,
	find: func(s *scene) []claim {
		x := s.readCORS()
		if x == nil || x.Request.Method != "GET" && x.Request.Method != "HEAD" || unstored(x.Response.Headers) {
			return nil
		}
		values := x.Response.Headers.Values(allowOrigin)
		if len(values) != 1 || values[0] != s.request.Origin.String() || s.request.Origin.IsOpaque() || variesBy(x.Response.Headers, "Origin") || variesBy(x.Response.Headers, "*") {
			return nil
		}
		return []claim{{
			at:       3,
			summary:  fmt.Sprintf("%s allows exactly %s and does not say that it varies by Origin: caches may give it to pages of other origins", exchange(*x), values[0]),
			evidence: []string{cite(*x, allowOrigin, "Vary"), "whether the value depends on the request's Origin is not known: a second origin would tell"},
			fix:      []string{"if the value depends on the request's Origin, send Vary: Origin with every answer of this URL"},
		}}
	},
}}

// unstored reports whether no cache keeps an answer.
func unstored(headers fetch.HeaderList) bool {
	value, _ := headers.Get("Cache-Control")
	for item := range strings.SplitSeq(value, ",") {
		if strings.EqualFold(strings.TrimSpace(item), "no-store") {
			return true
		}
	}
	return false
}
