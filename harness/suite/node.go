package suite

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// node is a value in a file. Aliases share the node of their anchor.
type node struct {
	src       *source
	kind      kind
	line, col int
	// text is a scalar's, as it is written, without quotes and with its escapes replaced.
	text string
	// quoted is true for a scalar that is a string whatever it looks like.
	quoted bool
	// missing is true where nothing stands after "name:" or "-".
	missing bool
	list    []*node
	entries []entry
	// weight counts the nodes below and this one, shared ones each time and long texts by their bytes; height the levels.
	weight, height int
	// bad is set where a structural problem was reported: whatever reads the node passes over it.
	bad bool
}

type kind uint8

const (
	scalarKind kind = iota
	listKind
	mapKind
)

// entry is one "name: value" of a map.
type entry struct {
	key   *node // a scalar
	value *node
}

// String names the kind in messages.
func (k kind) String() string { return [...]string{"a text", "a list", "a map"}[k] }

// says is what a node is, for messages.
func (n *node) says() string {
	switch {
	case n.kind != scalarKind:
		return n.kind.String()
	case n.missing:
		return "nothing"
	case n.isNull():
		return n.text
	}
	return quoted(n.text)
}

// quoted shows a text in a message, shortened.
func quoted(text string) string {
	const limit = 60
	if len(text) > limit {
		return strconv.Quote(text[:limit]) + "…"
	}
	return strconv.Quote(text)
}

func (n *node) problem(what string) Problem { return n.src.problem(n.line, n.col, what) }

func (n *node) position() Position { return Position{n.src.name, n.line, n.col} }

// field is the value of a map's field, or nil. Names in a suite's own maps are compared with case.
func (n *node) field(name string) *node {
	if n == nil {
		return nil
	}
	for _, e := range n.entries {
		if e.key.text == name {
			return e.value
		}
	}
	return nil
}

// resolved is what a scalar stands for in YAML's core schema: nil, a bool, a json.Number or a string.
// Infinities and NaN, which JSON has not, stay strings.
func (n *node) resolved() any {
	switch {
	case n.quoted:
		return n.text
	case n.isNull():
		return nil
	case slices.Contains([]string{"true", "True", "TRUE"}, n.text):
		return true
	case slices.Contains([]string{"false", "False", "FALSE"}, n.text):
		return false
	}
	if number, ok := n.number(); ok {
		return number
	}
	return n.text
}

func (n *node) isNull() bool {
	return !n.quoted && (n.missing || slices.Contains([]string{"null", "Null", "NULL", "~"}, n.text))
}

// numberPattern is the core schema's decimal numbers (YAML 1.2.2, section 10.3.2).
var numberPattern = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)

// number is a scalar as JSON writes it.
func (n *node) number() (json.Number, bool) {
	text := n.text
	for prefix, base := range map[string]int{"0x": 16, "0o": 8} {
		if digits, ok := strings.CutPrefix(text, prefix); ok {
			v, err := strconv.ParseUint(digits, base, 64)
			return json.Number(strconv.FormatUint(v, 10)), err == nil
		}
	}
	if !numberPattern.MatchString(text) {
		return "", false
	}
	negative := strings.HasPrefix(text, "-")
	mantissa, exponent, scaled := strings.Cut(strings.ToLower(strings.TrimLeft(text, "+-")), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	text = whole
	if fraction != "" {
		text += "." + fraction
	}
	if scaled {
		text += "e" + exponent
	}
	if negative {
		text = "-" + text
	}
	return json.Number(text), true
}

// value is what a node stands for: map[string]any, []any, or as resolved has it. change gives texts, name changes names.
func (n *node) value(change func(*node) string, name func(string) string) any {
	switch n.kind {
	case listKind:
		list := make([]any, len(n.list))
		for i, item := range n.list {
			list[i] = item.value(change, name)
		}
		return list
	case mapKind:
		values := make(map[string]any, len(n.entries))
		for _, e := range n.entries {
			values[name(e.key.text)] = e.value.value(change, name)
		}
		return values
	}
	v := n.resolved()
	if _, isText := v.(string); isText {
		return change(n)
	}
	return v
}
