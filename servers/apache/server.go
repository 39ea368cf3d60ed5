package apache

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/site"
	"github.com/corsproof/corsproof/servers/internal/version"
)

//go:embed httpd.conf
var mainFile string

var program = site.Program{
	Name: "apache", Extension: ".conf", Site: "site.conf",
	Files: map[string]string{"httpd.conf": mainFile},
	Find:  find,
	Args: func(place site.Place) []string {
		return []string{"-f", filepath.Join(place.Folder, "httpd.conf"), "-D", "FOREGROUND", "-C", "Define MODULES " + modules()}
	},
	Ready: listening,
}

// Server is an httpd; it implements [target.Server].
type Server struct{ *site.Server }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server { return &Server{program.New(site.Config(config))} }

// listening waits for the file that httpd writes when its sockets listen.
func listening(place site.Place, _ string) error {
	if _, err := os.Stat(filepath.Join(place.Folder, "httpd.pid")); err != nil {
		return errors.New("it has not opened its sockets")
	}
	return nil
}

func find() (string, error) {
	missing := target.MissingError{
		What: "Apache httpd is not installed",
		How:  "run `make servers`, or install it: apt-get install apache2-bin",
	}
	if modules() == "" {
		return "", &missing
	}
	return target.LookPath(missing, "apache2", "httpd", "/usr/sbin/apache2", "/usr/sbin/httpd")
}

// modules is the folder of httpd's modules, as Debian, Fedora and openSUSE have it, or "".
func modules() string {
	for _, folder := range []string{"/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib64/apache2"} {
		if _, err := os.Stat(filepath.Join(folder, "mod_headers.so")); err == nil {
			return folder
		}
	}
	return ""
}

// Version says what would be run here: "Apache/2.4.71 (Debian)". The error is a [*target.MissingError] where there is no httpd.
func Version(ctx context.Context) (string, error) {
	path, err := find()
	if err != nil {
		return "", err
	}
	line, err := version.Of(ctx, path, "-v")
	return strings.TrimPrefix(line, "Server version: "), err
}
