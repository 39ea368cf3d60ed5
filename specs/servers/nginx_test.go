package servers

import (
	"errors"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/express"
	"github.com/corsproof/corsproof/servers/nginx"
)

var _ = Describe("nginx in front of Express with cors", Ordered, Label("nginx", "express"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		withCORS, without := behind(ctx, "good"), behind(ctx, "no-cors")
		servers = start(ctx, "nginx", nginx.Fixtures(), func(setup string) target.Server {
			upstream := without
			if slices.Contains([]string{"good", "pass", "double-headers", "strip-origin"}, setup) {
				upstream = withCORS
			}
			return nginx.New(nginx.Config{Fixture: setup, Upstream: upstream})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read", "good", "/orders/1", app, get, match.BeReadable()),
		Entry("well answers preflights itself", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HavePreflightStatus(204)),
		Entry("well lets the app read a 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well keeps strangers out", "good", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to pass everything leaves CORS to the app", "pass", "/orders/1", app, putJSON, match.BeReadable()),

		Entry("without always reads what succeeds", "no-always", "/orders/1", app, get, match.BeReadable()),
		Entry("without always hides a 500 behind a CORS error", "no-always", "/status/500", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(500)),
		Entry("to add its header to the app's sends two, which no browser takes", "double-headers", "/orders/1", app, get,
			match.BeBlockedBy("MultipleAllowOriginValues")),
		Entry("with one add_header in a location loses the outer ones there", "location-inheritance", "/orders/1", app, get,
			match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("to reflect any origin lets a stranger read with the user's cookies", "reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()),
		Entry("to strip Origin makes the app allow nobody", "strip-origin", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")),
	)
})

// behind starts an Express for nginx to stand in front of, and returns its URL.
func behind(ctx SpecContext, setup string) string {
	GinkgoHelper()
	server := express.New(express.Config{Fixture: setup})
	err := server.Start(ctx)
	var missing *target.MissingError
	if errors.As(err, &missing) {
		Skip("Express: " + missing.Error())
	}
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(server.Close()).To(Succeed()) })
	return server.URL()
}
