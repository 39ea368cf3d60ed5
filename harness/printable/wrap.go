package printable

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks a text at blanks into lines of at most width columns. A longer word has a line of its own.
func Wrap(text string, width int) []string {
	var lines []string
	line, column := "", 0
	for _, word := range strings.Fields(text) {
		size := utf8.RuneCountInString(word)
		if line != "" && column+1+size > width {
			lines, line, column = append(lines, line), "", 0
		}
		if line != "" {
			line, column = line+" ", column+1
		}
		line, column = line+word, column+size
	}
	return append(lines, line)
}
