package gomw

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/rs/cors"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/fixture"
	"github.com/corsproof/corsproof/servers/orders"
)

// module is the middleware's module path, under which the build records its version.
const module = "github.com/rs/cors"

// Config is the set-up of the middleware. The first group mirrors
// [cors.Options] by name; a zero value means that package's default. The zero Config is cors.Default().
type Config struct {
	// Fixture names a set-up under fixtures/servers/gomw ("good", "missing-method") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`

	// AllowedOrigins may have one * in each; nil allows every origin.
	AllowedOrigins []string `json:"allowedOrigins,omitzero"`
	// AllowedMethods is nil for HEAD, GET and POST.
	AllowedMethods []string `json:"allowedMethods,omitzero"`
	// AllowedHeaders is nil for none but the package's own defaults; "*" allows every header.
	AllowedHeaders []string `json:"allowedHeaders,omitzero"`
	// ExposedHeaders is Access-Control-Expose-Headers.
	ExposedHeaders []string `json:"exposedHeaders,omitzero"`
	// MaxAge is in seconds; zero sends none, a negative value sends 0.
	MaxAge int `json:"maxAge,omitzero"`
	// AllowCredentials sends Access-Control-Allow-Credentials: true.
	AllowCredentials bool `json:"allowCredentials,omitzero"`
	// AllowPrivateNetwork answers Access-Control-Request-Private-Network.
	AllowPrivateNetwork bool `json:"allowPrivateNetwork,omitzero"`
	// OptionsPassthrough hands preflights on to the handler.
	OptionsPassthrough bool `json:"optionsPassthrough,omitzero"`
	// OptionsSuccessStatus is the status of a preflight's answer; zero means 204.
	OptionsSuccessStatus int `json:"optionsSuccessStatus,omitzero"`

	// AuthOutside puts a middleware around it that answers 401 to every request without an Authorization header.
	AuthOutside bool `json:"authOutside,omitzero"`
}

// Server is the middleware and the handler; it implements [target.Server].
type Server struct {
	config Config
	served target.Handler
}

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server { return &Server{config: config} }

// Start builds the middleware and serves. See [target.Server].
func (s *Server) Start(ctx context.Context) error {
	if err := s.config.Validate(); err != nil {
		return err
	}
	config, err := fixture.Over("gomw", s.config.Fixture, s.config)
	if err != nil {
		return err
	}
	s.served.Handler = config.handler()
	return s.served.Start(ctx)
}

// URL is where it is served. See [target.Server].
func (s *Server) URL() string { return s.served.URL() }

// Close stops serving. See [target.Server].
func (s *Server) Close() error { return s.served.Close() }

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("gomw") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("gomw", name, Config{}) }

// Validate reports everything that is wrong with a Config at once.
func (c Config) Validate() error {
	c, err := fixture.Over("gomw", c.Fixture, c)
	if status := c.OptionsSuccessStatus; status != 0 && (status < 200 || status > 999) {
		err = errors.Join(err, fmt.Errorf("gomw: optionsSuccessStatus: %d is not from 200 to 999", status))
	}
	return err
}

func (c Config) handler() http.Handler {
	handler := cors.New(cors.Options{
		AllowedOrigins:       c.AllowedOrigins,
		AllowedMethods:       c.AllowedMethods,
		AllowedHeaders:       c.AllowedHeaders,
		ExposedHeaders:       c.ExposedHeaders,
		MaxAge:               c.MaxAge,
		AllowCredentials:     c.AllowCredentials,
		AllowPrivateNetwork:  c.AllowPrivateNetwork,
		OptionsPassthrough:   c.OptionsPassthrough,
		OptionsSuccessStatus: c.OptionsSuccessStatus,
	}).Handler(orders.Handler())
	if c.AuthOutside {
		return authorize(handler)
	}
	return handler
}

// authorize wants an Authorization header on every request, a preflight included, which never has one.
func authorize(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			http.Error(w, "no Authorization header", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Version says what is built in: "rs/cors v1.11.1", or "rs/cors" where the
// binary does not know its dependencies' versions, as that of a test.
func Version() string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range build.Deps {
			if dependency.Path == module {
				return "rs/cors " + dependency.Version
			}
		}
	}
	return "rs/cors"
}
