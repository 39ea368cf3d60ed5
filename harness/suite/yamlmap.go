package suite

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// fields converts a map. A repeated key is reported, and the first one counts; so do a map's own keys over those that "<<" brings.
func (c *converter) fields(n *node, from *ast.MappingNode) *node {
	n.kind = mapKind
	seen := make(map[string]*node, len(from.Values))
	var merged []*node
	for i, v := range from.Values {
		key, value := c.convert(v.Key), c.convert(v.Value)
		if i == 0 && !from.IsFlowStyle { // the library's place of a block map is its first colon
			n.line, n.col = key.line, key.col
		}
		c.grow(n, key)
		c.grow(n, value)
		switch first := seen[key.text]; {
		case v.Key.IsMergeKey():
			merged = append(merged, c.mergeable(value)...)
		case key.kind != scalarKind:
			c.fail(key, "a name must be a text", "")
		case first != nil:
			c.fail(key, fmt.Sprintf("there is a field %s already, at line %d", quoted(key.text), first.line), "remove one of them")
		default:
			seen[key.text] = key
			n.entries = append(n.entries, entry{key, value})
		}
	}
	for _, other := range merged {
		for _, e := range other.entries {
			if seen[e.key.text] == nil {
				seen[e.key.text] = e.key
				n.entries = append(n.entries, e)
			}
		}
	}
	if len(n.entries) > maxEntries && !c.failed {
		c.failed = true
		c.fail(n, tooManyEntries, "")
	}
	return n
}

var tooManyEntries = fmt.Sprintf("a map has more than %d entries", maxEntries)

// mergeable is the maps that "<<" names: one, or a list of them.
func (c *converter) mergeable(value *node) []*node {
	if value.kind == mapKind {
		return []*node{value}
	}
	for _, item := range value.list {
		if item.kind != mapKind {
			c.fail(item, "<< takes maps, not "+item.says(), "")
			return nil
		}
	}
	if value.kind == scalarKind {
		c.fail(value, "<< takes the alias of a map, not "+value.says(), "")
	}
	return value.list
}

func (c *converter) anchor(from *ast.AnchorNode) *node {
	name := from.Name.GetToken().Value
	c.anchors[name] = nil
	value := c.convert(from.Value)
	c.anchors[name] = value
	return value
}

func (c *converter) alias(n *node, from *ast.AliasNode) *node {
	name := from.Value.GetToken().Value
	target, known := c.anchors[name]
	switch {
	case target != nil:
		return target
	case known:
		return c.fail(n, fmt.Sprintf("the alias *%s stands inside its own anchor", name), "")
	}
	names := make([]string, 0, len(c.anchors))
	for anchor := range c.anchors {
		names = append(names, anchor)
	}
	return c.fail(n, fmt.Sprintf("no anchor before this is called &%s", name), didYouMean(name, names))
}

// tagged converts a scalar with one of the tags that guardTokens lets pass.
func (c *converter) tagged(n *node, from *ast.TagNode) *node {
	if from.Value == nil {
		n.missing = true
		return n
	}
	value := c.convert(from.Value)
	if from.Start.Value == "!!str" {
		value.quoted, value.missing = true, false
	}
	return value
}
