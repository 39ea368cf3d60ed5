package located_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/internal/located"
)

func TestValuesKnowWhereTheyStand(t *testing.T) {
	const text = "\n {\"a\" : [ 1,\n  \"zwei\", {\"b\":null} ], \"a\": [true]\t} \n"
	doc, root, err := located.Parse("f", []byte(text))
	if err != nil || !root.IsObject() || root.At != 2 {
		t.Fatal(root, err)
	}
	first, _, _ := strings.Cut(text, `, "a": [true]`)
	_, once, err := located.Parse("f", []byte(first+"}"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range once.Object()["a"].Elements() {
		got = append(got, string(v.Raw)+" "+doc.Pos(v.At).String())
	}
	if want := `1 2:11, "zwei" 3:3, {"b":null} 3:11`; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if last := root.Object()["a"]; string(last.Raw) != "[true]" || !last.IsArray() {
		t.Errorf("of members with one name the last one counts, not %s", last.Raw)
	}
	if !once.Object()["gone"].IsNull() || once.Object()["a"].Object() != nil || root.Elements() != nil {
		t.Error("what is not there is something")
	}
}

func TestMistakesAreFound(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "f:1:1: this is no JSON: unexpected end of JSON input",
		"{\n  \"a\": 1,\n}": "f:3:1: this is no JSON: invalid character '}'",
		"{\"a\": 1} x":      "f:1:10: this is no JSON: invalid character 'x' after top-level value",
		"\ufeff{\"a\"}":     "f:1:5: this is no JSON",
		"{\"a\": \"\x01\"}": "f:1:8: this is no JSON",
	} {
		if _, _, err := located.Parse("f", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestWhatDoesNotFitIsFound(t *testing.T) {
	doc, root, err := located.Parse("f", []byte("{\"a\":\n {\"b\": [\"x\"]}}"))
	if err != nil {
		t.Fatal(err)
	}
	var target struct {
		B string `json:"b"`
	}
	p := doc.Decode(root.Object()["a"], &target)
	if p == nil || p.Pos != (importer.Pos{Line: 2, Col: 8}) || p.Message != "the field b: a JSON array cannot stand here" {
		t.Errorf("got %v", p)
	}
	var fits map[string]any
	if p := doc.Decode(root, &fits); p != nil {
		t.Error(p)
	}
	var number int
	if p := doc.Decode(root.Object()["a"], &number); p == nil || p.Message != "this value: a JSON object cannot stand here" {
		t.Errorf("got %v", p)
	}
}
