package chromium

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/probe"
)

// TestNothingIsLeftInTheHomeFolder looks at the home of a user who never started a browser. (Desktop libraries have caches of their own.)
func TestNothingIsLeftInTheHomeFolder(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	w := newWorld(t, allowAll)
	e := w.engine(Config{})
	ask(t, e, from("http://app.test", probe.Request{URL: w.api.URL + "/x"}))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if strings.Contains(strings.ToLower(path), "chrom") {
			t.Errorf("%s was left", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
