package awshttp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
)

// allowOrigin is the value of Access-Control-Allow-Origin for a request's origin, or "".
func (c *CORS) allowOrigin(origin string) string {
	for _, o := range c.AllowOrigins {
		switch prefix, wildcard := strings.CutSuffix(o, "*"); {
		case o == "*":
			return "*"
		case o == origin, wildcard && strings.HasPrefix(origin, prefix):
			return origin
		}
	}
	return ""
}

// preflight answers a preflight, allowed or not, with 204.
func (g *gateway) preflight(r *rawhttp.Request) *rawhttp.Response {
	c := g.config.CORS
	resp := &rawhttp.Response{Status: 204}
	origin, _ := r.Headers.Get("Origin")
	allowed := c.allowOrigin(origin)
	if allowed != "" && (g.config.PreflightsSendLists || c.allows(r.Headers)) {
		set := func(name, value string) { emulator.Set(&resp.Headers, "Access-Control-"+name, value) }
		set("Allow-Origin", allowed)
		if c.AllowCredentials {
			set("Allow-Credentials", "true")
		}
		set("Allow-Methods", strings.Join(c.AllowMethods, ","))
		set("Allow-Headers", strings.Join(c.AllowHeaders, ","))
		if c.MaxAge != 0 {
			set("Max-Age", strconv.Itoa(c.MaxAge))
		}
	}
	identify(&resp.Headers)
	return resp
}

// allows reports whether the method and the headers that a preflight asks for are allowed.
func (c *CORS) allows(headers fetch.HeaderList) bool {
	method, _ := headers.Get("Access-Control-Request-Method")
	if !slices.Contains(c.AllowMethods, "*") && !slices.Contains(c.AllowMethods, method) {
		return false
	}
	names, asked := headers.Get("Access-Control-Request-Headers")
	if !asked || slices.Contains(c.AllowHeaders, "*") {
		return true
	}
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		if !slices.ContainsFunc(c.AllowHeaders, func(h string) bool { return strings.EqualFold(h, name) }) {
			return false
		}
	}
	return true
}

// actual puts the CORS headers on the answer to an actual request; those of the integration are ignored.
func (c *CORS) actual(r *rawhttp.Request, resp *rawhttp.Response) {
	emulator.RemoveCORS(&resp.Headers)
	origin, ok := r.Headers.Get("Origin")
	if !ok {
		return
	}
	allowed := c.allowOrigin(origin)
	if allowed == "" {
		return
	}
	emulator.Set(&resp.Headers, "Access-Control-Allow-Origin", allowed)
	if c.AllowCredentials {
		emulator.Set(&resp.Headers, "Access-Control-Allow-Credentials", "true")
	}
	emulator.Set(&resp.Headers, "Access-Control-Expose-Headers", strings.Join(c.ExposeHeaders, ","))
}
