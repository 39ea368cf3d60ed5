package printable_test

import (
	"slices"
	"testing"

	"github.com/corsproof/corsproof/harness/printable"
)

func TestWrap(t *testing.T) {
	for text, want := range map[string][]string{
		"":                       {""},
		"one two":                {"one two"},
		"one  two\nthree":        {"one two", "three"},
		"grün über":              {"grün über"},
		"a averylongword b c":    {"a", "averylongword", "b c"},
		"averylongword":          {"averylongword"},
		"123456789 1":            {"123456789", "1"},
		"1234567 9":              {"1234567 9"},
		"   blanks at the ends ": {"blanks at", "the ends"},
	} {
		if got := printable.Wrap(text, 9); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
