package expect_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
)

// TestEveryMemberHasAMutationRow enumerates the members of Expectation, and of
// what it holds, and wants for each a row that sets it alone and has mutants.
func TestEveryMemberHasAMutationRow(t *testing.T) {
	proven := map[string]bool{}
	for _, r := range rows() {
		set := membersSet("", reflect.ValueOf(r.expect))
		for _, m := range r.mutants {
			if !m.undecided {
				for _, name := range set {
					proven[name] = true
				}
			}
		}
	}
	for _, name := range members("", reflect.TypeFor[expect.Expectation]()) {
		if !proven[name] {
			t.Errorf("%s has no mutation row", name)
		}
	}
}

// members are the paths of the fields that expect something by themselves.
func members(path string, typ reflect.Type) []string {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return []string{path}
	}
	var list []string
	for f := range fields(typ) {
		list = append(list, members(strings.TrimPrefix(path+"."+f.Name, "."), f.Type)...)
	}
	return list
}

// membersSet are those of the members that a value sets.
func membersSet(path string, v reflect.Value) []string {
	if v.IsZero() {
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		return membersSet(path, v.Elem())
	case reflect.Slice:
		var list []string
		for i := range v.Len() {
			list = append(list, membersSet(path, v.Index(i))...)
		}
		return list
	case reflect.Struct:
		var list []string
		for f := range fields(v.Type()) {
			list = append(list, membersSet(strings.TrimPrefix(path+"."+f.Name, "."), v.FieldByIndex(f.Index))...)
		}
		return list
	}
	return []string{path}
}

func fields(typ reflect.Type) func(yield func(reflect.StructField) bool) {
	return slices.Values(reflect.VisibleFields(typ))
}

func TestMembersAreEnumerated(t *testing.T) {
	all := members("", reflect.TypeFor[expect.Expectation]())
	for _, want := range []string{"Outcome", "Body", "Headers.Name", "Headers.Value", "Hidden", "Preflight.Sent", "Actual.CookiesWithheld.Reasons", "Replay.Status", "Predicted"} {
		if !slices.Contains(all, want) {
			t.Errorf("%s is not enumerated in %q", want, all)
		}
	}
}

func TestWithoutAVerdictNothingPasses(t *testing.T) {
	for name, o := range map[string]probe.Observation{"there is no verdict": sample.NoVerdict(errors.New("no browser was found\x1b")), "it has no outcome": {}} {
		expectations := []expect.Expectation{{}}
		for _, r := range rows() {
			expectations = append(expectations, r.expect)
		}
		for _, e := range expectations {
			list := e.Evaluate(o)
			if len(list) != 1 || list[0].Name != "verdict" || list[0].Pass || !list[0].Undecided || !strings.Contains(list[0].Got, name) {
				t.Errorf("%+v", list)
			}
			if strings.ContainsRune(list[0].Got, '\x1b') {
				t.Errorf("%q garbles a terminal", list[0].Got)
			}
		}
	}
}

func TestNothingIsExpectedByDefault(t *testing.T) {
	for _, e := range []expect.Expectation{{}, {Preflight: &expect.Preflight{}, Actual: &expect.Actual{}, Received: &expect.Received{}, Replay: &expect.Replay{}}} {
		if list := e.Evaluate(sample.Readable()); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	}
}

func TestChecksStandInTheOrderOfMembers(t *testing.T) {
	e := expect.Expectation{
		Complete: true, Predicted: true, Replay: &expect.Replay{Status: new(200)}, Received: &expect.Received{Preflights: new(1), Requests: new(1)},
		Actual:    &expect.Actual{Sent: new(true), Absent: []string{"A", "B"}, CookiesSent: []string{"sid"}},
		Preflight: &expect.Preflight{Sent: new(true), Status: new(204), Count: new(1)},
		Headers:   []expect.Header{{Name: "X-Total"}, {Name: "Content-Type"}}, Status: new(200), Outcome: probe.Readable,
	}
	var names []string
	for _, c := range e.Evaluate(sample.Readable()) {
		names = append(names, c.Name)
		if !c.Pass {
			t.Errorf("%+v", c)
		}
	}
	want := "[outcome status header x-total header content-type preflight preflight.status preflight.count actual actual absent a actual absent b " +
		"actual cookie sent sid received.preflights received.requests replay.status prediction evidence]"
	if got := fmt.Sprint(names); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
