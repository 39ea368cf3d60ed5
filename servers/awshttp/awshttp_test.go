package awshttp_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/awshttp"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*awshttp.Server)(nil)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	exposeHeaders    = "Access-Control-Expose-Headers"
)

type lines = map[string]string

var (
	none  = lines{allowOrigin: "", allowCredentials: "", exposeHeaders: "", "Access-Control-Allow-Methods": "", "Access-Control-Allow-Headers": "", "Vary": ""}
	whole = lines{allowOrigin: rawtest.App, allowCredentials: "true", "Access-Control-Allow-Methods": "GET,PUT,POST,PATCH,DELETE",
		"Access-Control-Allow-Headers": "content-type,authorization,x-request-id", "Access-Control-Max-Age": "600", exposeHeaders: "", "Vary": ""}
	actual = lines{allowOrigin: rawtest.App, allowCredentials: "true", exposeHeaders: "x-total", "Vary": ""}
)

func preflight(name string, status int, want lines) rawtest.Case {
	return rawtest.Preflight(name, rawtest.App, orders.Order, status, want)
}

func get(name string, status int, want lines, headers ...string) rawtest.Case {
	c := rawtest.Actual(name, rawtest.App, orders.Order, status, want)
	for i := 0; i < len(headers); i += 2 {
		c.Send[headers[i]] = headers[i+1]
	}
	return c
}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		preflight("preflight", 204, whole),
		rawtest.Preflight("denied preflight", rawtest.Evil, orders.Order, 204, none),
		get("actual", 200, actual),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", allowCredentials: "", "X-Total": "10"}),
		rawtest.Actual("an error", rawtest.App, orders.Status+"500", 500, actual),
		{Name: "without an origin", Method: "GET", Path: orders.Order, Status: 200, Headers: none},
		{Name: "OPTIONS that is no preflight is the integration's", Method: "OPTIONS", Path: orders.Order, Send: lines{"Origin": rawtest.App}, Status: 405, Headers: actual},
	},
	"no-cors":                  {preflight("preflight: the integration's", 405, none), get("actual", 200, none)},
	"default-route-authorized": {preflight("preflight", 401, none), get("without a token", 401, actual), get("with a token", 200, actual, "Authorization", "Bearer t")},
	"any-route-authorized":     {preflight("preflight", 401, none), get("with a token", 200, actual, "Authorization", "Bearer t")},
	"options-route-open":       {preflight("preflight", 204, whole), get("without a token", 401, actual), get("with a token", 200, actual, "Authorization", "Bearer t")},
	"backend-sends-its-own":    {get("actual", 200, actual), rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, none)},
	"backend-alone":            {preflight("preflight: the integration's", 405, lines{allowOrigin: rawtest.App}), get("actual", 200, lines{allowOrigin: rawtest.App})},
	"method-missing":           {preflight("preflight", 204, none), get("actual", 200, actual)},
	"header-missing":           {preflight("preflight", 204, none), get("actual", 200, actual)},
	"https-wildcard": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 204, lines{allowOrigin: rawtest.Evil, allowCredentials: "true"}),
		rawtest.Actual("http is another scheme", "http://app.example.com", orders.Order, 200, none),
		rawtest.Actual("null is no https origin", "null", orders.Order, 200, none),
	},
	"no-credentials":       {preflight("preflight", 204, lines{allowOrigin: rawtest.App, allowCredentials: ""}), get("actual", 200, lines{allowOrigin: rawtest.App, allowCredentials: ""})},
	"throttled-lacks-cors": {get("the first", 200, actual), get("the second", 429, none), preflight("preflight", 204, whole)},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range awshttp.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, rawtest.Start(t, awshttp.New(awshttp.Config{Fixture: name})), cases)
		})
	}
}

func TestTheAPIIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, rawtest.Start(t, awshttp.New(awshttp.Config{})), orders.Examples())
}

func TestQuestionsAreSwitches(t *testing.T) {
	rawtest.Run(t, rawtest.Start(t, awshttp.New(awshttp.Config{Fixture: "method-missing", PreflightsSendLists: true})), []rawtest.Case{
		preflight("a preflight gets the lists", 204, lines{allowOrigin: rawtest.App, "Access-Control-Allow-Methods": "GET,POST"}),
	})
	rawtest.Run(t, rawtest.Start(t, awshttp.New(awshttp.Config{Fixture: "options-route-open", ErrorsLackCORS: true})), []rawtest.Case{get("an error", 401, none)})
}

func TestRoutesAreChosenBySpecificity(t *testing.T) {
	url := rawtest.Start(t, awshttp.New(awshttp.Config{
		CORS:   &awshttp.CORS{AllowOrigins: []string{"*"}, AllowMethods: []string{"*"}, AllowHeaders: []string{"*"}},
		Routes: []awshttp.Route{{Key: "ANY /orders/{proxy+}", Authorized: true}, {Key: "GET /orders/{id}"}, {Key: "GET /me"}},
	}))
	at := func(c rawtest.Case, path string) rawtest.Case { c.Path = path; return c }
	rawtest.Run(t, url, []rawtest.Case{
		get("a whole path before a greedy one", 200, lines{allowOrigin: "*"}),
		at(get("a greedy path", 401, lines{allowOrigin: "*"}), "/orders/1/lines"),
		at(get("no route", 404, lines{allowOrigin: "*"}), "/nothing"),
		at(preflight("a preflight without a route", 204, lines{allowOrigin: "*", "Access-Control-Allow-Methods": "*"}), "/nothing"),
		{Name: "another method", Method: "POST", Path: "/me", Status: 404},
	})
	rawtest.Run(t, rawtest.Start(t, awshttp.New(awshttp.Config{Upstream: "http://127.0.0.1:1"})), []rawtest.Case{get("no backend", 503, none)})
}

func TestEveryMistakeIsReported(t *testing.T) {
	config := awshttp.Config{
		CORS:   &awshttp.CORS{AllowOrigins: []string{"*", "https://*.example.com"}, AllowCredentials: true, AllowMethods: []string{"G T"}, MaxAge: 90000},
		Routes: []awshttp.Route{{Key: "orders"}}, BackendHeaders: map[string]string{"a b": ""}, ThrottleAfter: -1,
	}
	rawtest.Mentions(t, awshttp.New(config).Start(t.Context()), "allow-credentials is not supported if 'allow-origin' is *", `"https://*.example.com" is no origin`,
		`"G T" is no name`, "maxAge: 90000", `"orders" must be $default`, `"a b"`, "throttleAfter: -1")
	rawtest.Mentions(t, awshttp.Config{Fixture: "goood"}.Validate(), `did you mean "good"?`)
}

func TestVersion(t *testing.T) {
	if got, err := awshttp.Version(t.Context()); err != nil || !strings.Contains(got, "HTTP APIs") {
		t.Errorf("version %q, %v", got, err)
	}
}
