package wso2

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

// allowOrigin is the value of Access-Control-Allow-Origin, or "".
func (c Config) allowOrigin(r *rawhttp.Request) string {
	allowed := or(c.AllowOrigins, "*")
	origin, present := r.Headers.Get("Origin")
	switch {
	case slices.Contains(allowed, "*"):
		return "*"
	case !present:
		return ""
	case slices.Contains(allowed, origin):
		return origin
	}
	for _, entry := range allowed {
		if !strings.Contains(entry, "*") {
			continue
		}
		if expr, err := expression(entry); err == nil && expr.MatchString(origin) {
			return origin
		}
	}
	return ""
}

// setCORS sets the CORS headers of an answer for a resource, those that the
// backend has set apart: they stay.
func (c Config) setCORS(r *rawhttp.Request, verbs []string, headers *fetch.HeaderList) {
	set := func(name, value string) {
		if !headers.Has("Access-Control-" + name) {
			*headers = append(*headers, fetch.Header{Name: "Access-Control-" + name, Value: value})
		}
	}
	allowed := c.allowOrigin(r)
	if allowed != "" {
		set("Allow-Origin", allowed)
	}
	if c.AllowCredentials && allowed != "*" {
		set("Allow-Credentials", "true")
	}
	if r.Method != "OPTIONS" && c.Release != "4.4" {
		return
	}
	methods := or(c.AllowMethods, "GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS")
	verbs = slices.DeleteFunc(slices.Clone(verbs), func(v string) bool { return !slices.Contains(methods, v) })
	set("Allow-Methods", strings.Join(verbs, ",")) // empty, where none is left
	set("Allow-Headers", strings.Join(append(slices.Clone(or(c.AllowHeaders, "authorization", "Access-Control-Allow-Origin", "Content-Type", "SOAPAction")), "Authorization"), ","))
	if len(c.ExposeHeaders) > 0 {
		set("Expose-Headers", strings.Join(c.ExposeHeaders, ","))
	}
}
