package suite_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/corsproof/corsproof/harness/suite"
)

// TestLimitsAreErrorsNotCrashes gives the loader what would take the YAML library minutes, all memory, or more stack than there is.
func TestLimitsAreErrorsNotCrashes(t *testing.T) {
	r := strings.Repeat
	const most = 4<<20 - 100
	cases := []struct{ name, text, want string }{
		{"a file is too large", r("# comment\n", most/10+100), "more than 4 MiB"},
		{"brackets in brackets", "a: " + r("[", most), "too many brackets"},
		{"fewer of them", "a: " + r("[", 100_000), "nested more than 64 deep"},
		{"braces in braces", "a: " + r("{a: ", 100_000), "nested more than 64 deep"},
		{"dashes in dashes", r("- ", 100_000), "nested more than 64 deep"},
		{"names on lines of their own in braces", "{" + r("a:\n", 100_000), "nested more than 64 deep"},
		{"anchors before anchors", r("&a ", 100_000), "two anchors"},
		{"anchors on lines of their own", r("&a \n- \n ", 50_000), "an anchor stands before nothing"},
		{"tags before tags", r("!!str ", 100_000), "a tag stands before a text"},
		{"tags on lines of their own", r("!t \n- ", 100_000), "means nothing in a suite"},
		{"questions in questions", r("? ", 100_000), `a key with "?"`},
		{"documents after documents", r("---\n", 100_000), "a second document"},
		{"ends after ends", "a: b\n" + r("...\n", 100_000), "a second document"},
		{"blank lines at the end of a text", "a: |\n  x\n" + r("\n", 1<<20), "blank lines in a row"},
		{"tabs in quotes", r("\t\"", 1<<20), "too many tabs"},
		{"names without values", "a:\n" + r("- b:\n", 10_000), "more than 1000 values are missing"},
		{"names without values in braces", "a: {" + r("b,", 10_000), "more than 1000 values are missing"},
		{"many names", r("a: b\n", 100_000), "more than 1000 entries"},
		{"many names in braces", manyNames(), "more than 1000 entries"},
		{"a long name", r("a", 2000) + ": b\n", "more than 1024 bytes"},
		{"long names above much", "? " + r("a", 1000) + "\n", `a key with "?"`},
		{"long names above each other", longNames(), "the names are too long"},
		{"many words", "a: [" + r("b, ", 700_000) + "]", "more than 1200000 words and signs"},
		{"laughs", laughs(), "more than 1000000 values"},
		{"deep laughs", deepLaughs(), "nested more than 64 deep"},
		{"merged laughs", mergedLaughs(), "more than 1000 entries"},
		{"large defaults under many cases", head + "defaults: {request: {body: " + r("b", 2<<20) + "}}\ncases:\n" + r("  - {name: a}\n", 30_000), "the defaults are too large"},
		{"a large header", head + "cases: [{name: a, from: null, request: {url: \"${api}/\", headers: {X: " + r("x", 300<<10) + "}}}]\n", "more than 256 KiB"},
		{"a matrix beyond all numbers", head + "cases: [{name: a, from: null, request: {url: \"${api}/\"" + hugeMatrix() + "}}]\n", "has more than 1000000 cases"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseText(c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				text := "none"
				if err != nil {
					text = err.Error()
				}
				t.Errorf("the error is %.300s, want %q", text, c.want)
			}
		})
	}
}

func longNames() string {
	var b strings.Builder
	for i := range 60 {
		b.WriteString(strings.Repeat(" ", i) + strings.Repeat("a", 1000) + ":\n")
	}
	b.WriteString(strings.Repeat(" ", 61) + "[" + strings.Repeat("b,", 10_000) + "]\n")
	return b.String()
}

func manyNames() string {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, "a%d: b, ", i)
	}
	return "{" + b.String() + "}"
}

func laughs() string {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for _, i := range "123456789" {
		before := "*a" + string(i-1)
		text += "a" + string(i) + ": &a" + string(i) + " [" + strings.Repeat(before+", ", 9) + before + "]\n"
	}
	return text
}

// deepLaughs nests by aliases what is flat as it is written.
func deepLaughs() string {
	text := "a0: &a0 [x]\n"
	name := "a0"
	for i := range 70 {
		next := "b" + strings.Repeat("b", i)
		text += next + ": &" + next + " [*" + name + "]\n"
		name = next
	}
	return text
}

func mergedLaughs() string {
	text := "list:\n"
	for i := range 20 {
		text += "  - &m" + string(rune('a'+i)) + " {"
		for j := range 100 {
			text += strings.Repeat(string(rune('a'+i)), j+1) + ": 1, "
		}
		text += "}\n"
	}
	text += "all: {<<: ["
	for i := range 20 {
		text += "*m" + string(rune('a'+i)) + ", "
	}
	return text + "]}\n"
}

func hugeMatrix() string {
	text := ""
	for _, name := range []string{"method", "user", "password", "referrer", "integrity", "body"} {
		text += ", " + name + ": [" + strings.Repeat("a, ", 1000) + "]"
	}
	return text
}

func TestBodiesHaveALimit(t *testing.T) {
	files := fstest.MapFS{
		"suite.yaml": {Data: []byte(head + `cases: [{name: a, from: null, request: {url: "${api}/", body: [{file: most}, {file: more}]}}]`)},
		"most":       {Data: bytes.Repeat([]byte("x"), 16<<20)},
		"more":       {Data: bytes.Repeat([]byte("x"), 16<<20+1)},
	}
	_, err := suite.Load(context.Background(), "suite.yaml", suite.Options{FS: files})
	if list := suite.Problems(err); len(list) != 1 || list[0].What != "the file more cannot be read: it has more than 16 MiB" {
		t.Errorf("the error is %v", err)
	}
}

func TestFilesHaveALimitTogether(t *testing.T) {
	list := ""
	files := fstest.MapFS{}
	for _, name := range strings.Split("abcdefghij", "") {
		list += "{file: " + name + "}, "
		files[name] = &fstest.MapFile{Data: bytes.Repeat([]byte("x"), 8<<20)}
	}
	files["suite.yaml"] = &fstest.MapFile{Data: []byte(head + `cases: [{name: a, from: null, request: {url: "${api}/", body: [` + list + `]}}]`)}
	_, err := suite.Load(context.Background(), "suite.yaml", suite.Options{FS: files})
	if err == nil || !strings.Contains(err.Error(), "with it the files have more than 64 MiB") {
		t.Errorf("the error is %v", err)
	}
}

func TestALargeSuiteIsTaken(t *testing.T) {
	text := head + "defaults: {from: null}\ncases:\n" + strings.Repeat("  - {name: a, request: {url: \"${api}/\", method: PUT}}\n", 40_000)
	s := parse(t, text)
	if s.Len() != 40_000 {
		t.Errorf("there are %d cases", s.Len())
	}
}
