package vite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/fixture"
	"github.com/corsproof/corsproof/servers/orders"
)

// within bounds the wait for readiness: several Vites at once on a busy machine of two cores take their time.
const within = time.Minute

// Server is a Vite; it implements [target.Server].
type Server struct {
	*target.Program
	behind *target.Handler // the API, where the set-up names none
}

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	s := &Server{behind: &target.Handler{Handler: orders.Handler()}}
	s.Program = target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		return s.launch(ctx, config)
	})
	return s
}

// Close stops Vite, and the API behind where it is ours. See [target.Server].
func (s *Server) Close() error { return errors.Join(s.Program.Close(), s.behind.Close()) }

func (s *Server) launch(ctx context.Context, config Config) (*process.Process, string, error) {
	if err := config.Validate(); err != nil {
		return nil, "", err
	}
	config, err := fixture.Over("vite", config.Fixture, config)
	if err != nil {
		return nil, "", err
	}
	installed, err := locate()
	if err != nil {
		return nil, "", err
	}
	if config.Upstream == "" {
		if err := s.behind.Start(ctx); err != nil {
			return nil, "", fmt.Errorf("vite: %w", err)
		}
		config.Upstream = s.behind.URL()
	}
	child, url, err := start(ctx, installed, config)
	if err != nil {
		return nil, "", errors.Join(err, s.behind.Close())
	}
	return child, url, nil
}

var announcement = regexp.MustCompile(`(?m)^listening on (http://127\.0\.0\.1:\d+)$`)

func start(ctx context.Context, installed installation, config Config) (*process.Process, string, error) {
	settings, err := json.Marshal(config)
	if err != nil {
		return nil, "", fmt.Errorf("vite: %w", err)
	}
	child, err := process.Start(ctx, process.Config{
		Path: installed.node, Args: []string{"server.mjs"}, Dir: installed.app,
		Env: []string{"CORSPROOF_VITE_CONFIG=" + string(settings)},
	})
	if err != nil {
		return nil, "", err
	}
	var url string
	err = child.WaitReady(ctx, func(context.Context) error {
		found := announcement.FindStringSubmatch(child.Output())
		if found == nil {
			return errors.New("it has not said where it listens")
		}
		url = found[1]
		return nil
	}, within)
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("vite: %w", err), child.Stop())
	}
	return child, url, nil
}
