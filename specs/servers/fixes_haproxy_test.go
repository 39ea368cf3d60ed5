package servers

import (
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/haproxy"
)

var haproxyPatch = patch{
	own: regexp.MustCompile(`(?m)^ *(http-request set-var\(txn\.origin\)|acl allowed|http-request return status 204|http-(after-)?response .*(Access-Control-|Vary)).*\n`),
	at:  []place{{line: regexp.MustCompile(`(?m)^ *bind .*$`)}},
}

var _ = Describe("The remedy for HAProxy", Ordered, Label("haproxy", "fixes"), func() {
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = startMended(ctx, haproxyProxy, brokenOnes(haproxy.Fixtures()), "double-headers", "strip-origin")
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page, path string, r probe.Request, broken types.GomegaMatcher) {
			servers.expectCured(ctx, setup, page, path, r, broken)
		},
		Entry("has no CORS", "pass", app, "/orders/1", putJSON, noPreflight),
		Entry("has none on HAProxy's errors", "no-after-response", app, "/status/429", get, noOrigin),
		Entry("doubles the application's", "double-headers", app, "/orders/1", get, match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("lets in who ends like the app", "suffix-origin", "https://evil-example.com", "/orders/1", getCookies, match.BeReadable()),
		Entry("reflects any origin", "reflect-any", stranger, "/orders/1", putCookies, match.BeReadable()),
		Entry("strips Origin before the application", "strip-origin", app, "/orders/1", putJSON, noPreflight),
		Entry("asks preflights for a token", "preflight-401", app, "/orders/1", withToken, match.BeBlockedBy("PreflightInvalidStatus")),
		Entry("forgets the headers in OPTIONS", "manual-options-forgets-headers", app, "/orders/1", putJSON,
			match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
	)

	It("keeps out who ends like the app", func(ctx SpecContext) {
		Expect(servers.ask(ctx, "https://evil-example.com", mendedName("suffix-origin"), "/orders/1", getCookies)).To(noOrigin)
	})
	It("lets the app read HAProxy's own 401", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, mendedName("preflight-401"), "/orders/1", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(401), varyOrigin()))
	})
})
