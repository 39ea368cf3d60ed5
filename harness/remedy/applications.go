package remedy

import (
	"fmt"
	"regexp"
	"strings"
	"text/template"
)

// applicationWords are the functions of single applications' templates.
var applicationWords = template.FuncMap{
	// capitals refuses methods that a package would write in capitals, and not allow as they are.
	"capitals": func(methods []string) ([]string, error) {
		for _, m := range methods {
			if m != strings.ToUpper(m) {
				return nil, unwritable{m, "it knows methods in capitals alone"}
			}
		}
		return methods, nil
	},
	// ordinary refuses header names with characters that go-chi/cors drops.
	"ordinary": func(headers []string) ([]string, error) {
		for _, h := range headers {
			if i := strings.IndexAny(h, "!#$%&'*+^`|~"); i >= 0 {
				return nil, unwritable{h, fmt.Sprintf("it drops %q, and allows another header", h[i])}
			}
		}
		return headers, nil
	},
	// flasks writes string literals for Flask-CORS, with commas between.
	"flasks": func(list []string) string {
		literals := make([]string, len(list))
		for i, s := range list {
			literals[i] = flask(s)
		}
		return strings.Join(literals, ", ")
	},
}

// flask writes what Flask-CORS takes for exactly s: with one of these characters it takes a
// string for a regular expression, which need not match to the end.
func flask(s string) string {
	if !strings.ContainsAny(s, `*\]?$^[]()`) {
		return quote(s)
	}
	return `r"` + regexp.QuoteMeta(s) + `\Z"`
}
