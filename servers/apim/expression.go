package apim

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// expression is a value in a policy: a text, or one of the policy expressions that are emulated.
type expression func(x *exchange) string

// constant is an expression that is always the same.
func constant(s string) expression { return func(*exchange) string { return s } }

// parseExpression reads a value: a text, or @(…) with what README.md lists.
func parseExpression(s string) (expression, error) {
	if strings.HasPrefix(s, "@{") {
		return nil, fmt.Errorf("%s: a block of C# is not emulated: write what it returns as a text or as @(…)", s)
	}
	code, ok := strings.CutPrefix(s, "@(")
	if !ok {
		return constant(s), nil
	}
	code, ok = strings.CutSuffix(strings.TrimSpace(code), ")")
	if !ok {
		return nil, fmt.Errorf("%s: the parenthesis is not closed", s)
	}
	value, err := parseComparison(strings.TrimSpace(code))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s, err)
	}
	return value, nil
}

func parseComparison(code string) (expression, error) {
	for _, operator := range []string{"==", "!="} {
		left, right, found := strings.Cut(code, operator)
		if !found {
			continue
		}
		a, err := parseOperand(strings.TrimSpace(left))
		if err != nil {
			return nil, err
		}
		b, err := parseOperand(strings.TrimSpace(right))
		if err != nil {
			return nil, err
		}
		return func(x *exchange) string {
			return strconv.FormatBool((a(x) == b(x)) == (operator == "=="))
		}, nil
	}
	return parseOperand(code)
}

var (
	literal     = regexp.MustCompile(`^(?:"([^"\\]*)"|(true|false|\d+))$`)
	headerValue = regexp.MustCompile(`^context\.Request\.Headers\.GetValueOrDefault\("([^"]+)"(?:,\s*"([^"]*)")?\)$`)
)

// parseOperand reads a literal or a property of the context.
func parseOperand(code string) (expression, error) {
	if m := literal.FindStringSubmatch(code); m != nil {
		return constant(m[1] + m[2]), nil
	}
	if m := headerValue.FindStringSubmatch(code); m != nil {
		return func(x *exchange) string {
			if v, ok := x.request.Headers.Get(m[1]); ok {
				return v
			}
			return m[2]
		}, nil
	}
	switch code {
	case "context.Request.Method":
		return func(x *exchange) string { return x.request.Method }, nil
	case "context.Request.IpAddress":
		return func(x *exchange) string { return clientAddress(x.request.RemoteAddr) }, nil
	case "context.Subscription.Id", "context.Subscription?.Id", "context.Subscription.Key", "context.Subscription?.Key":
		return func(x *exchange) string { return x.key }, nil
	case "context.Response.StatusCode":
		return func(x *exchange) string { return strconv.Itoa(x.status()) }, nil
	}
	return nil, fmt.Errorf("%s is not emulated: README.md lists the expressions that are", code)
}

func clientAddress(remote string) string {
	if i := strings.LastIndexByte(remote, ':'); i >= 0 {
		return remote[:i]
	}
	return remote
}

// isTrue reads true and false in any case, as C# does; ok is false for anything else.
func isTrue(s string) (value, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// attribute compiles an attribute, or a default where it is absent.
func (c *compiler) attribute(e *element, name, otherwise string) expression {
	value, ok := e.attr(name)
	if !ok {
		return constant(otherwise)
	}
	return c.expression(e, name, value)
}

func (c *compiler) expression(e *element, what, value string) expression {
	parsed, err := parseExpression(value)
	if err != nil {
		c.report(e, "%s: %w", what, err)
		return constant("")
	}
	return parsed
}

// truth compiles an attribute that is true or false.
func (c *compiler) truth(e *element, name string, otherwise bool) expression {
	value, ok := e.attr(name)
	if ok && !strings.HasPrefix(value, "@") {
		if _, valid := isTrue(value); !valid {
			c.report(e, "%s: %q is neither true nor false", name, value)
		}
	}
	return c.attribute(e, name, strconv.FormatBool(otherwise))
}

// number reads an attribute that is a whole number, not below the least.
func (c *compiler) number(e *element, name string, otherwise, least int) int {
	value, ok := e.attr(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least {
		c.report(e, "%s: %q is no whole number from %d", name, value, least)
	}
	return n
}
