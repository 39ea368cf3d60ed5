package target

import (
	"context"
	"fmt"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

// Server is an API under test that we start and stop. It listens on loopback only.
type Server interface {
	// Start starts the server and returns when it answers. The context bounds the start, not the server's life.
	// It returns a [*MissingError] where this machine lacks what the server needs.
	Start(ctx context.Context) error
	// URL is where the server really listens, "http://127.0.0.1:41234", without a path. It is valid after Start.
	URL() string
	// Close stops the server, waits for its end and leaves nothing behind. It
	// may be called more than once, and without Start. That the server failed by itself before is an error.
	Close() error
}

// Layered is a Server with others before it (proxies, caches), which is known from within, too.
type Layered interface {
	Server
	// Inner is where the innermost listens, or "" where none stands before it, and what reached it. Both are valid after Start.
	Inner() (url string, received *rawhttp.Log)
}

// MissingError says that something is not installed here. Tests skip on it; a
// command reports it as a fault of the environment.
type MissingError struct {
	What string // "nginx is not installed"
	How  string // "install it: apt-get install nginx-light"
}

// Error says what is missing and how to get it.
func (e *MissingError) Error() string { return fmt.Sprintf("%s; %s", e.What, e.How) }
