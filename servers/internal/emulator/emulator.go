// Package emulator runs an emulated gateway in this process: it writes its
// answers byte for byte, and asks a backend, servers/orders where there is no other.
package emulator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/orders"
)

// Gateway is what is emulated.
type Gateway struct {
	// Upstream is the backend's URL; empty means servers/orders, in this process.
	Upstream string
	// Handler makes the gateway, before the backend that it is given.
	Handler func(*Backend) rawhttp.Handler
}

// Server is a gateway and, where it names no other, the backend; it implements [target.Server].
type Server struct {
	name    string
	prepare func() (Gateway, error)

	mu      sync.Mutex
	served  *rawhttp.Server
	url     string
	orders  *target.Handler // nil: the backend is another's
	backend *Backend
}

// New returns a server that runs what prepare gives; an error of that is Start's. The name stands in errors.
func New(name string, prepare func() (Gateway, error)) *Server {
	return &Server{name: name, prepare: prepare}
}

// Start starts the backend and the gateway. See [target.Server].
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.served != nil {
		return fmt.Errorf("%s: the gateway runs already: close it first", s.name)
	}
	g, err := s.prepare()
	if err != nil {
		return err
	}
	upstream := strings.TrimSuffix(g.Upstream, "/")
	if upstream == "" {
		s.orders = &target.Handler{Handler: orders.Handler()}
		if err := s.orders.Start(ctx); err != nil {
			return fmt.Errorf("%s: the backend: %w", s.name, err)
		}
		upstream = s.orders.URL()
	}
	s.backend = newBackend(upstream)
	s.served, err = rawhttp.Start(rawhttp.Config{Handler: g.Handler(s.backend)})
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", s.name, err), s.close())
	}
	s.url = "http://" + s.served.Addr()
	return nil
}

// URL is where the gateway listens. See [target.Server].
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// Close stops the gateway, and its backend. See [target.Server].
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.close()
}

func (s *Server) close() error {
	var errs []error
	if s.served != nil {
		errs = append(errs, s.served.Close())
	}
	if s.backend != nil {
		s.backend.transport.CloseIdleConnections()
	}
	if s.orders != nil {
		errs = append(errs, s.orders.Close())
	}
	s.served, s.backend, s.orders = nil, nil, nil
	return errors.Join(errs...)
}
