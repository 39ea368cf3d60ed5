package diagnose

import "fmt"

var varyOriginMissingRule = Rule{
	ID: "vary-origin-missing", Title: "The answer names the origin, and has no Vary: Origin", Severity: Warning,
	Explanation: "The answer allows exactly this origin. If the server makes that value from the request's Origin, caches (the browser's, a CDN's) have to keep one answer for each origin, which Vary: Origin tells them. Without it the answer made for one page is served to another, which then fails, now and then. " +
		"A server that sends the same value to everybody needs no Vary.",
	Clause: varyClause,
	find: func(s *scene) []claim {
		x := s.readCORS()
		if x == nil || !reads(x.Request.Method) || unstored(x.Response.Status, x.Response.Headers) {
			return nil
		}
		if c := s.strangersNotVaried(x); c != nil {
			return []claim{*c}
		}
		values := x.Response.Headers.Values(allowOrigin)
		if len(values) != 1 || values[0] != s.request.Origin.String() || s.request.Origin.IsOpaque() || variesBy(x.Response.Headers, "Origin") || variesBy(x.Response.Headers, "*") {
			return nil
		}
		if c := s.answersDiffer(x); c != nil {
			return c
		}
		return []claim{{
			at: 5000, severity: Note, cures: s.reader(x),
			summary:  fmt.Sprintf("%s allows exactly %s and does not say that it varies by Origin: caches may give it to pages of other origins", exchange(*x), values[0]),
			evidence: []string{cite(*x, allowOrigin, "Vary"), "whether the value depends on the request's Origin is not known: a second origin would tell"},
			fix:      []string{"if the value depends on the request's Origin, send Vary: Origin with every answer of this URL"},
		}}
	},
}
