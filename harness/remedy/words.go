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
	// one is a list of one.
	"one": func(text string) []string { return []string{text} },
	// words are a text's, by spaces.
	"words": strings.Fields,
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
	"lower": strings.ToLower,
	// cannot refuses what a server's configuration has no room for.
	"cannot": func(text, why string) (string, error) { return "", unwritable{text, why} },
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
			return "", unwritable{text, fmt.Sprintf("there is no way to write %q in it", char)}
		}
		return text, nil
	},
	// only refuses a name that the server's configuration has no room for; the known ones have spaces between.
	"only": func(known string, names []string) ([]string, error) {
		for _, name := range names {
			if !slices.Contains(strings.Fields(known), name) {
				return nil, unwritable{name, "it knows " + known}
			}
		}
		return names, nil
	},
	// nocure is for a cause that nothing in the server's configuration cures: none is better than one that does not.
	"nocure": func() (string, error) { return "", ErrNoCure },
	// literal writes an origin for Kong, which takes one with any other character for a regular expression.
	"literal": func(origin string) string {
		if strings.ContainsAny(origin, "_[]") {
			return regexp.QuoteMeta(origin)
		}
		return origin
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
