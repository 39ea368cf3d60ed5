package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Printable is s with all that can garble a terminal or a page escaped as in a Go string: control and formatting
// characters, line breaks, bytes that are no UTF-8. All else, backslashes too, stays: what is printable already is not changed.
func Printable(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		}
		s = s[size:]
	}
	return b.String()
}

// PrintableLines is [Printable], line by line.
func PrintableLines(s string) string {
	list := strings.Split(s, "\n")
	for i := range list {
		list[i] = Printable(list[i])
	}
	return strings.Join(list, "\n")
}
