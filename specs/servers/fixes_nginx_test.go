package servers

import (
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
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

	It("cures its own refusal of a large body", func(ctx SpecContext) {
		large := probe.Request{Method: "POST", Body: &probe.Body{Text: strings.Repeat("x", 2000)}}
		small := func(template string) string {
			return strings.Replace(template, "  listen", "  client_max_body_size 1k;\n  listen", 1)
		}
		limited := start(ctx, "nginx", []string{"broken", "mended"}, func(setup string) target.Server {
			template := small(proxyFixture("nginx", "pass.conf"))
			if setup == "mended" {
				template = nginxPatch.mend(template, remedyFor("nginx", "missing-allow-origin-on-error"))
			}
			return nginx.New(nginx.Config{Template: template})
		})
		seen := limited.ask(ctx, app, "broken", "/orders/1", large)
		Expect(seen).To(noOrigin)
		found := limited.harness.Diagnose(ctx, seen)[0]
		Expect(found.Rule).To(Equal("missing-allow-origin-on-error"))
		_, err := remedy.ForCause("nginx", found.Cause, found.Need)
		Expect(err).NotTo(HaveOccurred())
		Expect(limited.ask(ctx, app, "mended", "/orders/1", large)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(413)))
	})
})
