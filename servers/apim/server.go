package apim

import (
	"context"

	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Server is a gateway and, where its Config names no other, the backend; it implements target.Server.
type Server struct {
	*emulator.Server
	config Config
}

// New returns a gateway with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{emulator.New("apim", func() (emulator.Gateway, error) { return prepare(config) }), config}
}

// EffectivePolicies are those of its [Config].
func (s *Server) EffectivePolicies() ([]Effective, error) { return s.config.EffectivePolicies() }

func prepare(config Config) (emulator.Gateway, error) {
	if err := config.Validate(); err != nil {
		return emulator.Gateway{}, err
	}
	config, err := fixture.Over("apim", config.Fixture, config)
	if err != nil {
		return emulator.Gateway{}, err
	}
	g, _ := compile(config) // Validate has looked
	return emulator.Gateway{Upstream: config.Upstream, Handler: func(b *emulator.Backend) rawhttp.Handler {
		g.backend = func(x *exchange) (*rawhttp.Response, error) { return b.Ask(x.ctx, x.request, x.rest, x.headers) }
		return g.handle
	}}, nil
}

// Version says what is emulated. There is always an emulator.
func Version(context.Context) (string, error) {
	return "emulates Azure API Management, by its documentation and policy toolkit of 2026", nil
}
