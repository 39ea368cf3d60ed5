package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/wso2"
)

var _ = Describe("WSO2 API Manager's gateway, emulated", Ordered, Label("wso2"), func() {
	const subdomainOfEvil = "https://x.app.example.com.evil.test"

	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "WSO2", wso2.Fixtures(), func(setup string) target.Server {
			return wso2.New(wso2.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies", "good", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("well answers preflights itself", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(200)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well keeps strangers out", "good", "/orders/1", stranger, get, noOrigin, match.HaveReplayed(200)),
		Entry("well stops a stranger's PUT at a 200 that has all but the origin", "good", "/orders/1", stranger, putJSON, noPreflight, match.HavePreflightStatus(200), match.HaveReceived(1, 0)),
		Entry("by release 4.4 shows the exposed total", "release-4-4", "/orders/1", app, get, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("by release 4.5 hides it, exposed or not", "expose-lost", "/orders/1", app, get, match.BeReadable(), match.HideHeader("X-Total")),
		Entry("without CORS passes the preflight with a bare 200", "disabled", "/orders/1", app, putJSON, noPreflight, match.HavePreflightStatus(200)),
		Entry("without CORS answers 200 to curl, and nobody's script reads it", "disabled", "/orders/1", app, get, noOrigin, match.HaveReplayed(200)),
		Entry("for any origin lets a stranger read without credentials", "default-origins", "/orders/1", stranger, get, match.BeReadable()),
		Entry("for any origin with credentials lets nobody read with cookies", "default-origins", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("with a * in an origin lets a name that goes on read with the user's cookies", "unanchored-origin", "/orders/1", subdomainOfEvil, getCookies, match.BeReadable()),
		Entry("without a method leaves it to the browser to refuse", "methods-removed", "/orders/1", app, putJSON, match.BeBlockedBy("MethodDisallowedByPreflightResponse"), match.HaveReplayed(200)),
		Entry("with no method at all lets a GET with a header through", "methods-empty", "/orders/1", app, traced, match.BeReadable()),
		Entry("with no method at all stops a PUT", "methods-empty", "/orders/1", app, putJSON, match.BeBlockedBy("MethodDisallowedByPreflightResponse")),
		Entry("without a header leaves it to the browser to refuse", "header-missing", "/orders/1", app, traced, match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
		Entry("without a verb fails the preflight with 405", "verb-missing", "/orders/1", app, putJSON, noPreflight, match.HavePreflightStatus(405)),
		Entry("with an OPTIONS of its own hands preflights to a backend that knows none", "own-options", "/orders/1", app, putJSON, noPreflight, match.HavePreflightStatus(405)),
		Entry("before a backend that sends another's origin passes the preflight and fails the answer", "backend-wins", "/orders/1", app, putJSON,
			match.BeBlockedBy("AllowOriginMismatch"), match.HavePreflightStatus(200), match.HaveReceived(1, 1)),
		Entry("with tokens lets the app read the 401", "secured", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(401)),
	)

	It("throttles: the second answer is a 429 that the app reads", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, "secured", "/orders/1", withToken)).To(match.HaveStatus(200))
		Expect(servers.ask(ctx, app, "secured", "/orders/1", withToken)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(429)))
	})

	It("keeps a stranger out in every set-up but that of any origin", func(ctx SpecContext) {
		for _, setup := range wso2.Fixtures() {
			want := match.BeBlocked()
			if setup == "default-origins" {
				want = match.BeReadable()
			}
			Expect(servers.ask(ctx, stranger, setup, "/orders/1", get)).To(want, setup)
		}
	})
})
