package apache

import (
	"github.com/corsproof/corsproof/servers/internal/fixture"
	"github.com/corsproof/corsproof/servers/internal/site"
)

// Config is the set-up of an httpd. The zero Config is the fixture "good" in
// front of the orders API.
type Config struct {
	// Fixture names a site under fixtures/servers/apache ("good", "no-always"); empty means "good".
	Fixture string `json:"fixture,omitzero"`
	// Template is a site of the caller's own instead of a fixture: directives of httpd's, as a text/template.
	// {{.Upstream}} is the server behind, {{.Origin}} is Origin and {{.Pattern}} a regular expression of it.
	Template string `json:"template,omitzero"`
	// Upstream is the server behind, http://HOST:PORT. Empty means the orders API of servers/orders, run beside httpd.
	Upstream string `json:"upstream,omitzero"`
	// Origin is the allowed one; empty means https://app.example.com.
	Origin string `json:"origin,omitzero"`
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("apache") }

// Validate reports everything that is wrong with a Config at once. httpd itself checks a Template, in Start.
func (c Config) Validate() error { return program.Validate(site.Config(c)) }
