package suite_test

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/suite"
)

const everything = "format/everything.yaml"

// TestEveryFieldMakesADifference takes each field of the format out of everything.yaml: what is loaded must differ, or be refused.
func TestEveryFieldMakesADifference(t *testing.T) {
	whole := told(load(t, fixtures, everything))
	var document yaml.MapSlice
	text, err := os.ReadFile(fixtures + "/" + everything)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(text, &document, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	for name, paths := range suite.FieldPaths() {
		t.Run(name, func(t *testing.T) {
			found, differs := false, false
			for _, path := range paths {
				steps := regexp.MustCompile(`\.\w+|\[\]|\{\}`).FindAllString(path, -1)
				without, ok := remove(document, steps)
				if !ok {
					continue
				}
				found = true
				rest, err := yaml.Marshal(without)
				if err != nil {
					t.Fatal(err)
				}
				s, err := loadWith(t, everything, string(rest))
				differs = differs || err != nil || told(s) != whole
			}
			if !found {
				t.Errorf("%s does not have it", everything)
			} else if !differs {
				t.Error("without it the suite is the same")
			}
		})
	}
}

// remove takes out the first field at the end of a way, and reports whether there is one.
func remove(v any, way []string) (any, bool) {
	switch v := v.(type) {
	case yaml.MapSlice:
		for i, item := range v {
			if way[0] != "{}" && way[0] != fmt.Sprintf(".%v", item.Key) {
				continue
			}
			if len(way) == 1 {
				return append(append(yaml.MapSlice{}, v[:i]...), v[i+1:]...), true
			}
			if rest, ok := remove(item.Value, way[1:]); ok {
				changed := append(yaml.MapSlice{}, v...)
				changed[i].Value = rest
				return changed, true
			}
		}
	case []any: // a list of the format, or one of the matrix
		if way[0] == "[]" {
			way = way[1:]
		}
		for i, item := range v {
			if rest, ok := remove(item, way); ok {
				changed := append([]any{}, v...)
				changed[i] = rest
				return changed, true
			}
		}
	}
	return nil, false
}

// loadWith loads a fixture with other contents.
func loadWith(t *testing.T, name, text string) (*suite.Suite, error) {
	t.Helper()
	files := fstest.MapFS{}
	for _, file := range []string{"parts/apis.yaml", "bodies/order.json"} {
		data, err := os.ReadFile(fixtures + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		files[file] = &fstest.MapFile{Data: data}
	}
	files[name] = &fstest.MapFile{Data: []byte(text)}
	return suite.Load(context.Background(), name, suite.Options{FS: files})
}

// told is all that a suite says, places aside.
func told(s *suite.Suite) string {
	var b strings.Builder
	for _, a := range s.APIs {
		a.Pos = suite.Position{}
		fmt.Fprintf(&b, "%s %s %s %+v %+v\n", a.Name, a.At, a.URL, a.Command, a.Server)
		for _, answer := range a.Answers {
			answer.Pos = suite.Position{}
			fmt.Fprintf(&b, "%+v\n", answer)
		}
	}
	fmt.Fprintln(&b, s.Name, s.ThirdPartyCookies, s.Pages, s.Redact, s.Files, s.Origins())
	for c := range s.Cases() {
		fmt.Fprintln(&b, c.ID, c.Name, c.From, fmt.Sprintf("%+v", c.Cookies))
		for _, step := range c.Steps {
			fmt.Fprintf(&b, "%+v %+v %s %s %v %v\n", step.Request, step.Request.Body, step.Finding, step.Cause, step.Wait, step.ClearCache)
			fmt.Fprintln(&b, shown(reflect.ValueOf(step.Expect)))
		}
	}
	return b.String()
}

// shown follows pointers.
func shown(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "none"
		}
		return shown(v.Elem())
	case reflect.Struct:
		text := "{"
		for f, value := range v.Fields() {
			if f.IsExported() {
				text += f.Name + ":" + shown(value) + " "
			}
		}
		return text + v.Type().Name() + "}"
	case reflect.Slice:
		text := "["
		for i := range v.Len() {
			text += shown(v.Index(i)) + " "
		}
		return text + "]"
	}
	return fmt.Sprint(v)
}

// TestSuitesReachEveryFieldOfTheValues finds, for each field of the values that a suite is made of, a case in everything.yaml that sets it.
func TestSuitesReachEveryFieldOfTheValues(t *testing.T) {
	s := load(t, fixtures, everything)
	set := map[string]bool{}
	note := func(v any) { noteSet(reflect.ValueOf(v), set) }
	for c := range s.Cases() {
		p, err := c.Resolve(originsOf(s))
		if err != nil {
			t.Fatal(err)
		}
		note(p)
		for _, step := range c.Steps {
			note(step.Expect)
		}
	}
	for _, a := range s.APIs {
		note(a)
	}
	for _, p := range s.Pages {
		note(p)
	}
	// what a suite cannot say, and why
	exempt := map[string]string{
		"Probe.Permissions": "the format has no field for it",
		"Body.Blob":         "the format has no field for it",
	}
	for _, v := range []any{probe.Probe{}, probe.Step{}, probe.Request{}, probe.Body{}, probe.Field{}, probe.Cookie{}, fetch.Header{},
		expect.Expectation{}, expect.Header{}, expect.Preflight{}, expect.Actual{}, expect.Cookie{}, expect.Received{}, expect.Replay{},
		suite.API{}, suite.Page{}, suite.Command{}, suite.Server{}, suite.Answer{}} {
		for f := range reflect.TypeOf(v).Fields() {
			name := reflect.TypeOf(v).Name() + "." + f.Name
			if why := exempt[name]; why == "" && !set[name] {
				t.Errorf("nothing in %s sets %s", everything, name)
			} else if why != "" && set[name] {
				t.Errorf("%s is set: it needs no exemption", name)
			}
		}
	}
}

// noteSet notes the fields of structs that are not zero, all the way down.
func noteSet(v reflect.Value, set map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			noteSet(v.Elem(), set)
		}
	case reflect.Slice:
		for i := range v.Len() {
			noteSet(v.Index(i), set)
		}
	case reflect.Struct:
		for f, value := range v.Fields() {
			if f.IsExported() && !value.IsZero() {
				set[v.Type().Name()+"."+f.Name] = true
				noteSet(value, set)
			}
		}
	}
}
