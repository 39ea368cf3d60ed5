package fastapi

import (
	"errors"
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of the application. The first group has the options of Starlette's
// CORSMiddleware by their own names (https://www.starlette.io/middleware/#corsmiddleware); what is
// not set is left to it. The zero Config is add_middleware(CORSMiddleware), which allows no origin.
type Config struct {
	// Fixture names a set-up under fixtures/servers/fastapi ("good", "preflight-401") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`

	// AllowOrigins are the origins; "*" allows all of them.
	AllowOrigins []string `json:"allow_origins,omitzero"`
	// AllowOriginRegex is a regular expression, as Python spells it, that a whole origin is matched with.
	AllowOriginRegex string `json:"allow_origin_regex,omitzero"`
	// AllowMethods is nil for GET; "*" stands for eight methods.
	AllowMethods []string `json:"allow_methods,omitzero"`
	// AllowHeaders are allowed beside the four that Starlette always allows; "*" reflects what is asked for.
	AllowHeaders []string `json:"allow_headers,omitzero"`
	// ExposeHeaders is Access-Control-Expose-Headers.
	ExposeHeaders []string `json:"expose_headers,omitzero"`
	// AllowCredentials sends Access-Control-Allow-Credentials: true.
	AllowCredentials bool `json:"allow_credentials,omitzero"`
	// AllowPrivateNetwork answers Access-Control-Request-Private-Network; without it such a preflight is refused.
	AllowPrivateNetwork bool `json:"allow_private_network,omitzero"`
	// MaxAge is Access-Control-Max-Age, in seconds; nil means 600.
	MaxAge *int `json:"max_age,omitzero"`

	// Mount set to [None] leaves the middleware out.
	Mount Mount `json:"mount,omitzero"`
	// Auth says where a middleware stands that answers 401 to every request without an Authorization
	// header; empty: there is none.
	Auth Place `json:"auth,omitzero"`
	// Crash lets /status/500 and above raise an exception that nobody handles.
	Crash bool `json:"crash,omitzero"`

	// Environment has variables of uvicorn's, such as FORWARDED_ALLOW_IPS=127.0.0.1, which is its default.
	Environment []string `json:"environment,omitzero"`
	// Snippet is Python, such as the package remedy writes, that is run as the application's last lines,
	// in place of everything that the fields above say about CORSMiddleware; Auth and Crash stay.
	Snippet string `json:"snippet,omitzero"`
}

// Mount says whether the middleware is there. The zero value means that it is.
type Mount string

// None leaves the middleware out.
const None Mount = "none"

// Place is a place outside or inside CORSMiddleware.
type Place string

// The places. FastAPI puts the middleware that is added last outside.
const (
	OutsideCORS Place = "outside-cors"
	InsideCORS  Place = "inside-cors"
)

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("fastapi") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("fastapi", name, Config{}) }

// Validate reports everything that is wrong with a Config at once, but for
// AllowOriginRegex: Python says that when the server starts.
func (c Config) Validate() error {
	c, err := fixture.Over("fastapi", c.Fixture, c)
	errs := []error{err}
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf("fastapi: "+format, args...)) }
	if c.Mount != "" && c.Mount != None {
		add("mount: %q is not none", c.Mount)
	}
	if !slices.Contains([]Place{"", OutsideCORS, InsideCORS}, c.Auth) {
		add("auth: %q is none of outside-cors, inside-cors", c.Auth)
	}
	if c.MaxAge != nil && *c.MaxAge < 0 {
		add("max_age: %d is no number of seconds; 0 means that no preflight is cached", *c.MaxAge)
	}
	return errors.Join(errs...)
}
