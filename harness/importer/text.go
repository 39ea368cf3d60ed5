package importer

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Pos is a place in a source. Line and Col count from 1, Col in characters.
// The zero value is no place.
type Pos struct{ Line, Col int }

// String is "line:col".
func (p Pos) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Col) }

// Text is a source: what somebody pasted, or a file. It is not for several goroutines at once.
type Text struct {
	name, text string
	// offset is where Pos was asked for last, and pos its answer: places are asked for in
	// order, mostly, and sources can be one line of many megabytes.
	offset int
	pos    Pos
}

// NewText is a source. name is a file's, for messages, or "" for what was pasted.
func NewText(name, text string) *Text {
	return &Text{name: name, text: text, pos: Pos{1, 1}}
}

// String is the whole source.
func (t *Text) String() string { return t.text }

// Pos is the place of a byte offset. An offset beyond the end is the end.
func (t *Text) Pos(offset int) Pos {
	offset = max(0, min(offset, len(t.text)))
	if offset < t.offset {
		t.offset, t.pos = 0, Pos{1, 1}
	}
	between := t.text[t.offset:offset]
	if lines := strings.Count(between, "\n"); lines > 0 {
		t.pos = Pos{t.pos.Line + lines, 1}
		between = between[strings.LastIndexByte(between, '\n')+1:]
	}
	t.pos.Col += utf8.RuneCountInString(between)
	t.offset = offset
	return t.pos
}

// Problem is a mistake at bytes [from, to) of the source; hint says what to do and may be "".
func (t *Text) Problem(from, to int, message, hint string) *Problem {
	from = max(0, min(from, len(t.text)))
	to = max(from, min(to, len(t.text)))
	if len(message) > maxMessage {
		message = first(message, maxMessage) + "…"
	}
	p := &Problem{Name: t.name, Pos: t.Pos(from), Message: strings.Map(printable, message), Hint: strings.Map(printable, first(hint, maxMessage))}
	before, mistake, after := last(t.text[:from], showBytes), first(t.text[from:to], showBytes), first(t.text[to:], showBytes)
	before = before[strings.LastIndexByte(before, '\n')+1:]
	mistake, _, more := strings.Cut(mistake, "\n")
	after, _, _ = strings.Cut(after, "\n")
	if more {
		after = ""
	}
	p.Line, p.Caret, p.Width = window(before, mistake, after)
	return p
}

// Problem is one mistake in a source, with its place.
type Problem struct {
	Name    string // the source's, or ""
	Pos     Pos
	Message string
	Hint    string // what to do, or ""
	// Line is the part of the source's line that is worth showing, in printable characters.
	// Caret is where in it, in characters from 0, the mistake begins, and Width how far it goes, at least 1.
	Line         string
	Caret, Width int
}

// Error is the place and the message, the line with a caret below it, and the hint.
func (p *Problem) Error() string {
	var b strings.Builder
	if p.Name != "" {
		b.WriteString(p.Name + ":")
	}
	fmt.Fprintf(&b, "%s: %s", p.Pos, p.Message)
	if strings.TrimSpace(p.Line) != "" {
		fmt.Fprintf(&b, "\n    %s\n    %s%s", p.Line, strings.Repeat(" ", p.Caret), strings.Repeat("^", p.Width))
	}
	if p.Hint != "" {
		b.WriteString("\n  " + p.Hint)
	}
	return b.String()
}

// Join is an error of all problems, in the order of their places, or nil.
func Join(problems []*Problem) error {
	sorted := slices.SortedStableFunc(slices.Values(problems), func(a, b *Problem) int {
		return cmp.Or(a.Pos.Line-b.Pos.Line, a.Pos.Col-b.Pos.Col)
	})
	list := make([]error, len(sorted))
	for i, p := range sorted {
		list[i] = p
	}
	return errors.Join(list...)
}

// Characters of a line that are shown before a mistake, of it, and after it; the most bytes that they can have; and
// the most bytes of a message, which may quote its source.
const (
	showBefore, showMistake, showAfter = 40, 40, 30
	showBytes                          = 4 * (showBefore + 1)
	maxMessage                         = 400
)

// window cuts a line to what is worth showing: pasted commands can be very long.
func window(before, mistake, after string) (line string, caret, width int) {
	left, right := runes(before), runes(after)
	if len(left) > showBefore {
		left = append([]rune{'…'}, left[len(left)-showBefore:]...)
	}
	if len(right) > showAfter {
		right = append(right[:showAfter], '…')
	}
	middle := runes(mistake)
	if len(middle) > showMistake {
		middle, right = append(middle[:showMistake], '…'), nil
	}
	return strings.TrimRight(string(left)+string(middle)+string(right), " "), len(left), max(1, len(middle))
}

// first and last are n bytes at an end of a text, or some less so as to cut no character.
func first(s string, n int) string {
	for n = min(n, len(s)); n > 0 && n < len(s) && !utf8.RuneStart(s[n]); n-- {
	}
	return s[:n]
}

func last(s string, n int) string {
	i := max(0, len(s)-n)
	for ; i < len(s) && !utf8.RuneStart(s[i]); i++ {
	}
	return s[i:]
}

// printable replaces a character that could garble a terminal.
func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case !unicode.IsPrint(r), r == utf8.RuneError:
		return '·'
	}
	return r
}

// runes are a text's characters, those that could garble a terminal or move the caret replaced.
func runes(s string) []rune {
	list := []rune(s)
	for i, r := range list {
		if list[i] = printable(r); unicode.Is(unicode.Mn, r) {
			list[i] = '·'
		}
	}
	return list
}
