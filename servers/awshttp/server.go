package awshttp

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Server is an API and, where its Config names no other, what is behind it; it implements target.Server.
type Server struct{ *emulator.Server }

// New returns an API with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{emulator.New("awshttp", func() (emulator.Gateway, error) {
		if err := config.Validate(); err != nil {
			return emulator.Gateway{}, err
		}
		config, err := fixture.Over("awshttp", config.Fixture, config)
		return emulator.Gateway{Upstream: config.Upstream, Handler: func(b *emulator.Backend) rawhttp.Handler {
			return (&gateway{config: config, backend: b}).handle
		}}, err
	})}
}

// Version says what is emulated. There is always an emulator.
func Version(context.Context) (string, error) {
	return "emulates Amazon API Gateway's HTTP APIs, by their documentation of 2026", nil
}

// gateway answers requests.
type gateway struct {
	config  Config
	backend *emulator.Backend
	calls   emulator.Calls
}

// handle is a [rawhttp.Handler]. A route's authorizer comes before CORS, which
// answers preflights without a route, too.
func (g *gateway) handle(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	route := g.route(r)
	isPreflight := g.config.CORS != nil && emulator.IsPreflight(r.Method, r.Headers)
	switch {
	case route != nil && route.Authorized && !g.isAuthorized(r):
		return g.fail(r, 401, "Unauthorized")
	case isPreflight:
		return g.preflight(r)
	case route == nil:
		return g.fail(r, 404, "Not Found")
	case g.calls.Exceed(g.config.ThrottleAfter):
		return g.fail(r, 429, "Too Many Requests")
	}
	resp, err := g.backend.Ask(ctx, r, r.Path(), r.Headers)
	if err != nil {
		return g.fail(r, 503, "Service Unavailable")
	}
	for _, name := range slices.Sorted(maps.Keys(g.config.BackendHeaders)) {
		emulator.Set(&resp.Headers, name, g.config.BackendHeaders[name])
	}
	if g.config.CORS != nil {
		g.config.CORS.actual(r, resp)
	}
	identify(&resp.Headers)
	return resp
}

func (g *gateway) isAuthorized(r *rawhttp.Request) bool {
	value, _ := r.Headers.Get("Authorization")
	token, ok := strings.CutPrefix(value, "Bearer ")
	return ok && slices.Contains(g.config.Tokens, token)
}

// fail answers with an error of the gateway's own.
func (g *gateway) fail(r *rawhttp.Request, status int, message string) *rawhttp.Response {
	resp := &rawhttp.Response{
		Status: status, Body: []byte(`{"message":"` + message + `"}`), Headers: fetch.HeaderList{{Name: "Content-Type", Value: "application/json"}},
	}
	if status == 401 {
		emulator.Set(&resp.Headers, "WWW-Authenticate", "Bearer")
	}
	if g.config.CORS != nil && !g.config.ErrorsLackCORS && r.Method != "OPTIONS" {
		g.config.CORS.actual(r, resp)
	}
	identify(&resp.Headers)
	return resp
}

func identify(headers *fetch.HeaderList) {
	emulator.Set(headers, "Apigw-Requestid", emulator.UUID()[:16])
}

const defaultRoute = "$default"

// route returns the most specific route of a request, or nil: a whole path
// before a greedy one, a method before ANY, and $default last.
func (g *gateway) route(r *rawhttp.Request) *Route {
	routes := g.config.Routes
	if routes == nil {
		routes = []Route{{Key: defaultRoute}}
	}
	var best *Route
	most := -1
	for i := range routes {
		if rank := rankOf(routes[i].Key, r.Method, r.Path()); rank > most {
			best, most = &routes[i], rank
		}
	}
	return best
}

// rankOf says how specific a route is for a request; -1 means that it is none.
func rankOf(key, method, path string) int {
	if key == defaultRoute {
		return 0
	}
	routeMethod, template, _ := strings.Cut(key, " ")
	rank := 1
	switch routeMethod {
	case method:
		rank++
	case "ANY":
	default:
		return -1
	}
	wanted, got := strings.Split(template, "/"), strings.Split(path, "/")
	for i, w := range wanted {
		switch {
		case strings.HasSuffix(w, "+}"):
			return rank
		case i >= len(got) || !strings.HasPrefix(w, "{") && w != got[i]:
			return -1
		}
	}
	if len(got) != len(wanted) {
		return -1
	}
	return rank + 2
}
