package servers

import (
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/varnish"
)

var varnishPatch = patch{
	own: regexp.MustCompile(`(?m)^(sub cors \{\n(\t.*\n)*\}|sub \w+ \{ (call cors|unset req\.http\.Origin); \}|\t(call cors;|unset beresp\.http\.Vary;|set resp\.http\.Vary .*|if \((resp\.status|req\.method) == .*\})|\tif \((be)?req\.http\.Origin.*\n(\t\t.*\n)*\t\}( else \{\n(\t\t.*\n)*\t\})?)\n`),
	at:  []place{{}},
}

var _ = Describe("The remedy for Varnish", Ordered, Label("varnish", "fixes"), func() {
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = startMended(ctx, varnishProxy, brokenOnes(varnish.Fixtures()), brokenOnes(varnish.Fixtures(), "pass")...)
	})

	// Requests ask for orders of their own, so that none finds another's in the cache.
	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page, path string, r probe.Request, broken types.GomegaMatcher) {
			servers.expectCured(ctx, setup, page, path, r, broken)
		},
		Entry("has no CORS", "pass", app, "/orders/2", putJSON, noPreflight),
		Entry("has none on synthetic answers", "synth-without-headers", app, "/status/429", get, noOrigin),
		Entry("looks OPTIONS up like GET", "options-as-get", app, "/orders/2", putJSON, match.BeBlockedBy("MethodDisallowedByPreflightResponse")),
		Entry("reflects any origin", "reflect-any", stranger, "/orders/2", putCookies, match.BeReadable()),
		Entry("strips Origin before the application", "strip-origin", app, "/orders/2", putJSON, noPreflight),
		Entry("keeps the caches behind it from knowing", "hash-origin", app, "/orders/2", get, Not(varyOrigin())),
	)

	DescribeTable("cures a set-up whose cache",
		func(ctx SpecContext, setup string) {
			servers.ask(ctx, stranger, setup, "/orders/3", get)
			Expect(servers.ask(ctx, app, setup, "/orders/3", get)).To(noOrigin)
			servers.ask(ctx, stranger, mendedName(setup), "/orders/3", get)
			for _, page := range []string{app, admin, app} {
				Expect(servers.ask(ctx, page, mendedName(setup), "/orders/3", get)).To(SatisfyAll(match.BeReadable(), varyOrigin()))
			}
			Expect(servers.ask(ctx, stranger, mendedName(setup), "/orders/3", get)).To(noOrigin)
			servers.expectMended(ctx, mendedName(setup))
		},
		Entry("is told nothing of Vary", "no-vary"),
		Entry("stores the header of who asked first", "stored-header"),
	)
})
