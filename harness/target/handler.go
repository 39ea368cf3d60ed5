package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// closeTime is how long Close lets running requests finish. A handler that waits for its
// client would never; at the end of the time its connection is closed, which ends its context.
const closeTime = 3 * time.Second

// Handler is a [Server] around a handler in this process, with net/http, on a
// free port of 127.0.0.1. A panic in the handler ends its request alone. Set the handler before Start.
type Handler struct {
	http.Handler

	mu     sync.Mutex // held while starting and closing
	server *http.Server
	url    string
	served chan struct{} // closed when Serve has returned

	conns sync.Mutex
	fresh map[net.Conn]bool // that have not sent anything
}

// Start listens and serves. See [Server].
func (h *Handler) Start(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		return errors.New("the server runs already: close it first")
	}
	if h.Handler == nil {
		return errors.New("the server has no handler: set one before Start")
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for a handler: %w", err)
	}
	h.url = "http://" + listener.Addr().String()
	h.fresh = map[net.Conn]bool{}
	h.served = make(chan struct{})
	h.server = &http.Server{Handler: h.Handler, ConnState: h.follow}
	go func(server *http.Server, served chan<- struct{}) {
		defer close(served)
		_ = server.Serve(listener) // it always returns an error; Close is the only cause
	}(h.server, h.served)
	return nil
}

// URL is where the handler is served. See [Server].
func (h *Handler) URL() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.url
}

// Close lets running requests finish for 3 s, ends the rest and waits. See [Server].
func (h *Handler) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server == nil {
		return nil
	}
	h.closeFresh()
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	err := h.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = h.server.Close()
	}
	<-h.served
	h.server = nil
	return err
}

// follow knows the connections that have not sent anything: browsers open them
// ahead of need, and Shutdown would wait 5 s for each.
func (h *Handler) follow(conn net.Conn, state http.ConnState) {
	h.conns.Lock()
	defer h.conns.Unlock()
	if state == http.StateNew {
		h.fresh[conn] = true
		return
	}
	delete(h.fresh, conn)
}

func (h *Handler) closeFresh() {
	h.conns.Lock()
	defer h.conns.Unlock()
	for conn := range h.fresh {
		conn.Close()
	}
}
