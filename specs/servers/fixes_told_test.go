package servers

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/apim"
	"github.com/corsproof/corsproof/servers/awshttp"
	"github.com/corsproof/corsproof/servers/awsrest"
	"github.com/corsproof/corsproof/servers/envoy"
	"github.com/corsproof/corsproof/servers/nginx"
	"github.com/corsproof/corsproof/servers/wso2"
)

// The other specs prove what cures. These set-ups need more than a list of origins, and so what is offered for them is looked at, too.
var _ = Describe("The configuration that is offered", Ordered, Label("fixes"), func() {
	of := map[string]func(setup string) target.Server{
		"envoy":   func(s string) target.Server { return envoy.New(envoy.Config{Fixture: s}) },
		"apim":    func(s string) target.Server { return apim.New(apim.Config{Fixture: s}) },
		"awsrest": func(s string) target.Server { return awsrest.New(awsrest.Config{Fixture: s}) },
		"awshttp": func(s string) target.Server { return awshttp.New(awshttp.Config{Fixture: s}) },
		"nginx":   func(s string) target.Server { return nginx.New(nginx.Config{Fixture: s}) },
		"wso2":    func(s string) target.Server { return wso2.New(wso2.Config{Fixture: s}) },
	}
	// offered is the configuration for the first cause of what the app's page sees in the end, where it asks so often, or nil.
	offered := func(ctx SpecContext, server, setup, path string, r probe.Request, times int, wanted ...string) *report.Config {
		servers := start(ctx, server, []string{setup}, of[server])
		var seen probe.Observation
		for range times {
			seen = servers.ask(ctx, app, setup, path, r)
		}
		seen = diagnose.Inquire(seen, func(list []probe.FollowUp) []probe.FollowUp { return servers.harness.FollowUp(ctx, list) })
		findings := report.Configured(diagnose.Find(seen, wanted...), func(string) report.Servers { return report.Servers{API: server} })
		Expect(findings).NotTo(BeEmpty())
		for _, f := range findings[1:] {
			Expect(f.Config).To(BeNil(), "it stands by the first cause")
		}
		return findings[0].Config
	}

	inHeader := probe.Request{Headers: fetch.HeaderList{{Name: "Api-Version", Value: "v2"}}}
	DescribeTable("says what cures",
		func(ctx SpecContext, server, setup, path string, r probe.Request, want string) {
			config := offered(ctx, server, setup, path, r, 1, "X-Total")
			Expect(config).NotTo(BeNil())
			text := config.Note
			for _, part := range config.Parts {
				text += "\n" + part.Text
			}
			Expect(text).To(ContainSubstring(want))
		},
		Entry("Envoy's own answers", Label("envoy"), "envoy", "direct-response", "/status/429", get, "function envoy_on_response(handle)"),
		Entry("preflights of Envoy's own answers", Label("envoy"), "envoy", "direct-response", "/status/429", putJSON, "function envoy_on_response(handle)"),
		Entry("an OPTIONS operation", Label("apim"), "apim", "explicit-options", "/orders/1", putJSON, "az apim api operation delete "),
		Entry("a missing operation", Label("apim"), "apim", "operation-missing", "/orders/1", putJSON, "az apim api operation create --resource-group GROUP --service-name SERVICE --api-id API --method 'PUT'"),
		Entry("a version in a header", Label("apim"), "apim", "header-versioning", "/orders/1", inHeader, "az apim api versionset update "),
		Entry("a mapping of 200 alone", Label("awsrest"), "awsrest", "mapped-200-only", "/nothing", get, `"404": {statusCode: "404", responseParameters: {method.response.header.Access-Control-Allow-Origin: "'https://app.example.com'"`),
		Entry("a backend that wins", Label("wso2"), "wso2", "backend-wins", "/orders/1", get, `<property name="Access-Control-Allow-Origin" scope="transport" action="remove"/>`),
		Entry("a missing verb", Label("wso2"), "wso2", "verb-missing", "/orders/1", putJSON, "\nput:\n"),
		Entry("a resource's own OPTIONS", Label("wso2"), "wso2", "own-options", "/orders/1", putJSON, "Delete OPTIONS from the API's resources"),
		Entry("a list of headers that gets lost", Label("wso2"), "wso2", "expose-lost", "/orders/1", get, `<property name="Access-Control-Expose-Headers" scope="transport" value="X-Total"/>`),
	)

	It("is none where nginx refuses a request before it looks for a location", Label("nginx"), func(ctx SpecContext) {
		big := probe.Request{Headers: fetch.HeaderList{{Name: "X-Request-ID", Value: strings.Repeat("x", 40_000)}}}
		Expect(offered(ctx, "nginx", "no-always", "/orders/1", big, 1)).To(BeNil())
	})

	It("is none where API Gateway's own refusals lack the headers, CORS or not", Label("awshttp"), func(ctx SpecContext) {
		Expect(offered(ctx, "awshttp", "throttled-lacks-cors", "/orders/1", get, 2)).To(BeNil())
	})
})
