package suite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// decode makes the suite of the documents, whose structure is checked by now.
func (l *loader) decode(ctx context.Context) {
	s := l.suite
	for i, doc := range l.docs {
		l.head(doc.top, i == 0)
		l.collectAPIs(doc.top)
		l.pages(doc.top)
	}
	if s.ThirdPartyCookies == "" {
		s.ThirdPartyCookies = "allow"
	}
	for _, name := range s.apiNames() {
		l.api(name)
	}
	for _, doc := range l.docs {
		l.documentCases(ctx, doc.top)
	}
	l.checkPages()
	if len(l.docs) > 0 && l.problems.list == nil && len(s.templates) == 0 {
		l.problem(l.docs[0].top, nil, "the suite has no case", "add one under cases")
	}
	s.name()
}

// head reads what a file says of the suite as a whole.
func (l *loader) head(top *node, first bool) {
	s := l.suite
	if name := top.field("suite"); first && name == nil && !top.bad {
		l.problem(top, nil, "the suite needs a name", "write suite: NAME")
	} else if first && name.ok() {
		s.Name = oneLine(name.text)
	}
	if third := top.field("thirdPartyCookies"); third.ok() {
		if s.ThirdPartyCookies != "" && s.ThirdPartyCookies != third.text {
			l.problem(third, (*way)(nil).field("thirdPartyCookies"), fmt.Sprintf("another file of the suite says thirdPartyCookies: %s", s.ThirdPartyCookies), "one run has one setting")
		} else {
			s.ThirdPartyCookies = third.text
		}
	}
	for _, name := range usable(top.field("redact")) {
		if name.ok() && !slices.Contains(s.Redact, name.text) {
			s.Redact = append(s.Redact, name.text)
		}
	}
}

func (l *loader) documentCases(ctx context.Context, top *node) {
	defaults := top.field("defaults")
	if defaults != nil && defaults.bad {
		defaults = nil
	}
	cases := (*way)(nil).field("cases")
	for i, item := range usable(top.field("cases")) {
		if ctx.Err() != nil {
			return
		}
		if item.ok() {
			l.addCase(item, cases.item(i), defaults)
		}
	}
}

// plain is a text in which only the environment is filled in; ok is false where that was reported.
func (l *loader) plain(n *node, w *way) (text string, ok bool) {
	if !n.ok() {
		return "", false
	}
	pieces, ok := l.pieces(n, w, nil)
	return plainText(pieces), ok
}

// requestText is a text of a request, of a cookie or of what is expected, with its references kept.
func (l *loader) requestText(n *node, w *way) (text string, ok bool) {
	if !n.ok() {
		return "", false
	}
	if !strings.Contains(n.text, "$") {
		return n.text, true
	}
	return remember(l, n, func() (string, bool) {
		pieces, ok := l.pieces(n, w, func(name string) bool { return name == "from" || l.apis[name] != nil })
		return kept(pieces), ok
	})
}

// remember reads a node once, in one way for each T: what stands in the defaults is met by every case, and may be large.
func remember[T any](l *loader, n *node, read func() (T, bool)) (T, bool) {
	if known, ok := l.memory[n].(remembered[T]); ok {
		return known.value, known.ok
	}
	value, ok := read()
	l.memory[n] = remembered[T]{value, ok}
	return value, ok
}

// remembered is what was read of a node; ok is false where that was a mistake, which was reported then.
type remembered[T any] struct {
	value T
	ok    bool
}

// name gives the cases their IDs, which are unique in the suite.
func (s *Suite) name() {
	seen := map[string]int{}
	for _, t := range s.templates {
		t.id = unique(slug(t.base.Name, maxSlug, false), seen)
	}
}

// origin reads an origin that a server can have, as requests have it.
func (l *loader) origin(n *node, w *way) string {
	text, ok := l.plain(n, w)
	if !ok {
		return ""
	}
	o, err := fetch.ParseOrigin(text)
	switch {
	case err != nil:
		l.problem(n, w, err.Error(), "")
		return ""
	case o.IsOpaque():
		l.problem(n, w, w.what()+" cannot be null: an API has an origin", "")
		return ""
	}
	return o.String()
}
