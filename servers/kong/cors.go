package kong

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
)

// plugin is the cors plugin.
type plugin struct {
	config   Config
	patterns []pattern
}

func newPlugin(c Config) *plugin {
	p := &plugin{config: c}
	for _, o := range c.Origins {
		compiled, _ := compile(o) // Validate has looked
		p.patterns = append(p.patterns, compiled)
	}
	return p
}

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
)

// isAny reports whether every origin is allowed.
func (p *plugin) isAny() bool { return len(p.patterns) == 0 || slices.Contains(p.config.Origins, "*") }

// setOrigin sets Access-Control-Allow-Origin, Allow-Credentials and Vary, on a preflight's answer as on any other.
func (p *plugin) setOrigin(r *rawhttp.Request, headers *fetch.HeaderList) {
	origin, present := r.Headers.Get("Origin")
	allowed, varies := "*", true
	switch {
	case p.isAny() && p.config.Credentials && present:
		allowed = origin
	case p.isAny():
		varies = false
	case len(p.patterns) == 1 && p.patterns[0].literal != "":
		allowed = p.config.Origins[0] // whoever asks
	case !slices.ContainsFunc(p.patterns, func(o pattern) bool { return o.matches(origin) }):
		allowed = ""
	default:
		allowed = origin
	}
	if varies {
		*headers = append(*headers, fetch.Header{Name: "vary", Value: "Origin"})
	}
	emulator.Remove(headers, allowOrigin)
	emulator.Set(headers, allowOrigin, allowed)
	if p.config.Credentials && allowed != "*" {
		emulator.Set(headers, allowCredentials, "true")
	}
}

var nine = []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT"}

// preflight answers a preflight. Neither method nor headers are looked at.
func (p *plugin) preflight(r *rawhttp.Request) *rawhttp.Response {
	resp := &rawhttp.Response{Status: 200}
	p.setOrigin(r, &resp.Headers)
	asked, _ := r.Headers.Get("Access-Control-Request-Headers")
	emulator.Set(&resp.Headers, "Access-Control-Allow-Headers", cmp.Or(strings.Join(p.config.Headers, ","), asked))
	methods := p.config.Methods
	if methods == nil {
		methods = nine
	}
	emulator.Set(&resp.Headers, "Access-Control-Allow-Methods", strings.Join(methods, ","))
	if p.config.MaxAge > 0 {
		emulator.Set(&resp.Headers, "Access-Control-Max-Age", strconv.Itoa(p.config.MaxAge))
	}
	if private, _ := r.Headers.Get("Access-Control-Request-Private-Network"); p.config.PrivateNetwork && private == "true" {
		emulator.Set(&resp.Headers, "Access-Control-Allow-Private-Network", "true")
	}
	return resp
}

// actual is the plugin's part in any other answer, errors of plugins behind it included.
func (p *plugin) actual(r *rawhttp.Request, resp *rawhttp.Response) {
	if p.config.PreflightContinue && emulator.IsPreflight(r.Method, r.Headers) {
		return
	}
	if wanted := p.config.AllowOriginAbsent; wanted != nil && !*wanted && !r.Headers.Has("Origin") {
		return
	}
	p.setOrigin(r, &resp.Headers)
	emulator.Set(&resp.Headers, "Access-Control-Expose-Headers", strings.Join(p.config.ExposedHeaders, ","))
}
