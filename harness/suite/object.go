package suite

import (
	"fmt"
	"slices"
	"strings"
)

// object is a map whose fields are the format's.
type object struct {
	name   string // of the JSON Schema's definition
	what   string // in messages: "a request"
	doc    string
	fields []field
	// one are fields of which exactly one must be there.
	one []string
}

// field is one of an object's.
type field struct {
	name, doc string
	takes     shape
	required  bool
	// with is a field without which this one means nothing; without are those that it cannot stand beside.
	with    string
	without []string
}

func (o *object) kind() kind { return mapKind }

func (o *object) takes() string {
	if len(o.one) > 0 && len(o.one) == len(o.fields) {
		return "{" + strings.Join(o.one, ": …}, {") + ": …}"
	}
	return "a map"
}

func (o *object) check(c *checker, n *node, w *way) {
	if n.kind != mapKind {
		c.misfit(o, n, w, "")
		return
	}
	for _, e := range n.entries {
		f := o.field(e.key.text)
		if f == nil {
			c.wrong(e.key, w.field(e.key.text), fmt.Sprintf("there is no field %s in %s", quoted(e.key.text), o.what), didYouMean(e.key.text, o.names()))
			continue
		}
		checkNode(c, f.takes, e.value, w.field(f.name))
		o.checkCompany(c, n, e, f, w)
	}
	o.checkChoice(c, n, w)
	for _, f := range o.fields {
		if f.required && n.field(f.name) == nil {
			p := n.problem(fmt.Sprintf("%s needs the field %s", o.what, f.name))
			p.Path, p.structural = w.String(), true
			c.report(p)
		}
	}
}

// checkCompany reports a field that needs another one, or cannot stand beside it.
func (o *object) checkCompany(c *checker, n *node, e entry, f *field, w *way) {
	if f.with != "" && n.field(f.with) == nil {
		o.complain(c, e.key, w, fmt.Sprintf("%s goes with %s, which is not there", f.name, f.with), "")
	}
	for _, other := range f.without {
		if n.field(other) != nil {
			o.complain(c, e.key, w, fmt.Sprintf("%s cannot stand beside %s", f.name, other), "")
		}
	}
}

// checkChoice reports none or several of the fields of which there must be one.
func (o *object) checkChoice(c *checker, n *node, w *way) {
	if len(o.one) == 0 {
		return
	}
	var there []entry
	for _, e := range n.entries {
		if slices.Contains(o.one, e.key.text) {
			there = append(there, e)
		}
	}
	choice := "one of " + strings.Join(o.one[:len(o.one)-1], ", ") + " and " + o.one[len(o.one)-1]
	if len(o.one) == 1 {
		choice = o.one[0]
	}
	if len(there) == 0 {
		o.complain(c, n, w, fmt.Sprintf("%s needs %s", o.what, choice), "")
	}
	for i := 1; i < len(there); i++ {
		o.complain(c, there[i].key, w, fmt.Sprintf("%s takes %s, and there is %s already", o.what, choice, there[0].key.text), "remove one of them")
	}
}

// complain reports a structural problem that leaves the node readable.
func (o *object) complain(c *checker, n *node, w *way, what, hint string) {
	p := n.problem(what)
	p.Path, p.Hint, p.structural = w.String(), hint, true
	c.report(p)
}

func (o *object) field(name string) *field {
	for i := range o.fields {
		if o.fields[i].name == name {
			return &o.fields[i]
		}
	}
	return nil
}

func (o *object) names() []string {
	names := make([]string, len(o.fields))
	for i, f := range o.fields {
		names[i] = f.name
	}
	return names
}
