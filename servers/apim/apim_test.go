package apim_test

import (
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/apim"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*apim.Server)(nil)

func TestTheGatewayIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, start(t, apim.Config{Fixture: "good"}), orders.Examples())
}

// exact are answers byte for byte, without their Date.
var exact = []struct{ name, fixture, request, want string }{
	{
		"a preflight that matches", "good",
		"OPTIONS /orders/1 HTTP/1.1\nOrigin: https://app.example.com\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: content-type",
		"HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Credentials: true\n" +
			"Access-Control-Allow-Methods: GET,PUT,POST,PATCH,DELETE\nAccess-Control-Allow-Headers: Content-Type,Authorization,Ocp-Apim-Subscription-Key,X-Request-ID\n" +
			"Access-Control-Max-Age: 600\nContent-Length: 0\n\n",
	},
	{
		"a preflight that does not", "good",
		"OPTIONS /orders/1 HTTP/1.1\nOrigin: https://evil.example.net\nAccess-Control-Request-Method: PUT",
		"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
	},
	{
		"an actual request that matches", "good", "GET /orders/1 HTTP/1.1\nOrigin: https://app.example.com",
		"HTTP/1.1 200 OK\nContent-Type: application/json; charset=utf-8\nX-Total: 10\nAccess-Control-Allow-Origin: https://app.example.com\n" +
			"Access-Control-Allow-Credentials: true\nAccess-Control-Expose-Headers: X-Total\nContent-Length: 25\n\n" + `{"id":"1","method":"GET"}`,
	},
	{
		"an actual request that does not", "good", "GET /orders/1 HTTP/1.1\nOrigin: https://evil.example.net",
		"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
	},
	{
		"a missing key", "subscription-required", "GET /orders/1 HTTP/1.1\nHost: contoso.azure-api.net\nOrigin: https://app.example.com",
		"HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n" +
			`WWW-Authenticate: AzureApiManagementKey realm="https://contoso.azure-api.net",name="Ocp-Apim-Subscription-Key",type="header"` + "\n" +
			"Access-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Credentials: true\nAccess-Control-Expose-Headers: X-Total\nContent-Length: 152\n\n" +
			`{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }`,
	},
	{
		"a wrong key", "subscription-required", "GET /orders/1?subscription-key=no HTTP/1.1\nHost: h",
		"HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n" +
			`WWW-Authenticate: AzureApiManagementKey realm="https://h",name="Ocp-Apim-Subscription-Key",type="header"` + "\nContent-Length: 143\n\n" +
			`{ "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }`,
	},
	{
		"no API", "header-versioning", "GET /orders/1 HTTP/1.1",
		"HTTP/1.1 404 Not Found\nContent-Type: application/json\nContent-Length: 54\n\n" + `{ "statusCode": 404, "message": "Resource not found" }`,
	},
	{
		"no token", "jwt-before-cors", "GET /orders/1 HTTP/1.1",
		"HTTP/1.1 401 Unauthorized\nContent-Type: application/json\nContent-Length: 52\n\n" + `{ "statusCode": 401, "message": "JWT not present." }`,
	},
	{
		"no backend", "backend-down", "GET /orders/1 HTTP/1.1",
		"HTTP/1.1 500 Internal Server Error\nContent-Type: application/json\nContent-Length: 57\n\n" + `{ "statusCode": 500, "message": "Internal server error" }`,
	},
}

func TestAnswersAreExact(t *testing.T) {
	for _, c := range exact {
		t.Run(c.name, func(t *testing.T) {
			if got := raw(t, start(t, apim.Config{Fixture: c.fixture}), c.request); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

var date = regexp.MustCompile(`(?m)^Date: .*\r\n`)

// raw sends a request's head and returns the answer without its Date, with plain line ends.
func raw(t *testing.T, url, head string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "%s\r\nConnection: close\r\n\r\n", strings.ReplaceAll(head, "\n", "\r\n"))
	all, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(date.ReplaceAllString(string(all), ""), "\r\n", "\n")
}

// corsOf is a policy document with a cors policy of those attributes and origins.
func corsOf(attrs string, origins ...string) apim.Policy {
	return apim.Policy("<policies><inbound><cors " + attrs + "><allowed-origins><origin>" + strings.Join(origins, "</origin><origin>") +
		"</origin></allowed-origins><allowed-headers><header>*</header></allowed-headers></cors><base/></inbound></policies>")
}

// getAlone is an API with one operation.
var getAlone = []apim.API{{Name: "orders", Operations: []apim.Operation{{Method: "GET", Template: "/orders/{id}"}}}}

func TestQuestionsAreSwitches(t *testing.T) {
	evilGet := rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, nil)
	answers := func(c rawtest.Case, status int, headers lines) rawtest.Case {
		c.Status, c.Headers = status, headers
		return c
	}
	reaches, ends := lines{"X-Total": "10", allowOrigin: ""}, lines{"X-Total": "", allowOrigin: ""}
	for _, c := range []struct {
		name   string
		config apim.Config
		cases  []rawtest.Case
	}{
		{"unmatched requests pass by default", apim.Config{Fixture: "good", UnmatchedPassesByDefault: true}, []rawtest.Case{answers(evilGet, 200, reaches)}},
		{"an attribute decides all the same", apim.Config{Policy: corsOf("terminate-unmatched-request='TRUE'", rawtest.App), UnmatchedPassesByDefault: true},
			[]rawtest.Case{answers(evilGet, 200, ends)}},
		{"only GET and HEAD end", apim.Config{Fixture: "good", OnlyGetAndHeadTerminate: true},
			[]rawtest.Case{answers(evilGet, 200, ends), answers(by(evilGet, "PUT"), 200, reaches)}},
		{"a later cors ends what the first has matched", apim.Config{Fixture: "two-cors-first-decides", EveryCORSCounts: true},
			[]rawtest.Case{with(get("actual of the portal", 200, ends), "Origin", portal)}},
		{"preflights ignore fragments", apim.Config{Fixture: "cors-in-fragment", PreflightsIgnoreFragments: true}, []rawtest.Case{preflight("preflight", 405, none)}},
		{"preflights ignore paths", apim.Config{Policy: corsOf("", "*"), APIs: getAlone, PreflightsIgnorePaths: true},
			[]rawtest.Case{at(with(preflight("preflight", 200, lines{allowOrigin: "*"}), "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", ""), "/other")}},
		{"but look for an operation by default", apim.Config{Policy: corsOf("", "*"), APIs: getAlone}, []rawtest.Case{at(preflight("preflight", 404, none), "/other")}},
		{"a path of nobody's without cors", apim.Config{APIs: getAlone, PreflightsIgnorePaths: true}, []rawtest.Case{at(preflight("preflight", 404, none), "/other")}},
		{"an age of zero is sent", apim.Config{Fixture: "no-max-age", SendsMaxAgeZero: true}, []rawtest.Case{preflight("preflight", 200, lines{maxAge: "0"})}},
		{"nobody's preflight is not found", apim.Config{Fixture: "no-policy", UnknownMethodStatus: 404}, []rawtest.Case{preflight("preflight", 404, none)}},
	} {
		t.Run(c.name, func(t *testing.T) { rawtest.Run(t, start(t, c.config), c.cases) })
	}
}

func TestTheBackendsHeadersGiveWay(t *testing.T) {
	backend := start(t, apim.Config{Policy: corsOf("allow-credentials='true'", "*")})
	rawtest.Run(t, start(t, apim.Config{Fixture: "good", Upstream: backend}), []rawtest.Case{get("one line each", 200, actual)})
	rawtest.Run(t, start(t, apim.Config{Upstream: backend + "/"}), []rawtest.Case{get("without cors they pass", 200, lines{allowOrigin: rawtest.App})})
	rawtest.Run(t, start(t, apim.Config{Fixture: "terminate-false", Upstream: backend}), []rawtest.Case{
		rawtest.Actual("where cors does not match they pass, too", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil}),
	})
}

func TestOriginsAreComparedByTheirParts(t *testing.T) {
	url := start(t, apim.Config{Policy: corsOf("", "http://Localhost:3000/", "https://app.example.com:443", "null")})
	rawtest.Run(t, url, []rawtest.Case{
		get("a default port", 200, lines{allowOrigin: rawtest.App, allowCredentials: ""}),
		with(get("a trailing slash and another case", 200, lines{allowOrigin: "http://localhost:3000"}), "Origin", "http://localhost:3000"),
		with(get("null", 200, lines{allowOrigin: "null"}), "Origin", "null"),
		with(get("another port", 200, lines{allowOrigin: "", "X-Total": ""}), "Origin", "http://localhost:3001"),
		with(get("another scheme", 200, lines{allowOrigin: "", "X-Total": ""}), "Origin", "http://app.example.com"),
		with(get("no origin at all", 200, lines{allowOrigin: "", "X-Total": ""}), "Origin", "app.example.com"),
	})
	rawtest.Run(t, start(t, apim.Config{Policy: corsOf("", "*")}), []rawtest.Case{
		with(preflight("any header, once each", 200, lines{allowOrigin: "*", allowMethods: "GET,POST", allowHeaders: "X-B,x-a"}),
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "X-B, x-a ,x-b"),
		get("actual", 200, lines{allowOrigin: "*", allowCredentials: ""}),
	})
}

func TestVersion(t *testing.T) {
	if got, err := apim.Version(t.Context()); err != nil || !strings.Contains(got, "emulates Azure API Management") {
		t.Errorf("version %q, %v", got, err)
	}
}

func start(t *testing.T, config apim.Config) string {
	t.Helper()
	return rawtest.Start(t, apim.New(config))
}
