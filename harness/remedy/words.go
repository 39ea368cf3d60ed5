package remedy

import (
	"bytes"
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
	// pattern writes a regular expression of a text, without ^ and $.
	"pattern": regexp.QuoteMeta,
	// twice doubles a character that means something else alone.
	"twice": func(char, text string) string { return strings.ReplaceAll(text, char, char+char) },
	// escape puts a backslash before a character that means something else alone.
	"escape": func(char, text string) string { return strings.ReplaceAll(text, char, `\`+char) },
	// xml writes a text of XML. Names and origins have no other character that means something there.
	"xml": func(text string) string { return strings.ReplaceAll(text, "&", "&amp;") },
	// without refuses a text that has a character which the server's language has no way to write there.
	"without": func(char, text string) (string, error) {
		if strings.Contains(text, char) {
			return "", unwritable{text, char}
		}
		return text, nil
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
type unwritable struct{ text, part string }

func (u unwritable) Error() string {
	return fmt.Sprintf("its configuration cannot say %q: there is no way to write %q in it", u.text, u.part)
}
