package story

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Plain is a text with all that is not printable escaped as in a Go string
// literal: control and formatting characters, line breaks, bytes that are no UTF-8.
// A backslash becomes two.
func Plain(s string) string {
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// valueLimit is how many bytes of one value are told.
const valueLimit = 1000

// value is a header's value: as it is where that is unambiguous, else quoted.
func value(s string) string {
	if len(s) > valueLimit {
		return strconv.Quote(cut(s, valueLimit)) + "… (" + count(len(s), "byte") + ")"
	}
	odd := s == "" || s[0] == '"' || strings.TrimSpace(s) != s || Plain(s) != s
	if odd {
		return strconv.Quote(s)
	}
	return s
}

// excerptLimit is how many bytes of a body are told.
const excerptLimit = 200

// excerpt is the beginning of a body, between backquotes where that can be read back.
func excerpt(s string) string {
	more := ""
	if len(s) > excerptLimit {
		s, more = cut(s, excerptLimit), "…"
	}
	if !strings.Contains(s, "`") && strings.ReplaceAll(Plain(s), `\\`, `\`) == s {
		return "`" + s + "`" + more
	}
	return strconv.Quote(s) + more
}

// cut is at most n bytes of a longer text, and never half a character.
func cut(s string, n int) string {
	for i := n; i > n-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
	return s[:n]
}

// count is "1 preflight", "2 preflights".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
