package run

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestAnAPIThatNeedsAMissingOneIsMissingToo(t *testing.T) {
	s := load(t, `
suite: chain
apis:
  a: {at: https://a.example.com, answers: [{status: 307, headers: {Location: "${b}/x"}}]}
  b: {at: https://b.example.com, answers: [{status: 307, headers: {Location: "${c}/x"}}]}
  c: {command: [./no-such-program]}
  d: {at: https://d.example.com, answers: [{body: "${e}"}]}
  e: {at: https://e.example.com, answers: []}
cases:
  - {name: one, from: https://app.example.com, request: {url: "${a}/"}}
`)
	w := &world{origins: map[string]string{}, missing: map[string]error{"c": errors.New("it did not start")}}
	var written []*scripted
	for _, api := range s.APIs {
		if api.Answers == nil {
			continue
		}
		one, err := newScripted(api)
		if err != nil {
			t.Fatal(err)
		}
		written, w.origins[api.Name] = append(written, one), api.At
	}
	w.fill(written)
	if got := strings.Join(slices.Sorted(maps.Keys(w.missing)), " "); got != "a b c" {
		t.Errorf("missing: %s", got)
	}
	if got := strings.Join(slices.Sorted(maps.Keys(w.origins)), " "); got != "d e" {
		t.Errorf("there: %s", got)
	}
}
