package site

import (
	"context"
	"errors"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/orders"
)

// Server is a proxy, and the orders API in Go behind it where its set-up names
// no upstream; it implements [target.Server].
type Server struct {
	*target.Program
	api target.Handler
}

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Program.Validate].
func (p Program) New(c Config) *Server {
	s := &Server{api: target.Handler{Handler: orders.Handler()}}
	s.Program = target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		return s.launch(ctx, p, c)
	})
	return s
}

func (s *Server) launch(ctx context.Context, p Program, c Config) (*process.Process, string, error) {
	if err := p.Validate(c); err != nil {
		return nil, "", err
	}
	upstream := c.Upstream
	if upstream == "" {
		if err := s.api.Start(ctx); err != nil {
			return nil, "", err
		}
		upstream = s.api.URL()
	}
	child, url, err := p.launch(ctx, c, upstream)
	if err != nil {
		return nil, "", errors.Join(err, s.api.Close())
	}
	return child, url, nil
}

// Close stops the proxy, and then what stands behind it. See [target.Server].
func (s *Server) Close() error { return errors.Join(s.Program.Close(), s.api.Close()) }
