package fetch

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// https://fetch.spec.whatwg.org/#extract-header-values,
// https://www.rfc-editor.org/rfc/rfc9110#name-recipient-requirements
func TestParseHeaderList(t *testing.T) {
	for in, want := range map[string][]string{
		"":                  {},
		"PUT":               {"PUT"},
		"PUT,DELETE":        {"PUT", "DELETE"},
		" PUT\t, \tDELETE ": {"PUT", "DELETE"},
		"a,,b":              {"a", "b"},
		",":                 {},
		", ,a,":             {"a"},
		"*":                 {"*"},
		"x-a, *":            {"x-a", "*"},
		"a,a":               {"a", "a"},
		"X-A":               {"X-A"},
	} {
		got, err := ParseHeaderList(in)
		if err != nil || got == nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"x y", "PUT; x y", "x a; b", `"a"`, "a b, c", "c, a b", "(a)", "a=b", "\v", "a\x00", "\xff", "a:b", "header name with space"} {
		if got, err := ParseHeaderList(in); err == nil || got != nil {
			t.Errorf("%q: %q; want a failure", in, got)
		}
	}
}

// https://fetch.spec.whatwg.org/#extract-header-list-values
func TestExtractHeaderListValues(t *testing.T) {
	list := HeaderList{{"A", "x, y"}, {"B", "n o"}, {"a", "z"}, {"C", ""}, {"D", "ok"}, {"d", `"no"`}}
	for name, want := range map[string][]string{"a": {"x", "y", "z"}, "C": {}, "E": nil} {
		got, err := ExtractHeaderListValues(name, list)
		if err != nil || !slices.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%s: %#v, %v; want %#v", name, got, err, want)
		}
	}
	for _, name := range []string{"B", "D"} {
		got, err := ExtractHeaderListValues(name, list)
		if err == nil || got != nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: %q, %v; want a failure that names the header", name, got, err)
		}
	}
}

var (
	listGrammar  = regexp.MustCompile("^[ \t]*(" + tokenGrammar + "[ \t]*)?(,[ \t]*(" + tokenGrammar + "[ \t]*)?)*$")
	listElements = regexp.MustCompile(tokenGrammar)
)

const tokenGrammar = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"

func FuzzParseHeaderList(f *testing.F) {
	for _, seed := range []string{"", "PUT, DELETE", "a,,b,", "*", "PUT; x y", "a b", "\t,\t", "x-a , *", "\"q\"", "a\n,b", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := ParseHeaderList(value)
		if ok := listGrammar.MatchString(value); ok != (err == nil) {
			t.Fatalf("%q: error %v, and the grammar says %v", value, err, ok)
		}
		if err == nil && !slices.Equal(got, listElements.FindAllString(value, -1)) {
			t.Errorf("%q: %q; want %q", value, got, listElements.FindAllString(value, -1))
		}
	})
}
