package flask_test

import (
	"testing"

	"github.com/corsproof/corsproof/servers/flask"
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
	everyMethod      = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
)

type lines = map[string]string

var nothing = lines{allowOrigin: "", allowCredentials: "", allowMethods: "", allowHeaders: "", exposeHeaders: "", maxAge: "", "Vary": ""}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: "DELETE, GET, PATCH, POST, PUT",
			allowHeaders: "content-type, x-request-id", exposeHeaders: "X-Total", maxAge: "600", "Vary": "Origin",
		}),
		rawtest.Preflight("preflight of a denied origin", rawtest.Evil, orders.Order, 200, nothing),
		rawtest.Preflight("preflight of a path that is not there", rawtest.App, "/nothing", 404, lines{
			allowOrigin: rawtest.App, allowMethods: "DELETE, GET, PATCH, POST, PUT",
		}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", exposeHeaders: "X-Total", "Vary": "Origin",
		}),
		rawtest.Actual("denied origin", rawtest.Evil, orders.Order, 200, nothing),
		rawtest.Actual("error", rawtest.App, orders.Status+"500", 500, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("not found", rawtest.App, "/nothing", 404, lines{allowOrigin: rawtest.App}),
		{Name: "no origin is shown the first in the alphabet", Method: "GET", Path: orders.Order, Status: 200, Headers: lines{
			allowOrigin: "https://admin.example.com", allowCredentials: "true", "Vary": "Origin",
		}},
		{Name: "OPTIONS that is no preflight", Method: "OPTIONS", Path: orders.Order, Status: 200,
			Send: lines{"Origin": rawtest.App}, Headers: lines{allowOrigin: rawtest.App, allowMethods: ""}},
	},
	"no-cors": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 200, nothing),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, nothing),
	},
	"missing-method": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: "", allowHeaders: "", "Vary": "",
		}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
	},
	"missing-header": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, allowMethods: everyMethod, allowHeaders: "content-type",
		}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
	},
	"reflect-any": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 200, lines{
			allowOrigin: rawtest.Evil, allowCredentials: "true", allowHeaders: "content-type, x-request-id", "Vary": "Origin",
		}),
		rawtest.Actual("actual", "null", orders.Order, 200, lines{allowOrigin: "null", allowCredentials: "true", "Vary": "Origin"}),
		{Name: "no origin", Method: "GET", Path: orders.Order, Status: 200, Headers: nothing},
	},
	"wildcard": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "*", allowCredentials: "", "Vary": ""}),
		rawtest.Actual("actual", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "*", allowCredentials: "", "Vary": ""}),
	},
	"origin-trailing-slash": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 200, nothing),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, nothing),
		{Name: "no origin", Method: "GET", Path: orders.Order, Status: 200, Headers: lines{allowOrigin: rawtest.App + "/", "Vary": ""}},
	},
	"origin-regex-unanchored": {
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App, "Vary": "Origin"}),
		rawtest.Actual("another's domain", rawtest.App+".evil.net", orders.Order, 200, lines{allowOrigin: rawtest.App + ".evil.net", allowCredentials: "true"}),
	},
	"wrong-resources": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 200, nothing),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, nothing),
		rawtest.Actual("not found, where it was set up", rawtest.App, "/api/orders/1", 404, lines{allowOrigin: rawtest.App}),
	},
	"preflight-401": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 401, lines{
			allowOrigin: rawtest.App, allowMethods: everyMethod, allowHeaders: "content-type, x-request-id",
		}),
		rawtest.Actual("actual without a token", rawtest.App, orders.Order, 401, lines{allowOrigin: rawtest.App}),
		{Name: "actual with a token", Method: "GET", Path: orders.Order, Status: 200,
			Send:    lines{"Origin": rawtest.App, "Authorization": "Bearer t"},
			Headers: lines{allowOrigin: rawtest.App, "Vary": ""}},
	},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range flask.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, start(t, flask.Config{Fixture: name}), cases)
		})
	}
}
