package gomw

import (
	"cmp"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
)

// AppVariable is the environment variable that names the program with the
// middlewares that are not linked into this process, where it is not in this package's folder app.
const AppVariable = "CORSPROOF_GOMW_APP"

// modules are the middlewares' module paths, under which a build records their versions.
var modules = []string{
	"github.com/rs/cors", "github.com/go-chi/cors", "github.com/gin-contrib/cors",
	"github.com/labstack/echo/v5", "github.com/gofiber/fiber/v3", "github.com/gorilla/handlers",
}

// locate finds the program that scripts/install-gomw.sh builds.
func locate() (string, error) {
	program := os.Getenv(AppVariable)
	if program == "" {
		_, file, _, _ := runtime.Caller(0)
		program = filepath.Join(filepath.Dir(file), "app", ".bin", "gomw")
	}
	_, err := os.Stat(program)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &target.MissingError{
			What: "the Go middlewares beside rs/cors are not built: there is no " + program,
			How: "run `make servers` in corsproof's checkout, or `go build -o gomw .` in its servers/gomw/app, " +
				"and name the program in " + AppVariable,
		}
	}
	if err != nil {
		return "", fmt.Errorf("gomw: %w", err)
	}
	return program, nil
}

// within bounds a start: many servers may start side by side on a busy machine.
const within = time.Minute

var announcement = regexp.MustCompile(`(?m)^listening on (http://127\.0\.0\.1:\d+)$`)

func launch(ctx context.Context, config Config) (*process.Process, string, error) {
	config, err := config.resolved()
	if err != nil {
		return nil, "", err
	}
	if config.Snippet != "" {
		return launchSnippet(ctx, config)
	}
	program, err := locate()
	if err != nil {
		return nil, "", err
	}
	setup, err := json.Marshal(config)
	if err != nil {
		return nil, "", fmt.Errorf("gomw: %w", err)
	}
	return run(ctx, config, process.Config{Path: program, Args: []string{string(setup)}})
}

// run starts a program, and returns when it has said where it listens, with that.
func run(ctx context.Context, config Config, program process.Config) (*process.Process, string, error) {
	child, err := process.Start(ctx, program)
	if err != nil {
		return nil, "", err
	}
	var url string
	err = child.WaitReady(ctx, func(context.Context) error {
		found := announcement.FindStringSubmatch(child.Output())
		if found == nil {
			return errors.New("it has not said where it listens")
		}
		url = found[1]
		return nil
	}, within)
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("gomw with %s: %w", cmp.Or(config.Middleware, RS), err), child.Stop())
	}
	return child, url, nil
}

// Lacking returns those of [Fixtures] that need the program with the other middlewares, and why there is none, a
// [*target.MissingError]; nothing where it is built.
func Lacking() ([]string, error) {
	_, missing := locate()
	if missing == nil {
		return nil, nil
	}
	var lacking []string
	for _, name := range Fixtures() {
		if c, err := Fixture(name); err == nil && !c.linked() {
			lacking = append(lacking, name)
		}
	}
	return lacking, missing
}

// Version says what is linked and what is built: "rs/cors v1.11.1, go-chi/cors v1.2.2, …". It is "rs/cors"
// where this binary does not know its dependencies' versions, as that of a test, and the others are not built.
func Version() string {
	own, _ := debug.ReadBuildInfo()
	parts := versions(own)
	if len(parts) == 0 {
		parts = []string{"rs/cors"}
	}
	if program, err := locate(); err == nil {
		if built, err := buildinfo.ReadFile(program); err == nil {
			parts = append(parts, versions(built)...)
		}
	}
	return strings.Join(parts, ", ")
}

// versions names the middlewares among a build's dependencies.
func versions(build *debug.BuildInfo) []string {
	if build == nil {
		return nil
	}
	var parts []string
	for _, dependency := range build.Deps {
		if slices.Contains(modules, dependency.Path) {
			parts = append(parts, strings.TrimPrefix(dependency.Path, "github.com/")+" "+dependency.Version)
		}
	}
	return parts
}
