package wso2

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of a gateway with one API. The zero Config has CORS as it comes: any origin, without credentials.
type Config struct {
	// Fixture names a set-up under fixtures/servers/wso2 ("good", "default-origins") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`
	// Upstream is the URL of the backend. Empty means servers/orders, in this process.
	Upstream string `json:"upstream,omitzero"`
	// Release is "4.5" (also when empty) or "4.4", which sends all its headers with every answer.
	Release string `json:"release,omitzero"`
	// Disabled is enable = false of [apim.cors].
	Disabled bool `json:"disabled,omitzero"`
	// AllowOrigins are exact, "*", or have a * that stands for anything. Nil means "*".
	AllowOrigins []string `json:"allow_origins,omitzero"`
	// AllowMethods nil means GET, PUT, POST, DELETE, PATCH and OPTIONS.
	AllowMethods []string `json:"allow_methods,omitzero"`
	// AllowHeaders nil means authorization, Access-Control-Allow-Origin, Content-Type and SOAPAction. Authorization is added.
	AllowHeaders     []string `json:"allow_headers,omitzero"`
	ExposeHeaders    []string `json:"expose_headers,omitzero"`
	AllowCredentials bool     `json:"allow_credentials,omitzero"`
	// CORSSequence are mediators, in XML, that stand first in the first <then> of the sequence _cors_request_handler_.
	CORSSequence string `json:"corsSequence,omitzero"`
	// Resources nil means GET, PUT, POST, PATCH and DELETE at every path.
	Resources []Resource `json:"resources,omitzero"`
	// Tokens that are valid: "Authorization: Bearer TOKEN". Nil means that resources need none.
	Tokens []string `json:"tokens,omitzero"`
	// ThrottleAfter is how many calls are let through, preflights apart; zero means all.
	ThrottleAfter int `json:"throttleAfter,omitzero"`
	// BackendHeaders are header lines that the backend sends, by name.
	BackendHeaders map[string]string `json:"backendHeaders,omitzero"`
}

// Resource is a path with its verbs. "{id}" stands for any one segment, a last "*" for any rest.
type Resource struct {
	Path  string   `json:"path"`
	Verbs []string `json:"verbs"`
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("wso2") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("wso2", name, Config{}) }

// Validate reports everything that is wrong with a Config at once.
func (c Config) Validate() error {
	c, err := fixture.Over("wso2", c.Fixture, c)
	if err != nil {
		return err
	}
	var errs []error
	report := func(format string, args ...any) { errs = append(errs, fmt.Errorf("wso2: "+format, args...)) }
	if !slices.Contains([]string{"", "4.4", "4.5"}, c.Release) {
		report("release: %q is neither 4.5 nor 4.4", c.Release)
	}
	for _, o := range c.AllowOrigins {
		if _, err := expression(o); err != nil {
			report("allow_origins: %q: %w", o, err)
		}
	}
	if _, err := parseSequence(c.CORSSequence); err != nil {
		report("corsSequence: %w", err)
	}
	for _, r := range c.Resources {
		if !strings.HasPrefix(r.Path, "/") || len(r.Verbs) == 0 {
			report("resources: %q must begin with a slash, and have verbs", r.Path)
		}
		for _, v := range r.Verbs {
			if !fetch.IsMethod(v) {
				report("resources: %s: %q is no verb", r.Path, v)
			}
		}
	}
	for _, name := range slices.Concat(c.AllowMethods, c.AllowHeaders, c.ExposeHeaders) {
		if !fetch.IsHeaderName(name) {
			report("%q is no name of a method or a header", name)
		}
	}
	for name, value := range c.BackendHeaders {
		if !fetch.IsHeaderName(name) || strings.ContainsAny(value, "\r\n") {
			report("backendHeaders: %q: %q is no header line", name, value)
		}
	}
	if c.ThrottleAfter < 0 {
		report("throttleAfter: %d is negative", c.ThrottleAfter)
	}
	return errors.Join(errs...)
}

// expression is an origin with a *, as the gateway reads it: nothing is escaped or anchored, so that it is found anywhere.
func expression(origin string) (*regexp.Regexp, error) {
	return regexp.Compile(strings.ReplaceAll(origin, "*", ".*"))
}

// or is a list, or the one that stands for none.
func or(list []string, otherwise ...string) []string {
	if list == nil {
		return otherwise
	}
	return list
}
