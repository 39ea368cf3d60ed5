package apim

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

// gateway is a Config whose policies are ready to run.
type gateway struct {
	config   Config
	global   *document
	products []compiledProduct
	apis     []*compiledAPI
	now      func() time.Time
	backend  func(*exchange) (*rawhttp.Response, error)
}

type compiledProduct struct {
	config Product
	policy *document
}

type compiledAPI struct {
	config     API
	policy     *document
	operations []compiledOperation
}

type compiledOperation struct {
	config Operation
	policy *document
}

// globalDefault is the global scope's policy where a Config has none: a new
// service forwards requests. A broader scope than this one there is not.
const globalDefault Policy = "<policies><inbound/><backend><forward-request/></backend><outbound/><on-error/></policies>"

// compile makes a gateway, and collects every mistake in the policies.
func compile(config Config) (*gateway, []error) {
	c := &compiler{config: config, fragments: map[string]*element{}}
	for name, text := range config.Fragments {
		c.scope = `the fragment "` + name + `"`
		fragment, err := parse(text, "fragment")
		if err != nil {
			c.fail(err)
			continue
		}
		c.fragments[name] = fragment
	}
	g := &gateway{config: config, now: time.Now}
	g.global = c.document("the global policy", config.Policy)
	base := c.document("the gateway's default", globalDefault)
	for _, section := range sections { // what the global policy does not say
		if list := g.global.sections[section]; len(list) == 1 && list[0].step == nil {
			g.global.sections[section] = base.sections[section]
		}
	}
	for _, p := range config.Products {
		g.products = append(g.products, compiledProduct{p, c.document(`the product "`+p.Name+`"`, p.Policy)})
	}
	for _, a := range config.apis() {
		api := &compiledAPI{config: a, policy: c.document(`the API "`+a.Name+`"`, a.Policy)}
		for _, o := range a.operations() {
			api.operations = append(api.operations, compiledOperation{o, c.document(`the operation "`+o.name()+`"`, o.Policy)})
		}
		g.apis = append(g.apis, api)
	}
	return g, c.errs
}

// chain lists the scopes of a request, the narrowest first.
func (g *gateway) chain(a *compiledAPI, o *compiledOperation, p *compiledProduct) []*document {
	var chain []*document
	if o != nil {
		chain = append(chain, o.policy)
	}
	chain = append(chain, a.policy)
	if p != nil {
		chain = append(chain, p.policy)
	}
	return append(chain, g.global)
}

// handle answers a request. It is a [rawhttp.Handler].
func (g *gateway) handle(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
	x := &exchange{ctx: ctx, request: r, headers: slices.Clone(r.Headers), now: g.now, backend: g.backend}
	query, _ := url.ParseQuery(r.Query()) // what is malformed names no version and no key
	a, rest := g.api(r, query)
	if a == nil {
		return notFound()
	}
	x.rest = rest
	product, failed := g.subscription(a, r, query)
	if product != nil {
		x.key = subscriptionKey(r, query)
	}
	asked, requested := r.Headers.Get("Access-Control-Request-Method")
	operation, known := a.match(r.Method, rest)
	if r.Method == "OPTIONS" && requested && operation == nil && (known || g.config.PreflightsIgnorePaths) {
		operation, _ = a.match(asked, rest)
		return g.preflight(x, g.chain(a, operation, product), known)
	}
	if operation == nil {
		return g.unmatched(known)
	}
	chain := g.chain(a, operation, product)
	if failed != nil {
		return x.refuse(chain, failed)
	}
	return x.run(chain)
}

func notFound() *rawhttp.Response {
	return (&gatewayError{status: 404, message: "Resource not found"}).response()
}

// unmatched answers what is no operation, at a path that others have or that is not known at all.
func (g *gateway) unmatched(known bool) *rawhttp.Response {
	if !known || g.config.UnknownMethodStatus == 404 {
		return notFound()
	}
	return (&gatewayError{status: 405, message: "Method not allowed"}).response()
}

// preflight asks the cors policies in their effective order. Where there is
// none, or no Origin, nobody answers an OPTIONS. known says that the path has an operation.
func (g *gateway) preflight(x *exchange, chain []*document, known bool) *rawhttp.Response {
	policies := corsPolicies(effective(chain, inbound), !g.config.PreflightsIgnoreFragments)
	if len(policies) == 0 || !x.request.Headers.Has("Origin") {
		return g.unmatched(known)
	}
	for _, p := range policies {
		if resp := p.preflight(x); resp != nil {
			return resp
		}
		if terminate, _ := isTrue(p.terminate(x)); terminate {
			break
		}
	}
	return &rawhttp.Response{Status: 200}
}

// corsPolicies are the cors policies that stand directly in a section, and those that fragments bring there.
func corsPolicies(list []policy, fragments bool) []*corsPolicy {
	var all []*corsPolicy
	for _, p := range list {
		switch s := p.step.(type) {
		case *corsPolicy:
			all = append(all, s)
		case included:
			if fragments {
				all = append(all, corsPolicies(s.nested, true)...)
			}
		}
	}
	return all
}

// refuse answers a request without a valid key: of the policies, only the cors
// ones that stand directly in inbound have had their say.
func (x *exchange) refuse(chain []*document, failed *gatewayError) *rawhttp.Response {
	for _, p := range corsPolicies(effective(chain, inbound), false) {
		if v := p.run(x); v.response != nil {
			return v.response
		}
	}
	return x.fail(chain, failed)
}

const keyHeader, keyParameter = "Ocp-Apim-Subscription-Key", "subscription-key"

func subscriptionKey(r *rawhttp.Request, query url.Values) string {
	if key, ok := r.Headers.Get(keyHeader); ok {
		return key
	}
	return query.Get(keyParameter)
}

// subscription returns the product whose key the request has, and what is wrong where it needs one.
func (g *gateway) subscription(a *compiledAPI, r *rawhttp.Request, query url.Values) (*compiledProduct, *gatewayError) {
	key := subscriptionKey(r, query)
	for i, p := range g.products {
		if slices.Contains(p.config.Keys, key) && (p.config.APIs == nil || slices.Contains(p.config.APIs, a.config.Name)) {
			return &g.products[i], nil
		}
	}
	if !a.config.SubscriptionRequired {
		return nil, nil
	}
	message := "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
	if key == "" {
		message = "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API."
	}
	return nil, &gatewayError{status: 401, message: message, headers: fetch.HeaderList{{
		Name: "WWW-Authenticate", Value: `AzureApiManagementKey realm="https://` + r.Host + `",name="` + keyHeader + `",type="header"`,
	}}}
}
