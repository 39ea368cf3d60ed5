package suite

import (
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Page is a page of which the suite says more than its origin.
type Page struct {
	Origin string
	// Headers are lines of the page's own answer: a Content-Security-Policy, say.
	Headers fetch.HeaderList
	// AddressSpace is where the browser takes the page to come from: "public", "local", "loopback" or "", for what it is.
	AddressSpace string
}

// pages reads what a file says of pages.
func (l *loader) pages(top *node) {
	n := top.field("pages")
	if !n.ok() || n.kind != mapKind {
		return
	}
	for _, e := range n.entries {
		w := (*way)(nil).field("pages").field(e.key.text)
		o, err := fetch.ParseOrigin(e.key.text)
		switch {
		case err != nil:
			l.problem(e.key, w, err.Error(), "")
		case o.IsOpaque():
			l.problem(e.key, w, "the page null is the same in every suite", "give the page an origin of its own")
		case !e.value.ok() || e.value.kind != mapKind:
		default:
			l.page(e.key, o.String(), e.value, w)
		}
	}
}

func (l *loader) page(key *node, origin string, n *node, w *way) {
	if first := l.described[origin]; first != nil {
		l.problem(key, w, fmt.Sprintf("the page %s stands at %s already", origin, first.position()), "")
		return
	}
	l.described[origin] = key
	p := Page{Origin: origin}
	if space := n.field("addressSpace"); space.ok() {
		p.AddressSpace = space.text
	}
	if headers := n.field("headers"); headers.ok() {
		p.Headers = l.pageHeaders(headers, w.field("headers"))
	}
	l.suite.Pages = append(l.suite.Pages, p)
}

func (l *loader) pageHeaders(n *node, w *way) fetch.HeaderList {
	var list fetch.HeaderList
	for _, e := range n.entries {
		at := w.field(e.key.text)
		if !l.checkHeaderName(e.key, at) {
			continue
		}
		if value, ok := l.plain(e.value, at); ok {
			l.checkOneLine(e.value, at, value, "")
			list = append(list, fetch.Header{Name: e.key.text, Value: value})
		}
	}
	return list
}

// checkPages reports pages that no case asks from: the name of one that some case does may be mistyped.
func (l *loader) checkPages() {
	for _, p := range l.suite.Pages {
		if slices.Contains(l.suite.origins, p.Origin) {
			continue
		}
		key := l.described[p.Origin]
		l.problem(key, (*way)(nil).field("pages").field(key.text), "no case is from "+p.Origin, didYouMean(p.Origin, l.suite.origins))
	}
}
