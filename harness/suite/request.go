package suite

import (
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

type duration = time.Duration

func (l *loader) duration(n *node, w *way) (duration, bool) { return l.span(n, w), true }

// request reads the request of a step, each field in the order in which they vary.
func (b *builder) request(i int, step *node, w *way) {
	n, w := step.field("request"), w.field("request")
	if n == nil || n.ok() && n.kind == mapKind && n.field("url") == nil {
		at, place := n, w
		if n == nil {
			at, place = step, w.up
		}
		b.problem(at, place, "the request has no url", "write request: {url: …}, here or under defaults")
	}
	if !n.ok() || n.kind != mapKind {
		return
	}
	r := requestReader{b: b, i: i, n: n, w: w}
	member(r, "client", word, func(r *probe.Request, v string) { r.Client = probe.Client(v) })
	member(r, "method", b.method, func(r *probe.Request, v string) { r.Method = v })
	member(r, "url", b.url, func(r *probe.Request, v string) { r.URL = v })
	b.t.base.Steps[i].Request.Headers = b.requestHeaders(n.field("headers"), w.field("headers"))
	member(r, "body", b.body, func(r *probe.Request, v *probe.Body) { r.Body = v })
	member(r, "mode", word, func(r *probe.Request, v string) { r.Mode = fetch.RequestMode(v) })
	member(r, "credentials", word, func(r *probe.Request, v string) { r.Credentials = fetch.CredentialsMode(v) })
	member(r, "redirect", word, func(r *probe.Request, v string) { r.Redirect = fetch.RedirectMode(v) })
	member(r, "cache", word, func(r *probe.Request, v string) { r.Cache = fetch.CacheMode(v) })
	member(r, "referrer", b.requestText, func(r *probe.Request, v string) { r.Referrer = v })
	member(r, "referrerPolicy", word, func(r *probe.Request, v string) { r.ReferrerPolicy = fetch.ReferrerPolicy(v) })
	member(r, "integrity", b.plain, func(r *probe.Request, v string) { r.Integrity = v })
	member(r, "keepalive", truth, func(r *probe.Request, v bool) { r.Keepalive = v })
	member(r, "async", truth, func(r *probe.Request, v bool) { r.Sync = !v })
	member(r, "user", b.requestText, func(r *probe.Request, v string) { r.User = v })
	member(r, "password", b.requestText, func(r *probe.Request, v string) { r.Password = v })
	member(r, "uploadListener", truth, func(r *probe.Request, v bool) { r.UploadListener = v })
	member(r, "timeout", b.duration, func(r *probe.Request, v duration) { r.Timeout = v })
}

// requestReader reads the fields of one step's request.
type requestReader struct {
	b *builder
	i int // the step's
	n *node
	w *way
}

func member[T any](r requestReader, name string, read func(*node, *way) (T, bool), put func(*probe.Request, T)) {
	i := r.i // all that the suite is to keep of r
	vary(r.b.t, r.n.field(name), r.w.field(name), read, func(c *Case, v T) { put(&c.Steps[i].Request, v) })
}

// method takes any token: script may write any, and what it may not do is for the browser to say.
func (b *builder) method(n *node, w *way) (string, bool) {
	method, ok := b.plain(n, w)
	if ok && !fetch.IsMethod(method) {
		b.problem(n, w, quoted(method)+" is no method", "a method is one word, without blanks")
	}
	return method, ok
}

// url checks what can be known of a URL before the APIs run.
func (b *builder) url(n *node, w *way) (string, bool) {
	text, ok := b.requestText(n, w)
	if !ok {
		return "", false
	}
	if !strings.HasPrefix(text, "${") {
		if !isAbsolute(text) {
			b.problem(n, w, "the URL "+quoted(n.text)+" is not absolute", "write "+b.absolute(n.text))
		}
		return text, true
	}
	_, path, _ := strings.Cut(text, "}")
	if path != "" && !strings.ContainsAny(path[:1], "/?#") {
		b.problem(n, w, "after the origin a URL goes on with a slash", "write "+strings.Replace(n.text, "}", "}/", 1))
	}
	return text, true
}

// absolute guesses what a relative URL was to be.
func (b *builder) absolute(url string) string {
	name := "api"
	if names := b.suite.apiNames(); len(names) > 0 {
		name = names[0]
	}
	if len(url) > maxShown {
		url = url[:maxShown] + "…"
	}
	return "${" + name + "}/" + strings.TrimLeft(url, "/")
}

func (b *builder) requestHeaders(n *node, w *way) fetch.HeaderList {
	if !n.ok() {
		return nil
	}
	var list fetch.HeaderList
	for _, e := range n.entries {
		name, at := e.key.text, w.field(e.key.text)
		b.checkHeaderName(e.key, at)
		for _, v := range valuesOf(e.value) {
			if value, ok := b.requestText(v, at); ok {
				b.checkValueSize(v, at, value)
				list = append(list, fetch.Header{Name: name, Value: value})
			}
		}
	}
	return list
}

// valuesOf is a value, or those of a list.
func valuesOf(n *node) []*node {
	if n.kind == listKind {
		return usable(n)
	}
	return []*node{n}
}

// body reads a body as script hands it over.
func (b *builder) body(n *node, w *way) (*probe.Body, bool) {
	if n.kind != mapKind {
		text, ok := b.requestText(n, w)
		return &probe.Body{Text: text}, ok
	}
	var body probe.Body
	ok := true
	if v := n.field("base64"); v != nil {
		body.Bytes, ok = b.base64(v, w.field("base64"))
	}
	if v := n.field("file"); v != nil {
		body.Bytes, ok = b.bodyFile(v, w.field("file"))
	}
	if v := n.field("form"); v.ok() {
		body.Form = b.formFields(v, w.field("form"))
	}
	if v := n.field("multipart"); v.ok() {
		body.Multipart = b.formFields(v, w.field("multipart"))
	}
	return &body, ok
}

// formFields are the fields in order; there may be none.
func (b *builder) formFields(n *node, w *way) []probe.Field {
	fields := []probe.Field{}
	for _, e := range n.entries {
		for _, v := range valuesOf(e.value) {
			if value, ok := b.requestText(v, w.field(e.key.text)); ok {
				fields = append(fields, probe.Field{Name: e.key.text, Value: value})
			}
		}
	}
	return fields
}
