package embedded

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

// Config says what an [API] answers. The zero value answers 404 to everything.
type Config struct {
	// Rules are tried in order; the first that matches answers.
	Rules []Rule
	// HTTP2 says that the API is to be served over HTTP/2 too, where it is served by TLS.
	HTTP2 bool
}

// API answers requests by rules, which can be swapped while it runs.
type API struct {
	http2 bool
	rules atomic.Pointer[[]compiled]
}

// compiled is a rule whose templates are parsed.
type compiled struct {
	Rule
	headers []line
	body    template
	static  []byte // the body, where it refers to nothing
}

// line is a header line.
type line struct {
	name  string
	value template
}

// New returns an API, or every mistake in the rules at once, each a *RuleError.
func New(cfg Config) (*API, error) {
	a := &API{http2: cfg.HTTP2}
	if err := a.SetRules(cfg.Rules); err != nil {
		return nil, err
	}
	return a, nil
}

// HTTP2 reports whether the API is to be served over HTTP/2 too.
func (a *API) HTTP2() bool { return a.http2 }

// SetRules replaces all rules at once; requests that are being answered keep
// theirs. Where a rule has a mistake, it returns what New would and changes nothing.
func (a *API) SetRules(rules []Rule) error {
	if err := checkRules(rules); err != nil {
		return fmt.Errorf("embedded API: %w", err)
	}
	all := make([]compiled, 0, len(rules))
	for _, rule := range rules {
		all = append(all, compile(rule))
	}
	a.rules.Store(&all)
	return nil
}

// compile keeps nothing that the caller could change.
func compile(rule Rule) compiled {
	c := compiled{Rule: rule}
	if c.body = parseTemplate(string(rule.Answer.Body)); !c.body.refers() {
		c.static = slices.Clone(rule.Answer.Body)
	}
	c.When.Headers = maps.Clone(rule.When.Headers)
	c.When.Query = maps.Clone(rule.When.Query)
	for _, h := range rule.Answer.Headers {
		c.headers = append(c.headers, line{h.Name, parseTemplate(h.Value)})
	}
	return c
}

// Handle answers a request. It is a [rawhttp.Handler].
func (a *API) Handle(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
	rules := *a.rules.Load()
	for i := range rules {
		if rules[i].matches(r) {
			return rules[i].answer(r)
		}
	}
	return noRule(r, rules)
}

func (c *compiled) matches(r *rawhttp.Request) bool {
	m := c.When
	if m.Method != "" && m.Method != r.Method || !matchesPath(m.Path, r.Path()) {
		return false
	}
	for name, want := range m.Headers {
		if got, ok := combined(r.Headers, name); !ok || want != "" && want != got {
			return false
		}
	}
	if len(m.Query) == 0 {
		return true
	}
	query, _ := url.ParseQuery(r.Query()) // what is malformed is not matched
	for name, want := range m.Query {
		if got, ok := query[name]; !ok || want != "" && !slices.Contains(got, want) {
			return false
		}
	}
	return true
}

func (c *compiled) answer(r *rawhttp.Request) *rawhttp.Response {
	if c.Func != nil {
		return c.Func(r)
	}
	resp := &rawhttp.Response{
		Status: c.Answer.Status, Reason: c.Answer.Reason,
		Delay: c.Answer.Delay, Fault: c.Answer.Fault,
	}
	for _, l := range c.headers {
		value, whole := l.value.expand(r)
		if !whole {
			continue
		}
		if strings.ContainsAny(value, "\r\n") {
			return rawhttp.PlainText(500, fmt.Sprintf("the value of %s has a line break, which it got from the request", l.name))
		}
		resp.Headers = append(resp.Headers, fetch.Header{Name: l.name, Value: value})
	}
	resp.Body = c.content(r)
	return resp
}

// content returns the body for a request.
func (c *compiled) content(r *rawhttp.Request) []byte {
	if !c.body.refers() {
		return c.static
	}
	body, _ := c.body.expand(r)
	return []byte(body)
}

// maxListed bounds how many rules a 404 lists.
const maxListed = 50

// noRule says which rules there are.
func noRule(r *rawhttp.Request, rules []compiled) *rawhttp.Response {
	var b strings.Builder
	fmt.Fprintf(&b, "no rule of this API is for %s %s", r.Method, r.Path())
	if len(rules) == 0 {
		b.WriteString("; it has none")
	} else {
		b.WriteString("; its rules are for:")
	}
	for i, rule := range rules {
		if i == maxListed {
			fmt.Fprintf(&b, "\n  and %d more", len(rules)-maxListed)
			break
		}
		b.WriteString("\n  " + rule.When.String())
	}
	return rawhttp.PlainText(404, b.String())
}
