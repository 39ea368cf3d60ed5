package awsrest_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/awsrest"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*awsrest.Server)(nil)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	errorType        = "x-amzn-ErrorType"
)

type lines = map[string]string

var (
	none  = lines{allowOrigin: "", allowCredentials: "", "Access-Control-Allow-Methods": "", "Access-Control-Allow-Headers": ""}
	whole = lines{allowOrigin: rawtest.App, allowCredentials: "true", "Access-Control-Max-Age": "600", "Vary": "Origin", "Content-Type": "application/json", "Content-Length": "0",
		"Access-Control-Allow-Methods": "GET,PUT,POST,PATCH,DELETE,OPTIONS", "Access-Control-Allow-Headers": "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Request-ID"}
	actual = lines{allowOrigin: rawtest.App, allowCredentials: "true"}
)

func preflight(name string, status int, want lines) rawtest.Case {
	return rawtest.Preflight(name, rawtest.App, orders.Order, status, want)
}

func get(name, path string, status int, want lines, headers ...string) rawtest.Case {
	c := rawtest.Actual(name, rawtest.App, path, status, want)
	for i := 0; i < len(headers); i += 2 {
		c.Send[headers[i]] = headers[i+1]
	}
	return c
}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		preflight("preflight", 200, whole),
		rawtest.Preflight("a stranger's preflight: the same constants", rawtest.Evil, orders.Order, 200, whole),
		{Name: "OPTIONS of nobody: the same constants", Method: "OPTIONS", Path: "/nothing", Status: 200, Headers: whole},
		get("actual", orders.Order, 200, lines{allowOrigin: rawtest.App, "Access-Control-Expose-Headers": "X-Total", "X-Total": "10"}),
		rawtest.Actual("a stranger's: the function's constant", rawtest.Evil, orders.Order, 200, actual),
		get("an error of the function", orders.Status+"500", 500, actual),
		{Name: "no such method", Method: "TRACE", Path: orders.Order, Status: 403, Headers: lines{allowOrigin: rawtest.App, errorType: "MissingAuthenticationTokenException"}},
	},
	"no-options":           {preflight("preflight", 403, lines{errorType: "MissingAuthenticationTokenException"}), get("actual", orders.Order, 200, actual)},
	"console-only":         {preflight("preflight", 200, lines{allowOrigin: "*", "Vary": "", allowCredentials: ""}), get("actual", orders.Order, 200, none)},
	"function-errors-lack": {get("actual", orders.Order, 200, actual), get("an error", orders.Status+"500", 500, none)},
	"unmapped-401": {
		preflight("preflight", 200, whole), get("without a token", orders.Order, 401, none),
		get("with another token", orders.Order, 403, none, "Authorization", "Bearer x"), get("with a token", orders.Order, 200, actual, "Authorization", "Bearer t"),
	},
	"mapped-401":            {get("without a token", orders.Order, 401, actual), get("with another token", orders.Order, 403, lines{allowOrigin: rawtest.App, errorType: "AccessDeniedException"}, "Authorization", "x")},
	"specific-type-wins":    {get("without a token", orders.Order, 401, lines{allowOrigin: "", "X-Reason": "token"}), get("with another token", orders.Order, 403, actual, "Authorization", "x")},
	"authorizer-on-options": {preflight("preflight", 401, lines{allowOrigin: rawtest.App, errorType: "UnauthorizedException"})},
	"key-on-options":        {preflight("preflight", 403, lines{errorType: "ForbiddenException"}), get("actual", orders.Order, 200, actual, "X-Api-Key", "k"), get("without a key", orders.Order, 403, actual)},
	"throttled":             {get("the first", orders.Order, 200, actual), get("the second", orders.Order, 429, none), preflight("preflight", 200, whole)},
	"function-throws":       {preflight("preflight", 200, whole), get("actual", orders.Order, 502, lines{allowOrigin: "", errorType: "InternalServerErrorException"})},
	"wildcard-credentials":  {preflight("preflight", 200, lines{allowOrigin: "*", allowCredentials: "true"}), get("actual", orders.Order, 200, lines{allowOrigin: "*", allowCredentials: "true"})},
	"mapped-200-only":       {get("actual", orders.Order, 200, lines{allowOrigin: rawtest.App, "X-Total": ""}), get("an error", orders.Status+"404", 404, none)},
	"several-origins": {
		preflight("preflight", 200, lines{allowOrigin: rawtest.App, "Vary": "Origin"}),
		rawtest.Preflight("a stranger's: the first", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "https://admin.example.com"}),
		get("actual", orders.Order, 200, lines{allowOrigin: "https://admin.example.com"}),
	},
	"binary-media-types": {preflight("preflight", 500, lines{errorType: "InternalServerErrorException"}), get("actual", orders.Order, 200, actual)},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range awsrest.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, rawtest.Start(t, awsrest.New(awsrest.Config{Fixture: name})), cases)
		})
	}
}

func TestTheAPIIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, rawtest.Start(t, awsrest.New(awsrest.Config{})), orders.Examples())
}

func TestSettingsReachTheAnswers(t *testing.T) {
	echo := awsrest.Config{
		Upstream: "http://127.0.0.1:1", Methods: []string{"GET"}, BinaryMediaTypes: []string{"*/*"},
		Options:          &awsrest.Mock{Status: 204, ConvertToText: true, ExposeHeaders: []string{"A", "B"}},
		GatewayResponses: map[string]map[string]string{"INTEGRATION_FAILURE": {allowOrigin: "method.request.header.Origin", "X-A": "'b'"}},
	}
	rawtest.Run(t, rawtest.Start(t, awsrest.New(echo)), []rawtest.Case{
		preflight("a mock of the CDK's", 204, lines{"Access-Control-Expose-Headers": "A,B", allowOrigin: ""}),
		get("an echoed origin", orders.Order, 504, lines{allowOrigin: rawtest.App, "X-A": "b"}),
		{Name: "an origin that is not there", Method: "GET", Path: "/", Status: 504, Headers: lines{allowOrigin: "", "X-A": "b"}},
		{Name: "a method that is not there", Method: "PUT", Path: "/", Status: 403, Headers: none},
	})
}

func TestIntegrationResponsesAreSelectedByStatus(t *testing.T) {
	mapped := awsrest.Config{Mapped: true, IntegrationResponses: map[string]awsrest.IntegrationResponse{
		"default": {Status: 200, Headers: map[string]string{allowOrigin: "'" + rawtest.App + "'"}},
		"4\\d{2}": {Status: 404, Headers: map[string]string{"X-Mapped": "'404'"}},
		"50":      {Status: 500},
	}}
	cases := []rawtest.Case{
		get("200", orders.Order, 200, lines{allowOrigin: rawtest.App, "X-Mapped": "", "X-Total": ""}),
		get("429 becomes 404", orders.Status+"429", 404, lines{allowOrigin: "", "X-Mapped": "404"}),
		get("500 is not all of 50, and becomes what the default says", orders.Status+"500", 200, lines{allowOrigin: rawtest.App}),
	}
	rawtest.Run(t, rawtest.Start(t, awsrest.New(mapped)), cases)
	delete(mapped.IntegrationResponses, "default")
	rawtest.Run(t, rawtest.Start(t, awsrest.New(mapped)), []rawtest.Case{get("nothing fits", orders.Order, 500, lines{errorType: "InternalServerErrorException"})})
}

func TestEveryMistakeIsReported(t *testing.T) {
	config := awsrest.Config{
		Methods: []string{"G T"}, Options: &awsrest.Mock{Status: 99}, ThrottleAfter: -1,
		GatewayResponses:     map[string]map[string]string{"DEFAULT_4XXX": {allowOrigin: "*"}},
		IntegrationResponses: map[string]awsrest.IntegrationResponse{"(": {Status: 200}, "2..": {Status: 20, Headers: map[string]string{"A": "b"}}},
		MappedHeaders:        map[string]string{"a b": "'x'"}, FunctionHeaders: map[string]string{"a": "b\r\nc"},
	}
	err := awsrest.New(config).Start(t.Context())
	rawtest.Mentions(t, err, `"G T" is no method`, "status 99", "throttleAfter: -1", `did you mean "DEFAULT_4XX"?`, "constant in single quotes", `"a b"`, "integrationResponses: (", "its status 20 ", `integrationResponses: 2..: A: "b"`, `functionHeaders: "a"`)
	rawtest.Mentions(t, awsrest.Config{Fixture: "goood"}.Validate(), `did you mean "good"?`)
}

func TestVersion(t *testing.T) {
	if got, err := awsrest.Version(t.Context()); err != nil || !strings.Contains(got, "REST APIs") {
		t.Errorf("version %q, %v", got, err)
	}
}
