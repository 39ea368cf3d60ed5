package specs

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

// stub is an API origin at which every spec serves paths of its own, so that specs neither share caches nor wait for each other.
type stub struct {
	origin string
	mu     sync.Mutex
	paths  map[string]*embedded.API
}

// stubs are the API origins of all specs.
type stubs struct {
	api   *stub // same-site with app, https
	h2    *stub // as api, over HTTP/2
	other *stub // another site, https
	plain *stub // same host as api, http
	own   *stub // the app's own origin
	local *stub // a development server: http, localhost, with a port
	idn   *stub // an international name, https
}

func newStubs() stubs {
	at := func(origin string) *stub { return &stub{origin: origin, paths: map[string]*embedded.API{}} }
	return stubs{
		api: at("https://api.example.com"), h2: at("https://h2.example.com"), other: at("https://api.other.test"),
		plain: at("http://api.example.com"), own: at(app), local: at("http://localhost:3000"),
		idn: at("https://xn--bcher-kva.example"),
	}
}

var paths atomic.Uint64

// serve answers at a new path of the origin by rules, for the time of the spec, and returns its URL. A rule without
// Path is for every path below.
func (s *stub) serve(rules ...embedded.Rule) string {
	GinkgoHelper()
	path := fmt.Sprintf("/s%d-%d", GinkgoParallelProcess(), paths.Add(1))
	for i := range rules {
		if p := rules[i].When.Path; p != "" {
			rules[i].When.Path = path + p
		}
	}
	api, err := embedded.New(embedded.Config{Rules: rules})
	Expect(err).NotTo(HaveOccurred())
	s.mu.Lock()
	s.paths[path] = api
	s.mu.Unlock()
	DeferCleanup(func() {
		s.mu.Lock()
		delete(s.paths, path)
		s.mu.Unlock()
	})
	return s.origin + path
}

// answer serves one answer for everything.
func (s *stub) answer(status int, headers ...string) string {
	GinkgoHelper()
	return s.serve(embedded.Rule{Answer: embedded.Answer{Status: status, Headers: lines(headers...), Body: []byte("body")}})
}

// preflighted serves one answer to preflights and another one to every other request.
func (s *stub) preflighted(preflight, actual embedded.Answer) string {
	GinkgoHelper()
	return s.serve(embedded.Rule{When: embedded.Match{Method: "OPTIONS"}, Answer: preflight}, embedded.Rule{Answer: actual})
}

func (s *stub) handle(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.Path(), "/"), "/")
	s.mu.Lock()
	api := s.paths["/"+first]
	s.mu.Unlock()
	if api == nil {
		return &rawhttp.Response{Status: 404, Body: []byte("no spec serves this path\n")}
	}
	return api.Handle(ctx, r)
}

// ok and noContent are answers with header lines.
func ok(headers ...string) embedded.Answer {
	return embedded.Answer{Status: 200, Headers: lines(headers...), Body: []byte("body")}
}

func noContent(headers ...string) embedded.Answer {
	return embedded.Answer{Status: 204, Headers: lines(headers...)}
}

// lines reads "Name: value" lines; what follows the first ": " is the value, byte for byte.
func lines(headers ...string) fetch.HeaderList {
	GinkgoHelper()
	var list fetch.HeaderList
	for _, h := range headers {
		name, value, found := strings.Cut(h, ":")
		Expect(found).To(BeTrue(), "no header line: %q", h)
		list = append(list, fetch.Header{Name: name, Value: strings.TrimPrefix(value, " ")})
	}
	return list
}

// Header lines that most answers have.
const (
	allowOrigin      = "Access-Control-Allow-Origin: ${origin}"
	allowAny         = "Access-Control-Allow-Origin: *"
	allowCredentials = "Access-Control-Allow-Credentials: true"
	allowPUT         = "Access-Control-Allow-Methods: PUT"
)
