package postman

import (
	"fmt"
	"maps"
	"strings"

	"github.com/corsproof/corsproof/harness/importer/internal/located"
)

// Bounds of a text whose variables name variables: how deep, how many, and how many bytes in the end.
const (
	maxNesting   = 20
	maxVariables = 10_000
	maxResolved  = 16 << 20
)

// variables are those of an outer scope with those of a value laid over.
func (r *reader) variables(outer map[string]string, v located.Value) map[string]string {
	list := v.Elements()
	if len(list) == 0 {
		return outer
	}
	all := maps.Clone(outer)
	if all == nil {
		all = map[string]string{}
	}
	for _, element := range list {
		var p pair
		if r.decode(element, &p) && !p.off() {
			all[p.name()] = p.value()
		}
	}
	return all
}

// resolver puts the values of variables into the texts of one request.
type resolver struct {
	*reader
	scope   scope
	request string // its name
	at      located.Value
	missed  bool // a variable had no value
	budget  int  // how many variables may still be replaced in a text
}

// resolve is a text with {{name}} replaced. A variable without a value stays, and is remembered.
func (v *resolver) resolve(s string) string {
	var b strings.Builder
	v.budget = maxVariables
	v.expand(&b, s, 0)
	return b.String()
}

func (v *resolver) expand(b *strings.Builder, s string, depth int) {
	for {
		before, rest, open := strings.Cut(s, "{{")
		name, after, closed := strings.Cut(rest, "}}")
		if !open || !closed {
			b.WriteString(s)
			return
		}
		b.WriteString(before)
		value, ok := v.lookup(strings.TrimSpace(name))
		v.budget--
		endless := v.budget < 0 || b.Len() > maxResolved
		if !ok || endless || depth == maxNesting {
			v.miss(strings.TrimSpace(name)).endless = ok
			b.WriteString("{{" + name + "}}")
		} else {
			v.expand(b, value, depth+1)
		}
		if s = after; endless {
			return
		}
	}
}

func (v *resolver) lookup(name string) (string, bool) {
	if value, ok := v.cfg.Environment[name]; ok {
		return value, true
	}
	value, ok := v.scope.variables[name]
	return value, ok
}

// missing is a variable without a value.
type missing struct {
	first    located.Value // where the first request that needs it stands
	requests []string
	endless  bool // it has one, which needs the variable again
}

func (v *resolver) miss(name string) *missing {
	v.missed = true
	m := v.reader.missing[name]
	if m == nil {
		m = &missing{first: v.at}
		v.reader.missing[name] = m
		v.order = append(v.order, name)
	}
	if n := len(m.requests); n == 0 || m.requests[n-1] != v.request {
		m.requests = append(m.requests, v.request)
	}
	return m
}

// reportMissing makes a problem of each variable without a value.
func (r *reader) reportMissing() {
	for _, name := range r.order {
		m := r.missing[name]
		users := fmt.Sprintf("%q", m.requests[0])
		if more := len(m.requests) - 1; more > 0 {
			users += fmt.Sprintf(" and %d more", more)
		}
		message, hint := "the variable {{%s}} has no value; it stands in %s", "give it one in the environment"
		switch {
		case strings.HasPrefix(name, "$"):
			message, hint = "Postman makes up {{%s}} anew each time; it stands in %s", "give it a value in the environment, under that name"
		case m.endless:
			message, hint = "the variable {{%s}} refers to itself, or grows without end; it stands in %s", "give it a plain value in the environment"
		}
		r.problem(m.first, fmt.Sprintf(message, name, users), hint)
	}
}
