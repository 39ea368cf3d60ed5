package wso2_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
	"github.com/corsproof/corsproof/servers/wso2"
)

var _ target.Server = (*wso2.Server)(nil)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
)

type lines = map[string]string

var (
	none   = lines{allowOrigin: "", allowCredentials: "", allowMethods: "", allowHeaders: "", exposeHeaders: "", "Vary": ""}
	rest   = lines{allowOrigin: "", allowCredentials: "true", allowMethods: "GET,PUT,POST,PATCH,DELETE", allowHeaders: "Content-Type,X-Request-ID,Authorization", "Access-Control-Max-Age": "", "Vary": ""}
	whole  = with(rest, allowOrigin, rawtest.App)
	actual = lines{allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: "", allowHeaders: "", exposeHeaders: "", "Vary": ""}
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

func get(name string, status int, want lines, headers ...string) rawtest.Case {
	c := rawtest.Actual(name, rawtest.App, orders.Order, status, want)
	for i := 0; i < len(headers); i += 2 {
		c.Send[headers[i]] = headers[i+1]
	}
	return c
}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		preflight("preflight", 200, whole),
		preflight("preflight: the request's headers are repeated", 200, lines{"Origin": rawtest.App, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type,x-request-id"}),
		rawtest.Preflight("a stranger's preflight: all but the origin", rawtest.Evil, orders.Order, 200, rest),
		get("actual", 200, actual),
		rawtest.Actual("a stranger's", rawtest.Evil, orders.Order, 200, with(denied, "X-Total", "10")),
		{Name: "OPTIONS that is no preflight", Method: "OPTIONS", Path: orders.Order, Send: lines{"Origin": rawtest.App}, Status: 405, Headers: none},
		{Name: "a verb that is not there", Method: "TRACE", Path: orders.Order, Send: lines{"Origin": rawtest.App}, Status: 405, Headers: none},
	},
	"release-4-4":     {get("actual", 200, with(with(whole, exposeHeaders, "X-Total"), "X-Total", "10"))},
	"expose-lost":     {preflight("preflight", 200, lines{exposeHeaders: "X-Total"}), get("actual", 200, actual)},
	"disabled":        {preflight("preflight", 200, none), get("actual", 200, none)},
	"default-origins": {preflight("preflight", 200, lines{allowOrigin: "*", allowCredentials: ""}), get("actual", 200, lines{allowOrigin: "*", allowCredentials: ""})},
	"unanchored-origin": {
		get("a subdomain", 200, with(actual, allowOrigin, "https://x.app.example.com"), "Origin", "https://x.app.example.com"),
		get("a name that goes on", 200, with(actual, allowOrigin, "https://x.app.example.com.evil.test"), "Origin", "https://x.app.example.com.evil.test"),
		get("the bare name is on the list", 200, actual),
		rawtest.Actual("a stranger's", rawtest.Evil, orders.Order, 200, denied),
	},
	"methods-removed": {preflight("preflight", 200, with(whole, allowMethods, "GET,POST")), {Name: "without a browser", Method: "PUT", Path: orders.Order, Status: 200}},
	"methods-empty":   {preflight("preflight", 200, with(whole, allowMethods, ""))},
	"header-missing":  {preflight("preflight", 200, with(whole, allowHeaders, "Content-Type,Authorization"))},
	"verb-missing": {
		preflight("preflight", 405, none), get("actual", 200, actual),
		rawtest.Preflight("a path that is not there", rawtest.App, "/nothing", 404, none),
	},
	"own-options":  {preflight("preflight: the backend's", 405, with(none, "Allow", "DELETE, GET, HEAD, PATCH, POST, PUT")), get("actual", 200, actual)},
	"backend-wins": {preflight("preflight", 200, whole), get("actual", 200, with(actual, allowOrigin, "https://admin.example.com"))},
	"secured": {
		preflight("preflight", 200, whole), get("without a token", 401, actual), get("with a wrong token", 401, actual, "Authorization", "Bearer x"),
		get("with a token", 200, actual, "Authorization", "Bearer t"), get("once too often", 429, actual, "Authorization", "Bearer t"),
	},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range wso2.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, rawtest.Start(t, wso2.New(wso2.Config{Fixture: name})), cases)
		})
	}
}

func TestTheGatewayIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, rawtest.Start(t, wso2.New(wso2.Config{})), orders.Examples())
}

func TestAsItComes(t *testing.T) {
	rawtest.Run(t, rawtest.Start(t, wso2.New(wso2.Config{Upstream: "http://127.0.0.1:1"})), []rawtest.Case{
		preflight("preflight", 200, lines{allowOrigin: "*", allowMethods: "GET,PUT,POST,PATCH,DELETE", allowHeaders: "authorization,Access-Control-Allow-Origin,Content-Type,SOAPAction,Authorization"}),
		get("no backend", 500, lines{allowOrigin: "*"}),
	})
}

func TestMediatorsOfTheSequence(t *testing.T) {
	config := wso2.Config{Fixture: "backend-wins", CORSSequence: `
		<property name="access-control-allow-origin" scope="transport" action="remove"/>
		<property name="X-Always" value="a" scope="transport" type="STRING"/>
		<filter source="boolean($trp:X-Total)" regex="true">
			<then><property name="X-Total" expression="fn:concat($trp:X-Total, ' in all')" scope="transport"/></then>
			<else><property name="X-None" value="b" scope="transport"/></else>
		</filter>
		<filter source="boolean($trp:X-Total)" regex="false"><then><property name="X-No-Total" value="c" scope="transport"/></then></filter>`}
	rawtest.Run(t, rawtest.Start(t, wso2.New(config)), []rawtest.Case{
		preflight("preflight", 200, with(whole, "X-None", "b")),
		get("actual", 200, with(with(actual, "X-Always", "a"), "X-Total", "10 in all")),
		get("the other branch is left out", 200, lines{"X-None": "", "X-No-Total": ""}),
	})
	config.Disabled = true
	rawtest.Run(t, rawtest.Start(t, wso2.New(config)), []rawtest.Case{get("without CORS", 200, lines{allowOrigin: "https://admin.example.com", "X-Always": ""})})
}

func TestMediatorsThatAreNotKnown(t *testing.T) {
	for text, want := range map[string]string{
		`<property name="A" scope="transport"/>`:                                      `<property name="A" source=""> is not known`,
		`<property name="A" value="a"/>`:                                              `<property name="A" source=""> is not known`,
		`<property name="A" value="a" scope="transport" pattern="b"/>`:                `<property> with pattern is not known`,
		`<property name="A" expression="$ctx:a" scope="transport"/>`:                  `<property name="A" source=""> is not known`,
		`<filter source="$ctx:a" regex="true"><then/></filter>`:                       `<filter name="" source="$ctx:a"> is not known`,
		`<filter source="boolean($trp:A)" regex="true"/>`:                             `<filter name=""`,
		`<filter source="boolean($trp:A)" regex="true"><then><send/></then></filter>`: `<send name=""`,
		`<property name="A" scope="transport" action="remove"/></sequence><sequence>`: "before its text does",
		`<property name="A" scope="transport" action="remove">`:                       "XML syntax error",
	} {
		rawtest.Mentions(t, wso2.Config{CORSSequence: text}.Validate(), "corsSequence: ", want)
	}
}

func TestEveryMistakeIsReported(t *testing.T) {
	config := wso2.Config{
		Release: "3", AllowOrigins: []string{"("}, AllowMethods: []string{"G T"}, BackendHeaders: map[string]string{"a b": ""}, ThrottleAfter: -1,
		Resources: []wso2.Resource{{Path: "x"}, {Path: "/", Verbs: []string{"G T"}}},
	}
	rawtest.Mentions(t, wso2.New(config).Start(t.Context()), `release: "3"`, `allow_origins: "("`, `"G T" is no name`, `"a b"`, "throttleAfter: -1", `"x" must begin`, `"G T" is no verb`)
	rawtest.Mentions(t, wso2.Config{Fixture: "goood"}.Validate(), `did you mean "good"?`)
}

func TestVersion(t *testing.T) {
	if got, err := wso2.Version(t.Context()); err != nil || !strings.Contains(got, "WSO2") {
		t.Errorf("version %q, %v", got, err)
	}
}
