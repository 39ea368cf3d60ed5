// Package replay sends a probe's request without a browser, as curl and
// Postman would: no Origin header, no preflight, no same-origin policy. What
// comes back is what misleads people into thinking that a page can read it.
package replay

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// UserAgent marks requests of a replay, so that a server of ours can tell them from a browser's.
const UserAgent = "curl/8 (corsproof replay)"

// FollowUpAgent marks a request that diagnosis wants, which differs from the probe's.
const FollowUpAgent = "curl/8 (corsproof follow-up)"

// FollowUpHeader marks one that has the browser's User-Agent.
const FollowUpHeader = "Corsproof-Follow-Up"

// IsFollowUp reports a request that diagnosis sent, by its headers.
func IsFollowUp(headers fetch.HeaderList) bool {
	agent, _ := headers.Get("User-Agent")
	return agent == FollowUpAgent || headers.Has(FollowUpHeader)
}

// keep is how much of a body a Replay holds, in bytes.
const keep = 64 << 10

// Config says where names lead. The zero value asks the system.
type Config struct {
	// Resolve maps "host:port" to the address that serves it, or returns "" to leave it to the system.
	Resolve func(hostPort string) string
	// Allow says to which other addresses a replay may connect besides loopback; nil allows all.
	Allow func(hostPort string) bool
	// Roots are trusted for what Resolve maps; for the rest the system's certificate authorities are.
	Roots *x509.CertPool
	// Timeout bounds a replay; zero means 10 s.
	Timeout time.Duration
	// Insecure takes any certificate, as curl -k does.
	Insecure bool
}

// Client sends replays. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	timeout time.Duration
}

// New returns a client. Close it at the end.
func New(cfg Config) *Client {
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, _, err := cfg.dial(ctx, network, addr)
			return conn, err
		},
		DialTLSContext:     cfg.dialTLS,
		DisableCompression: true, // curl asks for none
		ForceAttemptHTTP2:  true,
		DisableKeepAlives:  true, // a replay every now and then leaves no idle connection behind
	}
	timeout := cfg.Timeout
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	return &Client{http: &http.Client{Transport: transport}, timeout: timeout}
}

// dial connects to where an address leads, and tells whether Resolve mapped it.
func (cfg Config) dial(ctx context.Context, network, addr string) (conn net.Conn, mapped bool, err error) {
	if addr, mapped, err = cfg.address(addr); err != nil {
		return nil, false, err
	}
	conn, err = (&net.Dialer{}).DialContext(ctx, network, addr)
	return conn, mapped, err
}

// address is where an address leads. Names below localhost are loopback, as in a browser.
// https://www.rfc-editor.org/rfc/rfc6761#section-6.3
func (cfg Config) address(addr string) (to string, mapped bool, err error) {
	if cfg.Resolve != nil {
		if to := cfg.Resolve(addr); to != "" {
			return to, true, nil
		}
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", false, err
	}
	if name := strings.ToLower(host); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return net.JoinHostPort("localhost", port), false, nil
	}
	if cfg.Allow != nil && !net.ParseIP(host).IsLoopback() && !cfg.Allow(addr) {
		return "", false, fmt.Errorf("not replayed: %s is neither on this machine nor an API under test", addr)
	}
	return addr, false, nil
}

// dialTLS is dial with the authorities that fit.
func (cfg Config) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	plain, mapped, err := cfg.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, errors.Join(err, plain.Close())
	}
	settings := &tls.Config{ServerName: host, NextProtos: []string{"h2", "http/1.1"}, InsecureSkipVerify: cfg.Insecure}
	if mapped {
		settings.RootCAs = cfg.Roots
	}
	conn := tls.Client(plain, settings)
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, plain.Close())
	}
	return conn, nil
}

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do sends r once more. jar are the cookies that a person would paste along.
// What goes wrong is in the Replay, since that is what curl would show.
func (c *Client) Do(ctx context.Context, r probe.Request, jar []probe.Cookie) probe.Replay {
	out := probe.Replay{Command: Command(r, jar)}
	timeout := c.timeout
	if r.Timeout > 0 {
		timeout = r.Timeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := newRequest(ctx, r, jar)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	client := *c.http
	if r.Redirect == fetch.ManualRedirect || r.Redirect == fetch.ErrorRedirect {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	response, err := client.Do(request)
	if err != nil {
		out.Error = reason(err)
		return out
	}
	defer response.Body.Close()
	out.Status, out.Proto, out.Headers = response.StatusCode, response.Proto, headers(response.Header)
	if response.StatusCode == http.StatusSwitchingProtocols {
		return out // what follows is no body, and no context ends the reading of it
	}
	if out.Body, err = io.ReadAll(io.LimitReader(response.Body, keep)); err != nil {
		out.Error = "reading the body: " + err.Error()
	}
	return out
}

// reason is an error without the URL that net/http puts before it.
func reason(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		if !strings.Contains(inner.Error(), "://") {
			return inner.Error()
		}
	}
	return err.Error()
}

func newRequest(ctx context.Context, r probe.Request, jar []probe.Cookie) (*http.Request, error) {
	body, contentType, err := Encode(bodyOf(r))
	if err != nil {
		return nil, err
	}
	url, _, _ := strings.Cut(r.URL, "#")
	request, err := http.NewRequestWithContext(ctx, method(r), url, strings.NewReader(string(body)))
	if err != nil {
		return nil, fmt.Errorf("this request cannot be sent at all: %w", err)
	}
	request.Header.Set("Accept", "*/*")
	request.Header.Set("User-Agent", UserAgent)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	seen := map[string]bool{}
	for _, h := range r.Headers {
		name := http.CanonicalHeaderKey(h.Name)
		if name == "Host" {
			request.Host = h.Value
			continue
		}
		if !seen[name] {
			request.Header.Del(name)
			seen[name] = true
		}
		request.Header.Add(name, h.Value)
	}
	if r.User != "" || r.Password != "" {
		request.SetBasicAuth(r.User, r.Password)
	}
	if cookies := cookieHeader(r, jar); cookies != "" {
		request.Header.Set("Cookie", cookies)
	}
	return request, nil
}

func method(r probe.Request) string {
	if r.Method == "" {
		return http.MethodGet
	}
	return fetch.NormalizeMethod(r.Method)
}

// cookieHeader is what a person pastes who copies the page's cookies: those of the request's origin, where the page would send any.
func cookieHeader(r probe.Request, jar []probe.Cookie) string {
	if r.Credentials == fetch.Omit {
		return ""
	}
	var list []string
	for _, c := range jar {
		if sameHost(c.URL, r.URL) {
			list = append(list, c.Name+"="+c.Value)
		}
	}
	return strings.Join(list, "; ")
}

func sameHost(a, b string) bool {
	x, err := fetch.OriginOf(a)
	if err != nil {
		return false
	}
	y, err := fetch.OriginOf(b)
	return err == nil && x.String() == y.String()
}

func headers(h http.Header) fetch.HeaderList {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	var list fetch.HeaderList
	for _, name := range names {
		for _, value := range h[name] {
			list = append(list, fetch.Header{Name: name, Value: value})
		}
	}
	return list
}
