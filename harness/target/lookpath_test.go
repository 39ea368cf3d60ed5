package target_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
)

func TestLookPathTakesTheFirstProgramThatThereIs(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("PATH", folder)
	for _, name := range []string{"httpd", "data"} {
		mode := os.FileMode(0o700)
		if name == "data" {
			mode = 0o600
		}
		if err := os.WriteFile(filepath.Join(folder, name), nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	missing := target.MissingError{What: "Apache httpd is not installed", How: "install it"}
	for _, c := range []struct {
		programs []string
		want     string
	}{
		{[]string{"apache2", "httpd"}, filepath.Join(folder, "httpd")},
		{[]string{"apache2", folder + "/httpd"}, filepath.Join(folder, "httpd")},
		{[]string{"data", folder + "/data", "none"}, ""},
		{nil, ""},
	} {
		got, err := target.LookPath(missing, c.programs...)
		var is *target.MissingError
		if got != c.want || errors.As(err, &is) != (c.want == "") || is != nil && *is != missing {
			t.Errorf("%q: %q, %v", c.programs, got, err)
		}
	}
}
