package apim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/fixture"
	"github.com/corsproof/corsproof/servers/orders"
)

// Server is a gateway and, where its Config names no other, the backend; it implements [target.Server].
type Server struct {
	config Config

	mu        sync.Mutex
	served    *rawhttp.Server
	url       string
	orders    *target.Handler // nil: the backend is another's
	transport *http.Transport
}

// New returns a gateway with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server { return &Server{config: config} }

// Version says what is emulated. There is always an emulator.
func Version(context.Context) (string, error) {
	return "emulates Azure API Management, by its documentation and policy toolkit of 2026", nil
}

// Start compiles the policies and serves. See [target.Server].
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.served != nil {
		return errors.New("apim: the gateway runs already: close it first")
	}
	if err := s.config.Validate(); err != nil {
		return err
	}
	config, err := fixture.Over("apim", s.config.Fixture, s.config)
	if err != nil {
		return err
	}
	g, _ := compile(config) // Validate has looked
	upstream := strings.TrimSuffix(config.Upstream, "/")
	if upstream == "" {
		s.orders = &target.Handler{Handler: orders.Handler()}
		if err := s.orders.Start(ctx); err != nil {
			return fmt.Errorf("apim: the backend: %w", err)
		}
		upstream = s.orders.URL()
	}
	s.transport = &http.Transport{DisableCompression: true}
	g.backend = func(x *exchange) (*rawhttp.Response, error) { return ask(s.transport, upstream, x) }
	s.served, err = rawhttp.Start(rawhttp.Config{Handler: g.handle})
	if err != nil {
		return errors.Join(fmt.Errorf("apim: %w", err), s.close())
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
	if s.transport != nil {
		s.transport.CloseIdleConnections()
	}
	if s.orders != nil {
		errs = append(errs, s.orders.Close())
	}
	s.served, s.transport, s.orders = nil, nil, nil
	return errors.Join(errs...)
}

// ask hands a request to the backend.
func ask(transport *http.Transport, upstream string, x *exchange) (*rawhttp.Response, error) {
	if x.request.BodySize > int64(len(x.request.Body)) {
		return nil, errors.New("the body is larger than what is kept of it")
	}
	address := upstream + x.rest
	if query := x.request.Query(); query != "" {
		address += "?" + query
	}
	request, err := http.NewRequestWithContext(x.ctx, x.request.Method, address, bytes.NewReader(x.request.Body))
	if err != nil {
		return nil, err
	}
	request.Header["User-Agent"] = nil // not Go's own
	for _, h := range x.headers {
		if !containsFold(notForwarded, h.Name) {
			request.Header.Add(h.Name, h.Value)
		}
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &rawhttp.Response{Status: response.StatusCode, Headers: lines(response.Header, x.request.Method), Body: body}, nil
}

// notForwarded are the headers between two neighbours only (RFC 9110, section 7.6.1), and those that are written anew.
var notForwarded = []string{"Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host", "Content-Length"}

// lines are a backend's header lines, by name.
func lines(headers http.Header, method string) fetch.HeaderList {
	var list fetch.HeaderList
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if containsFold(notForwarded, name) && !(method == http.MethodHead && name == "Content-Length") {
			continue
		}
		for _, value := range headers[name] {
			list = append(list, fetch.Header{Name: name, Value: value})
		}
	}
	return list
}
