package caddy

import (
	"context"
	_ "embed"
	"regexp"
	"strings"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/site"
	"github.com/corsproof/corsproof/servers/internal/version"
)

//go:embed Caddyfile
var mainFile string

var program = site.Program{
	Name: "caddy", Extension: ".caddyfile", Site: "site.caddyfile",
	Files: map[string]string{"Caddyfile": mainFile},
	Find:  find,
	Args:  func(site.Place) []string { return []string{"run", "--adapter", "caddyfile", "--config", "Caddyfile"} },
	Env: func(place site.Place) []string {
		// It keeps its last configuration, and would keep certificates.
		return []string{"HOME=" + place.Folder, "XDG_CONFIG_HOME=" + place.Folder, "XDG_DATA_HOME=" + place.Folder}
	},
	Ready: site.Said("serving initial configuration"),
	// Two Caddys that were told one port would share it unnoticed (SO_REUSEPORT).
	Announced: regexp.MustCompile(`"actual_address": ?"(127\.0\.0\.1:\d+)"`),
}

// Server is a Caddy; it implements [target.Server].
type Server struct{ *site.Server }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server { return &Server{program.New(site.Config(config))} }

func find() (string, error) {
	return target.LookPath(target.MissingError{
		What: "Caddy is not installed",
		How:  "run `make servers`, or install it (2.6 or later): apt-get install caddy, or brew install caddy",
	}, "caddy")
}

// Version says what would be run here: "Caddy 2.6.2". The error is a [*target.MissingError] where there is no Caddy.
func Version(ctx context.Context) (string, error) {
	path, err := find()
	if err != nil {
		return "", err
	}
	line, err := version.Of(ctx, path, "version")
	number, _, _ := strings.Cut(line, " ") // a checksum follows where it was built by Go
	return "Caddy " + strings.TrimPrefix(number, "v"), err
}
