package fastapi_test

import (
	"testing"

	"github.com/corsproof/corsproof/servers/fastapi"
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
)

type lines = map[string]string

const (
	preflightVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network"
	everyMethod   = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY"
	safelisted    = "Accept, Accept-Language, Content-Language, Content-Type"
	goodHeaders   = "Accept, Accept-Language, Authorization, Content-Language, Content-Type, X-Request-ID"
)

var nothing = lines{allowOrigin: "", allowCredentials: "", allowMethods: "", allowHeaders: "", exposeHeaders: "", maxAge: "", "Vary": ""}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: "GET, PUT, POST, PATCH, DELETE",
			allowHeaders: goodHeaders, maxAge: "600", exposeHeaders: "", "Vary": preflightVary,
			"Content-Type": "text/plain; charset=utf-8", "Content-Length": "2",
		}),
		rawtest.Preflight("preflight of a denied origin keeps all but the origin", rawtest.Evil, orders.Order, 400, lines{
			allowOrigin: "", allowCredentials: "true", allowMethods: "GET, PUT, POST, PATCH, DELETE",
			allowHeaders: goodHeaders, maxAge: "600", "Vary": preflightVary, "Content-Length": "22",
		}),
		rawtest.Preflight("preflight of a path that is not there", rawtest.App, "/nothing", 200, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", exposeHeaders: "X-Total", "Vary": "Origin",
		}),
		rawtest.Actual("denied origin", rawtest.Evil, orders.Order, 200, lines{
			allowOrigin: "", allowCredentials: "true", exposeHeaders: "X-Total", "Vary": "Origin",
		}),
		rawtest.Actual("error", rawtest.App, orders.Status+"500", 500, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("not found", rawtest.App, "/nothing", 404, lines{allowOrigin: rawtest.App}),
		{Name: "no origin", Method: "GET", Path: orders.Order, Status: 200, Headers: lines{
			allowOrigin: "", allowCredentials: "", exposeHeaders: "", "Vary": "Origin",
		}},
		{Name: "OPTIONS that is no preflight", Method: "OPTIONS", Path: orders.Order, Status: 405,
			Send: lines{"Origin": rawtest.App}, Headers: lines{allowOrigin: rawtest.App}},
	},
	"no-cors": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 405, nothing),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, nothing),
	},
	"missing-method": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 400, lines{
			allowOrigin: rawtest.App, allowMethods: "GET", "Content-Length": "22",
		}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
	},
	"missing-header": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 400, lines{
			allowOrigin: rawtest.App, allowMethods: everyMethod, allowHeaders: safelisted, "Content-Length": "23",
		}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
	},
	"wildcard": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 200, lines{
			allowOrigin: "*", allowCredentials: "", allowHeaders: "content-type,x-request-id",
		}),
		rawtest.Actual("actual", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "*", allowCredentials: ""}),
	},
	"wildcard-credentials": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 200, lines{
			allowOrigin: rawtest.Evil, allowCredentials: "true", allowHeaders: "content-type,x-request-id",
		}),
		rawtest.Actual("actual", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil, allowCredentials: "true", "Vary": "Origin"}),
		rawtest.Actual("opaque origin", "null", orders.Order, 200, lines{allowOrigin: "null", allowCredentials: "true"}),
		{Name: "no origin", Method: "GET", Path: orders.Order, Status: 200, Headers: lines{allowOrigin: "", "Vary": "Origin"}},
	},
	"origin-trailing-slash": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 400, lines{allowOrigin: ""}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: "", allowCredentials: "true"}),
	},
	"origin-regex-too-wide": {
		rawtest.Actual("actual", "https://evilexample.com", orders.Order, 200, lines{allowOrigin: "https://evilexample.com"}),
		rawtest.Actual("the whole origin is matched", "https://example.com.evil.net", orders.Order, 200, lines{allowOrigin: ""}),
	},
	"preflight-401": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 401, nothing),
		rawtest.Actual("actual without a token", rawtest.App, orders.Order, 401, nothing),
		{Name: "actual with a token", Method: "GET", Path: orders.Order, Status: 200,
			Send:    lines{"Origin": rawtest.App, "Authorization": "Bearer t"},
			Headers: lines{allowOrigin: rawtest.App}},
	},
	"crash-without-headers": {
		rawtest.Actual("an error that was answered", rawtest.App, orders.Status+"429", 429, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("an error that was raised", rawtest.App, orders.Status+"500", 500, lines{
			allowOrigin: "", allowCredentials: "", "Vary": "", "Content-Type": "text/plain; charset=utf-8",
		}),
	},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range fastapi.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, start(t, fastapi.Config{Fixture: name}), cases)
		})
	}
}
