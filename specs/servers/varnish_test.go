package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/varnish"
)

var _ = Describe("Varnish", Ordered, Label("varnish"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		withCORS := withGoodCORS(ctx)
		servers = start(ctx, "Varnish", varnish.Fixtures(), func(setup string) target.Server {
			return varnish.New(varnish.Config{Fixture: setup, Upstream: withCORS})
		})
	})

	// Every spec asks for an order of its own, so that none finds another's in the cache.
	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies, and the exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well answers preflights itself", "good", "/orders/2", app, putJSON, match.BeReadable(), match.HavePreflightStatus(204)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well keeps strangers out", "good", "/orders/3", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to pass everything leaves preflights to the API", "pass", "/orders/4", app, putJSON, match.BeReadable()),

		Entry("to strip Origin makes the API allow nobody", "strip-origin", "/orders/5", app, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to strip Origin keeps strangers out", "strip-origin", "/orders/6", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to reflect any origin lets the app read", "reflect-any", "/orders/7", app, putJSON, match.BeReadable()),
		Entry("to reflect any origin lets a stranger read with the user's cookies", "reflect-any", "/orders/8", stranger, getCookies, match.BeReadable()),
		Entry("with headers in vcl_deliver lets the app read", "synth-without-headers", "/orders/9", app, get, match.BeReadable()),
		Entry("with headers in vcl_deliver hides a synthetic 429 behind a CORS error", "synth-without-headers", "/status/429", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(429)),
		Entry("with headers in vcl_deliver keeps strangers out", "synth-without-headers", "/orders/10", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to look OPTIONS up like GET answers a preflight without methods", "options-as-get", "/orders/11", app, putJSON,
			match.BeBlockedBy("MethodDisallowedByPreflightResponse")),
		Entry("to look OPTIONS up like GET lets a simple GET through", "options-as-get", "/orders/12", app, get, match.BeReadable()),
		Entry("to look OPTIONS up like GET keeps strangers out", "options-as-get", "/orders/13", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
	)

	DescribeTable("asked by one page after another, set up",
		func(ctx SpecContext, setup, path, before, from string, want ...types.GomegaMatcher) {
			servers.ask(ctx, before, setup, path, get)
			Expect(servers.ask(ctx, from, setup, path, get)).To(SatisfyAll(want...))
		},
		Entry("well keeps the answers of a stranger and the app apart", "good", "/orders/21", stranger, app, match.BeReadable()),
		Entry("well keeps a stranger out of what the app has read", "good", "/orders/22", app, stranger, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to pass everything heeds the API's Vary", "pass", "/orders/23", stranger, app, match.BeReadable()),
		Entry("to pass everything keeps a stranger out of what the app has read", "pass", "/orders/24", app, stranger, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("without Vary denies the app what a stranger asked for first", "no-vary", "/orders/25", stranger, app, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("without Vary gives a stranger the app's header, which the browser refuses", "no-vary", "/orders/26", app, stranger, match.BeBlockedBy("AllowOriginMismatch")),
		Entry("without Vary gives the second app that is allowed the first one's header", "no-vary", "/orders/27", app, admin, match.BeBlockedBy("AllowOriginMismatch")),
		Entry("by origin cures an API without Vary for the app", "hash-origin", "/orders/28", stranger, app, match.BeReadable()),
		Entry("by origin cures an API without Vary for a second app", "hash-origin", "/orders/29", app, admin, match.BeReadable()),
		Entry("by origin keeps strangers out", "hash-origin", "/orders/30", app, stranger, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("with a stored header lets the app read when it asked first", "stored-header", "/orders/31", app, app, match.BeReadable()),
		Entry("with a stored header denies the app what a stranger asked for first", "stored-header", "/orders/32", stranger, app, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("with a stored header gives a stranger the app's header, which the browser refuses", "stored-header", "/orders/33", app, stranger, match.BeBlockedBy("AllowOriginMismatch")),
	)
})
