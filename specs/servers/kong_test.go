package servers

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/kong"
)

var _ = Describe("Kong with its cors plugin, emulated", Ordered, Label("kong"), func() {
	withAPIKey := probe.Request{Headers: fetch.HeaderList{{Name: "apikey", Value: "k"}}}
	const evilApp = "https://evilapp.example.com"

	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "Kong", kong.Fixtures(), func(setup string) target.Server {
			return kong.New(kong.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies, and the exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well answers preflights itself", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(200)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well keeps strangers out", "good", "/orders/1", stranger, get, noOrigin, match.HaveReplayed(200)),
		Entry("well stops a stranger's PUT at a 200 that has all but the origin", "good", "/orders/1", stranger, putJSON, noPreflight, match.HavePreflightStatus(200), match.HaveReceived(1, 0)),
		Entry("without the plugin answers 200 to curl, and nobody's script reads it", "no-plugin", "/orders/1", app, get, noOrigin, match.HaveReplayed(200)),
		Entry("as it comes lets everybody write without credentials", "defaults", "/orders/1", stranger, putJSON, match.BeReadable()),
		Entry("as it comes lets nobody read with cookies", "defaults", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("for one origin lets that read", "one-literal", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("for one origin shows it to a stranger, too", "one-literal", "/orders/1", stranger, get, match.BeBlockedBy("AllowOriginMismatch")),
		Entry("with an origin without a scheme lets nobody read", "origin-without-scheme", "/orders/1", app, get, match.BeBlockedBy("InvalidAllowOriginValue")),
		Entry("for any origin with credentials lets a stranger read with the user's cookies", "any-credentials", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("with a regular expression without a scheme lets a lookalike in", "regex-matches-too-much", "/orders/1", evilApp, getCookies, match.BeReadable()),
		Entry("with a regular expression that says it all lets the app read", "regex", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("with methods on the route fails the preflight with 404", "route-methods", "/orders/1", app, putJSON, noPreflight, match.HavePreflightStatus(404)),
		Entry("with methods on the route lets a simple GET through", "route-methods", "/orders/1", app, get, match.BeReadable()),
		Entry("with methods on the route and a global plugin fails the preflight by its status", "route-methods-global", "/orders/1", app, putJSON,
			match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(404)),
		Entry("to continue hands preflights to a service that knows none", "preflight-continue", "/orders/1", app, putJSON, noPreflight, match.HavePreflightStatus(405)),
		Entry("to continue into key-auth fails the preflight with 401", "preflight-continue-key-auth", "/orders/1", app, withAPIKey, noPreflight,
			match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("before key-auth lets the app read with a key", "key-auth", "/orders/1", app, withAPIKey, match.BeReadable(), match.HaveStatus(200)),
		Entry("before key-auth lets the app read the 401", "key-auth", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(401)),
		Entry("without a method leaves it to the browser to refuse", "method-missing", "/orders/1", app, putJSON, match.BeBlockedBy("MethodDisallowedByPreflightResponse")),
		Entry("without a header leaves it to the browser to refuse", "header-missing", "/orders/1", app, traced, match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
		Entry("without credentials lets nobody read with cookies", "no-credentials", "/orders/1", app, getCookies, match.BeBlockedBy("InvalidAllowCredentials")),
	)

	It("limits the rate: the second answer is a 429 that the app reads", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, "rate-limited", "/orders/1", get)).To(match.HaveStatus(200))
		Expect(servers.ask(ctx, app, "rate-limited", "/orders/1", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(429)))
	})

	It("keeps a stranger out in every set-up but those for any origin", func(ctx SpecContext) {
		for _, setup := range kong.Fixtures() {
			want := match.BeBlocked()
			if slices.Contains([]string{"defaults", "any-credentials"}, setup) {
				want = match.BeReadable()
			}
			Expect(servers.ask(ctx, stranger, setup, "/orders/1", get)).To(want, setup)
		}
	})
})
