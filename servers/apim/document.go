package apim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// element is an element of a policy document.
type element struct {
	name     string
	attrs    []xml.Attr
	children []*element
	text     string // its own character data, trimmed
	line     int
}

// attr returns an attribute's value, and whether there is one.
func (e *element) attr(name string) (string, bool) {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// child returns the first child of that name, or nil.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// texts returns the texts of the children of e, which may be nil, that have that name.
func (e *element) texts(name string) []string {
	if e == nil {
		return nil
	}
	var list []string
	for _, c := range e.children {
		if c.name == name {
			list = append(list, c.text)
		}
	}
	return list
}

// parse reads a document, whose root must have that name.
func parse(p Policy, root string) (*element, error) {
	decoder := xml.NewDecoder(strings.NewReader(string(p)))
	top := &element{}
	open := []*element{top}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w (within an attribute's expression, write &quot; and &lt;)", err)
		}
		inner := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			line, _ := decoder.InputPos()
			e := &element{name: t.Name.Local, attrs: slices.Clone(t.Attr), line: line}
			inner.children = append(inner.children, e)
			open = append(open, e)
		case xml.EndElement:
			inner.text = strings.TrimSpace(inner.text)
			open = open[:len(open)-1]
		case xml.CharData:
			inner.text += string(t)
		}
	}
	if len(top.children) != 1 || top.children[0].name != root {
		return nil, fmt.Errorf("a policy document is one <%s> element", root)
	}
	return top.children[0], nil
}

// write writes an element as indented XML.
func (e *element) write(b *strings.Builder, indent string) {
	b.WriteString(indent + "<" + e.name)
	for _, a := range e.attrs {
		b.WriteString(" " + a.Name.Local + `="` + escape(a.Value) + `"`)
	}
	switch {
	case len(e.children) == 0 && e.text == "":
		b.WriteString(" />\n")
	case len(e.children) == 0:
		b.WriteString(">" + escape(e.text) + "</" + e.name + ">\n")
	default:
		b.WriteString(">\n")
		for _, c := range e.children {
			c.write(b, indent+"    ")
		}
		b.WriteString(indent + "</" + e.name + ">\n")
	}
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
