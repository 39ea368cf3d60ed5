package servers

import (
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/apache"
)

var apachePatch = patch{
	own: regexp.MustCompile(`(?m)^(SetEnvIf Origin|Header .*(Access-Control-|Vary)|RewriteEngine|RewriteCond|RewriteRule).*\n`),
	at:  []place{{}},
}

var _ = Describe("The remedy for Apache httpd", Ordered, Label("apache", "fixes"), func() {
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = startMended(ctx, apacheProxy, brokenOnes(apache.Fixtures()), "double-headers", "strip-origin", "set-twice")
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page, path string, r probe.Request, broken types.GomegaMatcher) {
			servers.expectCured(ctx, setup, page, path, r, broken)
		},
		Entry("has no CORS", "pass", app, "/orders/1", putJSON, noPreflight),
		Entry("has none on httpd's errors", "no-always", app, "/status/429", get, noOrigin),
		Entry("doubles the application's", "double-headers", app, "/orders/1", get, match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("sets its header twice", "set-twice", app, "/orders/1", get, match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("sends (null)", "unset-variable", app, "/orders/1", get, match.BeBlockedBy("InvalidAllowOriginValue")),
		Entry("lets in who begins like the app", "unanchored-origin", lookalike, "/orders/1", getCookies, match.BeReadable()),
		Entry("reflects any origin", "reflect-any", stranger, "/orders/1", putCookies, match.BeReadable()),
		Entry("strips Origin before the application", "strip-origin", app, "/orders/1", putJSON, noPreflight),
		Entry("asks preflights for a password", "preflight-401", app, "/orders/1", putWithPassword, match.BeBlockedBy("PreflightInvalidStatus")),
		Entry("forgets the headers in OPTIONS", "manual-options-forgets-headers", app, "/orders/1", putJSON,
			match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
	)

	It("lets the app read httpd's own 401", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, mendedName("preflight-401"), "/orders/1", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(401), varyOrigin()))
	})
})
