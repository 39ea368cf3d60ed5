package awsrest

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
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
	return &Server{emulator.New("awsrest", func() (emulator.Gateway, error) {
		if err := config.Validate(); err != nil {
			return emulator.Gateway{}, err
		}
		config, err := fixture.Over("awsrest", config.Fixture, config)
		return emulator.Gateway{Upstream: config.Upstream, Handler: func(b *emulator.Backend) rawhttp.Handler {
			return (&gateway{config: config, backend: b}).handle
		}}, err
	})}
}

// Version says what is emulated. There is always an emulator.
func Version(context.Context) (string, error) {
	return "emulates Amazon API Gateway's REST APIs, by their documentation of 2026", nil
}

// gateway answers requests.
type gateway struct {
	config  Config
	backend *emulator.Backend
	calls   emulator.Calls
}

var usualMethods = []string{"GET", "PUT", "POST", "PATCH", "DELETE"}

// handle is a [rawhttp.Handler].
func (g *gateway) handle(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	methods := g.config.Methods
	if methods == nil {
		methods = usualMethods
	}
	isMock := r.Method == "OPTIONS" && g.config.Options != nil
	if !isMock && !slices.Contains(methods, r.Method) {
		return g.gatewayResponse(r, "MISSING_AUTHENTICATION_TOKEN")
	}
	if kind := g.refusal(r, isMock); kind != "" {
		return g.gatewayResponse(r, kind)
	}
	if isMock {
		return g.mock(r)
	}
	return g.integrate(ctx, r)
}

// refusal is the type of the gateway response to a request that gets no further, or "".
func (g *gateway) refusal(r *rawhttp.Request, isMock bool) string {
	c := g.config
	if c.Tokens != nil && (!isMock || c.AuthorizeOptions) {
		value, ok := r.Headers.Get("Authorization")
		if !ok {
			return "UNAUTHORIZED"
		}
		if !slices.Contains(c.Tokens, strings.TrimPrefix(value, "Bearer ")) {
			return "ACCESS_DENIED"
		}
	}
	if key, _ := r.Headers.Get("X-Api-Key"); c.APIKeys != nil && (!isMock || c.KeyOnOptions) && !slices.Contains(c.APIKeys, key) {
		return "INVALID_API_KEY"
	}
	if !isMock && g.calls.Exceed(c.ThrottleAfter) {
		return "THROTTLED"
	}
	return ""
}

// mock answers OPTIONS, whatever is asked.
func (g *gateway) mock(r *rawhttp.Request) *rawhttp.Response {
	m := g.config.Options
	if slices.Contains(g.config.BinaryMediaTypes, "*/*") && !m.ConvertToText {
		return g.gatewayResponse(r, "API_CONFIGURATION_ERROR")
	}
	resp := &rawhttp.Response{Status: m.Status, Headers: fetch.HeaderList{{Name: "Content-Type", Value: "application/json"}}}
	if resp.Status == 0 {
		resp.Status = 200
	}
	identify(&resp.Headers)
	set := func(name string, values []string) { emulator.Set(&resp.Headers, name, strings.Join(values, ",")) }
	if len(m.AllowOrigins) > 0 {
		allowed := m.AllowOrigins[0]
		if origin, _ := r.Headers.Get("Origin"); slices.Contains(m.AllowOrigins, origin) {
			allowed = origin
		}
		emulator.Set(&resp.Headers, "Access-Control-Allow-Origin", allowed)
		if allowed != "*" {
			emulator.Set(&resp.Headers, "Vary", "Origin")
		}
	}
	set("Access-Control-Allow-Methods", m.AllowMethods)
	set("Access-Control-Allow-Headers", m.AllowHeaders)
	set("Access-Control-Expose-Headers", m.ExposeHeaders)
	if m.MaxAge > 0 {
		set("Access-Control-Max-Age", []string{strconv.Itoa(m.MaxAge)})
	}
	if m.AllowCredentials {
		set("Access-Control-Allow-Credentials", []string{"true"})
	}
	return resp
}

// integrate asks the backend, as a proxy or with mapped headers.
func (g *gateway) integrate(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	if g.config.FunctionThrows {
		return g.gatewayResponse(r, malformed)
	}
	resp, err := g.backend.Ask(ctx, r, r.Path(), r.Headers)
	if err != nil {
		return g.gatewayResponse(r, "INTEGRATION_FAILURE")
	}
	if g.config.Mapped {
		if !g.remap(r, resp) {
			return g.gatewayResponse(r, "API_CONFIGURATION_ERROR")
		}
	} else if resp.Status < 300 || !g.config.FunctionErrorsLack {
		for _, name := range slices.Sorted(maps.Keys(g.config.FunctionHeaders)) {
			emulator.Set(&resp.Headers, name, g.config.FunctionHeaders[name])
		}
	}
	identify(&resp.Headers)
	return resp
}

// remap makes of an integration's answer what it is mapped to, and reports whether it is mapped to anything.
func (g *gateway) remap(r *rawhttp.Request, resp *rawhttp.Response) bool {
	kind, _ := resp.Headers.Get("Content-Type")
	resp.Headers = nil
	emulator.Set(&resp.Headers, "Content-Type", kind)
	if g.config.IntegrationResponses == nil {
		if resp.Status == 200 {
			setMapped(&resp.Headers, r, g.config.MappedHeaders)
		}
		return true
	}
	to, ok := g.config.IntegrationResponses[defaultResponse]
	for _, pattern := range slices.Sorted(maps.Keys(g.config.IntegrationResponses)) {
		if regexp.MustCompile("^(?:" + pattern + ")$").MatchString(strconv.Itoa(resp.Status)) {
			to, ok = g.config.IntegrationResponses[pattern], true
			break
		}
	}
	resp.Status = to.Status
	setMapped(&resp.Headers, r, to.Headers)
	return ok
}
