package archtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheReadmeShowsCodeThatRuns compares each Go block of the README that
// begins with a file's name with that file.
func TestTheReadmeShowsCodeThatRuns(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, block := range strings.Split(string(readme), "```go\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		name, ok := strings.CutPrefix(strings.SplitN(block, "\n", 2)[0], "// specs/")
		if !ok {
			continue
		}
		shown++
		source, err := os.ReadFile(filepath.Join(root, "specs", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(strings.SplitN(block, "\n", 2)[1], "// …\n") {
			if !strings.Contains(string(source), strings.TrimSpace(part)) {
				t.Errorf("the README shows what is not in specs/%s:\n%s", name, part)
			}
		}
	}
	if shown == 0 {
		t.Error("the README shows no code of specs/")
	}
}

// TestDecisionsAreIndexed holds the list of decision records complete.
func TestDecisionsAreIndexed(t *testing.T) {
	dir := filepath.Join(root, "harness/docs/decisions")
	index, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "2*.md"))
	if err != nil || len(files) == 0 {
		t.Fatal("no decision records", err)
	}
	for _, f := range files {
		if !strings.Contains(string(index), "("+filepath.Base(f)+")") {
			t.Errorf("the index does not list %s", filepath.Base(f))
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "\nStatus: ") {
			t.Errorf("%s has no Status line", filepath.Base(f))
		}
	}
}
