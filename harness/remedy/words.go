package remedy

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	"quotes": func(list []string) string {
		quoted := make([]string, len(list))
		for i, s := range list {
			quoted[i] = quote(s)
		}
		return strings.Join(quoted, ", ")
	},
	// list writes a header's value.
	"list": func(list []string) string { return strings.Join(list, ", ") },
	// safelisted adds the methods that need not be listed, for servers that refuse a preflight for what they do not list.
	"safelisted": func(methods []string) []string {
		all := slices.Clone(methods)
		for _, m := range []string{"GET", "HEAD", "POST"} {
			if !slices.Contains(all, m) {
				all = append(all, m)
			}
		}
		return all
	},
}

// quote leaves &, < and > as they are: not every language that has these literals knows \u0026.
func quote(s string) string {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always can be
	return strings.TrimSuffix(text.String(), "\n")
}

// unwritable is a text of the policy's that a server's configuration cannot hold.
type unwritable struct{ text, why string }

func (u unwritable) Error() string {
	return fmt.Sprintf("its configuration cannot say %q: %s", u.text, u.why)
}
