package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/spring"
)

var _ = Describe("Spring Boot", Ordered, Label("spring"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "Spring Boot", spring.Fixtures(), func(setup string) target.Server {
			return spring.New(spring.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies, and the exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well lets the app change an order after a preflight", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(200)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well lets the app read a 404", "good", "/nothing", app, get, match.BeReadable(), match.HaveStatus(404)),
		Entry("well answers a stranger 403, and curl 200", "good", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("well stops a stranger's PUT at the preflight, with 403", "good", "/orders/1", stranger, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(403)),

		Entry("without CORS answers 200 to curl, and nobody reads it", "no-cors", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("without CORS answers a preflight 200, without a header", "no-cors", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(200)),
		Entry("without CORS keeps strangers out", "no-cors", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("by the defaults of a mapping lets everybody read without credentials", "registry-defaults", "/orders/1", stranger, get, match.BeReadable()),
		Entry("by the defaults of a mapping lets nobody read with cookies", "registry-defaults", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("by the defaults of a mapping refuses a PUT", "registry-defaults", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(403)),

		Entry("with '*' and credentials answers the app 500", "wildcard-credentials", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(500)),
		Entry("with '*' and credentials answers a stranger 500", "wildcard-credentials", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with the pattern '*' and credentials lets the app read", "reflect-any", "/orders/1", app, putJSON, match.BeReadable()),
		Entry("with the pattern '*' and credentials lets a stranger read with the user's cookies", "reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("with the pattern '*' and credentials lets an opaque origin read, too", "reflect-any", "/orders/1", "null", getCookies, match.BeReadable()),

		Entry("without a method in its list answers the preflight 403, without a header", "missing-method", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(403), match.HaveReplayed(200)),
		Entry("without a method in its list lets the app read", "missing-method", "/orders/1", app, get, match.BeReadable()),
		Entry("without a method in its list keeps strangers out", "missing-method", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with a mapping of other paths lets nobody read", "mapping-misses", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("with a mapping of other paths keeps strangers out", "mapping-misses", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("by annotation lets the app read with cookies", "annotation", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("by annotation lets the app change an order", "annotation", "/orders/1", app, putJSON, match.BeReadable()),
		Entry("by annotation hides the 404 of a path that no method has", "annotation", "/nothing", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(404)),
		Entry("by annotation keeps strangers out", "annotation", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("by a bare annotation lets everybody read, and write, without credentials", "annotation-bare", "/orders/1", stranger, putJSON, match.BeReadable()),
		Entry("by a bare annotation lets nobody read with cookies", "annotation-bare", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),

		Entry("by an annotation at one method lets the app read there", "annotation-one-method", "/healthz", app, get, match.BeReadable()),
		Entry("by an annotation at one method lets nobody read elsewhere", "annotation-one-method", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("by an annotation at one method keeps strangers out", "annotation-one-method", "/healthz", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),

		Entry("with Security and .cors() lets the app read", "security-with-cors", "/orders/1", app, withPassword, match.BeReadable(), match.HaveStatus(200)),
		Entry("with Security and .cors() lets the app read a 401", "security-with-cors", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(401)),
		Entry("with Security and .cors() keeps strangers out", "security-with-cors", "/orders/1", stranger, withPassword, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(403)),

		Entry("with Security and without .cors() fails the preflight with 401", "security-without-cors", "/orders/1", app, withPassword, match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401), match.HaveReplayed(200)),
		Entry("with Security and without .cors() hides a 401", "security-without-cors", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(401)),
		Entry("with Security and without .cors() keeps strangers out", "security-without-cors", "/orders/1", stranger, withPassword, match.BeBlockedBy("PreflightMissingAllowOriginHeader")),

		Entry("with protection against CSRF lets the app read", "csrf", "/orders/1", app, withPassword, match.BeReadable(), match.HaveStatus(200)),
		Entry("with protection against CSRF passes the preflight of a PUT and refuses it", "csrf", "/orders/1", app, putWithPassword, match.BeReadable(), match.HavePreflightStatus(200), match.HaveStatus(401)),
		Entry("with protection against CSRF keeps strangers out", "csrf", "/orders/1", stranger, putWithPassword, match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
	)
})
