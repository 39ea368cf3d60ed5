package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/probe"
)

// LetIn says what lets a page read that should not: for who knows that it should not. It is empty where the page did not read.
func LetIn(o probe.Observation) []Finding {
	if o.Err != nil || o.Outcome != probe.Readable {
		return nil
	}
	s := newScene(o)
	f := Finding{Rule: OverlyPermissive, Severity: Warning, Fix: []string{"send " + allowOrigin + " only to pages that may read, by name: compare the request's Origin with a list of whole origins, and send Vary: Origin"}}
	x := s.readCORS()
	switch {
	case x == nil && s.final() != nil && originOf(s.final().Request.URL) == o.From:
		f.Summary = fmt.Sprintf("the page %s is of the API's own origin, where CORS forbids nothing", o.From)
		f.Fix = []string{"let no page of another owner be served from the API's origin"}
	case x == nil:
		return nil
	default:
		value, _ := x.Response.Headers.Get(allowOrigin)
		f.Evidence = []string{cite(*x, allowOrigin, allowCredentials)}
		f.Summary = fmt.Sprintf("%s allows the page %s by name", exchange(*x), o.From)
		if value == "*" {
			f.Summary = fmt.Sprintf("%s allows every page (%s: *), and so %s", exchange(*x), allowOrigin, o.From)
		}
	}
	f.Summary, f.Evidence = printables([]string{f.Summary})[0], printables(f.Evidence)
	return []Finding{f}
}
