// Package printable makes text from outside safe to show: on a terminal, in a log, on a page.
package printable

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Text is s with all that can garble a terminal or a page escaped as in a Go string: control and formatting
// characters, line breaks, bytes that are no UTF-8. All else, backslashes too, stays: what is printable already is not changed.
func Text(s string) string {
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

// Lines is [Text], line by line.
func Lines(s string) string {
	list := strings.Split(s, "\n")
	for i := range list {
		list[i] = Text(list[i])
	}
	return strings.Join(list, "\n")
}
