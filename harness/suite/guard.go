package suite

import (
	"fmt"
	"slices"
	"strconv"
	"unicode"

	"github.com/goccy/go-yaml/token"
)

// guardTokens reports what would take the library's parser too much stack, time or memory, and the parts of YAML that
// suites do without. It follows the columns as the parser does, and knows no more of the grammar than it needs to.
func guardTokens(src *source, tokens token.Tokens, report func(Problem)) bool {
	g := guard{src: src}
	for i, t := range tokens {
		var next *token.Token
		if i+1 < len(tokens) {
			next = tokens[i+1]
		}
		if i > 0 {
			g.last = tokens[i-1]
		}
		what, hint := g.step(t, next)
		if what == "" {
			what, hint = g.limits(t)
		}
		if what != "" {
			p := src.problem(max(t.Position.Line, 1), max(t.Position.Column, 1), what)
			p.Hint = hint
			report(p)
			return false
		}
	}
	return true
}

// guard follows where a token stands.
type guard struct {
	src    *source
	last   *token.Token
	frames []frame
	// begun is true after the first token of the document, ended after its end.
	begun, ended bool
	missing      int
	pathBytes    int
}

// frame is a collection that is open.
type frame struct {
	flow, list bool
	col        int
	entries    int // of a block map
	colons     int // of a flow collection since its last comma
	keyBytes   int
}

// step follows one token, and says what about it is not for suites.
func (g *guard) step(t, next *token.Token) (what, hint string) {
	switch t.Type {
	case token.DocumentHeaderType, token.DocumentEndType:
		return g.document(t)
	case token.DirectiveType:
		return "directives are not used in suites", "remove the line"
	case token.MappingKeyType:
		return `a key with "?" is not used in suites`, "write name: value"
	case token.TagType:
		what, hint = tag(t, next)
	case token.AnchorType:
		what, hint = g.anchor(t)
	case token.DoubleQuoteType:
		what, hint = escapes(g.src.quotedAt(t.Position.Line, t.Position.Column))
	case token.MappingStartType, token.SequenceStartType:
		g.frames = append(g.frames, frame{flow: true, list: t.Type == token.SequenceStartType})
	case token.MappingEndType, token.SequenceEndType, token.CollectEntryType:
		g.flowSign(t)
	case token.SequenceEntryType:
		what, hint = g.dash(t, next)
	case token.MappingValueType:
		what, hint = g.colon(t, next)
	}
	if g.ended {
		return "something follows after the end of the document", "a suite is one document"
	}
	g.begun = true
	return what, hint
}

func (g *guard) document(t *token.Token) (what, hint string) {
	if t.Type == token.DocumentEndType && !g.ended {
		g.ended = true
		return "", ""
	}
	if g.begun || g.ended {
		return "a second document begins", "a suite is one document"
	}
	g.begun = true
	return "", ""
}

// flowSign ends an entry of a flow collection, or the collection. An entry of a map without a colon has no value.
func (g *guard) flowSign(t *token.Token) {
	top := g.top()
	if top == nil || !top.flow {
		return
	}
	opens := g.last.Type == token.MappingStartType || g.last.Type == token.CollectEntryType
	if !top.list && top.colons == 0 && !opens {
		g.missing++
	}
	top.colons = 0
	if t.Type != token.CollectEntryType {
		g.frames = g.frames[:len(g.frames)-1]
	}
}

func (g *guard) dash(t, next *token.Token) (what, hint string) {
	if top := g.top(); top != nil && top.flow {
		return `this is no YAML: "- " begins an item between brackets or braces`, "separate the items by commas"
	}
	col := t.Position.Column
	g.leave(col, true)
	if top := g.top(); top == nil || !top.list || top.col != col {
		g.frames = append(g.frames, frame{list: true, col: col})
	}
	if next == nil || next.Position.Line > t.Position.Line && next.Position.Column <= col {
		g.missing++
	}
	return "", ""
}

func (g *guard) colon(t, next *token.Token) (what, hint string) {
	if g.last == nil {
		return "", ""
	}
	if len(g.last.Value) > maxKeyBytes {
		return fmt.Sprintf("a name has more than %d bytes", maxKeyBytes), ""
	}
	if top := g.top(); top != nil && top.flow {
		top.colons++
		top.keyBytes = len(g.last.Value)
		if next != nil && slices.Contains(flowEnds, next.Type) {
			g.missing++
		}
		return "", ""
	}
	col := g.last.Position.Column
	g.leave(col, false)
	top := g.top()
	if top == nil || top.list || top.col != col {
		g.frames = append(g.frames, frame{col: col})
		top = g.top()
	}
	top.entries++
	top.keyBytes = len(g.last.Value)
	isItem := next != nil && next.Type == token.SequenceEntryType && next.Position.Column == col
	if next == nil || next.Position.Line > t.Position.Line && next.Position.Column <= col && !isItem {
		g.missing++
	}
	if top.entries > maxEntries {
		return tooManyEntries, ""
	}
	return "", ""
}

// anchor says what is wrong with an anchor. The parser takes as its value whatever follows, however little it is indented.
func (g *guard) anchor(t *token.Token) (what, hint string) {
	const nothing = "an anchor stands before nothing"
	if t.Next == nil || t.Next.Next == nil {
		return nothing, ""
	}
	value, top := t.Next.Next, g.top()
	switch {
	case value.Type == token.AnchorType:
		return "two anchors stand before one value", "remove one of them"
	case slices.Contains(flowEnds, value.Type):
		return nothing, ""
	case top == nil || top.flow || value.Position.Line == t.Position.Line || value.Position.Column > top.col:
		return "", ""
	case value.Position.Column == top.col && value.Type == token.SequenceEntryType && !top.list:
		return "", ""
	}
	return nothing, ""
}

// flowEnds are the tokens that end an entry between brackets or braces.
var flowEnds = []token.Type{token.CollectEntryType, token.MappingEndType, token.SequenceEndType}

// leave closes the block collections that a token at a column ends. A list may stand at the column of the name that it belongs to.
func (g *guard) leave(col int, dash bool) {
	for {
		top := g.top()
		if top == nil || top.flow || top.col < col || top.col == col && (dash || !top.list) {
			return
		}
		g.frames = g.frames[:len(g.frames)-1]
	}
}

func (g *guard) top() *frame {
	if len(g.frames) == 0 {
		return nil
	}
	return &g.frames[len(g.frames)-1]
}

// maxPathBytes bounds the paths that the parser makes: it gives each value the names of all that it stands in.
const maxPathBytes = 256 << 20

func (g *guard) limits(t *token.Token) (what, hint string) {
	depth, path := 0, 0
	for _, f := range g.frames {
		depth += 1 + max(f.colons-1, 0)
		path += f.keyBytes + len(".[000]")
	}
	g.pathBytes += path
	switch {
	case depth > maxDepth:
		return fmt.Sprintf("the file is nested more than %d deep", maxDepth), ""
	case g.pathBytes > maxPathBytes:
		return "the names are too long for how deep and how many they are", "shorten them"
	case g.missing > maxMissing:
		return fmt.Sprintf("more than %d values are missing", maxMissing), `write "" for an empty one`
	}
	return "", ""
}

// tag says what is wrong with a tag. Of YAML's core schema only those of scalars are of use; the parser is not safe with others.
func tag(t, next *token.Token) (what, hint string) {
	switch t.Value {
	case "!!str", "!!int", "!!float", "!!bool", "!!null":
	case "!!binary":
		return "the tag !!binary means nothing in a suite", "bytes are written as {base64: …}"
	default:
		return "the tag " + quoted(t.Value) + " means nothing in a suite", "remove it"
	}
	if next == nil || next.Position.Line != t.Position.Line || !isScalar(next) {
		return "a tag stands before a text, on its line", ""
	}
	return "", ""
}

func isScalar(t *token.Token) bool {
	switch t.Type {
	case token.StringType, token.SingleQuoteType, token.DoubleQuoteType, token.IntegerType, token.BinaryIntegerType,
		token.OctetIntegerType, token.HexIntegerType, token.FloatType, token.InfinityType, token.NanType, token.BoolType, token.NullType:
		return true
	}
	return false
}

// escapes says what is wrong with the numbers in the escapes of a double-quoted text, which the scanner does not look at (YAML 1.2.2, section 5.7).
func escapes(text string) (what, hint string) {
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		n := digits[text[i]]
		code := text[i+1 : min(i+1+n, len(text))]
		if v, err := strconv.ParseUint(code, 16, 32); n > 0 && (err != nil || len(code) < n || v > unicode.MaxRune) {
			return fmt.Sprintf("\\%c%s is no character", text[i], code), fmt.Sprintf("it takes %d hexadecimal digits", n)
		}
	}
	return "", ""
}
