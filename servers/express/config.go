package express

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of the application. The first group mirrors the options
// of the cors package (https://github.com/expressjs/cors#configuration-options); a zero
// value is left out, so that the package's default holds. The zero Config is cors().
type Config struct {
	// Fixture names a set-up under fixtures/servers/express ("good", "preflight-401") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`

	// Origin is "*", one origin (sent to everyone), a list ([]string, or []any with [Regexp]s in it),
	// a [Regexp], true (every origin is reflected) or false (cors does nothing).
	Origin any `json:"origin,omitzero"`
	// Methods is Access-Control-Allow-Methods.
	Methods []string `json:"methods,omitzero"`
	// AllowedHeaders is Access-Control-Allow-Headers; nil reflects what is asked for, an empty list sends none.
	AllowedHeaders []string `json:"allowedHeaders,omitzero"`
	// ExposedHeaders is Access-Control-Expose-Headers.
	ExposedHeaders []string `json:"exposedHeaders,omitzero"`
	// Credentials sends Access-Control-Allow-Credentials: true.
	Credentials bool `json:"credentials,omitzero"`
	// MaxAge is Access-Control-Max-Age, in seconds; nil sends none.
	MaxAge *int `json:"maxAge,omitzero"`
	// OptionsSuccessStatus is the status of a preflight's answer; zero means 204.
	OptionsSuccessStatus int `json:"optionsSuccessStatus,omitzero"`
	// PreflightContinue hands preflights on to the routes.
	PreflightContinue bool `json:"preflightContinue,omitzero"`

	// Mount says where cors stands.
	Mount Mount `json:"mount,omitzero"`
	// Auth says where a middleware stands that answers 401 to every request without an Authorization
	// header; empty: there is none.
	Auth Place `json:"auth,omitzero"`
	// Errors set to [BeforeCORS] answers /status/400 and above, and /me without its cookie, in front of cors.
	Errors Place `json:"errors,omitzero"`

	// Snippet is JavaScript, such as the package remedy writes, that is run right after const app = express(),
	// in place of everything that the fields above say about cors; Auth and Errors stay.
	Snippet string `json:"snippet,omitzero"`
}

// Regexp is the source of a JavaScript regular expression that origins are tested against.
type Regexp string

// MarshalJSON encodes it as {"regexp": source}.
func (r Regexp) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"regexp": string(r)})
}

// Mount says where cors stands among the middlewares.
type Mount string

// The mounts. The zero value means [BeforeRoutes].
const (
	BeforeRoutes Mount = "before-routes"
	AfterRoutes  Mount = "after-routes"
	None         Mount = "none"
	// ByHand replaces cors by a few lines such as people write themselves; Origin must be one string.
	ByHand Mount = "by-hand"
)

// Place is a place before or after cors.
type Place string

// The places.
const (
	BeforeCORS Place = "before-cors"
	AfterCORS  Place = "after-cors"
)

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("express") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("express", name, Config{}) }

// Validate reports everything that is wrong with a Config at once.
func (c Config) Validate() error {
	c, err := fixture.Over("express", c.Fixture, c)
	errs := []error{err}
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf("express: "+format, args...)) }
	if !validOrigin(c.Origin, true) {
		add("origin: %v is neither true, false, \"*\", an origin, a regexp nor a list of these", c.Origin)
	}
	if _, one := c.Origin.(string); c.Mount == ByHand && !one {
		add("origin: mount by-hand needs one origin, a string")
	}
	if !slices.Contains([]Mount{"", BeforeRoutes, AfterRoutes, None, ByHand}, c.Mount) {
		add("mount: %q is none of before-routes, after-routes, none, by-hand", c.Mount)
	}
	if !slices.Contains([]Place{"", BeforeCORS, AfterCORS}, c.Auth) {
		add("auth: %q is none of before-cors, after-cors", c.Auth)
	}
	if !slices.Contains([]Place{"", BeforeCORS}, c.Errors) {
		add("errors: %q is not before-cors", c.Errors)
	}
	if s := c.OptionsSuccessStatus; s != 0 && (s < 200 || s > 999) {
		add("optionsSuccessStatus: %d is not from 200 to 999", s)
	}
	return errors.Join(errs...)
}

// validOrigin knows an origin option as Go and as JSON spell it.
func validOrigin(origin any, top bool) bool {
	switch o := origin.(type) {
	case nil, bool:
		return top
	case string, Regexp:
		return true
	case map[string]any:
		_, ok := o["regexp"].(string)
		return ok && len(o) == 1
	case []string:
		return top
	case []any:
		return top && !slices.ContainsFunc(o, func(e any) bool { return !validOrigin(e, false) })
	}
	return false
}
