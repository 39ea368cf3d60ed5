package suite

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// expander fills in references when the APIs' origins are known, and gathers what cannot be.
type expander struct {
	origins map[string]string
	from    string
	answers bool // leaves what the embedded API fills in
	errs    []error
}

func (x *expander) value(name string) (string, bool) {
	if x.answers && isAnswerReference(name) {
		return "${" + name + "}", true
	}
	if name == "from" && !x.answers {
		return x.from, true
	}
	origin, ok := x.origins[name]
	return origin, ok
}

func (x *expander) text(text string) string {
	return x.fill(text, x.value)
}

func (x *expander) fill(text string, value func(string) (string, bool)) string {
	full, err := expand(text, value)
	if err != nil {
		x.errs = append(x.errs, err)
	}
	return full
}

func (x *expander) request(r probe.Request) probe.Request {
	before := len(x.errs)
	if r.URL = x.text(r.URL); len(x.errs) == before && !isAbsolute(r.URL) {
		x.errs = append(x.errs, fmt.Errorf("the URL %q is not absolute", r.URL))
	}
	r.Referrer, r.User, r.Password = x.text(r.Referrer), x.text(r.User), x.text(r.Password)
	var headers fetch.HeaderList
	for _, h := range r.Headers {
		headers = append(headers, fetch.Header{Name: h.Name, Value: x.text(h.Value)})
	}
	r.Headers = headers
	if r.Body != nil {
		body := *r.Body
		body.Text, body.Form, body.Multipart = x.text(body.Text), x.fields(body.Form), x.fields(body.Multipart)
		r.Body = &body
	}
	return r
}

func (x *expander) fields(fields []probe.Field) []probe.Field {
	if fields == nil {
		return nil
	}
	full := make([]probe.Field, len(fields))
	for i, f := range fields {
		full[i] = probe.Field{Name: f.Name, Value: x.text(f.Value)}
	}
	return full
}

func (x *expander) expectation(e expect.Expectation) expect.Expectation {
	if e.URL != nil {
		url := x.text(*e.URL)
		e.URL = &url
	}
	e.Body, e.Headers = x.wanted(e.Body), x.headers(e.Headers)
	if e.Preflight != nil {
		p := *e.Preflight
		p.RequestHeaders, p.ResponseHeaders = x.headers(p.RequestHeaders), x.headers(p.ResponseHeaders)
		e.Preflight = &p
	}
	if e.Actual != nil {
		a := *e.Actual
		a.RequestHeaders = x.headers(a.RequestHeaders)
		e.Actual = &a
	}
	if e.Received != nil {
		r := *e.Received
		r.Headers = x.headers(r.Headers)
		e.Received = &r
	}
	return e
}

func (x *expander) headers(headers []expect.Header) []expect.Header {
	var full []expect.Header
	for _, h := range headers {
		full = append(full, expect.Header{Name: h.Name, Value: x.wanted(h.Value)})
	}
	return full
}

// wanted leaves patterns as they are: they refer to nothing.
func (x *expander) wanted(t expect.Text) expect.Text {
	switch v := t.(type) {
	case expect.Exactly:
		return expect.Exactly(x.text(string(v)))
	case expect.Contains:
		return expect.Contains(x.text(string(v)))
	case expect.JSON:
		return expect.JSON(x.fill(string(v), x.insideJSON))
	}
	return t
}

// insideJSON is a value as it stands inside a JSON text.
func (x *expander) insideJSON(name string) (string, bool) {
	v, ok := x.value(name)
	text, err := json.Marshal(v)
	if err != nil { // texts always encode
		return "", false
	}
	return string(text[1 : len(text)-1]), ok
}

// isAbsolute reports whether a URL has a scheme; script may ask for any.
func isAbsolute(url string) bool { return matches(`^[a-zA-Z][a-zA-Z0-9+.-]*:`, url) }

// isAnswerReference reports whether the embedded API fills a name in.
func isAnswerReference(name string) bool {
	return name == "origin" || name == "request.body" || strings.HasPrefix(name, "request.header.") && name != "request.header."
}
