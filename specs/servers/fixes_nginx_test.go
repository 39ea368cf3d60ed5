package servers

import (
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/nginx"
)

var nginxPatch = patch{
	own: regexp.MustCompile(`(?m)^ *(map [^;{]*\{[^}]*\}|if \(\$request_method = OPTIONS\) \{[^}]*\}|(add_header|proxy_hide_header) (Access-Control-|Vary).*)\n`),
	at:  []place{{}, {line: regexp.MustCompile(`(?m)^ *location .*\{$`)}},
}

var _ = Describe("The remedy for nginx", Ordered, Label("nginx", "fixes"), func() {
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = startMended(ctx, nginxProxy, brokenOnes(nginx.Fixtures()), "double-headers", "strip-origin")
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page, path string, r probe.Request, broken types.GomegaMatcher) {
			servers.expectCured(ctx, setup, page, path, r, broken)
		},
		Entry("has no CORS", "pass", app, "/orders/1", putJSON, noPreflight),
		Entry("has none on errors", "no-always", app, "/status/500", get, noOrigin),
		Entry("doubles the application's", "double-headers", app, "/orders/1", get, match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("loses it in a location", "location-inheritance", app, "/orders/1", putJSON, noPreflight),
		Entry("reflects any origin", "reflect-any", stranger, "/orders/1", putCookies, match.BeReadable()),
		Entry("strips Origin before the application", "strip-origin", app, "/orders/1", putJSON, noPreflight),
	)
})
