package suite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// builder reads one case into its template.
type builder struct {
	*loader
	t *template
	// opaque is set where the page's origin may be opaque.
	opaque bool
}

// addCase reads a case with the defaults below it.
func (l *loader) addCase(n *node, w *way, defaults *node) {
	if n.kind != mapKind || !l.affords(n, w, defaults) {
		return
	}
	whole := merge(caseShape, defaults, n)
	b := &builder{loader: l, t: &template{base: Case{Pos: n.position()}}}
	if name := whole.field("name"); name.ok() {
		b.t.base.Name = oneLine(name.text)
	}
	b.from(whole, n, w)
	steps := []*node{whole}
	places := []*way{w}
	if list := n.field("steps"); list != nil {
		steps, places = slices.Clone(usable(list)), nil
		for i := range steps {
			steps[i] = merge(stepShape, without(defaults, "from", "cookies"), steps[i])
			places = append(places, w.field("steps").item(i))
		}
	}
	b.t.base.Steps = make([]Step, len(steps))
	b.cookies(whole.field("cookies"), w.field("cookies"))
	for i, step := range steps {
		if step.ok() && step.kind == mapKind {
			b.step(i, step, places[i])
		}
	}
	if l.checkMatrix(b.t, n, w) {
		l.suite.templates = append(l.suite.templates, b.t)
	}
}

// oneLine is a name as reports print it.
func oneLine(name string) string { return strings.Join(strings.Fields(name), " ") }

// maxMerged bounds how often defaults are read again, in the weight of nodes: it keeps large ones from meeting many cases.
const maxMerged = 20_000_000

// affords counts the work of laying a case over the defaults, and reports where it becomes too much.
func (l *loader) affords(n *node, w *way, defaults *node) bool {
	if defaults == nil {
		return true
	}
	before := l.merged
	l.merged += defaults.weight * (1 + len(usable(n.field("steps"))))
	if l.merged > maxMerged && before <= maxMerged {
		l.problem(n, w, "the defaults are too large for so many cases", "split the suite")
	}
	return l.merged <= maxMerged
}

// without is a map without some of its fields.
func without(n *node, names ...string) *node {
	if n == nil {
		return nil
	}
	rest := *n
	rest.entries = nil
	for _, e := range n.entries {
		if !slices.Contains(names, e.key.text) {
			rest.entries = append(rest.entries, e)
		}
	}
	return &rest
}

func (b *builder) from(whole, own *node, w *way) {
	n := whole.field("from")
	if n == nil {
		b.problem(own, w, "the case has no from: which page sends the request?", "write from: https://app.example.com, here or under defaults")
		return
	}
	vary(b.t, n, w.field("from"), b.pageOrigin, func(c *Case, from string) { c.From = from })
}

// pageOrigin reads a page's origin. It may refer to an API whose origin is fixed, for requests within that origin.
func (b *builder) pageOrigin(n *node, w *way) (string, bool) {
	text, ok := "null", true
	if !n.isNull() {
		text, ok = b.originText(n, w)
	}
	if !ok {
		return "", false
	}
	o, err := fetch.ParseOrigin(text)
	if err != nil {
		b.problem(n, w, err.Error(), "")
		return "", false
	}
	b.opaque = b.opaque || o.IsOpaque()
	if origin := o.String(); !slices.Contains(b.suite.origins, origin) {
		b.suite.origins = append(b.suite.origins, origin)
	}
	return o.String(), true
}

// originText fills in the APIs' origins.
func (b *builder) originText(n *node, w *way) (text string, ok bool) {
	pieces, ok := b.pieces(n, w, func(name string) bool { return b.apis[name] != nil })
	for i, p := range pieces {
		if p.name == "" || !ok {
			continue
		}
		api := b.apis[p.name]
		pieces[i] = piece{literal: api.api.fixedOrigin()}
		if pieces[i].literal != "" {
			continue
		}
		if api.value.field("at") == nil && api.value.field("url") == nil { // else that was a mistake, and was reported
			b.problem(n, w, fmt.Sprintf("where the API %s is reached is known only when it runs", p.name), "give it an origin: at: https://api.example.com")
		}
		ok = false
	}
	return plainText(pieces), ok
}

func (b *builder) step(i int, n *node, w *way) {
	s := &b.t.base.Steps[i]
	s.Pos = n.position()
	vary(b.t, n.field("wait"), w.field("wait"), b.duration, func(c *Case, v duration) { c.Steps[i].Wait = v })
	vary(b.t, n.field("clearCache"), w.field("clearCache"), truth, func(c *Case, v bool) { c.Steps[i].ClearCache = v })
	b.request(i, n, w)
	if e := n.field("expect"); e.ok() && e.kind == mapKind {
		r := expectReader{loader: b.loader, step: s, places: map[string]Position{}}
		r.read(e, w.field("expect"))
	}
}

// cookies reads the cookies of a case.
func (b *builder) cookies(n *node, w *way) {
	list := usable(n)
	b.t.base.Cookies = make([]probe.Cookie, len(list))
	for i, item := range list {
		if !item.ok() || item.kind != mapKind {
			continue
		}
		at := w.item(i)
		b.cookieURL(i, item, at)
		cookieText(b, i, item, at, "name", func(c *probe.Cookie, v string) { c.Name = v })
		vary(b.t, item.field("value"), at.field("value"), b.requestText, func(c *Case, v string) { c.Cookies[i].Value = v })
		cookieText(b, i, item, at, "domain", func(c *probe.Cookie, v string) { c.Domain = v })
		cookieText(b, i, item, at, "path", func(c *probe.Cookie, v string) { c.Path = v })
		vary(b.t, item.field("sameSite"), at.field("sameSite"), word, func(c *Case, v string) { c.Cookies[i].SameSite = v })
		vary(b.t, item.field("secure"), at.field("secure"), truth, func(c *Case, v bool) { c.Cookies[i].Secure = v })
		vary(b.t, item.field("httpOnly"), at.field("httpOnly"), truth, func(c *Case, v bool) { c.Cookies[i].HTTPOnly = v })
		vary(b.t, item.field("partitioned"), at.field("partitioned"), truth, func(c *Case, v bool) { c.Cookies[i].Partitioned = v })
	}
}

func cookieText(b *builder, i int, n *node, w *way, name string, put func(*probe.Cookie, string)) {
	vary(b.t, n.field(name), w.field(name), b.plain, func(c *Case, v string) { put(&c.Cookies[i], v) })
}

// cookieURL reads whose cookie it is: an API's, or the page's own.
func (b *builder) cookieURL(i int, n *node, w *way) {
	if n.field("api") == nil {
		b.t.base.Cookies[i].URL = "${from}"
		if b.opaque {
			b.problem(n, w, "a page of an opaque origin has no cookies", "say whose cookie it is: api: NAME")
		}
		return
	}
	read := func(n *node, w *way) (string, bool) {
		name, ok := b.plain(n, w)
		if ok && b.apis[name] == nil {
			b.problem(n, w, "there is no API called "+quoted(name), didYouMean(name, b.suite.apiNames()))
			return "", false
		}
		return "${" + name + "}", ok
	}
	vary(b.t, n.field("api"), w.field("api"), read, func(c *Case, v string) { c.Cookies[i].URL = v })
}

func word(n *node, _ *way) (string, bool) { return n.text, true }

func truth(n *node, _ *way) (bool, bool) { return n.flag(), true }
