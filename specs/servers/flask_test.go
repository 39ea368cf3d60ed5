package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/flask"
)

var _ = Describe("Flask with Flask-CORS", Ordered, Label("flask"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "Flask", flask.Fixtures(), func(setup string) target.Server {
			return flask.New(flask.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read an order, and its exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well lets the app change an order after a preflight", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(200)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well lets the app read a 404", "good", "/nothing", app, get, match.BeReadable(), match.HaveStatus(404)),
		Entry("well hides a PUT's 404 behind a CORS error: the preflight is one, too", "good", "/nothing", app, putJSON,
			match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(404)),
		Entry("well keeps strangers out: its answer has no CORS header", "good", "/orders/1", stranger, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("well stops a stranger's PUT at the preflight, with 200", "good", "/orders/1", stranger, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(200), match.HaveReceived(1, 0)),

		Entry("without the extension answers 200 to curl, and nobody's script reads it", "no-cors", "/orders/1", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("without the extension has Flask's own 200 for a preflight", "no-cors", "/orders/1", stranger, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(200)),
		Entry("without a method in its list names none", "missing-method", "/orders/1", app, putJSON,
			match.BeBlockedBy("MethodDisallowedByPreflightResponse"), match.HavePreflightStatus(200), match.HaveReceived(1, 0)),
		Entry("without a method in its list lets the app read", "missing-method", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("without a method in its list keeps strangers out", "missing-method", "/orders/1", stranger, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
		Entry("without a header in its list refuses that one", "missing-header", "/orders/1", app, traced,
			match.BeBlockedBy("HeaderDisallowedByPreflightResponse"), match.HavePreflightStatus(200), match.HaveReplayed(200)),
		Entry("without a header in its list takes the listed one", "missing-header", "/orders/1", app, putJSON, match.BeReadable()),
		Entry("without a header in its list keeps strangers out", "missing-header", "/orders/1", stranger, traced,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
		Entry("by default, with credentials, lets the app read with cookies", "reflect-any", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("by default, with credentials, lets a stranger read with the user's cookies", "reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("by default, with credentials, lets a stranger write, too", "reflect-any", "/orders/1", stranger, putJSON, match.BeReadable()),
		Entry("by default, with credentials, lets an opaque origin read, too", "reflect-any", "/orders/1", "null", getCookies, match.BeReadable()),
		Entry("with '*' lets everybody read without credentials", "wildcard", "/orders/1", stranger, get, match.BeReadable()),
		Entry("with '*' lets nobody read with cookies", "wildcard", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("with a slash behind the origin equals nobody's origin, but curl is shown it", "origin-trailing-slash", "/orders/1", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("with a slash behind the origin passes no preflight", "origin-trailing-slash", "/orders/1", app, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(200)),
		Entry("with a slash behind the origin keeps strangers out", "origin-trailing-slash", "/orders/1", stranger, get,
			match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("with an unanchored expression lets the app read", "origin-regex-unanchored", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("with an unanchored expression keeps this stranger out", "origin-regex-unanchored", "/orders/1", stranger, getCookies,
			match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("for other paths leaves the app out", "wrong-resources", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("for other paths passes no preflight", "wrong-resources", "/orders/1", app, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(200)),
		Entry("for other paths keeps strangers out", "wrong-resources", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("with authentication fails the preflight by its status, with all its headers", "preflight-401", "/orders/1", app, withToken,
			match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("with authentication lets the app read a 401", "preflight-401", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(401)),
		Entry("with authentication keeps strangers out", "preflight-401", "/orders/1", stranger, withToken,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401)),
	)

	It("keeps a session by a cookie, from login to /me", func(ctx SpecContext) {
		login := probe.Request{Method: "POST", URL: servers.harness.API("good").URL("/login"), Credentials: "include"}
		me := probe.Request{URL: servers.harness.API("good").URL("/me"), Credentials: "include"}
		seen := servers.harness.From(app).Session(ctx, probe.Step{Request: me}, probe.Step{Request: login}, probe.Step{Request: me})
		Expect(seen[0]).To(match.HaveStatus(401))
		Expect(seen[2]).To(SatisfyAll(match.HaveStatus(200), match.HaveSentCookie("sid")))
	})
})
