package haproxy

import (
	"context"
	_ "embed"
	"strings"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/site"
	"github.com/corsproof/corsproof/servers/internal/version"
)

//go:embed haproxy.cfg
var mainFile string

var program = site.Program{
	Name: "haproxy", Extension: ".cfg", Site: "site.cfg",
	Files: map[string]string{"haproxy.cfg": mainFile},
	Find:  find,
	Args:  func(site.Place) []string { return []string{"-W", "-db", "-f", "haproxy.cfg", "-f", "site.cfg"} },
	Ready: site.Said("Loading success."), // the word of the master that -W starts
}

// Server is an HAProxy; it implements [target.Server].
type Server struct{ *site.Server }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server { return &Server{program.New(site.Config(config))} }

func find() (string, error) {
	return target.LookPath(target.MissingError{
		What: "HAProxy is not installed",
		How:  "run `make servers`, or install it (2.4 or later): apt-get install haproxy, or brew install haproxy",
	}, "haproxy", "/usr/sbin/haproxy")
}

// Version says what would be run here: "HAProxy 2.6.12-1+deb12u4". The error is a [*target.MissingError] where there is no HAProxy.
func Version(ctx context.Context) (string, error) {
	path, err := find()
	if err != nil {
		return "", err
	}
	line, err := version.Of(ctx, path, "-v")
	number, _, _ := strings.Cut(strings.TrimPrefix(line, "HAProxy version "), " ") // its date and address follow
	return "HAProxy " + number, err
}
