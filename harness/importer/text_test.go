package importer_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/corsproof/corsproof/harness/importer"
)

func TestPlacesAreCountedInCharacters(t *testing.T) {
	text := importer.NewText("", "ab\n日本é\n\nx")
	for _, c := range []struct {
		offset int
		want   importer.Pos
	}{{0, importer.Pos{Line: 1, Col: 1}}, {2, importer.Pos{Line: 1, Col: 3}}, {9, importer.Pos{Line: 2, Col: 3}}, {3, importer.Pos{Line: 2, Col: 1}},
		{12, importer.Pos{Line: 3, Col: 1}}, {13, importer.Pos{Line: 4, Col: 1}}, {-1, importer.Pos{Line: 1, Col: 1}}, {99, importer.Pos{Line: 4, Col: 2}}} {
		if got := text.Pos(c.offset); got != c.want {
			t.Errorf("%d: got %s, want %s", c.offset, got, c.want)
		}
	}
}

func TestProblemsShowTheirPlace(t *testing.T) {
	long := strings.Repeat("é", 100) + "BAD" + strings.Repeat("日", 100)
	for _, c := range []struct {
		name, text string
		from, to   int
		want       string
	}{
		{"in the middle", "one\ntwo three\nfour", 8, 13, "f:2:5: wrong\n    two three\n        ^^^^^\n  do better"},
		{"over lines", "one\ntwo three\nfour", 8, 18, "f:2:5: wrong\n    two three\n        ^^^^^\n  do better"},
		{"at the end", "one", 3, 3, "f:1:4: wrong\n    one\n       ^\n  do better"},
		{"beyond the end", "one", 30, 40, "f:1:4: wrong\n    one\n       ^\n  do better"},
		{"nothing to show", "", 0, 0, "f:1:1: wrong\n  do better"},
		{"long", long, 200, 203, "f:1:101: wrong\n    …" + strings.Repeat("é", 40) + "BAD" + strings.Repeat("日", 30) + "…\n    " + strings.Repeat(" ", 41) + "^^^\n  do better"},
		{"a long mistake", long, 0, 300, "f:1:1: wrong\n    " + strings.Repeat("é", 40) + "…\n    " + strings.Repeat("^", 41) + "\n  do better"},
		{"what garbles a terminal", "\x1b[1m\tx\u202e\xffy\u0301", 5, 6, "f:1:6: wrong\n    ·[1m x··y·\n         ^\n  do better"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := importer.NewText("f", c.text).Problem(c.from, c.to, "wrong", "do better").Error(); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestMessagesAreShort(t *testing.T) {
	p := importer.NewText("", "x").Problem(0, 1, strings.Repeat("é", 1000), "")
	if len(p.Message) > 410 || strings.ContainsRune(p.Message, unicode.ReplacementChar) {
		t.Errorf("got %q", p.Message)
	}
}

func TestMessagesGarbleNoTerminal(t *testing.T) {
	p := importer.NewText("", "x").Problem(0, 1, "a \x1b[1m e\u0301 \xff", "b\n\u202e")
	if p.Message != "a ·[1m e\u0301 ·" || p.Hint != "b··" {
		t.Errorf("got %q, %q", p.Message, p.Hint)
	}
}

func TestProblemsAreInOrder(t *testing.T) {
	text := importer.NewText("", "a\nb c")
	err := importer.Join([]*importer.Problem{text.Problem(4, 5, "third", ""), text.Problem(0, 1, "first", ""), text.Problem(2, 3, "second", "")})
	if got := err.Error(); strings.Index(got, "first") > strings.Index(got, "second") || strings.Index(got, "second") > strings.Index(got, "third") {
		t.Error(got)
	}
	if err := importer.Join(nil); err != nil {
		t.Error(err)
	}
}
