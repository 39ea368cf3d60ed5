package target

import (
	"context"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

// Running is the origin of an API that runs already. As a [Server] it is neither started nor stopped.
type Running string

// Start does nothing. See [Server].
func (Running) Start(context.Context) error { return nil }

// URL is the origin. See [Server].
func (r Running) URL() string { return string(r) }

// Close does nothing. See [Server].
func (Running) Close() error { return nil }

// Raw is a [Server] in this process of package rawhttp: one whose answers are written byte for byte, or a transparent hop. Set
// the configuration, without TLS, before Start.
type Raw struct {
	Config rawhttp.Config

	server *rawhttp.Server
}

// Start listens and serves. See [Server].
func (r *Raw) Start(context.Context) (err error) {
	r.server, err = rawhttp.Start(r.Config)
	return err
}

// URL is where it is served. See [Server].
func (r *Raw) URL() string { return "http://" + r.server.Addr() }

// Close stops serving. See [Server].
func (r *Raw) Close() error {
	if r.server == nil {
		return nil
	}
	return r.server.Close()
}
