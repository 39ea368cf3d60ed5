package nginx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/version"
)

// Server is an nginx; it implements [target.Server].
type Server struct{ *target.Program }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		return launch(ctx, config)
	})}
}

func launch(ctx context.Context, config Config) (*process.Process, string, error) {
	if err := config.Validate(); err != nil {
		return nil, "", err
	}
	path, err := find()
	if err != nil {
		return nil, "", err
	}
	var folder string
	var written error
	child, port, err := process.StartOnFreePort(ctx, func(port int) process.Config {
		if folder, written = newFolder(config, address(port)); written != nil {
			return process.Config{} // there is nothing to start, and Start says so
		}
		return process.Config{
			Path: path,
			Args: []string{"-p", folder, "-c", "nginx.conf", "-e", "stderr"},
			Dir:  folder, Remove: []string{folder},
		}
	}, func(int) process.Ready {
		return func(context.Context) error { return listening(folder) }
	}, within)
	if err := cmp.Or(written, err); err != nil {
		return nil, "", fmt.Errorf("nginx: %w", err)
	}
	return child, "http://" + address(port), nil
}

// within bounds a start: many servers may start side by side on a busy machine.
const within = time.Minute

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// listening waits for the file that nginx writes when its sockets listen. A
// request would do as well, but the server behind would see it.
func listening(folder string) error {
	if _, err := os.Stat(filepath.Join(folder, "nginx.pid")); err != nil {
		return errors.New("it has not opened its sockets")
	}
	return nil
}

func find() (string, error) {
	return target.LookPath(target.MissingError{
		What: "nginx is not installed",
		How:  "install it (1.19.5 or later): apt-get install nginx-light, or brew install nginx",
	}, "nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx")
}

// Version says what would be run here: "nginx/1.22.1". The error is a [*target.MissingError] where there is no nginx.
func Version(ctx context.Context) (string, error) {
	path, err := find()
	if err != nil {
		return "", err
	}
	line, err := version.Of(ctx, path, "-v")
	return strings.TrimPrefix(line, "nginx version: "), err
}
