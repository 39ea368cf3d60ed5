package python_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestABrokenOffInstallationIsNone has the script install what nobody can have.
func TestABrokenOffInstallationIsNone(t *testing.T) {
	check := "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
	if err := exec.Command("python3", "-c", check).Run(); err != nil {
		t.Skip("there is no Python 3.11 with venv here")
	}
	script, err := filepath.Abs("../../../scripts/python-app.sh")
	if err != nil {
		t.Fatal(err)
	}
	app := t.TempDir()
	wanted := "no-such-package==1 --hash=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
	if err := os.WriteFile(filepath.Join(app, "requirements.txt"), []byte(wanted), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", script, "test", app)
	cmd.Env = append(os.Environ(), "PIP_NO_INDEX=1")
	if output, err := cmd.CombinedOutput(); err == nil {
		t.Errorf("it went well:\n%s", output)
	}
	if _, err := os.Stat(filepath.Join(app, ".venv")); err == nil {
		t.Error("there is a .venv, without what it is for")
	}
}
