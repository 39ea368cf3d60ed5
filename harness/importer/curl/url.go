package curl

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/importer"
)

// maxURLs bounds how many requests one command makes, each with all its headers.
const maxURLs = 100

// url is a URL, with or without --url before it.
func (t *transfer) url(w word) {
	if t.urls = append(t.urls, w); len(t.urls) == maxURLs+1 {
		t.problem(w, fmt.Sprintf("more than %d URLs in one command are too many", maxURLs), "paste fewer")
	}
}

// address is the URL that curl asks for: http where there is no scheme, -G's data
// and --url-query behind the query, no fragment.
func (t *transfer) address(w word) string {
	url := w.text
	if !strings.Contains(url, "://") {
		url = "http://" + strings.TrimPrefix(url, "//")
	}
	url, _, _ = strings.Cut(url, "#")
	if !t.globoff {
		if t.pattern(w, url) {
			return url
		}
		url = unpattern.Replace(url)
	}
	query := t.query
	if t.get && t.body != nil {
		query = append(query[:len(query):len(query)], string(t.body))
	}
	if added := strings.Join(query, "&"); added != "" {
		url += separator(url) + added
	}
	if err := importer.CheckURL(url); err != nil {
		t.problem(w, err.Error(), "")
	}
	return url
}

// unpattern removes the backslashes that keep a bracket from being a pattern.
var unpattern = strings.NewReplacer(`\{`, "{", `\}`, "}", `\[`, "[", `\]`, "]")

func separator(url string) string {
	switch {
	case !strings.Contains(url, "?"):
		return "?"
	case strings.HasSuffix(url, "?"), strings.HasSuffix(url, "&"):
		return ""
	}
	return "&"
}

// pattern finds what curl expands to several URLs. https://curl.se/docs/manpage.html#URL
func (t *transfer) pattern(w word, url string) bool {
	_, afterScheme, _ := strings.Cut(url, "://")
	for i := 0; i < len(afterScheme); i++ {
		rest := afterScheme[i:]
		switch {
		case strings.HasPrefix(rest, "{{"):
			t.problem(w, "{{…}} is a variable of Postman", "write its value, or import the collection with --postman")
			return true
		case rest[0] == '\\' && len(rest) > 1:
			i++
		case rest[0] == '{', rest[0] == '[' && !literalBracket(afterScheme, i):
			t.problem(w, "curl reads […] and {…} in a URL as patterns for several URLs", "add -g before it to send them as they are, or write one URL")
			return true
		}
	}
	return false
}

// literalBracket reports whether the bracket at i is no pattern: [] or an IPv6 address.
func literalBracket(afterScheme string, i int) bool {
	before := afterScheme[:i]
	return strings.HasPrefix(afterScheme[i:], "[]") || before == "" || strings.HasSuffix(before, "@") && !strings.Contains(before, "/")
}
