package gomw

import (
	"context"
	"net/http"

	"github.com/rs/cors"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/fixture"
	"github.com/corsproof/corsproof/servers/orders"
)

// Server is a middleware and the handler; it implements [target.Server].
type Server struct{ target.Server }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	resolved, err := fixture.Over("gomw", config.Fixture, config)
	if err != nil || resolved.linked() {
		return &Server{&inProcess{config: config}}
	}
	return &Server{target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		return launch(ctx, config)
	})}
}

// inProcess is rs/cors around the handler.
type inProcess struct {
	config Config
	served target.Handler
}

// Start builds the middleware and serves. See [target.Server].
func (s *inProcess) Start(ctx context.Context) error {
	config, err := s.config.resolved()
	if err != nil {
		return err
	}
	s.served.Handler = config.handler()
	return s.served.Start(ctx)
}

// URL is where it is served. See [target.Server].
func (s *inProcess) URL() string { return s.served.URL() }

// Close stops serving. See [target.Server].
func (s *inProcess) Close() error { return s.served.Close() }

// linked reports whether the middleware is in this process.
func (c Config) linked() bool { return c.Snippet == "" && (c.Middleware == "" || c.Middleware == RS) }

// resolved is a set-up without mistakes, its fixture filled in.
func (c Config) resolved() (Config, error) {
	if err := c.Validate(); err != nil {
		return c, err
	}
	return fixture.Over("gomw", c.Fixture, c)
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
