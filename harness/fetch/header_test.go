package fetch

import (
	"slices"
	"testing"
)

// https://fetch.spec.whatwg.org/#concept-header-list-get
func TestHeaderListCombinesByNameWithoutCase(t *testing.T) {
	list := HeaderList{{"A", "1"}, {"b", "\xff"}, {"a", ""}, {"\u017fet-cookie", "x"}}
	if got := list.Values("a"); !slices.Equal(got, []string{"1", ""}) {
		t.Errorf("values %q", got)
	}
	if got, ok := list.Get("B"); got != "\xff" || !ok {
		t.Errorf("B: %q, %v", got, ok)
	}
	if got, _ := list.Get("A"); got != "1, " {
		t.Errorf("A: %q", got)
	}
	if got, ok := list.Get("C"); got != "" || ok {
		t.Errorf("C: %q, %v", got, ok)
	}
	if list.Has("set-cookie") {
		t.Error("only ASCII letters have a case in header names")
	}
}
