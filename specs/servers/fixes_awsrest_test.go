package servers

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/awsrest"
)

var _ = Describe("The remedy for API Gateway's REST APIs", Ordered, Label("awsrest", "fixes"), func() {
	setups := []string{"no-options", "console-only", "function-errors-lack", "unmapped-401", "specific-type-wins", "authorizer-on-options",
		"key-on-options", "wildcard-credentials", "several-origins", "binary-media-types", "throttled", "function-throws", "mapped-200-only"}
	key := fetch.Header{Name: "X-Api-Key", Value: "k"}
	putWithKey := probe.Request{Method: "PUT", Headers: fetch.HeaderList{key}}
	policy := shopPolicy
	policy.Headers = append([]string{"x-api-key"}, policy.Headers...)

	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		r, err := remedy.For("awsrest", "", policy)
		Expect(err).NotTo(HaveOccurred())
		Expect(r.Parts).To(HaveLen(4))
		function := startFunction(r.Parts[2].Text)
		servers = startGateways(ctx, "API Gateway", setups,
			func(setup string) target.Server { return awsrest.New(awsrest.Config{Fixture: setup}) },
			func(setup string) target.Server {
				config, err := awsrest.Fixture(setup)
				Expect(err).NotTo(HaveOccurred())
				putOptions(&config, r.Parts[0].Text)
				putResponses(&config, r.Parts[1].Text)
				if config.Mapped { // the orders API stays behind it: a mapping takes off what a function sends
					putIntegrationResponses(&config, r.Parts[3].Text)
					return awsrest.New(config)
				}
				config.FunctionHeaders, config.FunctionErrorsLack, config.Upstream = nil, false, function
				return awsrest.New(config)
			})
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page, path string, r probe.Request, broken types.GomegaMatcher) {
			Expect(servers.ask(ctx, page, setup, path, r)).To(broken)
			Expect(servers.ask(ctx, app, mendedName(setup), path, r)).To(SatisfyAll(match.BeReadable(), varyOrigin()))
			needs := map[string]fetch.HeaderList{"unmapped-401": withToken.Headers, "specific-type-wins": withToken.Headers,
				"authorizer-on-options": withToken.Headers, "key-on-options": {key}}
			servers.expectMended(ctx, mendedName(setup), needs[setup]...)
		},
		Entry("has no OPTIONS", "no-options", app, "/orders/1", putJSON, match.BeBlockedBy("PreflightInvalidStatus")),
		Entry("has CORS by the console only", "console-only", app, "/orders/1", putJSON, noOrigin),
		Entry("forgets it on the function's errors", "function-errors-lack", app, "/status/500", get, noOrigin),
		Entry("has none on the gateway's 401", "unmapped-401", app, "/orders/1", get, noOrigin),
		Entry("has a response set apart", "specific-type-wins", app, "/orders/1", get, noOrigin),
		Entry("has the authorizer on OPTIONS", "authorizer-on-options", app, "/orders/1", withToken, match.BeBlockedBy("PreflightInvalidStatus")),
		Entry("wants a key with OPTIONS", "key-on-options", app, "/orders/1", putWithKey, match.BeBlockedBy("PreflightInvalidStatus")),
		Entry("has '*' for cookies", "wildcard-credentials", app, "/orders/1", getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("forgets the second origin", "several-origins", app, "/orders/1", putJSON, match.BeBlockedBy("AllowOriginMismatch")),
		Entry("takes OPTIONS for binary", "binary-media-types", app, "/orders/1", putJSON, match.BeBlockedBy("PreflightInvalidStatus")),
	)

	It("makes every status readable that an integration without a proxy maps, to the first origin's pages", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, "mapped-200-only", "/orders/1", get)).To(match.BeReadable())
		Expect(servers.ask(ctx, app, "mapped-200-only", "/nothing", get)).To(SatisfyAll(noOrigin, match.HaveReplayed(404)))
		mended := mendedName("mapped-200-only")
		for path, status := range map[string]int{"/orders/1": 200, "/nothing": 404, "/status/401": 401, "/status/403": 403, "/status/429": 429, "/status/500": 500} {
			Expect(servers.ask(ctx, app, mended, path, getCookies)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(status), varyOrigin()))
			for _, page := range []string{admin, stranger, "null"} {
				Expect(servers.ask(ctx, page, mended, path, getCookies)).To(match.BeBlockedBy("AllowOriginMismatch"))
			}
		}
		Expect(servers.ask(ctx, app, mended, "/orders/1", putCookies)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200), varyOrigin()))
		Expect(servers.ask(ctx, app, mended, "/orders/1", probe.Request{Method: "DELETE"})).To(match.BeBlockedBy("MethodDisallowedByPreflightResponse"))
		Expect(servers.ask(ctx, stranger, mended, "/orders/1", putCookies)).To(match.BeBlocked())
	})
	It("makes a throttled answer readable", func(ctx SpecContext) {
		for _, setup := range []string{"throttled", mendedName("throttled")} {
			Expect(servers.ask(ctx, app, setup, "/orders/1", get)).To(match.HaveStatus(200))
		}
		Expect(servers.ask(ctx, app, "throttled", "/orders/1", get)).To(SatisfyAll(noOrigin, match.HaveReplayed(429)))
		Expect(servers.ask(ctx, app, mendedName("throttled"), "/orders/1", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(429)))
		Expect(servers.ask(ctx, stranger, mendedName("throttled"), "/orders/1", get)).To(match.BeBlockedBy("AllowOriginMismatch"))
	})
	It("makes a function's failure readable, to the first origin's pages", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, "function-throws", "/orders/1", get)).To(SatisfyAll(noOrigin, match.HaveReplayed(502)))
		Expect(servers.ask(ctx, app, mendedName("function-throws"), "/orders/1", getCookies)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(502)))
		Expect(servers.ask(ctx, admin, mendedName("function-throws"), "/orders/1", getCookies)).To(match.BeBlockedBy("AllowOriginMismatch"))
	})
})

// apiMethod is a method of an OpenAPI document with API Gateway's extensions, as far as the emulator knows it.
type apiMethod struct {
	Security    []any
	Responses   map[string]struct{ Headers map[string]any }
	Integration struct {
		Type            string
		ContentHandling string `yaml:"contentHandling"`
		Responses       map[string]struct {
			StatusCode string            `yaml:"statusCode"`
			Parameters map[string]string `yaml:"responseParameters"`
			Templates  map[string]string `yaml:"responseTemplates"`
		}
	} `yaml:"x-amazon-apigateway-integration"`
}

// compared finds the origins that a mock's template compares the request's with.
var compared = regexp.MustCompile(`\$origin == ("http[^"]*")`)

// putOptions gives an API the OPTIONS method of an OpenAPI document.
func putOptions(c *awsrest.Config, text string) {
	GinkgoHelper()
	method := readYAML[map[string]apiMethod](text)["options"]
	Expect(method.Integration.Type).To(Equal("mock"))
	answer := method.Integration.Responses["default"]
	declared, mapped := method.Responses[answer.StatusCode].Headers, map[string]string{}
	for parameter, value := range answer.Parameters {
		name, ok := strings.CutPrefix(parameter, "method.response.header.")
		Expect(ok).To(BeTrue(), parameter)
		Expect(declared).To(HaveKey(name), "a header that the method's response does not declare is lost")
		mapped[name] = constant(value)
	}
	Expect(mapped).To(HaveKeyWithValue("Vary", "Origin"))
	Expect(declared).To(HaveLen(len(mapped)))

	m := &awsrest.Mock{ConvertToText: method.Integration.ContentHandling == "CONVERT_TO_TEXT", AllowOrigins: []string{mapped["Access-Control-Allow-Origin"]}}
	for _, found := range compared.FindAllStringSubmatch(answer.Templates["application/json"], -1) {
		var origin string
		Expect(json.Unmarshal([]byte(found[1]), &origin)).To(Succeed())
		m.AllowOrigins = append(m.AllowOrigins, origin)
	}
	m.Status, _ = strconv.Atoi(answer.StatusCode)
	m.MaxAge, _ = strconv.Atoi(mapped["Access-Control-Max-Age"])
	m.AllowMethods = []string{mapped["Access-Control-Allow-Methods"]}
	m.AllowHeaders = []string{mapped["Access-Control-Allow-Headers"]}
	m.AllowCredentials = mapped["Access-Control-Allow-Credentials"] == "true"
	Expect(method.Security).To(And(Not(BeNil()), BeEmpty()))
	c.Options, c.AuthorizeOptions, c.KeyOnOptions = m, false, false
}

// putIntegrationResponses gives the integrations of an API the responses of an OpenAPI document.
func putIntegrationResponses(c *awsrest.Config, text string) {
	GinkgoHelper()
	method := readYAML[apiMethod](text)
	c.IntegrationResponses = map[string]awsrest.IntegrationResponse{}
	for pattern, response := range method.Integration.Responses {
		status, err := strconv.Atoi(response.StatusCode)
		Expect(err).NotTo(HaveOccurred())
		mapped := map[string]string{}
		for parameter, value := range response.Parameters {
			name, ok := strings.CutPrefix(parameter, "method.response.header.")
			Expect(ok).To(BeTrue(), parameter)
			Expect(method.Responses[response.StatusCode].Headers).To(HaveKey(name), "a header that the method's response does not declare is lost")
			mapped[name] = value
		}
		c.IntegrationResponses[pattern] = awsrest.IntegrationResponse{Status: status, Headers: mapped}
	}
}

// constant takes the quotes off a mapped value.
func constant(value string) string {
	GinkgoHelper()
	Expect(value).To(And(HavePrefix("'"), HaveSuffix("'")))
	return strings.Trim(value, "'")
}

// putResponses gives an API the gateway responses of an OpenAPI document and, as the note says, those that are set apart the same headers.
func putResponses(c *awsrest.Config, text string) {
	GinkgoHelper()
	document := readYAML[struct {
		Responses map[string]struct {
			Parameters map[string]string `yaml:"responseParameters"`
		} `yaml:"x-amazon-apigateway-gateway-responses"`
	}](text)
	apart := c.GatewayResponses
	c.GatewayResponses = map[string]map[string]string{}
	for kind, response := range document.Responses {
		c.GatewayResponses[kind] = map[string]string{}
		for parameter, value := range response.Parameters {
			name, ok := strings.CutPrefix(parameter, "gatewayresponse.header.")
			Expect(ok).To(BeTrue(), parameter)
			c.GatewayResponses[kind][name] = value
		}
	}
	for kind := range apart {
		if _, ok := c.GatewayResponses[kind]; !ok {
			c.GatewayResponses[kind] = c.GatewayResponses["DEFAULT_4XX"]
		}
	}
}

// functionRunner calls a function as a REST API's proxy integration does. REMEDY is the remedy's text.
const functionRunner = `
import { createServer } from "node:http";
REMEDY
const handler = withCORS(async (event) => {
  const status = /^\/status\/(\d+)$/.exec(event.path);
  const headers = { "Content-Type": "application/json", "X-Total": "10", "Access-Control-Allow-Origin": "https://of-old.example.com" };
  return { statusCode: status ? Number(status[1]) : 200, headers, body: "{}" };
});
createServer(async (request, response) => {
  const answer = await handler({ httpMethod: request.method, path: request.url, headers: request.headers }, {});
  response.writeHead(answer.statusCode, answer.headers).end(answer.body);
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
`

// startFunction runs a function with the remedy's text around its handler in Node.js, and returns its URL.
func startFunction(text string) string {
	GinkgoHelper()
	node, err := exec.LookPath("node")
	if err != nil {
		Skip("Node.js is not installed")
	}
	command := exec.Command(node, "--input-type=module", "--eval", strings.Replace(functionRunner, "REMEDY", text, 1))
	command.Stderr = GinkgoWriter
	output, err := command.StdoutPipe()
	Expect(err).NotTo(HaveOccurred())
	Expect(command.Start()).To(Succeed())
	DeferCleanup(func() {
		Expect(command.Process.Kill()).To(Succeed())
		_ = command.Wait() // it was killed
	})
	port, err := bufio.NewReader(output).ReadString('\n')
	Expect(err).NotTo(HaveOccurred())
	return "http://127.0.0.1:" + strings.TrimSpace(port)
}
