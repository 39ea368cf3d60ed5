package suite

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// source is the text of a file, with "\n" for every line break.
type source struct {
	name  string // as in [Problem].File
	text  string
	lines []string // split when a problem first needs one
}

// The limits of one file. They keep a file that was written to do harm, or by a program that ran wild, from
// taking all time and memory: the YAML library has none of its own, and takes quadratic time over some inputs.
const (
	maxFileBytes = 4 << 20
	maxDepth     = 64
	maxSigns     = 1_500_000 // anywhere, in texts too: a bound on the memory that tokens take
	maxTokens    = 1_200_000
	maxNodes     = 1_000_000 // after aliases are expanded; long texts count more than once
	maxEntries   = 1000      // of a map
	maxKeyBytes  = 1024      // YAML's own limit for a key on one line
	maxMissing   = 1000      // values
)

// newSource normalises line breaks and strips a byte order mark, which YAML allows (YAML 1.2.2, sections 5.2 and 5.4).
func newSource(name string, data []byte) *source {
	text := strings.TrimPrefix(string(data), "\uFEFF")
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return &source{name: name, text: text}
}

// line returns a line of the file, counted from 1, or "".
func (s *source) line(n int) string {
	if s.lines == nil {
		s.lines = strings.Split(s.text, "\n")
	}
	if n < 1 || n > len(s.lines) {
		return ""
	}
	return s.lines[n-1]
}

// problem is one at a place of the file.
func (s *source) problem(line, col int, what string) Problem {
	return Problem{File: s.name, Line: line, Col: col, What: what, Source: s.line(line)}
}

// place is the line and column of a byte of the text.
func (s *source) place(offset int) (line, col int) {
	before := s.text[:offset]
	line = strings.Count(before, "\n") + 1
	return line, utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
}

// find is the place of the first occurrence of a text at or after a place; ok is false where there is none.
func (s *source) find(line, col int, text string) (foundLine, foundCol int, ok bool) {
	s.line(line)
	for n := line; n >= 1 && n <= len(s.lines); n++ {
		skip := 0
		if n == line {
			skip = byteOffset(s.lines[n-1], col)
		}
		if i := strings.Index(s.lines[n-1][skip:], text); i >= 0 {
			return n, utf8.RuneCountInString(s.lines[n-1][:skip+i]) + 1, true
		}
	}
	return 0, 0, false
}

// quotedAt is the double-quoted text that begins at a place, without its quotes and with its escapes as they are.
func (s *source) quotedAt(line, col int) string {
	text := s.line(line)
	text = text[min(byteOffset(text, col)+1, len(text)):]
	var b strings.Builder
	for {
		for i := 0; i < len(text); i++ {
			if text[i] == '"' {
				return b.String() + text[:i]
			}
			if text[i] == '\\' {
				i++
			}
		}
		b.WriteString(text + "\n")
		if line++; line > len(s.lines) {
			return b.String()
		}
		text = s.line(line)
	}
}

// byteOffset is where a column of a line begins.
func byteOffset(line string, col int) int {
	n := 1
	for i := range line {
		if n >= col {
			return i
		}
		n++
	}
	return len(line)
}

// checkText reports what is no text that YAML can hold, and what its library cannot read in reasonable time.
func (s *source) checkText(report func(Problem)) bool {
	if len(s.text) > maxFileBytes {
		report(Problem{File: s.name, What: fmt.Sprintf("the file has more than %d MiB", maxFileBytes>>20), Hint: "split it, and include the parts"})
		return false
	}
	if s.signs() > maxSigns {
		report(Problem{File: s.name, What: "the file has too many brackets, braces and commas", Hint: "split it, and include the parts"})
		return false
	}
	for i, c := range s.text {
		if what, hint := unprintable(c, s.text[i:]); what != "" {
			line, col := s.place(i)
			p := s.problem(line, col, what)
			p.Hint = hint
			report(p)
			return false
		}
	}
	return s.checkWork(report)
}

// signs is how many tokens there are at most, beside those that words make.
func (s *source) signs() int {
	n := 0
	for i := range len(s.text) {
		switch s.text[i] {
		case ',', '[', ']', '{', '}', ':', '-', '%', '&', '*', '\'', '"':
			n++
		}
	}
	return n
}

// unprintable says why a character cannot stand in YAML, or "" (YAML 1.2.2, section 5.1).
func unprintable(c rune, rest string) (what, hint string) {
	switch {
	case c == utf8.RuneError && !strings.HasPrefix(rest, "\uFFFD"):
		return fmt.Sprintf("the byte 0x%02X is not UTF-8", rest[0]), "save the file as UTF-8; bytes can be written as {base64: …}"
	case c < ' ' && c != '\t' && c != '\n', c >= 0x7f && c < 0xa0 && c != 0x85, c == 0xfffe, c == 0xffff, c == 0xfeff:
		return fmt.Sprintf("the character U+%04X cannot stand in YAML", c), `in double quotes it can be written as an escape: "\x01"`
	}
	return "", ""
}

// maxWork bounds what the library spends where its time is quadratic: it copies a block scalar for each blank line at its end,
// and looks through the rest of the line for each tab in double quotes.
const maxWork = 200_000_000

func (s *source) checkWork(report func(Problem)) bool {
	blank, longest, at, tabs := 0, 0, 0, 0
	n := 0
	for line := range strings.SplitSeq(s.text, "\n") {
		n++
		if tabs += strings.Count(line, "\t") * len(line); tabs > maxWork {
			report(s.problem(n, 1, "there are too many tabs in long lines"))
			return false
		}
		if strings.TrimLeft(line, " \t") != "" {
			blank = 0
			continue
		}
		if blank++; blank > longest {
			longest, at = blank, n
		}
	}
	if longest*len(s.text) > maxWork {
		report(s.problem(at, 1, fmt.Sprintf("%d blank lines in a row are too many for a file of this size", longest)))
		return false
	}
	return true
}
