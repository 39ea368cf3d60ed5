package kong

import (
	"context"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Server is a gateway and, where its Config names no other, the service; it implements target.Server.
type Server struct{ *emulator.Server }

// New returns a gateway with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{emulator.New("kong", func() (emulator.Gateway, error) {
		if err := config.Validate(); err != nil {
			return emulator.Gateway{}, err
		}
		config, err := fixture.Over("kong", config.Fixture, config)
		return emulator.Gateway{Upstream: config.Upstream, Handler: func(b *emulator.Backend) rawhttp.Handler {
			return (&gateway{config: config, cors: newPlugin(config), backend: b}).handle
		}}, err
	})}
}

// release is the version that is emulated.
const release = "kong/3.10.0"

// Version says what is emulated. There is always an emulator.
func Version(context.Context) (string, error) {
	return "emulates Kong's cors plugin as of " + release, nil
}

// gateway answers requests.
type gateway struct {
	config  Config
	cors    *plugin
	backend *emulator.Backend
	calls   emulator.Calls
}

// handle is a [rawhttp.Handler]: the route, then the plugins by their priorities, then the service.
func (g *gateway) handle(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	routed := g.config.RouteMethods == nil || slices.Contains(g.config.RouteMethods, r.Method)
	adds := !g.config.NoPlugin && (routed || g.config.Global)
	var resp *rawhttp.Response
	switch {
	case !routed:
		resp = fail(404, "no Route matched with those values")
	case adds && !g.config.PreflightContinue && emulator.IsPreflight(r.Method, r.Headers):
		resp, adds = own(g.cors.preflight(r)), false // it has said all
	default:
		resp = g.proxy(ctx, r)
	}
	if adds {
		g.cors.actual(r, resp)
	}
	emulator.Set(&resp.Headers, "X-Kong-Request-Id", identifier())
	return resp
}

// proxy is the answer of the service, or of the plugins before it.
func (g *gateway) proxy(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	if g.config.Keys != nil {
		key, ok := r.Headers.Get("apikey")
		if !ok {
			return fail(401, "No API key found in request", fetch.Header{Name: "WWW-Authenticate", Value: "Key"})
		}
		if !slices.Contains(g.config.Keys, key) {
			return fail(401, "Unauthorized", fetch.Header{Name: "WWW-Authenticate", Value: "Key"})
		}
	}
	if g.calls.Exceed(g.config.LimitAfter) {
		return fail(429, "API rate limit exceeded", fetch.Header{Name: "RateLimit-Remaining", Value: "0"}, fetch.Header{Name: "Retry-After", Value: "60"})
	}
	resp, err := g.backend.Ask(ctx, r, r.Path(), r.Headers)
	if err != nil {
		return fail(502, "An invalid response was received from the upstream server")
	}
	emulator.Set(&resp.Headers, "Via", "1.1 "+release)
	return resp
}

// fail is an answer of the gateway's own.
func fail(status int, message string, headers ...fetch.Header) *rawhttp.Response {
	return own(&rawhttp.Response{
		Status: status, Headers: append(fetch.HeaderList{{Name: "Content-Type", Value: "application/json; charset=utf-8"}}, headers...),
		Body: []byte(`{"message":"` + message + `","request_id":"` + identifier() + `"}`),
	})
}

func own(resp *rawhttp.Response) *rawhttp.Response {
	emulator.Set(&resp.Headers, "Server", release)
	return resp
}

// identifier is a request's, 32 hexadecimal digits.
func identifier() string { return strings.ReplaceAll(emulator.UUID(), "-", "") }
