package suite_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/suite"
)

var update = flag.Bool("update", false, "rewrite the expected messages of testdata/broken")

func brokenOptions() suite.Options {
	return suite.Options{
		FS:      os.DirFS("testdata/broken"),
		Env:     environment(map[string]string{"SET": "set"}),
		Servers: []string{"express", "gomw", "nginx"},
		Parts:   []string{"rate-limit", "strip-origin"},
		Rules:   []string{"missing-allow-origin", "wildcard-with-credentials"},
	}
}

func environment(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
}

func brokenFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("testdata/broken has %d suites (%v)", len(files), err)
	}
	return files
}

func TestBrokenSuitesGiveTheseMessages(t *testing.T) {
	for _, file := range brokenFiles(t) {
		name := filepath.Base(file)
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			_, err := suite.Load(context.Background(), name, brokenOptions())
			if err == nil {
				t.Fatal("the suite was taken")
			}
			var got strings.Builder
			for _, p := range suite.Problems(err) {
				got.WriteString(p.Render())
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", got.String())
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run go test -update ./harness/suite", err)
	}
	if got != string(want) {
		t.Errorf("the messages are\n%s\nwant\n%s", got, want)
	}
}

func TestEveryMistakeIsAProblemOfItsOwn(t *testing.T) {
	_, err := suite.Load(context.Background(), "many-at-once.yaml", brokenOptions())
	list := suite.Problems(err)
	if len(list) < 8 {
		t.Fatalf("%d problems, want them all: %v", len(list), err)
	}
	var first *suite.Problem
	if !errors.As(err, &first) || first != list[0] {
		t.Errorf("errors.As finds %v, want the first problem", first)
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != len(list) {
		t.Errorf("the error has %d lines for %d problems", len(lines), len(list))
	}
	for i, p := range list {
		if i > 0 && (p.Line < list[i-1].Line || p.Line == list[i-1].Line && p.Col < list[i-1].Col) {
			t.Errorf("%v stands after %v", p, list[i-1])
		}
	}
}
