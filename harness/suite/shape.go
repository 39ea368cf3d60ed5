package suite

import (
	"slices"
	"strings"
)

// shape says what a place in a suite takes. The tables in format.go are made of shapes; the loader checks files by
// them, and [Schema] writes them as JSON Schema, so that the two cannot differ.
type shape interface {
	// check reports what of a node's structure does not fit, and marks what is not to be read.
	check(c *checker, n *node, w *way)
	// schema is the shape as JSON Schema; objects go into defs.
	schema(defs map[string]any) map[string]any
	// takes says in words what fits.
	takes() string
	// kind is the kind of node that fits.
	kind() kind
}

// checker reports structural problems.
type checker struct{ report func(Problem) }

// wrong reports a node that does not fit. To JSON Schema a missing value is the word null, which may fit.
func (c *checker) wrong(n *node, w *way, what, hint string) {
	p := n.problem(what)
	p.Path, p.Hint, p.structural = w.String(), hint, !n.missing
	c.report(p)
	n.bad = true
}

// misfit reports a node of the wrong kind, or with a wrong value.
func (c *checker) misfit(s shape, n *node, w *way, hint string) {
	if hint == "" && n.kind == listKind && s.kind() == scalarKind && w != nil && w.name != "" {
		hint = "a list is taken only where it makes a matrix of requests"
	}
	c.wrong(n, w, w.what()+" takes "+s.takes()+", not "+n.says(), hint)
}

// list is any number of items.
type list struct {
	of  shape
	min int
}

func (l list) kind() kind { return listKind }

func (l list) takes() string { return "a list" }

func (l list) check(c *checker, n *node, w *way) {
	if n.kind != listKind {
		hint := `write it as an item: "- " before it, or brackets around it`
		if n.missing {
			hint = ""
		}
		c.misfit(l, n, w, hint)
		return
	}
	if len(n.list) < l.min {
		c.wrong(n, w, "the list is empty", "it needs an item")
	}
	for i, item := range n.list {
		checkNode(c, l.of, item, w.item(i))
	}
}

// checkNode passes over what could not even be read.
func checkNode(c *checker, s shape, n *node, w *way) {
	if !n.bad {
		s.check(c, n, w)
	}
}

// varies is a place of the matrix: one value, or a list of them.
type varies struct{ of shape }

func (v varies) kind() kind { return v.of.kind() }

func (v varies) takes() string { return v.of.takes() }

func (v varies) check(c *checker, n *node, w *way) {
	if n.kind != listKind {
		checkNode(c, v.of, n, w)
		return
	}
	if len(n.list) == 0 {
		c.wrong(n, w, "the list of the matrix is empty", "it needs a value, or there would be no case at all")
	}
	for i, item := range n.list {
		checkNode(c, v.of, item, w.item(i))
	}
}

// either takes what one of several shapes does, which differ in their kinds.
type either []shape

func (e either) kind() kind { return e[0].kind() }

func (e either) takes() string {
	words := make([]string, len(e))
	for i, s := range e {
		words[i] = s.takes()
	}
	return strings.Join(words, " or ")
}

func (e either) check(c *checker, n *node, w *way) {
	switch s := e.of(n.kind).(type) {
	case nil:
		c.misfit(e, n, w, "")
	case words:
		if !slices.Contains(s, n.text) {
			c.misfit(e, n, w, s.nearest(n.text))
		}
	default:
		s.check(c, n, w)
	}
}

// of is the shape for a kind of node, or nil.
func (e either) of(k kind) shape {
	for _, s := range e {
		if s.kind() == k {
			return s
		}
	}
	return nil
}

// dictionary is a map with names that are the user's.
type dictionary struct {
	of shape
	// names is a regular expression for the names, which are named names of that, as hint explains; empty: any name.
	names, named, hint string
	// fold is set where names are compared without case, as those of headers are.
	fold bool
}

func (d dictionary) kind() kind { return mapKind }

func (d dictionary) takes() string { return "a map" }

func (d dictionary) check(c *checker, n *node, w *way) {
	if n.kind != mapKind {
		c.misfit(d, n, w, "")
		return
	}
	for _, e := range n.entries {
		if d.names != "" && !matches(d.names, e.key.text) {
			c.wrong(e.key, w.field(e.key.text), quoted(e.key.text)+" is no "+d.named, d.hint)
		}
		checkNode(c, d.of, e.value, w.field(e.key.text))
	}
}

// anything takes all that YAML can say.
type anything struct{ mapOnly bool }

func (a anything) kind() kind {
	if a.mapOnly {
		return mapKind
	}
	return scalarKind
}

func (a anything) takes() string {
	if a.mapOnly {
		return "a map"
	}
	return "any value"
}

func (a anything) check(c *checker, n *node, w *way) {
	if a.mapOnly && n.kind != mapKind {
		c.misfit(a, n, w, "")
	}
}
