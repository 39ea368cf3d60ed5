package gomw

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/harness/nearest"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of the middleware. The second group mirrors the options of rs/cors, the
// model of the others' too, by name; a zero value means that middleware's default. The zero Config is cors.Default().
type Config struct {
	// Fixture names a set-up under fixtures/servers/gomw ("good", "missing-method") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`

	// Middleware is which one; empty means [RS].
	Middleware Middleware `json:"middleware,omitzero"`

	// AllowedOrigins may have one * in each; nil allows every origin.
	AllowedOrigins []string `json:"allowedOrigins,omitzero"`
	// AllowedMethods is nil for the middleware's own: HEAD, GET and POST, or all that are usual.
	AllowedMethods []string `json:"allowedMethods,omitzero"`
	// AllowedHeaders is nil for none but the package's own defaults; "*" allows every header.
	AllowedHeaders []string `json:"allowedHeaders,omitzero"`
	// ExposedHeaders is Access-Control-Expose-Headers.
	ExposedHeaders []string `json:"exposedHeaders,omitzero"`
	// MaxAge is in seconds; zero sends none (gin sends 12 h), a negative value sends 0.
	MaxAge int `json:"maxAge,omitzero"`
	// AllowCredentials sends Access-Control-Allow-Credentials: true.
	AllowCredentials bool `json:"allowCredentials,omitzero"`
	// AllowPrivateNetwork answers Access-Control-Request-Private-Network.
	AllowPrivateNetwork bool `json:"allowPrivateNetwork,omitzero"`
	// OptionsPassthrough hands preflights on to the handler.
	OptionsPassthrough bool `json:"optionsPassthrough,omitzero"`
	// OptionsSuccessStatus is the status of a preflight's answer; zero means 204, in chi and gorilla 200.
	OptionsSuccessStatus int `json:"optionsSuccessStatus,omitzero"`

	// AuthOutside puts a middleware around it that answers 401 to every request without an Authorization header.
	AuthOutside bool `json:"authOutside,omitzero"`
	// InGroup uses the middleware in a group of the router's and not in the router: where it is only run for
	// the group's routes, of which OPTIONS is none. For chi, gin and echo.
	InGroup bool `json:"inGroup,omitzero"`

	// Snippet is Go, such as the package remedy writes, that takes the middleware's place in a program that is built
	// when it starts: lines right after the router is made (router, e or app), or around the handler
	// (handler) where there is none. AuthOutside stays, as a middleware of the router's.
	Snippet string `json:"snippet,omitzero"`
	// Imports are the import specs that Snippet needs.
	Imports string `json:"imports,omitzero"`
	// File is a file of the program's own package that Snippet needs.
	File string `json:"file,omitzero"`
}

// Middleware is one of Go's CORS middlewares.
type Middleware string

// The middlewares. [RS] runs in this process, the others in a program of their own.
const (
	RS      Middleware = "rs"      // github.com/rs/cors around net/http
	Chi     Middleware = "chi"     // github.com/go-chi/cors
	Gin     Middleware = "gin"     // github.com/gin-contrib/cors
	Echo    Middleware = "echo"    // the one of github.com/labstack/echo/v5
	Fiber   Middleware = "fiber"   // the one of github.com/gofiber/fiber/v3
	Gorilla Middleware = "gorilla" // the one of github.com/gorilla/handlers, around net/http
)

// Middlewares returns all of them.
func Middlewares() []Middleware { return []Middleware{RS, Chi, Gin, Echo, Fiber, Gorilla} }

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("gomw") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("gomw", name, Config{}) }

// Validate reports everything that is wrong with a Config at once.
func (c Config) Validate() error {
	c, err := fixture.Over("gomw", c.Fixture, c)
	errs := []error{err}
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf("gomw: "+format, args...)) }
	if status := c.OptionsSuccessStatus; status != 0 && (status < 200 || status > 999) {
		add("optionsSuccessStatus: %d is not from 200 to 999", status)
	}
	name := cmp.Or(c.Middleware, RS)
	if !slices.Contains(Middlewares(), name) {
		add("middleware: there is no %q%s (there are %v)", name, nearest.Hint(string(name), texts(Middlewares())), Middlewares())
		return errors.Join(errs...)
	}
	for _, s := range special {
		if s.set(c) && !slices.Contains(s.of, name) {
			add("%s: %s has no such thing; %v have it", s.name, name, s.of)
		}
	}
	if c.Snippet == "" && c.Imports+c.File != "" {
		add("snippet: it is missing, and imports and file are for one")
	}
	everyOrigin := c.AllowedOrigins == nil || slices.Contains(c.AllowedOrigins, "*")
	if c.AllowCredentials && everyOrigin && (name == Echo || name == Fiber) {
		add("allowCredentials: %s does not start with it and every origin", name)
	}
	return errors.Join(errs...)
}

// special are the settings that not every middleware has.
var special = []struct {
	name string
	set  func(Config) bool
	of   []Middleware
}{
	{"allowPrivateNetwork", func(c Config) bool { return c.AllowPrivateNetwork }, []Middleware{RS, Gin, Fiber}},
	{"optionsPassthrough", func(c Config) bool { return c.OptionsPassthrough }, []Middleware{RS, Chi, Gorilla}},
	{"optionsSuccessStatus", func(c Config) bool { return c.OptionsSuccessStatus != 0 }, []Middleware{RS, Gin, Gorilla}},
	{"inGroup", func(c Config) bool { return c.InGroup }, []Middleware{Chi, Gin, Echo}},
}

func texts(all []Middleware) []string {
	var list []string
	for _, m := range all {
		list = append(list, string(m))
	}
	return list
}
