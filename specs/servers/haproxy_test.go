package servers

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/haproxy"
)

var _ = Describe("HAProxy", Ordered, Label("haproxy"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		withCORS := withGoodCORS(ctx)
		servers = start(ctx, "HAProxy", haproxy.Fixtures(), func(setup string) target.Server {
			config := haproxy.Config{Fixture: setup}
			if slices.Contains([]string{"good", "pass", "double-headers", "strip-origin"}, setup) {
				config.Upstream = withCORS
			}
			return haproxy.New(config)
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies, and the exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well answers preflights itself", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(204)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well keeps strangers out", "good", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("well stops a stranger's PUT at the preflight", "good", "/orders/1", stranger, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(204)),

		Entry("to pass everything leaves CORS to the API", "pass", "/orders/1", app, putJSON, match.BeReadable()),
		Entry("to pass everything leaves a stranger to the API, too", "pass", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with http-response reads what the API answers, even a 500", "no-after-response", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("with http-response hides HAProxy's own 429 behind a CORS error", "no-after-response", "/status/429", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(429)),
		Entry("with http-response keeps strangers out", "no-after-response", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("to add its header to the API's sends two", "double-headers", "/orders/1", app, get, match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("to add its header to the API's lets in whom the API denied", "double-headers", "/orders/1", stranger, get, match.BeReadable()),

		Entry("to reflect any origin lets the app read", "reflect-any", "/orders/1", app, putJSON, match.BeReadable()),
		Entry("to reflect any origin lets a stranger read with the user's cookies", "reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("to reflect any origin lets an opaque origin read, too", "reflect-any", "/orders/1", "null", getCookies, match.BeReadable()),

		Entry("to look at the end of an origin lets the app read", "suffix-origin", "/orders/1", app, get, match.BeReadable()),
		Entry("to look at the end of an origin lets who ends like the app read with the user's cookies", "suffix-origin", "/orders/1", "https://evil-example.com", getCookies, match.BeReadable()),
		Entry("to look at the end of an origin keeps other strangers out", "suffix-origin", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("to strip Origin makes the API allow nobody", "strip-origin", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to strip Origin keeps strangers out", "strip-origin", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("by hand forgets the headers in OPTIONS", "manual-options-forgets-headers", "/orders/1", app, putJSON, match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
		Entry("by hand lets a simple GET through", "manual-options-forgets-headers", "/orders/1", app, get, match.BeReadable()),
		Entry("by hand keeps strangers out", "manual-options-forgets-headers", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with authentication of preflights fails them with 401, headers and all", "preflight-401", "/orders/1", app, withToken, match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("with authentication of preflights lets the app read a 401 without one", "preflight-401", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(401)),
		Entry("with authentication of preflights keeps strangers out", "preflight-401", "/orders/1", stranger, withToken, match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
	)
})
