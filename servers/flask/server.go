package flask

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
const AppVariable = "CORSPROOF_FLASK_APP"

// Server is the application; it implements [target.Server].
type Server struct{ *target.Program }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		return launch(ctx, config)
	})}
}

// Version says what would be run here: "flask 3.1.3, flask-cors 6.0.5, gunicorn 27.0.1, Python 3.11.7".
// The error is a [*target.MissingError] where something is missing.
func Version(ctx context.Context) (string, error) { return app().Version(ctx) }

func app() python.App {
	_, file, _, _ := runtime.Caller(0)
	return python.App{
		Title: "Flask", Folder: filepath.Join(filepath.Dir(file), "app"), Variable: AppVariable,
		Packages: []string{"flask", "flask_cors", "gunicorn"},
	}
}

var announcement = regexp.MustCompile(`Listening at: (http://127\.0\.0\.1:\d+)`)

func launch(ctx context.Context, config Config) (*process.Process, string, error) {
	if err := config.Validate(); err != nil {
		return nil, "", err
	}
	resolved, err := fixture.Over("flask", config.Fixture, config)
	if err != nil {
		return nil, "", err
	}
	settings, err := json.Marshal(resolved)
	if err != nil {
		return nil, "", fmt.Errorf("flask: %w", err)
	}
	// Port 0 lets the kernel choose, so that no other program can take the port first. Threads, because
	// browsers hold connections open; no control socket, because that is a file in the user's home.
	return app().Launch(ctx, []string{"CORSPROOF_FLASK_CONFIG=" + string(settings)}, announcement,
		"gunicorn", "--bind", "127.0.0.1:0", "--threads", "8", "--no-control-socket", "--graceful-timeout", "2", "main:app")
}
