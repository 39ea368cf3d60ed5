package apim

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
)

// corsPolicy is a cors policy.
type corsPolicy struct {
	config      Config
	credentials expression
	terminate   expression
	origins     []string // serialized; nil: any
	methods     []string // "*" alone: any
	headers     []string // "*" alone: any
	expose      []string
	maxAge      expression // "": none
}

// grant is what a cors policy gives an actual request. It is put on every answer from then on.
type grant struct {
	origin      string
	credentials bool
	expose      []string
}

func (c *compiler) cors(e *element) step {
	for _, child := range e.children {
		if !slices.Contains([]string{"allowed-origins", "allowed-methods", "allowed-headers", "expose-headers"}, child.name) {
			c.report(child, "cors has no such element")
		}
	}
	methods := e.child("allowed-methods")
	p := &corsPolicy{
		config: c.config, methods: []string{"GET", "POST"}, origins: c.origins(e),
		credentials: c.truth(e, "allow-credentials", false),
		terminate:   c.truth(e, "terminate-unmatched-request", !c.config.UnmatchedPassesByDefault),
		headers:     c.list(e, "allowed-headers", "header"),
		expose:      c.list(e, "expose-headers", "header"),
		maxAge:      constant(""),
	}
	if c.config.SendsMaxAgeZero {
		p.maxAge = constant("0")
	}
	if e.child("allowed-headers") == nil {
		c.report(e, "allowed-headers is missing")
	}
	if methods != nil {
		p.methods = c.list(e, "allowed-methods", "method")
		if value, ok := methods.attr("preflight-result-max-age"); ok {
			p.maxAge = c.attribute(methods, "preflight-result-max-age", "")
			if !strings.HasPrefix(value, "@") {
				c.number(methods, "preflight-result-max-age", 0, 0)
			}
		}
	}
	return p
}

// list reads a list of names, which is not empty where it is there.
func (c *compiler) list(e *element, name, item string) []string {
	holder := e.child(name)
	values := holder.texts(item)
	if holder != nil && len(values) == 0 {
		c.report(holder, "it has no %s", item)
	}
	for _, v := range values {
		if v != "*" && !fetch.IsHeaderName(v) {
			c.report(holder, "%q is no name", v)
		}
	}
	if slices.Contains(values, "*") {
		return []string{"*"}
	}
	return values
}

// origins reads allowed-origins; nil means any.
func (c *compiler) origins(e *element) []string {
	holder := e.child("allowed-origins")
	values := holder.texts("origin")
	if len(values) == 0 {
		c.report(e, "allowed-origins is missing, or has no origin")
		return []string{}
	}
	if slices.Contains(values, "*") {
		if len(values) > 1 {
			c.report(holder, "an origin of * must be the only one")
		}
		return nil
	}
	list := []string{}
	for _, v := range values {
		o, ok := origin(strings.TrimSuffix(v, "/"))
		if !ok {
			c.report(holder, "%q is no origin: write scheme, host and port, without a path, or null", v)
		}
		list = append(list, o)
	}
	return list
}

// origin serializes an http or https origin, or null.
func origin(s string) (string, bool) {
	if s == "null" {
		return s, true
	}
	o, err := fetch.ParseOrigin(s)
	if err != nil || o.Scheme != "http" && o.Scheme != "https" {
		return "", false
	}
	return o.String(), true
}

// run is the policy in the course of an actual request.
func (p *corsPolicy) run(x *exchange) verdict {
	lines := x.request.Headers.Values("Origin")
	if len(lines) == 0 || x.grant != nil && !p.config.EveryCORSCounts {
		return verdict{}
	}
	if p.allows(lines) {
		credentials, _ := isTrue(p.credentials(x))
		x.grant = &grant{origin: p.allowOrigin(lines[0], credentials), credentials: credentials, expose: p.expose}
		return verdict{}
	}
	if p.config.OnlyGetAndHeadTerminate && x.request.Method != "GET" && x.request.Method != "HEAD" {
		return verdict{}
	}
	if terminate, _ := isTrue(p.terminate(x)); terminate {
		x.grant = nil
		return verdict{response: &rawhttp.Response{Status: 200}}
	}
	return verdict{}
}

// allows reports whether the Origin lines are one that is allowed.
func (p *corsPolicy) allows(lines []string) bool {
	if len(lines) != 1 {
		return false
	}
	asked, ok := origin(lines[0])
	return ok && (p.origins == nil || slices.Contains(p.origins, asked))
}

// allowOrigin is the value of Access-Control-Allow-Origin: * only without credentials.
func (p *corsPolicy) allowOrigin(asked string, credentials bool) string {
	if p.origins == nil && !credentials {
		return "*"
	}
	return asked
}

// preflight answers a preflight with an Origin, or says by nil that it does not match.
func (p *corsPolicy) preflight(x *exchange) *rawhttp.Response {
	asked := x.request.Headers.Values("Origin")
	method, _ := x.request.Headers.Get("Access-Control-Request-Method")
	names, wellFormed := requestedNames(x.request.Headers)
	if !p.allows(asked) || !wellFormed || !fetch.IsMethod(method) || !isAny(p.methods) && !slices.Contains(p.methods, method) {
		return nil
	}
	if !isAny(p.headers) && slices.ContainsFunc(names, func(name string) bool { return !containsFold(p.headers, name) }) {
		return nil
	}
	credentials, _ := isTrue(p.credentials(x))
	resp := &rawhttp.Response{Status: 200}
	add := func(name, value string) {
		if value != "" {
			resp.Headers = append(resp.Headers, fetch.Header{Name: name, Value: value})
		}
	}
	add("Access-Control-Allow-Origin", p.allowOrigin(asked[0], credentials))
	if credentials {
		add("Access-Control-Allow-Credentials", "true")
	}
	add("Access-Control-Allow-Methods", either(p.methods, []string{method}))
	add("Access-Control-Allow-Headers", either(p.headers, names))
	add("Access-Control-Max-Age", p.maxAge(x))
	return resp
}

func isAny(list []string) bool { return len(list) == 1 && list[0] == "*" }

// either is the configured list, or what was asked for where any is allowed.
func either(configured, asked []string) string {
	if isAny(configured) {
		return strings.Join(asked, ",")
	}
	return strings.Join(configured, ",")
}

// requestedNames reads Access-Control-Request-Headers, without repeats; ok is
// false where an element is empty or no name.
func requestedNames(headers fetch.HeaderList) (names []string, ok bool) {
	value, _ := headers.Get("Access-Control-Request-Headers")
	if value == "" {
		return nil, true
	}
	for name := range strings.SplitSeq(value, ",") {
		name = strings.TrimSpace(name)
		if !fetch.IsHeaderName(name) {
			return nil, false
		}
		if !containsFold(names, name) {
			names = append(names, name)
		}
	}
	return names, true
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(v string) bool { return strings.EqualFold(v, s) })
}

// apply puts the grant on an answer, in the place of all CORS headers that it has.
func (g *grant) apply(resp *rawhttp.Response) {
	emulator.RemoveCORS(&resp.Headers)
	expose := g.expose
	if g.credentials && isAny(expose) {
		expose = exposable(resp.Headers)
	}
	resp.Headers = append(resp.Headers, fetch.Header{Name: "Access-Control-Allow-Origin", Value: g.origin})
	if g.credentials {
		resp.Headers = append(resp.Headers, fetch.Header{Name: "Access-Control-Allow-Credentials", Value: "true"})
	}
	if len(expose) > 0 {
		resp.Headers = append(resp.Headers, fetch.Header{Name: "Access-Control-Expose-Headers", Value: strings.Join(expose, ",")})
	}
}

// exposable are an answer's header names, for a * that would not count with credentials.
func exposable(headers fetch.HeaderList) []string {
	var names []string
	for _, h := range headers {
		if !strings.EqualFold(h.Name, "Set-Cookie") && !containsFold(names, h.Name) {
			names = append(names, h.Name)
		}
	}
	return names
}
