package remedy

import (
	"encoding/json"
	"strings"
	"text/template"
)

// words are the functions of templates.
var words = template.FuncMap{
	// quote writes a string literal of JSON, which JavaScript, Python, Java, Go and YAML read alike:
	// names and origins have no character that needs an escape there but the quotation mark and the backslash.
	"quote": quote,
	// quotes writes them with commas between.
	"quotes": func(list []string) string {
		quoted := make([]string, len(list))
		for i, s := range list {
			quoted[i] = quote(s)
		}
		return strings.Join(quoted, ", ")
	},
	// list writes a header's value.
	"list": func(list []string) string { return strings.Join(list, ", ") },
}

func quote(s string) string {
	text, _ := json.Marshal(s) // a string always can be
	return string(text)
}
