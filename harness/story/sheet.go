package story

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/fetch"
)

// sheet is the text that is being written. The depth of a line is how far it is indented.
type sheet struct {
	text   strings.Builder
	redact func(name, value string) string
}

// width is the longest line where words allow, so that the story can stand indented in 100 columns.
const width = 96

// section begins a part of the story.
func (s *sheet) section(title string) { s.line(0, title+":") }

// line writes a line that is not broken, since what it quotes must stay whole. The text must be plain.
func (s *sheet) line(depth int, text string) {
	fmt.Fprintf(&s.text, "%s%s\n", strings.Repeat("  ", depth), text)
}

// prose writes words, which must be plain, and breaks lines between them; what continues is indented.
func (s *sheet) prose(depth int, text string) {
	line := strings.Repeat("  ", depth)
	empty := true
	for word := range strings.SplitSeq(text, " ") {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			fmt.Fprintln(&s.text, strings.TrimRight(line, " "))
			line, empty = strings.Repeat("  ", depth+1), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	fmt.Fprintln(&s.text, strings.TrimRight(line, " "))
}

// listLimit is how many of similar things are told: header lines, receipts, messages.
const listLimit = 50

// header writes header lines one by one, repeats included.
func (s *sheet) header(depth int, list fetch.HeaderList) {
	for i, h := range list {
		if i == listLimit {
			s.line(depth, fmt.Sprintf("… and %d lines more", len(list)-i))
			return
		}
		v := h.Value
		if s.redact != nil {
			v = s.redact(h.Name, v)
		}
		s.line(depth, Plain(h.Name)+": "+value(v))
	}
}

// relevant writes the lines whose names matter to CORS, and only the names of the others.
func (s *sheet) relevant(depth int, list fetch.HeaderList, matters func(name string) bool, also string) {
	var told fetch.HeaderList
	var others []string
	for _, h := range list {
		if matters(strings.ToLower(h.Name)) {
			told = append(told, h)
		} else {
			others = append(others, Plain(h.Name))
		}
	}
	s.header(depth, told)
	if len(others) > 0 {
		s.prose(depth, also+" "+joined(others))
	}
}

// joined lists names, up to a limit.
func joined(names []string) string {
	if len(names) > listLimit {
		return fmt.Sprintf("%s, … and %d more", strings.Join(names[:listLimit], ", "), len(names)-listLimit)
	}
	return strings.Join(names, ", ")
}
