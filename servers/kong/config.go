package kong

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of a gateway with one route to one service. The zero
// Config has the cors plugin as it comes: any origin, any header, nine methods.
type Config struct {
	// Fixture names a set-up under fixtures/servers/kong ("good", "route-methods") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`
	// Upstream is the service's URL. Empty means servers/orders, in this process.
	Upstream string `json:"upstream,omitzero"`
	// NoPlugin leaves the cors plugin away.
	NoPlugin bool `json:"noPlugin,omitzero"`
	// Global enables the plugin for what no route matches, too.
	Global bool `json:"global,omitzero"`

	// The plugin's configuration, by its own names.

	// Origins are "*", literals, or regular expressions (whatever has a character beside letters, digits and .:/-). Nil means any.
	Origins []string `json:"origins,omitzero"`
	// Methods nil means GET, HEAD, PUT, PATCH, POST, DELETE, OPTIONS, TRACE and CONNECT.
	Methods []string `json:"methods,omitzero"`
	// Headers nil echoes what a preflight asks for.
	Headers        []string `json:"headers,omitzero"`
	ExposedHeaders []string `json:"exposed_headers,omitzero"`
	Credentials    bool     `json:"credentials,omitzero"`
	MaxAge         int      `json:"max_age,omitzero"` // in seconds; zero sends none
	PrivateNetwork bool     `json:"private_network,omitzero"`
	// PreflightContinue proxies preflights, and adds nothing to their answers.
	PreflightContinue bool `json:"preflight_continue,omitzero"`
	// AllowOriginAbsent nil means true: headers are sent to requests without Origin, too.
	AllowOriginAbsent *bool `json:"allow_origin_absent,omitzero"`

	// RouteMethods are the only methods that the route matches; nil means all.
	RouteMethods []string `json:"routeMethods,omitzero"`
	// Keys that the key-auth plugin allows in the header apikey. Nil means that there is no key-auth.
	Keys []string `json:"keys,omitzero"`
	// LimitAfter is how many calls the rate-limiting plugin lets through; zero means that there is none.
	LimitAfter int `json:"limitAfter,omitzero"`
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("kong") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("kong", name, Config{}) }

// Validate reports everything that is wrong with a Config at once.
func (c Config) Validate() error {
	c, err := fixture.Over("kong", c.Fixture, c)
	if err != nil {
		return err
	}
	var errs []error
	report := func(format string, args ...any) { errs = append(errs, fmt.Errorf("kong: "+format, args...)) }
	for _, o := range c.Origins {
		if _, err := compile(o); err != nil {
			report("origins: %q: %w", o, err)
		}
	}
	for _, name := range slices.Concat(c.Methods, c.RouteMethods, c.Headers, c.ExposedHeaders) {
		if !fetch.IsHeaderName(name) {
			report("%q is no name of a method or a header", name)
		}
	}
	if c.MaxAge < 0 || c.LimitAfter < 0 {
		report("max_age %d and limitAfter %d must not be negative", c.MaxAge, c.LimitAfter)
	}
	return errors.Join(errs...)
}

// pattern is an entry of origins.
type pattern struct {
	literal  string         // without a default port; "" where it is a regular expression
	expr     *regexp.Regexp // anchored at both ends
	hostOnly bool           // it is compared with the host alone
}

var isLiteral = regexp.MustCompile(`^[A-Za-z0-9.:/-]+$`)

// compile reads an entry as Kong does. "*" is no regular expression, and matches nothing here.
func compile(entry string) (pattern, error) {
	if entry == "*" {
		return pattern{}, nil
	}
	if isLiteral.MatchString(entry) {
		return pattern{literal: withoutDefaultPort(entry)}, nil
	}
	expr, err := regexp.Compile("^(?:" + strings.TrimSuffix(entry, "$") + ")$")
	return pattern{expr: expr, hostOnly: !strings.Contains(entry, ":")}, err
}

// matches compares an Origin header with an entry. Literals are compared with case.
func (p pattern) matches(origin string) bool {
	switch {
	case p.expr == nil:
		return p.literal != "" && strings.Contains(origin, "://") && p.literal == withoutDefaultPort(origin)
	case p.hostOnly:
		_, authority, _ := strings.Cut(origin, "://")
		host, _, _ := strings.Cut(authority, ":")
		return host != "" && p.expr.MatchString(host)
	}
	return p.expr.MatchString(origin)
}

func withoutDefaultPort(origin string) string {
	if strings.HasPrefix(origin, "https://") {
		return strings.TrimSuffix(origin, ":443")
	}
	if strings.HasPrefix(origin, "http://") {
		return strings.TrimSuffix(origin, ":80")
	}
	return origin
}
