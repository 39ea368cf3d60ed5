package python

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/version"
)

// App is an application in a folder with main.py, requirements.txt and the virtual environment .venv.
type App struct {
	// Title is what messages call it: "FastAPI".
	Title string
	// Folder is where it is in a checkout: "servers/fastapi/app" as an absolute path.
	Folder string
	// Variable is the environment variable that names another folder.
	Variable string
	// Packages are the distributions that [App.Version] names, by their import names.
	Packages []string
}

// installed is where this machine has what an application needs.
type installed struct{ python, folder string }

// locate finds the application, or says in a [*target.MissingError] what is missing.
func (a App) locate() (installed, error) {
	folder := os.Getenv(a.Variable)
	if folder == "" {
		folder = a.Folder
	}
	wanted := []string{"main.py", ".venv/bin/python"}
	for _, name := range a.Packages {
		wanted = append(wanted, ".venv/lib/python3*/site-packages/"+name)
	}
	for _, pattern := range wanted {
		if err := a.present(folder, pattern); err != nil {
			return installed{}, err
		}
	}
	return installed{filepath.Join(folder, ".venv/bin/python"), folder}, nil
}

func (a App) present(folder, pattern string) error {
	found, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		return fmt.Errorf("%s: %w", a.Title, err)
	}
	if len(found) > 0 {
		_, err = os.Stat(found[0]) // the interpreter may be a link to one that is gone
	}
	if len(found) == 0 || errors.Is(err, fs.ErrNotExist) {
		return &target.MissingError{
			What: fmt.Sprintf("%s is not installed: there is no %s in %s", a.Title, pattern, folder),
			How: fmt.Sprintf("run `make servers` in corsproof's checkout, or in a copy of that folder "+
				"`python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`, and name it in %s", a.Variable),
		}
	}
	return err
}

const versions = `import platform, sys
from importlib.metadata import version
print(", ".join([f"{name} {version(name)}" for name in sys.argv[1:]] + ["Python " + platform.python_version()]))`

// Version says what would be run: "fastapi 0.165.0, starlette 1.10.0, uvicorn 0.54.0, Python 3.11.7".
// The error is a [*target.MissingError] where something is missing.
func (a App) Version(ctx context.Context) (string, error) {
	here, err := a.locate()
	if err != nil {
		return "", err
	}
	names := make([]string, 0, len(a.Packages))
	for _, name := range a.Packages {
		names = append(names, strings.ReplaceAll(name, "_", "-"))
	}
	return version.Of(ctx, here.python, append([]string{"-E", "-c", versions}, names...)...)
}
