package vite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/version"
)

// AppVariable is the environment variable that names the program's folder
// where it is not beside this package's source.
const AppVariable = "CORSPROOF_VITE_APP"

const (
	manifest = "node_modules/vite/package.json"
	npmsLast = "node_modules/.package-lock.json" // it is written when all packages are there
)

// installation is where this machine has what the program needs.
type installation struct{ node, app string }

// locate finds Node and the installed program.
func locate() (installation, error) {
	app := os.Getenv(AppVariable)
	if app == "" {
		_, file, _, _ := runtime.Caller(0)
		app = filepath.Join(filepath.Dir(file), "app")
	}
	node, err := findNode(app)
	if err != nil {
		return installation{}, err
	}
	for _, file := range []string{"server.mjs", manifest, npmsLast} {
		_, err := os.Stat(filepath.Join(app, file))
		if errors.Is(err, fs.ErrNotExist) {
			return installation{}, &target.MissingError{
				What: fmt.Sprintf("Vite is not installed: there is no %s in %s", file, app),
				How: "run `make servers` in corsproof's checkout, or `npm ci` in a copy of servers/vite/app, " +
					"and name that folder in " + AppVariable,
			}
		}
		if err != nil {
			return installation{}, fmt.Errorf("vite: %w", err)
		}
	}
	return installation{node, app}, nil
}

// findNode finds the Node that scripts/install-vite.sh put beside the program where the system's is too old, or the system's.
func findNode(app string) (string, error) {
	own, err := filepath.Glob(filepath.Join(app, "node/node_modules/node-*/bin/node"))
	if err != nil {
		return "", fmt.Errorf("vite: %w", err)
	}
	return target.LookPath(target.MissingError{
		What: "Node.js is not installed",
		How:  "install version 20.19 or later (https://nodejs.org); then run `make servers`",
	}, append(own, "node")...)
}

// Version says what would be run here: "vite 8.3.8, node v20.20.2".
// The error is a [*target.MissingError] where something is missing.
func Version(ctx context.Context) (string, error) {
	installed, err := locate()
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(filepath.Join(installed.app, manifest))
	if err != nil {
		return "", fmt.Errorf("vite: %w", err)
	}
	var module struct{ Version string }
	if err := json.Unmarshal(data, &module); err != nil {
		return "", fmt.Errorf("vite: %s: %w", manifest, err)
	}
	node, err := version.Of(ctx, installed.node, "--version")
	return "vite " + module.Version + ", node " + node, err
}
