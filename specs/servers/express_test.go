package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/express"
)

var _ = Describe("Express with cors", Ordered, Label("express"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "Express", express.Fixtures(), func(setup string) target.Server {
			return express.New(express.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read an order, and its exposed total", "good", "/orders/1", app, get, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well lets the app change an order after a preflight", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(204)),
		Entry("well lets the app send cookies", "good", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("well lets the app read a 429", "good", "/status/429", app, get, match.BeReadable(), match.HaveStatus(429)),
		Entry("well keeps strangers out: its answer has no Allow-Origin", "good", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("well stops a stranger's PUT at the preflight", "good", "/orders/1", stranger, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HaveReceived(1, 0)),

		Entry("without cors answers 200 to curl, and nobody's script reads it", "no-cors", "/orders/1", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("with '*' lets everybody read without credentials", "wildcard-credentials", "/orders/1", stranger, get, match.BeReadable()),
		Entry("with '*' and credentials lets nobody read with cookies", "wildcard-credentials", "/orders/1", app, getCookies,
			match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("with cors() behind the routes passes the preflight and fails the answer", "cors-after-routes", "/orders/1", app, putJSON,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HavePreflightStatus(204), match.HaveReceived(1, 1)),
		Entry("with errors in front of cors() hides a 429 behind a CORS error", "errors-without-headers", "/status/429", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(429)),
		Entry("with errors in front of cors() reads what succeeds", "errors-without-headers", "/orders/1", app, get, match.BeReadable()),
		Entry("with authentication in front of cors() fails the preflight with 401", "preflight-401", "/orders/1", app, withToken,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("with a slash behind the origin equals nobody's origin", "origin-trailing-slash", "/orders/1", app, get,
			match.BeBlockedBy("AllowOriginMismatch")),
		Entry("by hand forgets the headers in OPTIONS", "manual-options-forgets-headers", "/orders/1", app, putJSON,
			match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
		Entry("by hand lets a simple GET through", "manual-options-forgets-headers", "/orders/1", app, get, match.BeReadable()),
		Entry("to reflect any origin lets a stranger read with the user's cookies", "reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("to reflect any origin lets an opaque origin read, too", "reflect-any", "/orders/1", "null", getCookies, match.BeReadable()),
	)

	It("keeps a session by a cookie, from login to /me", func(ctx SpecContext) {
		login := probe.Request{Method: "POST", URL: servers.harness.API("good").URL("/login"), Credentials: "include"}
		me := probe.Request{URL: servers.harness.API("good").URL("/me"), Credentials: "include"}
		seen := servers.harness.From(app).Session(ctx, probe.Step{Request: me}, probe.Step{Request: login}, probe.Step{Request: me})
		Expect(seen[0]).To(match.HaveStatus(401))
		Expect(seen[2]).To(SatisfyAll(match.HaveStatus(200), match.HaveSentCookie("sid")))
	})
})
