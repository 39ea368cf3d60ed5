package haproxy

import (
	"github.com/corsproof/corsproof/servers/internal/fixture"
	"github.com/corsproof/corsproof/servers/internal/site"
)

// Config is the set-up of an HAProxy. The zero Config is the fixture "good" in
// front of the orders API.
type Config struct {
	// Fixture names a site under fixtures/servers/haproxy ("good", "no-after-response"); empty means "good".
	Fixture string `json:"fixture,omitzero"`
	// Template is a site of the caller's own instead of a fixture: what stands in a site of an HAProxyfile, as a text/template.
	// {{.Listen}} is the address to bind, {{.UpstreamHost}}:{{.UpstreamPort}} the server behind, {{.Origin}} is Origin.
	Template string `json:"template,omitzero"`
	// Upstream is the server behind, http://HOST:PORT. Empty means the orders API of servers/orders, run beside HAProxy.
	Upstream string `json:"upstream,omitzero"`
	// Origin is the allowed one; empty means https://app.example.com.
	Origin string `json:"origin,omitzero"`
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("haproxy") }

// Validate reports everything that is wrong with a Config at once. HAProxy itself checks a Template, in Start.
func (c Config) Validate() error { return program.Validate(site.Config(c)) }
