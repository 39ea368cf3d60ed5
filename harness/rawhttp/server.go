package rawhttp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"time"
)

// maxUpstreamErrors bounds what a hop remembers of an API that is not there.
const maxUpstreamErrors = 100

// Server serves one loopback port. It is started by [Start] and ended by Close.
type Server struct {
	cfg      Config
	tls      *tls.Config // nil: plain
	upstream *url.URL    // nil: no hop
	listener *net.TCPListener
	cancel   context.CancelFunc
	running  sync.WaitGroup

	mu             sync.Mutex
	open           map[io.Closer]struct{} // nil once the server is closing
	upstreamErrors []error
}

// Start listens and serves until Close. It reports every mistake in cfg at
// once, and a port that cannot be had.
func Start(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	addr, err := loopbackAddr(cfg.Addr)
	if err != nil {
		return nil, err
	}
	listener, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("rawhttp: %w; choose another port, or 0 for any free one", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{cfg: cfg, tls: serverTLS(cfg), listener: listener, cancel: cancel, open: map[io.Closer]struct{}{}}
	if cfg.Upstream != nil {
		s.upstream, _ = parseUpstream(cfg.Upstream.URL) // checked above
	}
	s.running.Add(1)
	go s.accept(ctx)
	return s, nil
}

// serverTLS returns cfg's TLS with the protocols that the server speaks.
func serverTLS(cfg Config) *tls.Config {
	if cfg.TLS == nil {
		return nil
	}
	conf := cfg.TLS.Clone()
	conf.NextProtos = []string{"http/1.1"}
	if cfg.HTTP2 {
		conf.NextProtos = []string{"h2", "http/1.1"}
	}
	return conf
}

// Addr returns where the server listens: "127.0.0.1:41234".
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Port returns the port on which the server listens.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// UpstreamErrors returns why the API behind the hop could not be reached, oldest
// first: the first hundred times.
func (s *Server) UpstreamErrors() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]error(nil), s.upstreamErrors...)
}

func (s *Server) addUpstreamError(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.upstreamErrors) < maxUpstreamErrors {
		s.upstreamErrors = append(s.upstreamErrors, err)
	}
}

// Close ends the listener and every connection, and waits until all goroutines
// of the server have returned, Handlers included. It may be called again.
func (s *Server) Close() error {
	s.mu.Lock()
	open := s.open
	s.open = nil
	s.mu.Unlock()
	s.cancel()
	err := s.listener.Close()
	for c := range open {
		_ = c.Close() // it may be gone already, which is as good
	}
	s.running.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// track registers what Close must end, or ends it at once if that is over.
func (s *Server) track(c io.Closer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		_ = c.Close() // nobody is interested any more
		return false
	}
	s.open[c] = struct{}{}
	return true
}

func (s *Server) untrack(c io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// acceptPause is how long accept waits when the process is out of descriptors.
const acceptPause = 10 * time.Millisecond

func (s *Server) accept(ctx context.Context) {
	defer s.running.Done()
	for {
		tcp, err := s.listener.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			if !pause(ctx, acceptPause) {
				return
			}
			continue
		}
		s.running.Add(1)
		go func() {
			defer s.running.Done()
			s.serve(ctx, tcp)
		}()
	}
}

// pause waits for d, and reports whether ctx still lives.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// serve serves one connection to its end.
func (s *Server) serve(ctx context.Context, tcp *net.TCPConn) {
	if !s.track(tcp) {
		return
	}
	defer s.untrack(tcp)
	c := newConn(s, tcp)
	defer c.close()
	if s.tls == nil {
		c.serveHTTP1(ctx)
		return
	}
	secure := tls.Server(tcp, s.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		return // the client's side tells why
	}
	c.secure(secure)
	if secure.ConnectionState().NegotiatedProtocol == "h2" {
		newH2Conn(c).serve(ctx)
		return
	}
	c.serveHTTP1(ctx)
}
