package rawhttp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/corsproof/corsproof/harness/probe"
)

// Config says what a [Server] is. The zero value answers 404 on a free loopback port.
type Config struct {
	// Addr is where to listen: a loopback address with a port, or port 0 for any
	// free one. Empty means 127.0.0.1:0.
	Addr string
	// TLS makes it an https server; it needs certificates. Nil means plain http.
	TLS *tls.Config
	// HTTP2 offers h2 beside http/1.1 by ALPN. It has no effect without TLS.
	HTTP2 bool
	// Handler answers the requests. Without Handler and Upstream they are
	// answered with 404, without CORS headers.
	Handler Handler
	// Upstream makes the server a transparent hop instead.
	Upstream *Upstream
	// Pages answers the requests below Reserved, which leave no receipt. Without
	// it nothing is reserved.
	Pages Handler
	// Receive is called once for each request, from many goroutines, before the
	// request is answered or complete at the Upstream. A request whose body broke
	// off is received with what there was of it.
	Receive func(probe.Receipt)
	// Unreachable is called, where it is set, for each request that could not be
	// handed to the Upstream, before it is answered with 502.
	Unreachable func(url string, err error)
	// Origin is the origin ("https://api.example.com") in which receipts have
	// their URL. Empty means the request's scheme and Host.
	Origin string
}

// Upstream is the API behind a transparent hop. The hop speaks HTTP/1.1, and
// has at most one connection to the API for each that it has from a client.
type Upstream struct {
	// URL is the API's origin: "http://127.0.0.1:8080" or "https://localhost:8443".
	URL string
	// DialTimeout bounds connecting, TLS included. Zero means ten seconds.
	DialTimeout time.Duration
	// TLS is the client's side for https. Nil means the system's certificate
	// authorities, and the URL's host as the name to ask for.
	TLS *tls.Config
}

const defaultDialTimeout = 10 * time.Second

// check returns every mistake in the configuration at once.
func (cfg *Config) check() error {
	var errs []error
	if cfg.Upstream != nil && cfg.Handler != nil {
		errs = append(errs, errors.New("rawhttp: Handler and Upstream are both set: give one of them"))
	}
	if cfg.Upstream != nil && cfg.HTTP2 {
		errs = append(errs, errors.New("rawhttp: the hop speaks HTTP/1.1 only: leave HTTP2 off where there is an Upstream"))
	}
	if cfg.Upstream != nil {
		_, err := parseUpstream(cfg.Upstream.URL)
		errs = append(errs, err)
	}
	_, err := loopbackAddr(cfg.Addr)
	return errors.Join(append(errs, err)...)
}

// loopbackAddr resolves addr and refuses what other machines could reach.
func loopbackAddr(addr string) (*net.TCPAddr, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	tcp, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("rawhttp: address %q: %w; give one such as 127.0.0.1:0", addr, err)
	}
	if !tcp.IP.IsLoopback() {
		return nil, fmt.Errorf("rawhttp: address %q is not a loopback address: give one such as 127.0.0.1:0", addr)
	}
	return tcp, nil
}

// parseUpstream splits an upstream's origin.
func parseUpstream(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("rawhttp: upstream: %w; give an origin such as http://127.0.0.1:8080", err)
	}
	bare := (u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == "" && u.User == nil
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || !bare {
		return nil, fmt.Errorf("rawhttp: upstream %q is no origin: give one such as http://127.0.0.1:8080", raw)
	}
	return u, nil
}

// hostPort returns where to dial, with the scheme's default port.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
