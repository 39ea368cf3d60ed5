package servers

import (
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/caddy"
)

var caddyPatch = patch{
	own: regexp.MustCompile(`(?m)^\t*((@(allowed|cross|options) ).*|header .*[^{\n]|(header (@\w+ )?|handle @options )\{\n(.+\n)*?\t*\})\n`),
	at:  []place{{}, {line: regexp.MustCompile(`(?m)^\t*reverse_proxy \{\{.Upstream\}\}( \{)?$`), block: true}},
}

var _ = Describe("The remedy for Caddy", Ordered, Label("caddy", "fixes"), func() {
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = startMended(ctx, caddyProxy, brokenOnes(caddy.Fixtures()), "double-headers", "strip-origin")
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page, path string, r probe.Request, broken types.GomegaMatcher) {
			servers.expectCured(ctx, setup, page, path, r, broken)
		},
		Entry("has no CORS", "pass", app, "/orders/1", putJSON, noPreflight),
		Entry("loses it on Caddy's errors", "lost-on-error", app, "/status/429", get, noOrigin),
		Entry("doubles the application's", "double-headers", app, "/orders/1", get, match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("has a slash behind the origin", "origin-trailing-slash", app, "/orders/1", get, match.BeBlockedBy("AllowOriginMismatch")),
		Entry("has '*' for cookies", "wildcard-credentials", app, "/orders/1", getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("reflects any origin", "reflect-any", stranger, "/orders/1", putCookies, match.BeReadable()),
		Entry("strips Origin before the application", "strip-origin", app, "/orders/1", putJSON, noPreflight),
		Entry("asks preflights for a token", "preflight-401", app, "/orders/1", withToken, match.BeBlockedBy("PreflightInvalidStatus")),
		Entry("forgets the headers in OPTIONS", "manual-options-forgets-headers", app, "/orders/1", putJSON,
			match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
	)

	It("lets the app read Caddy's own 401", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, mendedName("preflight-401"), "/orders/1", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(401), varyOrigin()))
	})
})
