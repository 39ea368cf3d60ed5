package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/vite"
)

var _ = Describe("Vite's development server in front of an API without CORS", Ordered, Label("vite"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "Vite", vite.Fixtures(), func(setup string) target.Server {
			return vite.New(vite.Config{Fixture: setup})
		})
	})

	const itself = "" // a page that Vite serves

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			if from == itself {
				from = "https://" + setup + ".example.com"
			}
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets its own page read, CORS or not", "good", "/orders/1", itself, getCookies, match.BeReadable(), match.HaveStatus(200)),
		Entry("well lets its own page write without a preflight", "good", "/orders/1", itself, putJSON, match.BeReadable(), match.HaveSentNoPreflight()),
		Entry("well lets the app read", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well answers the app's preflight itself", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(204)),
		Entry("well keeps strangers out", "good", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("well stops a stranger's PUT at the preflight", "good", "/orders/1", stranger, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(204)),

		Entry("by default lets its own page read", "default-cors", "/orders/1", itself, get, match.BeReadable()),
		Entry("by default lets no other page read", "default-cors", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200)),
		Entry("by default keeps strangers out", "default-cors", "/orders/1", stranger, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
		Entry("for another host has 403 for its own page", "host-not-allowed", "/orders/1", itself, get, match.BeReadable(), match.HaveStatus(403)),
		Entry("for another host has 403 for the app", "host-not-allowed", "/orders/1", app, get, match.BeReadable(), match.HaveStatus(403)),
		Entry("for another host keeps strangers out", "host-not-allowed", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("without CORS lets its own page write", "cors-off", "/orders/1", itself, putJSON, match.BeReadable(), match.HaveSentNoPreflight()),
		Entry("without CORS hands the preflight on to an API that has no answer", "cors-off", "/orders/1", app, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(405)),
		Entry("without CORS keeps strangers out", "cors-off", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("with cors: true lets a stranger read", "cors-any", "/orders/1", stranger, get, match.BeReadable()),
		Entry("with cors: true lets nobody read with cookies", "cors-any", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("to reflect any origin lets the app read", "reflect-any", "/orders/1", app, getCookies, match.BeReadable()),
		Entry("to reflect any origin lets a stranger read with the user's cookies", "reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("for other paths has 404 for its own page", "not-proxied", "/orders/1", itself, get, match.BeReadable(), match.HaveStatus(404)),
		Entry("for other paths passes the app's preflight, and then has 404", "not-proxied", "/orders/1", app, putJSON,
			match.BeReadable(), match.HavePreflightStatus(204), match.HaveStatus(404)),
		Entry("for other paths keeps strangers out", "not-proxied", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
	)
})
