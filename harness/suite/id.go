package suite

import (
	"strconv"
	"strings"
	"unicode"
)

// The longest slugs, in characters: of a case's name, and of a value of its matrix.
const (
	maxSlug      = 80
	maxValueSlug = 40
)

// slug is a text as part of an ID: letters and digits, with a hyphen for all between, in lower case unless keepCase is set, which
// keeps dots and underscores too. It is never empty.
func slug(text string, limit int, keepCase bool) string {
	var b strings.Builder
	n, gap := 0, false
	for _, c := range text {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && (!keepCase || c != '.' && c != '_') {
			gap = n > 0
			continue
		}
		if n >= limit {
			break
		}
		if gap {
			b.WriteByte('-')
			n, gap = n+1, false
		}
		if !keepCase {
			c = unicode.ToLower(c)
		}
		b.WriteRune(c)
		n++
	}
	if n == 0 {
		return "empty"
	}
	return b.String()
}

// unique makes an ID unlike those before it: "~2" is the second of its name. No slug has "~".
func unique(id string, seen map[string]int) string {
	seen[id]++
	if n := seen[id]; n > 1 {
		return id + "~" + strconv.Itoa(n)
	}
	return id
}
