package varnish

import (
	"github.com/corsproof/corsproof/servers/internal/fixture"
	"github.com/corsproof/corsproof/servers/internal/site"
)

// Config is the set-up of a Varnish. The zero Config is the fixture "good" in
// front of the orders API.
type Config struct {
	// Fixture names a site under fixtures/servers/varnish ("good", "no-vary"); empty means "good".
	Fixture string `json:"fixture,omitzero"`
	// Template is a site of the caller's own instead of a fixture: what stands in a site of a Varnishfile, as a text/template.
	// The server behind is the backend "api", {{.Origin}} is Origin.
	Template string `json:"template,omitzero"`
	// Upstream is the server behind, http://HOST:PORT. Empty means the orders API of servers/orders, run beside Varnish.
	Upstream string `json:"upstream,omitzero"`
	// Origin is the allowed one; empty means https://app.example.com.
	Origin string `json:"origin,omitzero"`
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("varnish") }

// Validate reports everything that is wrong with a Config at once. Varnish itself checks a Template, in Start.
func (c Config) Validate() error { return program.Validate(site.Config(c)) }
