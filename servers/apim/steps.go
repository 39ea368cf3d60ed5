package apim

import (
	"slices"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

// nested runs policies that another holds.
type nested []policy

func (n nested) run(x *exchange) verdict { return x.runAll(n) }

// included are the policies of a fragment.
type included struct{ nested }

func (c *compiler) fragment(e *element) step {
	name, _ := e.attr("fragment-id")
	fragment, ok := c.fragments[name]
	switch {
	case !ok:
		c.report(e, "there is no fragment %q", name)
		return nil
	case slices.Contains(c.within, name):
		c.report(e, "the fragment %q includes itself", name)
		return nil
	}
	c.within = append(c.within, name)
	defer func() { c.within = c.within[:len(c.within)-1] }()
	return included{c.policies(fragment)}
}

// choice is a choose policy: the first branch whose condition is true runs.
type choice []branch

type branch struct {
	condition expression
	policies  nested
}

func (c *compiler) choose(e *element) step {
	var all choice
	for _, child := range e.children {
		switch child.name {
		case "when":
			all = append(all, branch{c.truth(child, "condition", false), c.policies(child)})
		case "otherwise":
			all = append(all, branch{constant("true"), c.policies(child)})
		default:
			c.report(child, "choose has when and otherwise only")
		}
	}
	return all
}

func (c choice) run(x *exchange) verdict {
	for _, b := range c {
		if yes, _ := isTrue(b.condition(x)); yes {
			return b.policies.run(x)
		}
	}
	return verdict{}
}

// headerSetting is a set-header policy.
type headerSetting struct {
	name, action string
	values       []expression
}

func (c *compiler) setHeader(e *element) step {
	s := &headerSetting{action: "override"}
	s.name, _ = e.attr("name")
	if action, ok := e.attr("exists-action"); ok {
		s.action = action
	}
	if !fetch.IsHeaderName(s.name) {
		c.report(e, "name: %q is no name of a header", s.name)
	}
	if !slices.Contains([]string{"override", "skip", "append", "delete"}, s.action) {
		c.report(e, "exists-action: %q is none of override, skip, append and delete", s.action)
	}
	for _, text := range e.texts("value") {
		s.values = append(s.values, c.expression(e, "value", text))
	}
	return s
}

// run sets the header of the request to the backend, or of the answer once there is one.
func (s *headerSetting) run(x *exchange) verdict {
	headers := &x.headers
	if x.response != nil {
		headers = &x.response.Headers
	}
	if s.action == "skip" && headers.Has(s.name) {
		return verdict{}
	}
	if s.action != "append" {
		*headers = slices.DeleteFunc(*headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, s.name) })
	}
	if s.action == "delete" {
		return verdict{}
	}
	for _, value := range s.values {
		*headers = append(*headers, fetch.Header{Name: s.name, Value: oneLine(value(x))})
	}
	return verdict{}
}

// oneLine keeps what a request says from ending a header's line.
func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }

// headerCheck is a check-header policy.
type headerCheck struct {
	name, message string
	status        int
	ignoreCase    expression
	values        []string
}

func (c *compiler) checkHeader(e *element) step {
	h := &headerCheck{
		status: c.number(e, "failed-check-httpcode", 401, 400), values: e.texts("value"), ignoreCase: c.truth(e, "ignore-case", false),
	}
	h.name, _ = e.attr("name")
	h.message, _ = e.attr("failed-check-error-message")
	return h
}

func (h *headerCheck) run(x *exchange) verdict {
	got, ok := x.request.Headers.Get(h.name)
	ignoreCase, _ := isTrue(h.ignoreCase(x))
	if ok && (len(h.values) == 0 || slices.Contains(h.values, got) || ignoreCase && containsFold(h.values, got)) {
		return verdict{}
	}
	return verdict{err: &gatewayError{status: h.status, message: h.message}}
}

// answer is a return-response policy.
type answer struct {
	status  int
	reason  string
	headers []*headerSetting
	body    expression
}

func (c *compiler) returnResponse(e *element) step {
	a := &answer{status: 200, body: constant("")}
	for _, child := range e.children {
		switch child.name {
		case "set-status":
			a.status = c.number(child, "code", 200, 200)
			a.reason, _ = child.attr("reason")
			if a.status > 999 {
				c.report(child, "code: %s is not from 200 to 999", strconv.Itoa(a.status))
			}
		case "set-header":
			if s, ok := c.step(child).(*headerSetting); ok {
				a.headers = append(a.headers, s)
			}
		case "set-body":
			a.body = c.expression(child, "set-body", child.text)
		default:
			c.report(child, "return-response has set-status, set-header and set-body only")
		}
	}
	return a
}

func (a *answer) run(x *exchange) verdict {
	x.response = &rawhttp.Response{Status: a.status, Reason: oneLine(a.reason), Body: []byte(a.body(x))}
	for _, s := range a.headers {
		s.run(x)
	}
	return verdict{response: x.response}
}

// forward is a forward-request policy: the backend is asked.
type forward struct{}

func (forward) run(x *exchange) verdict {
	response, err := x.backend(x)
	if err != nil {
		return verdict{err: &gatewayError{status: 500, message: "Internal server error"}}
	}
	x.response = response
	return verdict{}
}
