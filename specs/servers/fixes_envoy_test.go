package servers

import (
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/servers/envoy"
)

var envoyPatch = patch{
	own: regexp.MustCompile(`(?m)^(- name: envoy\.filters\.http\.cors\n.*| *typed_per_filter_config:\n *envoy\.filters\.http\.cors:(\n *("@type"|\w+): .*)+?\n *max_age:.*| *response_headers_to_add:\n.*Access-Control-.*\n.*)\n`),
	at:  []place{{line: regexp.MustCompile(`(?m)^http_filters:$`)}, {line: regexp.MustCompile(`(?m)^    domains: .*$`), indent: 4}},
}

var _ = Describe("The remedy for Envoy", Ordered, Label("envoy", "fixes"), func() {
	// The set-ups have the hash of ada's password, which is x.
	putAsAda := probe.Request{Method: "PUT", Headers: fetch.HeaderList{{Name: "Authorization", Value: "Basic YWRhOng="}}}
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		setups := brokenOnes(envoy.Fixtures(), "auth-after-cors", "direct-response")
		servers = startMended(ctx, envoyProxy, setups, "double-headers", "strip-origin")
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page, path string, r probe.Request, broken types.GomegaMatcher) {
			servers.expectCured(ctx, setup, page, path, r, broken)
		},
		Entry("has no CORS", "pass", app, "/orders/1", putJSON, noPreflight),
		Entry("has a policy and no filter", "filter-missing", app, "/orders/1", putJSON, noPreflight),
		Entry("doubles the application's", "double-headers", app, "/orders/1", get, match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("lacks a header", "missing-header", app, "/orders/1", traced, match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
		Entry("says nothing to caches", "no-vary", app, "/orders/1", get, Not(varyOrigin())),
		Entry("has a policy at one route", "one-route", app, "/status/500", get, noOrigin),
		Entry("lets in who begins like the app", "prefix-origin", lookalike, "/orders/1", getCookies, match.BeReadable()),
		Entry("has '*' with credentials", "wildcard-credentials", stranger, "/orders/1", putCookies, match.BeReadable()),
		Entry("strips Origin before the application", "strip-origin", app, "/orders/1", putJSON, noPreflight),
		Entry("asks preflights for a password", "preflight-401", app, "/orders/1", putAsAda, noPreflight),
	)

	It("lets the app read Envoy's own 401", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, mendedName("preflight-401"), "/orders/1", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(401), varyOrigin()))
	})

	It("cures a set-up that answers by itself, by a filter of its own", func(ctx SpecContext) {
		by := startMendedBy(ctx, envoyProxy, remedyForCause("envoy", remedy.Cause{Rule: "missing-allow-origin-on-error", Own: true}), []string{"direct-response"})
		by.expectCured(ctx, "direct-response", app, "/status/429", get, noOrigin)
		for _, page := range []string{app, admin} {
			Expect(by.ask(ctx, page, mendedName("direct-response"), "/status/429", putCookies)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(429), match.HavePreflightStatus(200), varyOrigin()))
		}
		for _, page := range []string{stranger, lookalike, "null"} {
			Expect(by.ask(ctx, page, mendedName("direct-response"), "/status/429", get)).To(noOrigin)
			Expect(by.ask(ctx, page, mendedName("direct-response"), "/status/429", putCookies)).To(noPreflight)
		}
	})
})
