package express

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/version"
)

// AppVariable is the environment variable that names the application's folder
// where it is not beside this package's source.
const AppVariable = "CORSPROOF_EXPRESS_APP"

// installation is where this machine has what the application needs.
type installation struct{ node, app string }

// locate finds the installed application for this process.
func locate() (installation, error) { return find(os.Getenv(AppVariable)) }

// find finds Node and the application; chosen is its folder, or "" for the one beside this file.
func find(chosen string) (installation, error) {
	node, err := target.LookPath(target.MissingError{
		What: "Node.js is not installed",
		How:  "install version 18 or later: apt-get install nodejs npm, or brew install node; then run `make servers`",
	}, "node")
	if err != nil {
		return installation{}, err
	}
	app := chosen
	if app == "" {
		_, file, _, _ := runtime.Caller(0)
		app = filepath.Join(filepath.Dir(file), "app")
	}
	if err := complete(app); err != nil {
		return installation{}, err
	}
	return installation{node, app}, nil
}

// npmsLast is what npm writes when all packages are there.
const npmsLast = "node_modules/.package-lock.json"

// complete checks that the application's folder has its program and its packages.
func complete(app string) error {
	for _, file := range []string{"server.mjs", "node_modules/express/package.json", "node_modules/cors/package.json", npmsLast} {
		_, err := os.Stat(filepath.Join(app, file))
		if errors.Is(err, fs.ErrNotExist) {
			return &target.MissingError{
				What: fmt.Sprintf("Express is not installed: there is no %s in %s", file, app),
				How: "run `make servers` in corsproof's checkout, or `npm ci` in a copy of servers/express/app, " +
					"and name that folder in " + AppVariable,
			}
		}
		if err != nil {
			return fmt.Errorf("express: %w", err)
		}
	}
	return nil
}

// Version says what would be run here: "express 5.3.0, cors 2.8.6, node v20.20.2".
// The error is a [*target.MissingError] where something is missing.
func Version(ctx context.Context) (string, error) {
	installed, err := locate()
	if err != nil {
		return "", err
	}
	var parts []string
	for _, name := range []string{"express", "cors"} {
		number, err := packageVersion(filepath.Join(installed.app, "node_modules", name, "package.json"))
		if err != nil {
			return "", err
		}
		parts = append(parts, name+" "+number)
	}
	node, err := version.Of(ctx, installed.node, "--version")
	return strings.Join(append(parts, "node "+node), ", "), err
}

func packageVersion(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("express: %w", err)
	}
	var manifest struct{ Version string }
	if err := json.Unmarshal(data, &manifest); err != nil {
		return "", fmt.Errorf("express: %s: %w", file, err)
	}
	return manifest.Version, nil
}
