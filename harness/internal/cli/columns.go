package cli

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/printable"
)

// defaultLabel is the width of a line's first column, with what stands before it, where a view has none of its own.
const defaultLabel = 11

func (v view) label() int { return cmp.Or(v.first, defaultLabel) }

// row is a line of two columns side by side; longer texts are broken.
func (v view) row(name, left, right string) string {
	width := max((v.columns()-v.label()-2)*2/5, 20) // the right one has the browser's codes, which are long words
	l, r := wrap(left, width), wrap(right, max(v.columns()-v.label()-2-width, 20))
	var b strings.Builder
	for i := range max(len(l), len(r)) {
		line := pad("  "+name, v.label()) + pad(at(l, i), width+2) + at(r, i)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		name = ""
	}
	return b.String()
}

// item is a labelled text of one column.
func (v view) item(name, text string) string {
	var b strings.Builder
	for _, line := range wrap(text, v.columns()-v.label()) {
		start := pad("  "+name, v.label())
		if name != "" {
			start = v.bold(start)
		}
		b.WriteString(strings.TrimRight(start+line, " ") + "\n")
		name = ""
	}
	return b.String()
}

// columns is the width of the page: lines longer than that of a book are hard to read.
func (v view) columns() int { return min(max(v.width, 50), 120) }

func (v view) bold(text string) string {
	if !v.color {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}

// wrap breaks a text at blanks, and a word that is longer than a line anywhere.
func wrap(text string, width int) []string {
	var words []string
	for _, word := range strings.Fields(text) {
		for chunk := range slices.Chunk([]rune(word), width) {
			words = append(words, string(chunk))
		}
	}
	return printable.Wrap(strings.Join(words, " "), width)
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0))
}
