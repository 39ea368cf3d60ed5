package suite

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// expectReader reads the expect block of a step, and notes where each of its checks stands, by the names that package expect gives them.
type expectReader struct {
	*loader
	step   *Step
	places map[string]Position
}

// at notes where a check stands.
func (r *expectReader) at(check string, n *node) { r.places[check] = n.position() }

func (r *expectReader) read(n *node, w *way) {
	r.step.expect, r.step.places = n.position(), r.places
	e := &r.step.Expect
	r.response(e, n, w)
	r.exposure(e, n, w)
	r.wire(e, n, w)
	r.reasons(e, n, w)
	if f := n.field("finding"); f.ok() {
		r.step.Finding = r.rule("finding", f, w.field("finding"), r.opts.Rules)
	}
	if c := n.field("cause"); c.ok() {
		r.step.Cause = r.rule("cause", c, w.field("cause"), withNone(r.opts.Rules))
		if o := e.Outcome; r.step.Cause == NoCause && o != "" && o != probe.Readable {
			r.problem(c, w.field("cause"), fmt.Sprintf("where the outcome is %s there is a cause", o), "leave cause out, or name the rule")
		}
	}
	if c := n.field("received"); c.ok() {
		e.Received = &expect.Received{
			Preflights: r.number(c, "preflights", "received.preflights"), Requests: r.number(c, "requests", "received.requests"),
			Headers: r.headers(c.field("headers"), w.field("received").field("headers"), "received header "),
		}
	}
	if c := n.field("replay"); c.ok() {
		e.Replay = &expect.Replay{Status: r.number(c, "status", "replay.status")}
	}
	e.Predicted, e.Complete = r.yes(n, "predicted", "prediction"), r.yes(n, "complete", "evidence")
}

// response reads what script reads of the response, its headers aside.
func (r *expectReader) response(e *expect.Expectation, n *node, w *way) {
	e.Outcome = probe.Outcome(r.word(n, "outcome"))
	e.Type = fetch.ResponseType(r.word(n, "type"))
	e.Status = r.number(n, "status", "status")
	if text, ok := r.plain(n.field("statusText"), w.field("statusText")); ok {
		e.StatusText = &text
		r.at("statusText", n.field("statusText"))
	}
	if text, ok := r.requestText(n.field("url"), w.field("url")); ok {
		e.URL = &text
		r.at("url", n.field("url"))
	}
	e.Redirected = r.flag(n, "redirected", "redirected")
	if body := n.field("body"); body.ok() {
		e.Body = r.wanted(body, w.field("body"))
		r.at("body", body)
	}
}

func (r *expectReader) exposure(e *expect.Expectation, n *node, w *way) {
	e.Headers = r.headers(n.field("headers"), w.field("headers"), "header ")
	e.Hidden = r.headerNames(n.field("hidden"), w.field("hidden"), "hidden ")
}

func (r *expectReader) wire(e *expect.Expectation, n *node, w *way) {
	if p := n.field("preflight"); p.ok() {
		e.Preflight = r.preflight(p, w.field("preflight"))
	}
	if a := n.field("actual"); a.ok() {
		e.Actual = r.actual(a, w.field("actual"))
	}
	e.Redirects = r.number(n, "redirects", "redirects")
}

func (r *expectReader) preflight(n *node, w *way) *expect.Preflight {
	if n.kind != mapKind {
		r.at("preflight", n)
		sent := false
		return &expect.Preflight{Sent: &sent}
	}
	return &expect.Preflight{
		Sent: r.flag(n, "sent", "preflight"), Status: r.number(n, "status", "preflight.status"),
		RequestHeaders:  r.headers(n.field("requestHeaders"), w.field("requestHeaders"), "preflight request header "),
		ResponseHeaders: r.headers(n.field("responseHeaders"), w.field("responseHeaders"), "preflight response header "),
		Count:           r.number(n, "count", "preflight.count"),
	}
}

func (r *expectReader) actual(n *node, w *way) *expect.Actual {
	a := &expect.Actual{
		Sent:           r.flag(n, "sent", "actual"),
		RequestHeaders: r.headers(n.field("requestHeaders"), w.field("requestHeaders"), "actual request header "),
		Absent:         r.headerNames(n.field("absent"), w.field("absent"), "actual absent "),
	}
	if c := n.field("cookies"); c.ok() {
		w = w.field("cookies")
		for _, used := range r.cookies(c.field("sent"), w.field("sent"), "sent") {
			a.CookiesSent = append(a.CookiesSent, used.Name)
		}
		a.CookiesWithheld = r.cookies(c.field("withheld"), w.field("withheld"), "withheld")
		a.CookiesRefused = r.cookies(c.field("refused"), w.field("refused"), "refused")
	}
	return a
}

// cookies reads names of cookies, or {name, reasons}.
func (r *expectReader) cookies(n *node, w *way, did string) []expect.Cookie {
	var list []expect.Cookie
	for i, item := range usable(n) {
		if !item.ok() {
			continue
		}
		name, at := item, w.item(i)
		var c expect.Cookie
		if item.kind == mapKind {
			name = item.field("name")
			c.Reasons, _ = r.texts(item.field("reasons"), at.field("reasons"))
		}
		if text, ok := r.plain(name, at); ok {
			c.Name = text
			list = append(list, c)
			r.at("actual cookie "+did+" "+quotedUnlessPlain(text), item)
		}
	}
	return list
}

// quotedUnlessPlain is a cookie's name as it stands in the name of a check.
func quotedUnlessPlain(name string) string {
	if strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '"' }) {
		return strconv.Quote(name)
	}
	return name
}

func (r *expectReader) reasons(e *expect.Expectation, n *node, w *way) {
	for name, put := range map[string]*string{"blockedBy": &e.BlockedBy, "netError": &e.NetError, "error": &e.Error} {
		if text, ok := r.plain(n.field(name), w.field(name)); ok {
			*put = text
			r.at(name, n.field(name))
		}
	}
	if events := n.field("events"); events.ok() {
		e.Events, _ = r.texts(events, w.field("events"))
		r.at("events", events)
	}
}

// rule reads the name of one of the known rules; nil knows all.
func (r *expectReader) rule(check string, n *node, w *way, known []string) string {
	name, ok := r.plain(n, w)
	if ok && known != nil && !slices.Contains(known, name) {
		r.problem(n, w, "there is no rule "+quoted(name), didYouMean(name, known))
	}
	r.at(check, n)
	return name
}

// withNone adds what stands for no cause.
func withNone(rules []string) []string {
	if rules == nil {
		return nil
	}
	return append(slices.Clone(rules), NoCause)
}

func (r *expectReader) headers(n *node, w *way, check string) []expect.Header {
	if !n.ok() {
		return nil
	}
	var list []expect.Header
	for _, e := range n.entries {
		name, at := e.key.text, w.field(e.key.text)
		r.checkHeaderName(e.key, at)
		if e.value.ok() {
			list = append(list, expect.Header{Name: name, Value: r.wanted(e.value, at)})
			r.at(check+strings.ToLower(name), e.value)
		}
	}
	return list
}

func (r *expectReader) headerNames(n *node, w *way, check string) []string {
	names, nodes := r.texts(n, w)
	for i, name := range names {
		r.checkHeaderName(nodes[i], w)
		r.at(check+strings.ToLower(name), nodes[i])
	}
	return names
}

// checkHeaderName reports a name that no header has.
func (l *loader) checkHeaderName(n *node, w *way) (ok bool) {
	if ok = fetch.IsHeaderName(n.text); !ok {
		l.problem(n, w, quoted(n.text)+" is no header name", "a header name is one word, without blanks")
	}
	return ok
}

// word, number, flag and yes read a member and note the place of its check.

func (r *expectReader) word(n *node, name string) string {
	v := n.field(name)
	if !v.ok() {
		return ""
	}
	r.at(name, v)
	return v.text
}

func (r *expectReader) number(n *node, name, check string) *int {
	v := n.field(name)
	if !v.ok() {
		return nil
	}
	r.at(check, v)
	number, _ := v.integer()
	return &number
}

func (r *expectReader) flag(n *node, name, check string) *bool {
	v := n.field(name)
	if !v.ok() {
		return nil
	}
	r.at(check, v)
	truth := v.flag()
	return &truth
}

func (r *expectReader) yes(n *node, name, check string) bool {
	v := n.field(name)
	if !v.ok() {
		return false
	}
	r.at(check, v)
	return true
}

// texts reads a list of texts, and the node of each.
func (r *expectReader) texts(n *node, w *way) (texts []string, nodes []*node) {
	for i, item := range usable(n) {
		if text, ok := r.plain(item, w.item(i)); ok {
			texts, nodes = append(texts, text), append(nodes, item)
		}
	}
	return texts, nodes
}
