package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/gomw"
)

var _ = Describe("Go's net/http with rs/cors", Ordered, Label("gomw"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "rs/cors", gomw.Fixtures(), func(setup string) target.Server {
			return gomw.New(gomw.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read an order, and its exposed total", "good", "/orders/1", app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well lets the app change an order after a preflight", "good", "/orders/1", app, putJSON, match.BeReadable(), match.HaveSentPreflight()),
		Entry("well keeps strangers out", "good", "/orders/1", stranger, get, match.BeBlockedBy("MissingAllowOriginHeader")),
		Entry("without a header in its list drops the whole preflight answer", "missing-header", "/orders/1", app, traced,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(204)),
		Entry("without a method in its list drops the whole preflight answer", "missing-method", "/orders/1", app, putJSON,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader")),
		Entry("with '*' and credentials lets nobody read with cookies", "wildcard-credentials", "/orders/1", app, getCookies,
			match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("inside authentication fails the preflight with 401", "wrapped-inside-auth", "/orders/1", app, withToken,
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401), match.HaveReplayed(200)),
	)
})
