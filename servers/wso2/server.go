package wso2

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Server is a gateway and, where its Config names no other, the backend; it implements target.Server.
type Server struct{ *emulator.Server }

// New returns a gateway with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{emulator.New("wso2", func() (emulator.Gateway, error) {
		if err := config.Validate(); err != nil {
			return emulator.Gateway{}, err
		}
		config, err := fixture.Over("wso2", config.Fixture, config)
		return emulator.Gateway{Upstream: config.Upstream, Handler: func(b *emulator.Backend) rawhttp.Handler {
			sequence, _ := parseSequence(config.CORSSequence) // Validate has looked
			return (&gateway{config: config, sequence: sequence, backend: b}).handle
		}}, err
	})}
}

// Version says what is emulated. There is always an emulator.
func Version(context.Context) (string, error) {
	return "emulates WSO2 API Manager's gateway, 4.5 and 4.4", nil
}

// gateway answers requests.
type gateway struct {
	config   Config
	sequence []mediator
	backend  *emulator.Backend
	calls    emulator.Calls
}

// handle is a [rawhttp.Handler]: the CORS handler first, then authentication, throttling and the backend.
func (g *gateway) handle(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	verb := r.Method
	if asked, ok := r.Headers.Get("Access-Control-Request-Method"); ok && verb == "OPTIONS" {
		verb = asked
	}
	verbs, known := g.resource(verb, r.Path())
	declared, _ := g.resource("OPTIONS", r.Path())
	switch {
	case r.Method == "OPTIONS" && declared != nil:
		return g.proxy(ctx, r, nil)
	case verbs == nil && known:
		return fault(405, "900912", "Method Not Allowed", "Method not allowed for given API resource")
	case verbs == nil:
		return fault(404, "404", "Not Found", "The requested resource is not available.")
	case r.Method == "OPTIONS":
		return g.preflight(r, verbs)
	}
	return g.proxy(ctx, r, verbs)
}

// resource returns the verbs of the resource at a path that has that one, or
// nil; known says that a resource is there at all.
func (g *gateway) resource(verb, path string) (verbs []string, known bool) {
	resources := g.config.Resources
	if resources == nil {
		resources = []Resource{{Path: "/*", Verbs: []string{"GET", "PUT", "POST", "PATCH", "DELETE"}}}
	}
	for _, r := range resources {
		if !isAt(r.Path, path) {
			continue
		}
		known = true
		if slices.Contains(r.Verbs, verb) {
			return r.Verbs, true
		}
	}
	return nil, known
}

// isAt compares a resource's path with a request's, segment by segment.
func isAt(template, path string) bool {
	wanted, got := strings.Split(template, "/"), strings.Split(path, "/")
	for i, w := range wanted {
		switch {
		case w == "*" && i == len(wanted)-1:
			return len(got) >= i
		case i >= len(got), !strings.HasPrefix(w, "{") && w != got[i]:
			return false
		}
	}
	return len(got) == len(wanted)
}

// echoed are the request's headers that a preflight's answer repeats.
var echoed = []string{"Origin", "Accept", "Host", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Referer", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-Dest"}

// preflight answers an OPTIONS with 200, whoever asks for what.
func (g *gateway) preflight(r *rawhttp.Request, verbs []string) *rawhttp.Response {
	resp := &rawhttp.Response{Status: 200}
	for _, name := range echoed {
		if value, ok := r.Headers.Get(name); ok {
			emulator.Set(&resp.Headers, name, value)
		}
	}
	g.cors(r, verbs, &resp.Headers)
	emulator.Set(&resp.Headers, "activityid", emulator.UUID())
	return resp
}

// proxy answers an actual request: errors have the CORS headers, too. Without verbs nothing is added or checked.
func (g *gateway) proxy(ctx context.Context, r *rawhttp.Request, verbs []string) *rawhttp.Response {
	resp := g.refusal(r, verbs)
	if resp == nil {
		resp = g.ask(ctx, r)
	}
	if verbs != nil {
		g.cors(r, verbs, &resp.Headers)
	}
	emulator.Set(&resp.Headers, "activityid", emulator.UUID())
	return resp
}

// cors is the sequence _cors_request_handler_, which does nothing where CORS is switched off.
func (g *gateway) cors(r *rawhttp.Request, verbs []string, headers *fetch.HeaderList) {
	if g.config.Disabled {
		return
	}
	mediate(g.sequence, headers)
	g.config.setCORS(r, verbs, headers)
}

// refusal is the answer to a request that gets no further, or nil.
func (g *gateway) refusal(r *rawhttp.Request, verbs []string) *rawhttp.Response {
	value, present := r.Headers.Get("Authorization")
	if g.config.Tokens != nil && verbs != nil && !slices.Contains(g.config.Tokens, strings.TrimPrefix(value, "Bearer ")) {
		resp := fault(401, "900901", "Invalid Credentials", "Invalid Credentials. Make sure you have provided the correct security credentials")
		if !present {
			resp = fault(401, "900902", "Missing Credentials", "Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN'")
		}
		emulator.Set(&resp.Headers, "WWW-Authenticate", `Internal API Key realm="WSO2 API Manager", Bearer realm="WSO2 API Manager", error="invalid_token", error_description="The provided token is invalid"`)
		return resp
	}
	if verbs != nil && g.calls.Exceed(g.config.ThrottleAfter) {
		return fault(429, "900800", "Message throttled out", "You have exceeded your quota")
	}
	return nil
}

func (g *gateway) ask(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	resp, err := g.backend.Ask(ctx, r, r.Path(), r.Headers)
	if err != nil {
		return fault(500, "101503", "Runtime Error", "Error connecting to the back end")
	}
	for _, name := range slices.Sorted(maps.Keys(g.config.BackendHeaders)) {
		emulator.Set(&resp.Headers, name, g.config.BackendHeaders[name])
	}
	return resp
}

// fault is an error of the gateway's own.
func fault(status int, code, message, description string) *rawhttp.Response {
	return &rawhttp.Response{
		Status: status, Headers: fetch.HeaderList{{Name: "Content-Type", Value: "application/json; charset=UTF-8"}},
		Body: fmt.Appendf(nil, `{"code":"%s","message":"%s","description":"%s"}`, code, message, description),
	}
}
