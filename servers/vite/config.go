package vite

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of a development server. The zero Config is Vite's own, and proxies nothing.
type Config struct {
	// Fixture names a set-up under fixtures/servers/vite ("good", "not-proxied") that stands in for
	// every field that is not set here.
	Fixture string `json:"fixture,omitzero"`

	// Upstream is the URL of the API behind; empty means that of servers/orders, in this process.
	Upstream string `json:"upstream,omitzero"`
	// Proxy lists the paths that are handed on to it, with what begins with them (server.proxy).
	Proxy []string `json:"proxy,omitzero"`
	// CORS is server.cors: true, false, or options of the cors package by their own names
	// (map[string]any). nil is Vite's default, which allows pages of localhost.
	CORS any `json:"cors,omitzero"`
	// AllowedHosts are the names that Vite answers to beside localhost and addresses; one with a dot in front
	// stands for its subdomains, too (server.allowedHosts).
	AllowedHosts []string `json:"allowedHosts,omitzero"`

	// Snippet is JavaScript, such as the package remedy writes, that stands in server: { … }, in place of CORS.
	Snippet string `json:"snippet,omitzero"`
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("vite") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("vite", name, Config{}) }

// Validate reports everything that is wrong with a Config at once.
func (c Config) Validate() error {
	c, err := fixture.Over("vite", c.Fixture, c)
	errs := []error{err}
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf("vite: "+format, args...)) }
	if u, err := url.Parse(c.Upstream); c.Upstream != "" && (err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https")) {
		add("upstream: %q is no http or https URL", c.Upstream)
	}
	for _, path := range c.Proxy {
		if !strings.HasPrefix(path, "/") {
			add("proxy: the path %q must begin with a slash", path)
		}
	}
	switch c.CORS.(type) {
	case nil, bool, map[string]any:
	default:
		add("cors: %v is neither true, false nor options of the cors package", c.CORS)
	}
	return errors.Join(errs...)
}
