package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// OverlyPermissive is the rule whose fixes close, and do not open.
const OverlyPermissive = "overly-permissive"

// takenIn is about the foreign origins that were allowed, when they were asked from: all in one claim, for one comparison lets them in. Whoever
// allows anybody is told no more.
func (s *scene) takenIn() []claim {
	x := s.readCORS()
	if x == nil {
		return nil
	}
	var means, evidence []string
	grave, credentials, onlyPreflights := false, false, true
	for _, h := range hostile(s.request.Origin, x.Request.URL) {
		f := s.letIn(h.origin)
		if f == nil {
			continue
		}
		means = append(means, h.origin+" ("+h.means+")")
		evidence = append(evidence, retold(f)+", "+allowCredentials+": "+quotes(f.Answer.Headers.Values(allowCredentials)))
		withCredentials := allowsCredentials(f.Answer.Headers)
		grave, onlyPreflights = grave || !h.mild && withCredentials, onlyPreflights && f.Request.Method == "OPTIONS"
		credentials = credentials || withCredentials
		if h.origin == stranger {
			break
		}
	}
	if len(means) == 0 {
		return nil
	}
	if text := strings.Join(means, "\n"); strings.Contains(text, begins) && strings.Contains(text, ends) { // neither can be all
		means = strings.Split(strings.NewReplacer(begins, within, ends, within).Replace(text), "\n")
	}
	what := path(x.Request.URL)
	if onlyPreflights {
		what = "the preflight of " + x.Request.Method + " " + what
	}
	c := claim{
		at:       100*len(s.o.Exchanges) + 50, // behind what script lacks
		cures:    s.reader(x),
		summary:  fmt.Sprintf("%s allows foreign origins: %s", what, strings.Join(means, ", ")),
		evidence: append([]string{cite(*x, allowOrigin, allowCredentials)}, evidence...),
		fix:      []string{"compare the whole origin with a list of those that you allow, byte for byte: no pattern, no beginning or end, not the request's own word", "send Vary: Origin with every answer"},
	}
	switch {
	case !credentials:
		c.severity = Note
		c.summary += "; without credentials, as " + allowOrigin + ": * would"
	case !grave:
		c.severity = Note
		c.summary += "; is that meant to be so?"
	}
	return []claim{c}
}

// letIn is the answer that allows a foreign origin by name, or nil.
func (s *scene) letIn(foreign string) *probe.FollowUp {
	for _, id := range []string{fromOrigin + foreign, preflightFrom + foreign} {
		if f := s.reply(id); f != nil && slices.Equal(f.Answer.Headers.Values(allowOrigin), []string{foreign}) {
			return f
		}
	}
	return nil
}

// allowsCredentials reports that an answer allows credentials: true, once. https://fetch.spec.whatwg.org/#concept-cors-check
func allowsCredentials(headers fetch.HeaderList) bool {
	return slices.Equal(headers.Values(allowCredentials), []string{"true"})
}

// tooMuch says what an answer allows that it should not.
func tooMuch(x probe.Exchange) (why, fix string) {
	origins := x.Response.Headers.Values(allowOrigin)
	if !allowsCredentials(x.Response.Headers) || len(origins) != 1 {
		return "", ""
	}
	if origins[0] == "null" {
		return "the origin null, which every sandboxed frame of every site has", "take null off the list of origins"
	}
	page, err := fetch.ParseOrigin(origins[0])
	at, errAt := fetch.OriginOf(x.Request.URL)
	if err == nil && errAt == nil && page.Scheme == "http" && at.Scheme == "https" && !loopback(page.Host) {
		return fmt.Sprintf("%s, a page over plain http, to read what is sent over https", page), "serve the page over https, and allow its https origin only"
	}
	return "", ""
}
