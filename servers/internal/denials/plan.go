// Package denials measures what "allowed" and "denied" look like in the answers
// of each server here, and keeps the tables of servers/README.md that say so.
package denials

import "github.com/corsproof/corsproof/servers/orders"

// The pages that ask: every good set-up allows app, and none the other.
const (
	app      = "https://app.example.com"
	stranger = "https://evil.example.net"
)

// question is a request as a browser sends it, and the column that its answer stands in.
type question struct {
	column       string
	method, path string
	origin       string // "" sends none
	wants        string // Access-Control-Request-Method: it is a preflight
	header       string // Access-Control-Request-Headers
	times        int    // how often it is asked before the answer that counts; for limits
}

func preflight(column, origin, method, header string) question {
	return question{column: column, method: "OPTIONS", path: orders.Order, origin: origin, wants: method, header: header}
}

func get(column, path, origin string) question {
	return question{column: column, method: "GET", path: path, origin: origin}
}

// preflights and actuals are put to each system in its good set-up.
var (
	preflights = []question{
		preflight("allowed", app, "PUT", "content-type"),
		preflight("another origin", stranger, "PUT", "content-type"),
		preflight("another method", app, "PROPFIND", "content-type"),
		preflight("another header", app, "PUT", "x-unheard-of"),
	}
	actuals = []question{
		get("allowed", orders.Order, app),
		get("another origin", orders.Order, stranger),
		get("no origin (curl)", orders.Order, ""),
		get("401", orders.Me, app),
		get("404", "/nothing", app),
		get("429", orders.Status+"429", app),
		get("500", orders.Status+"500", app),
	}
)

// setUp is a server with a fixture, and, where it is not [good], what it is asked.
type setUp struct {
	server, fixture string
	name            string // of the system, where it is not the server's
	module          string // a part of the version that is this system's; "" means all of it
	asked           question
}

// good are the systems as they should be, in the tables' order.
var good = []setUp{
	{server: "apache"}, {server: "apim"}, {server: "awshttp"}, {server: "awsrest"}, {server: "caddy"}, {server: "envoy"},
	{server: "express"}, {server: "fastapi"}, {server: "flask"},
	{server: "gomw", name: "gomw rs/cors", module: "rs/cors"},
	{server: "gomw", fixture: "chi-good", name: "gomw chi", module: "go-chi/"},
	{server: "gomw", fixture: "echo-good", name: "gomw echo", module: "/echo"},
	{server: "gomw", fixture: "fiber-good", name: "gomw fiber", module: "/fiber"},
	{server: "gomw", fixture: "gin-good", name: "gomw gin", module: "gin-"},
	{server: "gomw", fixture: "gorilla-good", name: "gomw gorilla", module: "gorilla/"},
	{server: "haproxy"}, {server: "kong"}, {server: "kong", fixture: "one-literal", name: "kong, one origin"},
	{server: "nginx"}, {server: "spring"}, {server: "varnish"}, {server: "vite"}, {server: "wso2"},
}

func (s setUp) fixtureName() string {
	if s.fixture == "" {
		return "good"
	}
	return s.fixture
}

func (s setUp) system() string {
	if s.name == "" {
		return s.server
	}
	return s.name
}

// Where a system answers by itself, before its CORS or after it.
var (
	signedPreflight = preflight("preflight", app, "PUT", "authorization")
	order           = get("GET", orders.Order, app)
	second          = question{column: "second GET", method: "GET", path: orders.Order, origin: app, times: 1}
	tooMany         = get("GET /status/429", orders.Status+"429", app)
	broken          = get("GET /status/500", orders.Status+"500", app)
)

// own are set-ups in which the system itself fails a request.
var own = []setUp{
	{server: "apache", fixture: "no-always", asked: tooMany},
	{server: "apache", fixture: "preflight-401", asked: signedPreflight},
	{server: "apim", fixture: "no-policy", asked: signedPreflight},
	{server: "apim", fixture: "subscription-required", asked: order},
	{server: "apim", fixture: "cors-in-fragment", asked: order},
	{server: "apim", fixture: "jwt-before-cors", asked: order},
	{server: "apim", fixture: "jwt-after-cors", asked: order},
	{server: "apim", fixture: "rate-limit-before-cors", asked: second},
	{server: "apim", fixture: "rate-limit-after-cors", asked: second},
	{server: "apim", fixture: "quota-before-cors", asked: second},
	{server: "apim", fixture: "operation-missing", asked: question{column: "PUT", method: "PUT", path: orders.Order, origin: app}},
	{server: "apim", fixture: "header-versioning", asked: preflight("preflight", app, "GET", "api-version")},
	{server: "apim", fixture: "backend-down", asked: order},
	{server: "awshttp", fixture: "any-route-authorized", asked: signedPreflight},
	{server: "awshttp", fixture: "any-route-authorized", asked: order},
	{server: "awshttp", fixture: "throttled-lacks-cors", asked: second},
	{server: "awsrest", fixture: "no-options", asked: signedPreflight},
	{server: "awsrest", fixture: "authorizer-on-options", asked: signedPreflight},
	{server: "awsrest", fixture: "unmapped-401", asked: order},
	{server: "awsrest", fixture: "mapped-401", asked: order},
	{server: "awsrest", fixture: "throttled", asked: second},
	{server: "awsrest", fixture: "function-throws", asked: order},
	{server: "caddy", fixture: "lost-on-error", asked: tooMany},
	{server: "caddy", fixture: "preflight-401", asked: signedPreflight},
	{server: "envoy", fixture: "direct-response", asked: tooMany},
	{server: "envoy", fixture: "preflight-401", asked: signedPreflight},
	{server: "envoy", fixture: "auth-after-cors", asked: order},
	{server: "express", fixture: "preflight-401", asked: signedPreflight},
	{server: "express", fixture: "errors-without-headers", asked: tooMany},
	{server: "fastapi", fixture: "preflight-401", asked: signedPreflight},
	{server: "fastapi", fixture: "crash-without-headers", asked: broken},
	{server: "flask", fixture: "preflight-401", asked: signedPreflight},
	{server: "gomw", fixture: "wrapped-inside-auth", asked: signedPreflight, name: "gomw rs/cors", module: "rs/cors"},
	{server: "gomw", fixture: "gin-in-group", asked: signedPreflight, name: "gomw gin", module: "gin-"},
	{server: "haproxy", fixture: "no-after-response", asked: tooMany},
	{server: "haproxy", fixture: "preflight-401", asked: signedPreflight},
	{server: "kong", fixture: "key-auth", asked: order},
	{server: "kong", fixture: "preflight-continue-key-auth", asked: signedPreflight},
	{server: "kong", fixture: "rate-limited", asked: second},
	{server: "kong", fixture: "route-methods", asked: signedPreflight},
	{server: "nginx", fixture: "no-always", asked: broken},
	{server: "spring", fixture: "security-without-cors", asked: signedPreflight},
	{server: "spring", fixture: "security-without-cors", asked: order},
	{server: "spring", fixture: "security-with-cors", asked: order},
	{server: "varnish", fixture: "synth-without-headers", asked: tooMany},
	{server: "wso2", fixture: "secured", asked: order},
	{server: "wso2", fixture: "verb-missing", asked: signedPreflight},
}

// InProcess reports whether a system of the tables needs nothing installed.
func InProcess(system string) bool {
	switch system {
	case "apim", "awshttp", "awsrest", "gomw rs/cors", "kong", "kong, one origin", "wso2":
		return true
	}
	return false
}
