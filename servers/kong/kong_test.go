package kong_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/kong"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*kong.Server)(nil)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"

	evilApp = "https://evilapp.example.com"
)

type lines = map[string]string

var (
	none = lines{allowOrigin: "", allowCredentials: "", allowMethods: "", allowHeaders: "", exposeHeaders: "", "Vary": ""}
	rest = lines{allowOrigin: "", allowCredentials: "true", allowMethods: "GET,PUT,POST,PATCH,DELETE", allowHeaders: "Content-Type,Authorization,X-Request-ID,apikey",
		"Access-Control-Max-Age": "600", "Vary": "Origin", exposeHeaders: "", "Server": "kong/3.10.0", "Content-Length": "0"}
	whole  = with(rest, allowOrigin, rawtest.App)
	actual = lines{allowOrigin: rawtest.App, allowCredentials: "true", exposeHeaders: "X-Total", "Vary": "Origin", allowMethods: ""}
	denied = with(actual, allowOrigin, "")
)

func with(l lines, name, value string) lines {
	changed := lines{name: value}
	for n, v := range l {
		if n != name {
			changed[n] = v
		}
	}
	return changed
}

func preflight(name string, status int, want lines) rawtest.Case {
	return rawtest.Preflight(name, rawtest.App, orders.Order, status, want)
}

func evilPreflight(status int, want lines) rawtest.Case {
	return rawtest.Preflight("a stranger's preflight", rawtest.Evil, orders.Order, status, want)
}

func get(name string, status int, want lines, headers ...string) rawtest.Case {
	c := rawtest.Actual(name, rawtest.App, orders.Order, status, want)
	for i := 0; i < len(headers); i += 2 {
		c.Send[headers[i]] = headers[i+1]
	}
	return c
}

func evilGet(want lines) rawtest.Case {
	return rawtest.Actual("a stranger's request", rawtest.Evil, orders.Order, 200, want)
}

func noOrigin(want lines) rawtest.Case {
	return rawtest.Case{Name: "without an origin", Method: "GET", Path: orders.Order, Status: 200, Headers: want}
}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		preflight("preflight", 200, whole), evilPreflight(200, rest), get("actual", 200, with(actual, "Via", "1.1 kong/3.10.0")), evilGet(denied), noOrigin(denied),
		{Name: "OPTIONS that is no preflight is the service's", Method: "OPTIONS", Path: orders.Order, Send: lines{"Origin": rawtest.App}, Status: 405, Headers: actual},
		get("another case is another origin", 200, denied, "Origin", "HTTPS://app.example.com"),
		get("a default port is taken off", 200, with(actual, allowOrigin, "https://app.example.com:443"), "Origin", "https://app.example.com:443"),
		get("null", 200, denied, "Origin", "null"),
	},
	"no-plugin":             {preflight("preflight", 405, none), get("actual", 200, none)},
	"defaults":              {evilPreflight(200, lines{allowOrigin: "*", allowHeaders: "content-type,x-request-id", allowMethods: "GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT", "Vary": ""}), noOrigin(lines{allowOrigin: "*", "Vary": ""})},
	"one-literal":           {evilPreflight(200, whole), evilGet(actual), noOrigin(actual)},
	"origin-without-scheme": {get("actual", 200, with(actual, allowOrigin, "app.example.com"))},
	"any-credentials": {
		evilPreflight(200, with(rest, allowOrigin, rawtest.Evil)), evilGet(with(actual, allowOrigin, rawtest.Evil)),
		noOrigin(lines{allowOrigin: "*", allowCredentials: "", "Vary": ""}),
	},
	"regex-matches-too-much": {get("actual", 200, actual), get("another host that ends alike", 200, with(actual, allowOrigin, evilApp), "Origin", evilApp), evilGet(denied)},
	"regex":                  {get("actual", 200, actual), evilGet(denied), get("a host that begins alike", 200, denied, "Origin", rawtest.App+".evil.test")},
	"route-methods":          {preflight("preflight", 404, none), get("actual", 200, actual)},
	"route-methods-global":   {preflight("preflight", 404, with(actual, "Content-Type", "application/json; charset=utf-8"))},
	"preflight-continue":     {preflight("preflight", 405, none), get("actual", 200, actual)},
	"preflight-continue-key-auth": {preflight("preflight", 401, with(none, "WWW-Authenticate", "Key")), get("without a key", 401, actual),
		get("with a key", 200, actual, "apikey", "k")},
	"key-auth":       {preflight("preflight", 200, whole), get("without a key", 401, actual), get("with a wrong key", 401, actual, "apikey", "x"), get("with a key", 200, actual, "apikey", "k")},
	"rate-limited":   {get("the first", 200, actual), get("the second", 429, with(actual, "Retry-After", "60")), preflight("preflight", 200, whole)},
	"method-missing": {preflight("preflight", 200, with(whole, allowMethods, "GET,POST"))},
	"header-missing": {preflight("preflight", 200, with(whole, allowHeaders, "Content-Type"))},
	"no-credentials": {preflight("preflight", 200, with(whole, allowCredentials, ""))},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range kong.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, rawtest.Start(t, kong.New(kong.Config{Fixture: name})), cases)
		})
	}
}

func TestTheServiceIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, rawtest.Start(t, kong.New(kong.Config{})), orders.Examples())
}

func TestTheServicesOwnHeaders(t *testing.T) {
	service := rawtest.Start(t, kong.New(kong.Config{}))
	rawtest.Run(t, rawtest.Start(t, kong.New(kong.Config{Fixture: "good", Upstream: service})), []rawtest.Case{
		get("its Allow-Origin is replaced", 200, actual), evilGet(denied),
	})
	varying := rawtest.Start(t, kong.New(kong.Config{Fixture: "good"}))
	rawtest.Run(t, rawtest.Start(t, kong.New(kong.Config{Fixture: "good", Upstream: varying})), []rawtest.Case{get("its Vary is kept", 200, with(actual, "Vary", "Origin | Origin"))})
}

func TestSettingsReachThePlugin(t *testing.T) {
	absent := false
	private := preflight("a private network", 200, lines{"Access-Control-Allow-Private-Network": "true"})
	private.Send["Access-Control-Request-Private-Network"] = "true"
	rawtest.Run(t, rawtest.Start(t, kong.New(kong.Config{AllowOriginAbsent: &absent, PrivateNetwork: true})), []rawtest.Case{private, noOrigin(none), get("actual", 200, lines{allowOrigin: "*"})})
	rawtest.Run(t, rawtest.Start(t, kong.New(kong.Config{Upstream: "http://127.0.0.1:1", Origins: []string{rawtest.App, "*"}})), []rawtest.Case{
		get("no service", 502, lines{allowOrigin: "*"}),
	})
}

func TestEveryMistakeIsReported(t *testing.T) {
	config := kong.Config{Origins: []string{"(", "*"}, Methods: []string{"G T"}, MaxAge: -1}
	rawtest.Mentions(t, kong.New(config).Start(t.Context()), `origins: "("`, `"G T" is no name`, "max_age -1")
	rawtest.Mentions(t, kong.Config{Fixture: "goood"}.Validate(), `did you mean "good"?`)
}

func TestVersion(t *testing.T) {
	if got, err := kong.Version(t.Context()); err != nil || !strings.Contains(got, "kong/3.10") {
		t.Errorf("version %q, %v", got, err)
	}
}
