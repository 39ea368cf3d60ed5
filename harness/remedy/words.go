package remedy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

// words are the functions of templates.
var words = template.FuncMap{
	// quote writes a string literal of JSON, which JavaScript, Python, Java, Go and YAML read alike:
	// names and origins have no character that needs an escape there but the quotation mark and the backslash.
	"quote": quote,
	// quotes writes them with commas between.
	"quotes": func(list []string) string { return written(list, quote) },
	// list writes a header's value.
	"list": func(list []string) string { return strings.Join(list, ", ") },
	// safelisted puts the methods in front that need not be listed: for servers that refuse what is not in their list.
	"safelisted": safelisted,
	// capitals refuses methods that a server would write in capitals, and not allow as they are.
	"capitals": capitals,
	// ordinary refuses header names with characters that go-chi/cors drops.
	"ordinary": ordinary,
	// patterns writes string literals for Flask-CORS.
	"patterns": func(list []string) string { return written(list, pattern) },
}

func written(list []string, literal func(string) string) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = literal(s)
	}
	return strings.Join(texts, ", ")
}

func quote(s string) string {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always can be
	return strings.TrimSuffix(text.String(), "\n")
}

func safelisted(methods []string) []string {
	all := []string{"GET", "HEAD", "POST"}
	for _, m := range methods {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

func capitals(methods []string) ([]string, error) {
	for _, m := range methods {
		if m != strings.ToUpper(m) {
			return nil, unwritable(fmt.Sprintf("it knows methods in capitals only, and %q is another one than %q", m, strings.ToUpper(m)))
		}
	}
	return methods, nil
}

func ordinary(headers []string) ([]string, error) {
	for _, h := range headers {
		if i := strings.IndexAny(h, "!#$%&'*+^`|~"); i >= 0 {
			return nil, unwritable(fmt.Sprintf("it drops %q from %q, and allows another header", h[i], h))
		}
	}
	return headers, nil
}

// pattern writes what Flask-CORS takes for exactly s: with one of these characters it takes a
// string for a regular expression, which need not match to the end, and has no raw text for it.
func pattern(s string) string {
	if !strings.ContainsAny(s, `*\]?$^[]()`) {
		return quote(s)
	}
	return `r"` + regexp.QuoteMeta(s) + `\Z"`
}

// unwritable says why a policy cannot be written for a server.
type unwritable string

// Error says it.
func (u unwritable) Error() string { return string(u) }
