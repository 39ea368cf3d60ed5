package expect_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/corsproof/corsproof/harness/expect"
)

func TestTexts(t *testing.T) {
	pattern := func(p string) expect.Text { return expect.Matches{Pattern: regexp.MustCompile(p)} }
	for _, c := range []struct {
		want expect.Text
		text string
		how  string // "" where it does not differ
	}{
		{expect.Exactly("a"), "a", ""},
		{expect.Exactly(""), "", ""},
		{expect.Exactly("a"), "A", `"A"`},
		{expect.Exactly("a"), "a ", `"a "`},
		{expect.Contains("b"), "abc", ""},
		{expect.Contains("b"), "ac", `"ac"`},
		{pattern("^a.c$"), "abc", ""},
		{pattern("^a.c$"), "xabc", `"xabc"`},
		{expect.JSON(`{"a":1,"b":[true,null]}`), ` { "b" : [ true , null ] , "a" : 1 } `, ""},
		{expect.JSON(`{"a":1}`), `{"a":2}`, `$["a"]: want "1", got "2"`},
		{expect.JSON(`{"a":1}`), `{}`, `$["a"]: absent`},
		{expect.JSON(`{}`), `{"a":1}`, `$["a"]: not wanted, got "1"`},
		{expect.JSON(`[1,2]`), `[1]`, "$: want 2 items, got 1"},
		{expect.JSON(`[1,{"x":"y"}]`), `[1,{"x":"z"}]`, `$[1]["x"]: want "\"y\"", got "\"z\""`},
		{expect.JSON(`[]`), `{}`, `$: want "[]", got "{}"`},
		{expect.JSON(`{}`), `[]`, `$: want "{}", got "[]"`},
		{expect.JSON(`null`), `false`, `$: want "null", got "false"`},
		{expect.JSON(`"1"`), `1`, `$: want "\"1\"", got "1"`},
		{expect.JSON(`1`), `"1"`, `$: want "1", got "\"1\""`},
		{expect.JSON(`1`), `1 2`, `no JSON: "more follows after the value" in "1 2"`},
		{expect.JSON(`1`), ``, `no JSON: "EOF" in ""`},
		{expect.JSON(`1`), `1.0`, ""},
		{expect.JSON(`100`), `1E2`, ""},
		{expect.JSON(`-1.50`), `-15e-1`, ""},
		{expect.JSON(`0`), `-0.0`, ""},
		{expect.JSON(`1`), `-1`, `$: want "1", got "-1"`},
		{expect.JSON(`10`), `1`, `$: want "10", got "1"`},
		{expect.JSON(`9007199254740993`), `9007199254740992`, `$: want "9007199254740993", got "9007199254740992"`},
		{expect.JSON(`1e99999999999`), `1e99999999999`, ""},
		{expect.JSON(`1e99999999999`), `1e99999999998`, `$: want "1e99999999999", got "1e99999999998"`},
	} {
		t.Run(c.want.Want()+" against "+c.text, func(t *testing.T) {
			how, err := c.want.Differs(c.text)
			if err != nil || how != c.how {
				t.Errorf("got %q, %v, want %q", how, err, c.how)
			}
		})
	}
}

func TestTextsThatCannotBeUsedAreErrors(t *testing.T) {
	for want, text := range map[string]expect.Text{
		"is no JSON":     expect.JSON(`{`),
		"has no pattern": expect.Matches{},
	} {
		if _, err := text.Differs("a"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if text.Want() == "" {
			t.Error("it does not say what it wants")
		}
	}
}

func TestTextsCanBePrintedAnywhere(t *testing.T) {
	const odd = "\x1b[31m\r\n\u202e\xff"
	for _, text := range []expect.Text{
		expect.Exactly(odd), expect.Contains(odd), expect.Matches{Pattern: regexp.MustCompile("\x1b\x00")},
		expect.JSON(`["` + "\u202e" + `"]`),
	} {
		for _, got := range []string{odd + "x", `["` + "\u202e\u202e" + `"]`, strings.Repeat(odd, 1000)} {
			how, err := text.Differs(got)
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsFunc(text.Want()+how, func(c rune) bool { return !unicode.IsPrint(c) || c == unicode.ReplacementChar }) {
				t.Errorf("%q and %q garble a terminal", text.Want(), how)
			}
			if len(how) > 8000 {
				t.Errorf("how has %d bytes", len(how))
			}
		}
	}
}
