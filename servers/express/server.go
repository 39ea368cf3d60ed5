package express

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
)

// Server is the application; it implements [target.Server].
type Server struct{ *target.Program }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		return launch(ctx, config)
	})}
}

func launch(ctx context.Context, config Config) (*process.Process, string, error) {
	settings, err := environment(config)
	if err != nil {
		return nil, "", err
	}
	installed, err := locate()
	if err != nil {
		return nil, "", err
	}
	child, err := process.Start(ctx, process.Config{
		Path: installed.node, Args: []string{"server.mjs"}, Dir: installed.app, Env: settings,
	})
	if err != nil {
		return nil, "", err
	}
	var url string
	err = child.WaitReady(ctx, func(context.Context) (err error) {
		url, err = announced(child.Output())
		return err
	}, within)
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("express: %w", err), child.Stop())
	}
	return child, url, nil
}

// within bounds a start: many servers may start side by side on a busy machine.
const within = time.Minute

// environment is the set-up as the application reads it. Port 0 lets the kernel
// choose, so that no other program can take the port first.
func environment(config Config) ([]string, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	resolved, err := fixture.Over("express", config.Fixture, config)
	if err != nil {
		return nil, err
	}
	settings, err := json.Marshal(resolved)
	if err != nil {
		return nil, fmt.Errorf("express: %w", err)
	}
	return []string{"PORT=0", "CORSPROOF_EXPRESS_CONFIG=" + string(settings)}, nil
}

var announcement = regexp.MustCompile(`(?m)^listening on (http://127\.0\.0\.1:\d+)$`)

// announced finds where the application said that it listens.
func announced(output string) (url string, err error) {
	found := announcement.FindStringSubmatch(output)
	if found == nil {
		return "", errors.New("it has not said where it listens")
	}
	return found[1], nil
}
