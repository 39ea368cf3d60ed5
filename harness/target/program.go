package target

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/corsproof/corsproof/harness/process"
)

// Program is a [Server] that runs as a child process.
type Program struct {
	launch func(ctx context.Context) (child *process.Process, url string, err error)

	mu      sync.Mutex // held while starting and closing
	child   *process.Process
	url     string
	running bool
}

// NewProgram returns a Program that launch starts: it returns the child when that is ready, and its URL.
func NewProgram(launch func(ctx context.Context) (*process.Process, string, error)) *Program {
	return &Program{launch: launch}
}

// Start launches the program. See [Server].
func (p *Program) Start(ctx context.Context) error { return p.start(ctx, p.launch) }

func (p *Program) start(ctx context.Context,
	launch func(context.Context) (*process.Process, string, error),
) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running {
		return errors.New("the server runs already: close it first")
	}
	child, url, err := launch(ctx)
	if err != nil {
		return err
	}
	p.child, p.url, p.running = child, url, true
	return nil
}

// URL is where the program listens. See [Server].
func (p *Program) URL() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.url
}

// Process returns the child that was started last, or nil: its output and its end tell why an API stopped answering.
func (p *Program) Process() *process.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.child
}

// Close stops the program. It is an error that it had failed by itself before. See [Server].
func (p *Program) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.running {
		return nil
	}
	p.running = false
	died := p.child.Err()
	if died != nil {
		died = fmt.Errorf("it ended by itself: %w", died)
	}
	return errors.Join(died, p.child.Stop())
}
