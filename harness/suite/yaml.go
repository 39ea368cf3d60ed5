package suite

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

// parseYAML reads the one document of a file into nodes. Where it cannot, it reports why and returns nil.
// It is the only place that knows the YAML library.
func parseYAML(src *source, report func(Problem)) *node {
	if !src.checkText(report) {
		return nil
	}
	tokens, ok := scan(src, report)
	if !ok || !guardTokens(src, tokens, report) {
		return nil
	}
	file, err := parse(tokens)
	if err != nil {
		report(syntaxProblem(src, err))
		return nil
	}
	c := converter{src: src, report: report, anchors: map[string]*node{}}
	for _, doc := range file.Docs {
		if doc.Body != nil {
			return c.whole(doc.Body)
		}
	}
	report(Problem{File: src.name, What: "the file is empty", Hint: "a suite begins with suite: NAME"})
	return nil
}

// scan splits the text into tokens, as far as the first that is none.
func scan(src *source, report func(Problem)) (tokens token.Tokens, ok bool) {
	defer func() {
		if r := recover(); r != nil { // the library's own fault; a suite must not end the program
			report(Problem{File: src.name, What: fmt.Sprintf("the YAML library could not read the file: %v", r)})
			ok = false
		}
	}()
	var s scanner.Scanner
	s.Init(src.text)
	for {
		some, err := s.Scan()
		if errors.Is(err, io.EOF) {
			return tokens, true
		}
		for _, t := range some {
			if t.Type == token.InvalidType {
				report(noYAML(src, t, t.Error))
				return nil, false
			}
			if t.Type != token.CommentType {
				tokens.Add(t)
			}
		}
		if len(tokens) > maxTokens {
			report(Problem{File: src.name, What: fmt.Sprintf("the file has more than %d words and signs", maxTokens), Hint: "split it, and include the parts"})
			return nil, false
		}
	}
}

// parse allows repeated keys, since they are reported with all other problems.
func parse(tokens token.Tokens) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil { // as in scan
			err = fmt.Errorf("the YAML library could not read the file: %v", r)
		}
	}()
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

func syntaxProblem(src *source, err error) Problem {
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		return noYAML(src, syntax.Token, syntax.Message)
	}
	return Problem{File: src.name, What: err.Error()}
}

// noYAML is a syntax error at a token.
func noYAML(src *source, t *token.Token, message string) Problem {
	p := Problem{File: src.name, What: "this is no YAML: " + message}
	if t != nil && t.Position != nil {
		p = src.problem(max(t.Position.Line, 1), max(t.Position.Column, 1), p.What)
	}
	switch {
	case strings.Contains(p.Source, "${"):
		p.Hint = `a text with ${…} between { } or [ ] stands in quotes: "${api}/orders"`
	case strings.Contains(p.Source, "\t"):
		p.Hint = "YAML is indented by spaces, not by tabs"
	case strings.HasSuffix(message, "mapping value is not allowed in this context"):
		p.Hint = `a text with ": " in it stands in quotes`
	}
	return p
}

// converter makes nodes of the library's.
type converter struct {
	src     *source
	report  func(Problem)
	anchors map[string]*node // nil while the anchor's own value is being read
	failed  bool             // a limit was passed: nothing of the file can be used
}

// whole converts a document's body, or reports and returns nil.
func (c *converter) whole(body ast.Node) *node {
	n := c.convert(body)
	if c.failed {
		return nil
	}
	return n
}

// fail reports a problem. The node is passed over from here on; the rest of the file is still looked at.
func (c *converter) fail(n *node, what, hint string) *node {
	p := n.problem(what)
	p.Hint = hint
	c.report(p)
	n.bad = true
	return n
}

func (c *converter) convert(from ast.Node) *node {
	n := &node{src: c.src, weight: 1, height: 1}
	if from == nil {
		n.missing = true
		return n
	}
	if t := from.GetToken(); t != nil && t.Position != nil {
		n.line, n.col = max(t.Position.Line, 1), max(t.Position.Column, 1)
	}
	switch v := from.(type) {
	case *ast.MappingNode:
		return c.fields(n, v)
	case *ast.SequenceNode:
		return c.items(n, v)
	case *ast.AnchorNode:
		return c.anchor(v)
	case *ast.AliasNode:
		return c.alias(n, v)
	case *ast.TagNode:
		return c.tagged(n, v)
	}
	return c.scalar(n, from)
}

func (c *converter) scalar(n *node, from ast.Node) *node {
	switch v := from.(type) {
	case *ast.StringNode:
		n.text = v.Value
		n.quoted = v.Token.Type == token.SingleQuoteType || v.Token.Type == token.DoubleQuoteType
	case *ast.LiteralNode:
		n.quoted = true
		if v.Value != nil {
			n.text = v.Value.Value
		}
	case *ast.NullNode:
		if n.missing = v.Token.Type == token.ImplicitNullType; !n.missing {
			n.text = v.Token.Value
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode, *ast.MergeKeyNode:
		n.text = v.GetToken().Value
	default:
		return c.fail(n, "this is not understood here: "+quoted(from.String()), "")
	}
	n.weight += len(n.text) / bytesPerWeight
	return n
}

// bytesPerWeight is how many bytes of a text weigh as much as a node.
const bytesPerWeight = 64

func (c *converter) items(n *node, from *ast.SequenceNode) *node {
	n.kind = listKind
	for _, v := range from.Values {
		item := c.convert(v)
		n.list = append(n.list, item)
		c.grow(n, item)
	}
	return n
}

// grow counts a child. Both bounds are about aliases: what is written out was bounded before.
func (c *converter) grow(n, child *node) {
	n.weight += child.weight
	n.height = max(n.height, child.height+1)
	if c.failed {
		return
	}
	switch {
	case n.weight > maxNodes:
		c.failed = true
		c.fail(child, fmt.Sprintf("with its aliases expanded the file has more than %d values", maxNodes), "")
	case n.height > maxDepth:
		c.failed = true
		c.fail(child, fmt.Sprintf("with its aliases expanded the file is nested more than %d deep", maxDepth), "")
	}
}
