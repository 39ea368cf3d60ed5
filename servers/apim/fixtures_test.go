package apim_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/servers/apim"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
	maxAge           = "Access-Control-Max-Age"

	portal = "https://contoso.developer.azure-api.net"
	key    = "Ocp-Apim-Subscription-Key"

	// token is signed with the key of the fixtures, and good until 2100.
	token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJleHAiOjQxMDI0NDQ4MDB9.AS0BAOOBzcR9e18TNZTiu-yeoVg4a_OTl2EZHFXfqv4"
)

type lines = map[string]string

var (
	none   = lines{allowOrigin: "", allowCredentials: "", allowMethods: "", allowHeaders: "", exposeHeaders: "", maxAge: "", "Vary": ""}
	whole  = lines{allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: "GET,PUT,POST,PATCH,DELETE", allowHeaders: "Content-Type,Authorization,Ocp-Apim-Subscription-Key,X-Request-ID", maxAge: "600", exposeHeaders: "", "Vary": ""}
	actual = lines{allowOrigin: rawtest.App, allowCredentials: "true", exposeHeaders: "X-Total", allowMethods: "", allowHeaders: "", maxAge: "", "Vary": ""}
)

func preflight(name string, status int, want lines) rawtest.Case {
	return rawtest.Preflight(name, rawtest.App, orders.Order, status, want)
}

func get(name string, status int, want lines) rawtest.Case {
	return rawtest.Actual(name, rawtest.App, orders.Order, status, want)
}

// with adds request headers to a case.
func with(c rawtest.Case, headers ...string) rawtest.Case {
	for i := 0; i < len(headers); i += 2 {
		c.Send[headers[i]] = headers[i+1]
	}
	return c
}

// at changes a case's path.
func at(c rawtest.Case, path string) rawtest.Case {
	c.Path = path
	return c
}

// by changes a case's method.
func by(c rawtest.Case, method string) rawtest.Case {
	c.Method = method
	return c
}

// emptyPreflight is that of a request that no policy matches: an empty 200.
var emptyPreflight = preflight("preflight: an empty 200", 200, none)

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		preflight("preflight", 200, whole),
		with(preflight("preflight by another spelling of the origin, which is echoed", 200, lines{allowOrigin: "https://app.example.com:443"}), "Origin", "https://app.example.com:443"),
		with(preflight("preflight of the portal", 200, lines{allowOrigin: portal}), "Origin", portal),
		rawtest.Preflight("denied preflight", rawtest.Evil, orders.Order, 200, none),
		with(preflight("preflight for a method that is not allowed", 200, none), "Access-Control-Request-Method", "TRACE"),
		with(preflight("preflight for a method in another case", 200, none), "Access-Control-Request-Method", "put"),
		with(preflight("preflight for a header that is not allowed", 200, none), "Access-Control-Request-Headers", "x-evil"),
		with(preflight("preflight with an empty header name", 200, none), "Access-Control-Request-Headers", "content-type,,x-request-id"),
		get("actual", 200, actual),
		by(get("actual PUT", 200, actual), "PUT"),
		rawtest.Actual("denied: the backend is not asked", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", "X-Total": "", "Content-Length": "0"}),
		by(rawtest.Actual("denied PUT", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", "X-Total": ""}), "PUT"),
		with(get("two origins in one are none", 200, lines{"X-Total": "", allowOrigin: ""}), "Origin", "https://app.example.com, https://app.example.com"),
		at(get("error of the backend", 500, actual), orders.Status+"500"),
		{Name: "without an origin", Method: "GET", Path: orders.Order, Status: 200, Headers: lines{allowOrigin: "", "X-Total": "10"}},
		by(get("OPTIONS that is no preflight", 405, none), "OPTIONS"),
		{Name: "preflight without an origin", Method: "OPTIONS", Path: orders.Order, Send: lines{"Access-Control-Request-Method": "GET"}, Status: 405, Headers: none},
	},
	"no-policy": {preflight("preflight", 405, none), get("actual", 200, lines{allowOrigin: "", "X-Total": "10"})},
	"base-missing": {
		preflight("preflight", 405, none),
		get("actual", 200, lines{allowOrigin: "", "X-Total": "10"}),
	},
	"base-missing-in-operation": {
		preflight("preflight of another operation", 200, whole),
		with(preflight("preflight of the operation", 405, none), "Access-Control-Request-Method", "GET"),
		get("actual", 200, none),
		at(get("actual of another operation", 200, actual), orders.Health),
	},
	"one-operation-only": {
		with(preflight("preflight of the operation", 200, whole), "Access-Control-Request-Method", "GET"),
		preflight("preflight of another operation", 405, none),
		get("actual", 200, actual),
		at(get("actual of another operation", 200, none), orders.Health),
	},
	"product-scope-only": {
		preflight("preflight for a key in the header", 405, none),
		at(preflight("preflight with the key in the query", 200, whole), orders.Order+"?subscription-key=k-starter"),
		with(get("actual with the key in the header", 200, actual), key, "k-starter"),
		at(get("actual with the key in the query", 200, actual), orders.Order+"?subscription-key=k-starter"),
		get("actual without a key", 401, none),
	},
	"subscription-required": {
		preflight("preflight", 200, whole),
		with(get("actual", 200, actual), key, "k-starter"),
		get("actual without a key", 401, actual),
		with(get("actual with a wrong key", 401, actual), key, "k-wrong"),
		rawtest.Actual("a stranger without a key", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", "Content-Length": "0"}),
	},
	"cors-in-fragment": {
		preflight("preflight", 200, whole),
		with(get("actual", 200, actual), key, "k-starter"),
		get("actual without a key", 401, none),
	},
	"rate-limit-before-cors": {
		preflight("preflight", 200, whole), get("the first", 200, actual), get("the second", 429, none), preflight("preflight again", 200, whole),
	},
	"rate-limit-after-cors": {get("the first", 200, actual), get("the second", 429, actual)},
	"product-limits-before-base": {
		preflight("preflight", 200, whole),
		with(get("the first", 200, actual), key, "k-starter"),
		with(get("the second", 429, none), key, "k-starter"),
		with(get("the first of another product", 200, actual), key, "k-unlimited"),
		with(get("the second of another product", 200, actual), key, "k-unlimited"),
		get("without a key", 401, actual),
	},
	"quota-before-cors": {get("the first", 200, actual), get("the second", 403, none), preflight("preflight", 200, whole)},
	"jwt-before-cors": {
		preflight("preflight", 200, whole), get("without a token", 401, none),
		with(get("with a token", 200, actual), "Authorization", "Bearer "+token),
	},
	"jwt-after-cors": {
		get("without a token", 401, actual),
		with(get("with a token", 200, actual), "Authorization", "bearer "+token),
		with(get("with a token of another scheme", 401, actual), "Authorization", "Basic "+token),
		with(get("with another's token", 401, actual), "Authorization", "Bearer "+strings.Replace(token, "AS0B", "AS0C", 1)),
	},
	"terminate-false": {
		rawtest.Preflight("denied preflight", rawtest.Evil, orders.Order, 200, none),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", "X-Total": "10"}),
		get("actual", 200, actual),
	},
	"wildcard-credentials": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil, allowCredentials: "true"}),
		rawtest.Actual("actual", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil, allowCredentials: "true", exposeHeaders: "Content-Type,Date,X-Total"}),
	},
	"two-cors-first-decides": {
		emptyPreflight,
		with(preflight("preflight of the portal", 200, lines{allowOrigin: portal}), "Origin", portal),
		get("actual", 200, lines{allowOrigin: "", "Content-Length": "0"}),
		with(get("actual of the portal: the global cors is not asked", 200, lines{allowOrigin: portal, "X-Total": "10"}), "Origin", portal),
	},
	"two-cors-first-passes-on": {preflight("preflight", 200, whole), get("actual", 200, actual)},
	"explicit-options":         {preflight("preflight: the backend's 405", 405, lines{allowOrigin: rawtest.App, allowMethods: "", allowHeaders: "", "Allow": "DELETE, GET, HEAD, PATCH, POST, PUT"}), get("actual", 200, actual)},
	"header-versioning": {
		preflight("preflight", 404, none),
		with(get("actual with the version", 200, actual), "Api-Version", "v2"),
		get("actual without it", 404, none),
	},
	"method-missing":  {emptyPreflight, get("actual GET", 200, actual), with(preflight("preflight of PATCH", 200, lines{allowMethods: "GET,POST,PATCH"}), "Access-Control-Request-Method", "PATCH")},
	"header-missing":  {emptyPreflight, with(preflight("preflight without the header", 200, lines{allowHeaders: "Content-Type"}), "Access-Control-Request-Headers", "content-type")},
	"portal-missing":  {with(preflight("preflight of the portal", 200, none), "Origin", portal), preflight("preflight of the app", 200, whole)},
	"no-expose":       {get("actual", 200, lines{allowOrigin: rawtest.App, exposeHeaders: "", "X-Total": "10"})},
	"no-max-age":      {preflight("preflight", 200, lines{allowOrigin: rawtest.App, maxAge: ""})},
	"headers-by-hand": {preflight("preflight", 405, none), get("an error", 401, none), with(get("actual", 200, lines{allowOrigin: rawtest.App, allowCredentials: ""}), "Authorization", "Bearer "+token)},
	"operation-missing": {
		preflight("preflight: cors is at API scope", 200, whole),
		by(get("actual PUT", 405, none), "PUT"),
		get("actual GET", 200, actual),
		at(get("a path of no operation", 404, none), "/invoices/1"),
	},
	"backend-down": {preflight("preflight", 200, whole), get("actual", 500, actual)},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range apim.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, start(t, apim.Config{Fixture: name}), cases)
		})
	}
}
