package apim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/nearest"
)

// The sections of a policy document, in the order in which they run.
const (
	inbound  = "inbound"
	backend  = "backend"
	outbound = "outbound"
	onError  = "on-error"
)

var sections = []string{inbound, backend, outbound, onError}

// step is a policy, ready to run. A verdict ends the section.
type step interface{ run(x *exchange) verdict }

// policy is an element of a section. step is nil for <base/>.
type policy struct {
	element *element
	step    step
}

// document is a scope's policy, ready to run.
type document struct {
	scope    string // `the API "orders"`
	sections map[string][]policy
}

// compiler turns policy documents into steps, and collects what is wrong with them.
type compiler struct {
	config    Config
	fragments map[string]*element
	within    []string // the fragments that are being included
	scope     string
	section   string
	errs      []error
}

func (c *compiler) report(e *element, format string, args ...any) {
	where := fmt.Sprintf("%s, line %d, %s: ", c.scope, e.line, e.name)
	c.errs = append(c.errs, fmt.Errorf(where+format, args...))
}

// fail reports what is wrong with a whole document.
func (c *compiler) fail(err error) { c.errs = append(c.errs, fmt.Errorf("%s: %w", c.scope, err)) }

// document compiles a scope's policy. A section that is not there is inherited.
func (c *compiler) document(scope string, p Policy) *document {
	c.scope = scope
	d := &document{scope: scope, sections: map[string][]policy{}}
	for _, name := range sections {
		d.sections[name] = []policy{{element: &element{name: "base"}}}
	}
	if p == "" {
		return d
	}
	root, err := parse(p, "policies")
	if err != nil {
		c.fail(err)
		return d
	}
	for _, section := range root.children {
		if !slices.Contains(sections, section.name) {
			c.report(section, "there is no such section (there are %s)", strings.Join(sections, ", "))
			continue
		}
		c.section = section.name
		d.sections[section.name] = c.policies(section)
		if n := len(slices.DeleteFunc(slices.Clone(section.children), func(e *element) bool { return e.name != "cors" })); n > 1 {
			c.report(section, "it has %d cors policies, and may have one", n)
		}
	}
	return d
}

// policies compiles what stands in a section, or in a policy that holds others.
func (c *compiler) policies(holder *element) []policy {
	var list []policy
	for _, e := range holder.children {
		if e.name == "base" {
			list = append(list, policy{element: e})
			continue
		}
		if s := c.step(e); s != nil {
			list = append(list, policy{element: e, step: s})
		}
	}
	return list
}

// schema is what there is to know of a policy.
type schema struct {
	in      []string // the sections in which it may stand; nil: all
	attrs   []string // it may have; id is one of all
	needs   []string // attributes that it must have
	compile func(*compiler, *element) step
}

// limits are the attributes that all limits of calls may have.
var limits = []string{"calls", "renewal-period", "counter-key", "retry-after-header-name"}

// schemas returns the policies that are emulated. It is no variable, since policies hold policies.
func schemas() map[string]schema {
	return map[string]schema{
		"cors":              {in: []string{inbound}, attrs: []string{"allow-credentials", "terminate-unmatched-request"}, compile: (*compiler).cors},
		"rate-limit":        {in: []string{inbound}, attrs: limits, needs: limits[:2], compile: (*compiler).rateLimit},
		"rate-limit-by-key": {in: []string{inbound}, attrs: limits, needs: limits[:3], compile: (*compiler).rateLimit},
		"quota":             {in: []string{inbound}, attrs: limits[:2], needs: limits[:2], compile: (*compiler).quota},
		"quota-by-key":      {in: []string{inbound}, attrs: limits[:3], needs: limits[:3], compile: (*compiler).quota},
		"validate-jwt": {in: []string{inbound}, compile: (*compiler).validateJWT, attrs: []string{"header-name", "query-parameter-name",
			"failed-validation-httpcode", "failed-validation-error-message", "require-expiration-time", "require-scheme", "require-signed-tokens", "clock-skew"}},
		"check-header": {in: []string{inbound}, compile: (*compiler).checkHeader,
			attrs: []string{"name", "failed-check-httpcode", "failed-check-error-message", "ignore-case"}, needs: []string{"name", "failed-check-httpcode", "failed-check-error-message"}},
		"set-header":       {attrs: []string{"name", "exists-action"}, needs: []string{"name"}, compile: (*compiler).setHeader},
		"return-response":  {compile: (*compiler).returnResponse},
		"choose":           {compile: (*compiler).choose},
		"include-fragment": {attrs: []string{"fragment-id"}, needs: []string{"fragment-id"}, compile: (*compiler).fragment},
		"forward-request":  {in: []string{backend}, attrs: []string{"timeout", "follow-redirects", "buffer-request-body", "buffer-response", "fail-on-error-status-code"}, compile: func(*compiler, *element) step { return forward{} }},
	}
}

// inert are policies whose effect no client and no CORS check can see here.
var inert = []string{"emit-metric", "log-to-eventhub", "send-one-way-request", "set-backend-service", "set-variable", "trace"}

// step compiles a policy, or reports what is wrong and returns nil.
func (c *compiler) step(e *element) step {
	known := schemas()
	s, ok := known[e.name]
	if slices.Contains(inert, e.name) {
		return nil
	}
	if !ok {
		names := append([]string{"base"}, inert...)
		for name := range known {
			names = append(names, name)
		}
		slices.Sort(names)
		c.report(e, "this policy is not emulated%s (there are %s)", nearest.Hint(e.name, names), strings.Join(names, ", "))
		return nil
	}
	if s.in != nil && !slices.Contains(s.in, c.section) {
		c.report(e, "it may stand in %s only, and not in %s", strings.Join(s.in, ", "), c.section)
	}
	for _, a := range e.attrs {
		if name := a.Name.Local; name != "id" && !slices.Contains(s.attrs, name) {
			c.report(e, "there is no attribute %q%s", name, nearest.Hint(name, s.attrs))
		}
	}
	for _, name := range s.needs {
		if v, _ := e.attr(name); v == "" {
			c.report(e, "the attribute %q is missing", name)
		}
	}
	return s.compile(c, e)
}
