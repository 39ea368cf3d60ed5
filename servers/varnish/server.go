package varnish

import (
	"context"
	_ "embed"
	"path/filepath"
	"strings"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/site"
	"github.com/corsproof/corsproof/servers/internal/version"
)

//go:embed main.vcl
var mainFile string

var program = site.Program{
	Name: "varnish", Extension: ".vcl", Site: "site.vcl",
	Files: map[string]string{"main.vcl": mainFile},
	Find:  find,
	Args: func(place site.Place) []string {
		return []string{
			"-F", "-j", "none", "-a", place.Listen, "-f", filepath.Join(place.Folder, "main.vcl"),
			"-n", filepath.Join(place.Folder, "work"), "-s", "malloc,16m", "-T", "none", "-t", "60",
			// Its shared memory log, and its threads: two pools of a hundred are meant for a site, not for a test.
			"-l", "2m", "-p", "thread_pools=1", "-p", "thread_pool_min=10", "-p", "thread_pool_max=50",
		}
	},
	Ready: site.Said("said Child starts"),
}

// Server is a Varnish; it implements [target.Server].
type Server struct{ *site.Server }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server { return &Server{program.New(site.Config(config))} }

// find finds Varnish, and looks whether there is the compiler that it needs at every start.
func find() (string, error) {
	missing := target.MissingError{
		What: "Varnish or the C compiler that it needs is not installed",
		How:  "run `make servers`, or install it (6.0 or later): apt-get install varnish gcc libc6-dev",
	}
	if _, err := target.LookPath(missing, "gcc"); err != nil {
		return "", err
	}
	return target.LookPath(missing, "varnishd", "/usr/sbin/varnishd")
}

// Version says what would be run here: "Varnish 7.1.1". The error is a [*target.MissingError] where there is no Varnish.
func Version(ctx context.Context) (string, error) {
	path, err := find()
	if err != nil {
		return "", err
	}
	line, err := version.Of(ctx, path, "-V")
	number, _, _ := strings.Cut(strings.TrimPrefix(line, "varnishd (varnish-"), " ") // its revision follows
	return "Varnish " + number, err
}
