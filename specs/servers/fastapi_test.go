package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/fastapi"
)

var _ = Describe("FastAPI with Starlette's CORSMiddleware", Ordered, Label("fastapi"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "FastAPI", fastapi.Fixtures(), func(setup string) target.Server {
			return fastapi.New(fastapi.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read an order, and its exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well lets the app change an order after a preflight", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(200)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well keeps strangers out: its answer has no Allow-Origin", "good", "/orders/1", stranger, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("well stops a stranger's PUT at the preflight, with 400", "good", "/orders/1", stranger, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(400), match.HaveReceived(1, 0)),

		Entry("without the middleware answers 200 to curl, and nobody's script reads it", "no-cors", "/orders/1", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("without the middleware has no route for a preflight", "no-cors", "/orders/1", stranger, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(405)),
		Entry("without allow_methods refuses a PUT by the preflight's status", "missing-method", "/orders/1", app, putJSON,
			match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(400), match.HaveReceived(1, 0)),
		Entry("without allow_methods lets the app read", "missing-method", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("without allow_methods keeps strangers out", "missing-method", "/orders/1", stranger, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
		Entry("without a header in its list refuses it by the preflight's status", "missing-header", "/orders/1", app, traced,
			match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(400), match.HaveReplayed(200)),
		Entry("without a header in its list takes Content-Type all the same", "missing-header", "/orders/1", app, putJSON, match.BeReadable()),
		Entry("without a header in its list keeps strangers out", "missing-header", "/orders/1", stranger, traced,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
		Entry("with '*' lets everybody read without credentials", "wildcard", "/orders/1", stranger, get, match.BeReadable()),
		Entry("with '*' lets nobody read with cookies", "wildcard", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("with '*' and credentials lets the app read with cookies", "wildcard-credentials", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("with '*' and credentials lets a stranger read with the user's cookies", "wildcard-credentials", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("with '*' and credentials lets a stranger write, too", "wildcard-credentials", "/orders/1", stranger, putJSON, match.BeReadable()),
		Entry("with '*' and credentials lets an opaque origin read, too", "wildcard-credentials", "/orders/1", "null", getCookies, match.BeReadable()),
		Entry("with a slash behind the origin equals nobody's origin", "origin-trailing-slash", "/orders/1", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("with a slash behind the origin fails the preflight with 400", "origin-trailing-slash", "/orders/1", app, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(400)),
		Entry("with a slash behind the origin keeps strangers out", "origin-trailing-slash", "/orders/1", stranger, get,
			match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("with too wide a regular expression lets the app read", "origin-regex-too-wide", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("with too wide a regular expression lets a stranger read with the user's cookies", "origin-regex-too-wide", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("with authentication added later fails the preflight with 401", "preflight-401", "/orders/1", app, withToken,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("with authentication added later hides its 401 behind a CORS error", "preflight-401", "/orders/1", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(401)),
		Entry("with authentication added later keeps strangers out", "preflight-401", "/orders/1", stranger, withToken,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401)),
		Entry("to crash hides the 500 behind a CORS error", "crash-without-headers", "/status/500", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(500)),
		Entry("to crash lets the app read what it answers itself", "crash-without-headers", "/status/429", app, get, match.BeReadable(), match.HaveStatus(429)),
		Entry("to crash keeps strangers out", "crash-without-headers", "/status/429", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
	)

	It("keeps a session by a cookie, from login to /me", func(ctx SpecContext) {
		login := probe.Request{Method: "POST", URL: servers.harness.API("good").URL("/login"), Credentials: "include"}
		me := probe.Request{URL: servers.harness.API("good").URL("/me"), Credentials: "include"}
		seen := servers.harness.From(app).Session(ctx, probe.Step{Request: me}, probe.Step{Request: login}, probe.Step{Request: me})
		Expect(seen[0]).To(match.HaveStatus(401))
		Expect(seen[2]).To(SatisfyAll(match.HaveStatus(200), match.HaveSentCookie("sid")))
	})
})
