package suite_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/suite"
)

func TestOddButValidFilesAreTaken(t *testing.T) {
	plain := head + "cases:\n  - name: a\n    from: null\n    request:\n      url: \"${api}/\"\n      body: |\n        one\n        two\n"
	cases := []struct{ name, text string }{
		{"line breaks of Windows", strings.ReplaceAll(plain, "\n", "\r\n")},
		{"line breaks of old", strings.ReplaceAll(plain, "\n", "\r")},
		{"a byte order mark", "\uFEFF" + plain},
		{"marks of the document's beginning and end", "---\n" + plain + "...\n"},
		{"comments everywhere", "# a\n" + strings.ReplaceAll(plain, "null\n", "null # b\n    # c\n") + "# d\n"},
		{"JSON", `{"suite": "s", "apis": {"api": {"url": "http://127.0.0.1:1"}},` + "\n" +
			`  "cases": [{"name": "a", "from": null, "request": {"url": "${api}/", "body": "one\ntwo\n"}}]}`},
		{"tags of the core schema", strings.ReplaceAll(plain, "name: a", "name: !!str a")},
		{"no line break at the end", strings.TrimSuffix(plain, "\n") + "\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := parse(t, c.text)
			for c := range s.Cases() {
				same(t, "case", c.ID+" "+c.Steps[0].Request.Body.Text, "a one\ntwo\n")
			}
			if s.Len() != 1 {
				t.Errorf("%d cases", s.Len())
			}
		})
	}
}

func TestScalarsAreReadByTheCoreSchema(t *testing.T) {
	cases := []struct{ yaml, json string }{
		{"1", "1"}, {"-0", "-0"}, {"+1", "1"}, {"007", "7"}, {"0x1F", "31"}, {"0o17", "15"}, {"1.50", "1.50"}, {".5", "0.5"}, {"1e3", "1e3"}, {"1.", "1"},
		{"123456789012345678901234567890", "123456789012345678901234567890"}, {"1_000", `"1_000"`},
		{"true", "true"}, {"FALSE", "false"}, {"yes", `"yes"`}, {"null", "null"}, {"~", "null"}, {`"1"`, `"1"`}, {"'true'", `"true"`}, {"!!str 1", `"1"`},
		{"2026-11-21", `"2026-11-21"`}, {".inf", `".inf"`}, {"{a: [1, b]}", `{"a":[1,"b"]}`}, {`"\x01\u00e9"`, `"\u0001é"`}, {"[]", "[]"}, {"{}", "{}"},
	}
	for _, c := range cases {
		s := parse(t, head+"cases: [{name: a, from: null, request: {url: \"${api}/\"}, expect: {body: {json: "+c.yaml+"}}}]\n")
		for one := range s.Cases() {
			same(t, c.yaml, fmt.Sprint(one.Steps[0].Expect.Body), c.json)
		}
	}
}

func TestTextsAreAsTheyAreWritten(t *testing.T) {
	cases := []struct{ yaml, want string }{
		{"1.10", "1.10"}, {"true", "true"}, {"null", "null"}, {"~", "~"}, {"0x1F", "0x1F"}, {`""`, ""}, {`" a "`, " a "}, {`"\x01\xe9"`, "\x01é"}, {"007", "007"},
	}
	for _, c := range cases {
		s := parse(t, head+"cases: [{name: a, from: null, request: {url: \"${api}/\", headers: {X: "+c.yaml+"}}}]\n")
		for one := range s.Cases() {
			same(t, c.yaml, one.Steps[0].Request.Headers[0].Value, c.want)
		}
	}
}

func TestPlacesCountCharactersAndLines(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"characters outside of ASCII", "suite: s\ncases: [{name: Ünï 日本, form: a, from: null}]\n", "suite.yaml:2:24"},
		{"line breaks of Windows", "suite: s\r\n\r\ncases: [{name: a, form: a}]\r\n", "suite.yaml:3:19"},
		{"a text of several lines before", "suite: s\ncases:\n  - name: |\n      a\n\n      b\n    form: a\n", "suite.yaml:7:5"},
		{"a quoted text of several lines before", "suite: s\ncases:\n  - name: \"a\n      b\"\n    form: a\n", "suite.yaml:5:5"},
		{"after a comment", "suite: s # ü\ncases: # c\n  # d\n  - form: a # e\n", "suite.yaml:4:5"},
	}
	for _, c := range cases {
		_, err := parseText(c.text)
		found := ""
		for _, p := range suite.Problems(err) {
			if strings.Contains(p.What, `no field "form"`) {
				found = fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
			}
		}
		same(t, c.name, found, c.want)
	}
}
