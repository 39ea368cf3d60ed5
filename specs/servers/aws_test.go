package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/awshttp"
	"github.com/corsproof/corsproof/servers/awsrest"
)

var (
	noOrigin    = match.BeBlockedBy("MissingAllowOriginHeader")
	noPreflight = match.BeBlockedBy("PreflightMissingAllowOriginHeader")
)

var _ = Describe("Amazon API Gateway's REST APIs, emulated", Ordered, Label("awsrest"), func() {
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "API Gateway", awsrest.Fixtures(), func(setup string) target.Server {
			return awsrest.New(awsrest.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies, and the exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well answers preflights by a mock", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(200)),
		Entry("well lets the app read the function's 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well shows a stranger constants that are another's", "good", "/orders/1", stranger, get, match.BeBlockedBy("AllowOriginMismatch")),
		Entry("well stops a stranger's PUT at the preflight", "good", "/orders/1", stranger, putJSON, match.BeBlockedBy("PreflightAllowOriginMismatch"), match.HaveReceived(1, 0)),
		Entry("without OPTIONS fails the preflight with 403", "no-options", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(403), match.HaveReplayed(200)),
		Entry("in the console only passes the preflight and fails the answer", "console-only", "/orders/1", app, putJSON, noOrigin, match.HavePreflightStatus(200), match.HaveReceived(1, 1)),
		Entry("with a function that forgets errors hides its 500", "function-errors-lack", "/status/500", app, get, noOrigin, match.HaveReplayed(500)),
		Entry("with a function that forgets errors reads what succeeds", "function-errors-lack", "/orders/1", app, get, match.BeReadable()),
		Entry("without headers on gateway responses hides the 401", "unmapped-401", "/orders/1", app, get, noOrigin, match.HaveReplayed(401)),
		Entry("without headers on gateway responses works with a token", "unmapped-401", "/orders/1", app, withToken, match.BeReadable()),
		Entry("with headers on DEFAULT_4XX lets the app read the 401", "mapped-401", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(401)),
		Entry("with UNAUTHORIZED set apart hides the 401", "specific-type-wins", "/orders/1", app, get, noOrigin, match.HaveReplayed(401)),
		Entry("with the authorizer on OPTIONS fails the preflight with 401", "authorizer-on-options", "/orders/1", app, withToken,
			match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("with an API key on OPTIONS fails the preflight with 403", "key-on-options", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(403)),
		Entry("with a function that throws hides the 502", "function-throws", "/orders/1", app, get, noOrigin, match.HaveReplayed(502)),
		Entry("with '*' and credentials lets nobody read with cookies", "wildcard-credentials", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("with '*' lets everybody read without", "wildcard-credentials", "/orders/1", stranger, get, match.BeReadable()),
		Entry("to map a 200 alone hides a 404", "mapped-200-only", "/status/404", app, get, noOrigin, match.HaveReplayed(404)),
		Entry("to map a 200 alone reads what succeeds", "mapped-200-only", "/orders/1", app, get, match.BeReadable()),
		Entry("for several origins passes the preflight of the second and hides its answer", "several-origins", "/orders/1", app, putJSON,
			match.BeBlockedBy("AllowOriginMismatch"), match.HavePreflightStatus(200)),
		Entry("with binary media types fails the preflight with 500", "binary-media-types", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(500)),
	)

	It("throttles: the second answer is hidden behind a CORS error", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, "throttled", "/orders/1", get)).To(match.BeReadable())
		Expect(servers.ask(ctx, app, "throttled", "/orders/1", get)).To(SatisfyAll(noOrigin, match.HaveReplayed(429)))
	})

	It("keeps a stranger out in every set-up but that of '*'", func(ctx SpecContext) {
		for _, setup := range awsrest.Fixtures() {
			want := match.BeBlocked()
			if setup == "wildcard-credentials" {
				want = match.BeReadable()
			}
			Expect(servers.ask(ctx, stranger, setup, "/orders/1", get)).To(want, setup)
		}
	})
})

var _ = Describe("Amazon API Gateway's HTTP APIs, emulated", Ordered, Label("awshttp"), func() {
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "API Gateway", awshttp.Fixtures(), func(setup string) target.Server {
			return awshttp.New(awshttp.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies, and the exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well answers preflights itself", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(204)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well keeps strangers out: the backend answers, without headers", "good", "/orders/1", stranger, get, noOrigin, match.HaveReplayed(200)),
		Entry("well stops a stranger's PUT at a bare 204", "good", "/orders/1", stranger, putJSON, noPreflight, match.HavePreflightStatus(204), match.HaveReceived(1, 0)),
		Entry("without CORS answers 200 to curl, and nobody's script reads it", "no-cors", "/orders/1", app, get, noOrigin, match.HaveReplayed(200)),
		Entry("with an authorizer on $default fails the preflight with 401", "default-route-authorized", "/orders/1", app, withToken, noPreflight, match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("with an authorizer on $default lets the app read the 401 of a simple GET", "default-route-authorized", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(401)),
		Entry("with an authorizer on ANY fails the preflight with 401", "any-route-authorized", "/orders/1", app, withToken, noPreflight, match.HavePreflightStatus(401)),
		Entry("with an open OPTIONS route works with a token", "options-route-open", "/orders/1", app, withToken, match.BeReadable(), match.HaveStatus(200)),
		Entry("ignores what the backend sends", "backend-sends-its-own", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("with CORS by the backend alone reads a simple GET", "backend-alone", "/orders/1", app, get, match.BeReadable()),
		Entry("with CORS by the backend alone fails its preflight", "backend-alone", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(405)),
		Entry("without a method sends a bare 204, which looks like a missing origin", "method-missing", "/orders/1", app, putJSON, noPreflight, match.HavePreflightStatus(204)),
		Entry("without a header does, too", "header-missing", "/orders/1", app, traced, noPreflight, match.HavePreflightStatus(204)),
		Entry("for https://* lets a stranger read with the user's cookies", "https-wildcard", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("without credentials lets nobody read with cookies", "no-credentials", "/orders/1", app, getCookies, match.BeBlockedBy("InvalidAllowCredentials")),
	)

	It("throttles: where errors lack CORS headers the second answer is hidden", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, "throttled-lacks-cors", "/orders/1", get)).To(match.BeReadable())
		Expect(servers.ask(ctx, app, "throttled-lacks-cors", "/orders/1", get)).To(SatisfyAll(noOrigin, match.HaveReplayed(429)))
	})

	It("keeps a stranger out in every set-up but that of https://*", func(ctx SpecContext) {
		for _, setup := range awshttp.Fixtures() {
			want := match.BeBlocked()
			if setup == "https-wildcard" {
				want = match.BeReadable()
			}
			Expect(servers.ask(ctx, stranger, setup, "/orders/1", get)).To(want, setup)
		}
	})
})
