package express_test

import (
	"testing"

	"github.com/corsproof/corsproof/servers/express"
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

var denied = lines{allowOrigin: "", "Vary": "Origin"}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: "GET,PUT,POST,PATCH,DELETE",
			allowHeaders: "Content-Type,Authorization,X-Request-ID", maxAge: "600", "Vary": "Origin",
		}),
		rawtest.Preflight("preflight of a denied origin", rawtest.Evil, orders.Order, 204, denied),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App, exposeHeaders: "X-Total", "Vary": "Origin"}),
		rawtest.Actual("denied origin", rawtest.Evil, orders.Order, 200, denied),
		rawtest.Actual("error", rawtest.App, orders.Status+"500", 500, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("not found", rawtest.App, "/nothing", 404, lines{allowOrigin: rawtest.App}),
	},
	"no-cors": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 200, lines{allowOrigin: "", "Allow": "DELETE, GET, HEAD, PATCH, POST, PUT"}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: ""}),
	},
	"wildcard-credentials": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{allowOrigin: "*", allowCredentials: "true"}),
		rawtest.Actual("actual", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "*", allowCredentials: "true"}),
	},
	"cors-after-routes": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: ""}),
	},
	"errors-without-headers": {
		rawtest.Preflight("preflight", rawtest.App, orders.Status+"403", 204, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("error", rawtest.App, orders.Status+"403", 403, lines{allowOrigin: ""}),
		rawtest.Actual("no session", rawtest.App, orders.Me, 401, lines{allowOrigin: ""}),
	},
	"preflight-401": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 401, lines{allowOrigin: ""}),
		{Name: "actual with a token", Method: "GET", Path: orders.Order, Status: 200,
			Send:    lines{"Origin": rawtest.App, "Authorization": "Bearer t"},
			Headers: lines{allowOrigin: rawtest.App}},
	},
	"origin-trailing-slash": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{allowOrigin: rawtest.App + "/"}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App + "/"}),
	},
	"manual-options-forgets-headers": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{
			allowOrigin: rawtest.App, allowMethods: "GET,PUT,POST,PATCH,DELETE", allowHeaders: "",
		}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App, allowCredentials: "true"}),
	},
	"reflect-any": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 204, lines{allowOrigin: rawtest.Evil, allowHeaders: "content-type,x-request-id"}),
		rawtest.Actual("actual", "null", orders.Order, 200, lines{allowOrigin: "null", allowCredentials: "true"}),
	},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range express.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, start(t, express.Config{Fixture: name}), cases)
		})
	}
}
