package servers

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/envoy"
)

var _ = Describe("Envoy", Ordered, Label("envoy"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		withCORS := withGoodCORS(ctx)
		servers = start(ctx, "Envoy", envoy.Fixtures(), func(setup string) target.Server {
			config := envoy.Config{Fixture: setup}
			if slices.Contains([]string{"good", "pass", "double-headers", "strip-origin"}, setup) {
				config.Upstream = withCORS
			}
			return envoy.New(config)
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies, and the exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well answers preflights itself", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(200)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well keeps strangers out", "good", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("well stops a stranger's PUT at the preflight, with 200", "good", "/orders/1", stranger, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(200)),

		Entry("to pass everything leaves CORS to the API", "pass", "/orders/1", app, putJSON, match.BeReadable()),
		Entry("to pass everything leaves a stranger to the API, too", "pass", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("without Vary lets the app read all the same", "no-vary", "/orders/1", app, get, match.BeReadable()),
		Entry("by default sends a stranger's preflight on to the API", "no-vary", "/orders/1", stranger, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(405)),

		Entry("without the filter has a policy that does nothing", "filter-missing", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("without the filter keeps strangers out", "filter-missing", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with '*' and credentials lets the app read with cookies", "wildcard-credentials", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("with '*' and credentials reflects a stranger, who reads with the user's cookies", "wildcard-credentials", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("with '*' and credentials reflects an opaque origin, too", "wildcard-credentials", "/orders/1", "null", getCookies, match.BeReadable()),

		Entry("with a prefix lets the app read", "prefix-origin", "/orders/1", app, get, match.BeReadable()),
		Entry("with a prefix lets who begins like the app read with the user's cookies", "prefix-origin", "/orders/1", lookalike, getCookies, match.BeReadable()),
		Entry("with a prefix keeps other strangers out", "prefix-origin", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with authentication before cors fails the preflight with 401", "preflight-401", "/orders/1", app, withPassword, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("with authentication before cors hides a 401", "preflight-401", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(401)),
		Entry("with authentication before cors keeps strangers out", "preflight-401", "/orders/1", stranger, withPassword, match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
		Entry("with authentication behind cors lets the app read", "auth-after-cors", "/orders/1", app, withPassword, match.BeReadable(), match.HaveStatus(200)),
		Entry("with authentication behind cors lets the app read a 401", "auth-after-cors", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(401)),
		Entry("with authentication behind cors keeps strangers out", "auth-after-cors", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with a policy at one route lets the app read there", "one-route", "/orders/1", app, putJSON, match.BeReadable()),
		Entry("with a policy at one route lets nobody read elsewhere", "one-route", "/healthz", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("with a policy at one route keeps strangers out", "one-route", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with a direct response hides its 429 behind a CORS error", "direct-response", "/status/429", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(429)),
		Entry("with a direct response reads the API's own answers", "direct-response", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("with a direct response keeps strangers out", "direct-response", "/status/429", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("to add its header to the API's sends two", "double-headers", "/orders/1", app, get, match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("to add its header to the API's lets in whom the API denied", "double-headers", "/orders/1", stranger, get, match.BeReadable()),

		Entry("to strip Origin makes the API allow nobody", "strip-origin", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to strip Origin keeps strangers out", "strip-origin", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("without a header in its list answers 200, and the browser stops", "missing-header", "/orders/1", app, traced, match.BeBlockedBy("HeaderDisallowedByPreflightResponse"), match.HavePreflightStatus(200)),
		Entry("without a header in its list lets a simple GET through", "missing-header", "/orders/1", app, get, match.BeReadable()),
		Entry("without a header in its list keeps strangers out", "missing-header", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
	)
})
