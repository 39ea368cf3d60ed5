package suite_test

import (
	"context"
	"os"
	"testing"
	"testing/fstest"

	"github.com/corsproof/corsproof/harness/suite"
)

// FuzzLoad gives the loader any text. It must take it or say what is wrong at a place that the file has, and what it takes must expand.
func FuzzLoad(f *testing.F) {
	for _, file := range append(brokenFiles(f), fixtureFiles(f)...) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		files := fstest.MapFS{"suite.yaml": {Data: text}, "other.yaml": {Data: []byte("apis: {other: {answers: []}}\n")}, "body": {Data: []byte("x")}}
		s, err := suite.Load(context.Background(), "suite.yaml", suite.Options{FS: files, Env: machine})
		if err != nil {
			checkProblems(t, err)
			return
		}
		expandSome(t, s)
	})
}

func checkProblems(t *testing.T, err error) {
	list := suite.Problems(err)
	if len(list) == 0 {
		t.Fatalf("%v is no list of problems", err)
	}
	for _, p := range list {
		if p.What == "" || p.File == "" || p.Line < 0 || p.Line > 0 && p.Col < 1 {
			t.Errorf("a problem lacks something: %+v", p)
		}
		if p.Line > 0 && p.Source == "" && p.Col > 1 {
			t.Errorf("a problem is at a place that is not there: %+v", p)
		}
		if p.Render() == "" {
			t.Errorf("nothing is rendered of %+v", p)
		}
	}
}

func expandSome(t *testing.T, s *suite.Suite) {
	seen := map[string]bool{}
	n := 0
	for c := range s.Cases() {
		if n++; n > 2000 {
			break
		}
		if seen[c.ID] || c.ID == "" || len(c.Steps) == 0 || c.From == "" {
			t.Fatalf("the case %+v is not whole, or its ID is not its own", c)
		}
		seen[c.ID] = true
		if _, err := c.Resolve(originsOf(s)); err != nil {
			continue // a URL of ${from} where that is null
		}
		if _, err := c.Expectations(originsOf(s)); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
	}
	for _, a := range s.APIs {
		if _, err := a.AnswersAt(originsOf(s)); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
}
