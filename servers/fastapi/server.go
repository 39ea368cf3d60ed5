package fastapi

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/fixture"
	"github.com/corsproof/corsproof/servers/internal/python"
)

// AppVariable is the environment variable that names the application's folder
// where it is not beside this package's source.
const AppVariable = "CORSPROOF_FASTAPI_APP"

// Server is the application; it implements [target.Server].
type Server struct{ *target.Program }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		return launch(ctx, config)
	})}
}

// Version says what would be run here: "fastapi 0.165.0, starlette 1.10.0, uvicorn 0.54.0, Python 3.11.7".
// The error is a [*target.MissingError] where something is missing.
func Version(ctx context.Context) (string, error) { return app().Version(ctx) }

func app() python.App {
	_, file, _, _ := runtime.Caller(0)
	return python.App{
		Title: "FastAPI", Folder: filepath.Join(filepath.Dir(file), "app"), Variable: AppVariable,
		Packages: []string{"fastapi", "starlette", "uvicorn"},
	}
}

var announcement = regexp.MustCompile(`Uvicorn running on (http://127\.0\.0\.1:\d+)`)

func launch(ctx context.Context, config Config) (*process.Process, string, error) {
	if err := config.Validate(); err != nil {
		return nil, "", err
	}
	resolved, err := fixture.Over("fastapi", config.Fixture, config)
	if err != nil {
		return nil, "", err
	}
	settings, err := json.Marshal(resolved)
	if err != nil {
		return nil, "", fmt.Errorf("fastapi: %w", err)
	}
	// Port 0 lets the kernel choose, so that no other program can take the port first; with lifespan
	// on, the middlewares are built at the start, and what is wrong with them ends it.
	return app().Launch(ctx, append(resolved.Environment, "CORSPROOF_FASTAPI_CONFIG="+string(settings)), announcement,
		"uvicorn", "main:app", "--host", "127.0.0.1", "--port", "0", "--lifespan", "on", "--no-access-log", "--no-use-colors")
}
