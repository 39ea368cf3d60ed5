package servers

import (
	"cmp"
	"slices"

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
		servers = start(ctx, "rs/cors", setupsOf(gomw.RS), func(setup string) target.Server {
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

var _ = Describe("Go's routers with their CORS middlewares", Ordered, Label("gomw"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		others := setupsOf(gomw.Chi, gomw.Gin, gomw.Echo, gomw.Fiber, gomw.Gorilla)
		servers = start(ctx, "Go's routers", others, func(setup string) target.Server {
			return gomw.New(gomw.Config{Fixture: setup})
		})
	})

	// What all of them do alike.
	for _, m := range []struct {
		name            string
		preflight       int // an allowed preflight's status
		denied          int // a denied preflight's
		unlistedMethod  string
		unlistedHeader  string
		wildcard, group bool // it has that set-up
	}{
		{"chi", 200, 200, "PreflightMissingAllowOriginHeader", "PreflightMissingAllowOriginHeader", true, true},
		{"gin", 204, 403, "MethodDisallowedByPreflightResponse", "HeaderDisallowedByPreflightResponse", true, true},
		{"echo", 204, 204, "MethodDisallowedByPreflightResponse", "HeaderDisallowedByPreflightResponse", false, true},
		{"fiber", 204, 204, "MethodDisallowedByPreflightResponse", "HeaderDisallowedByPreflightResponse", false, false},
		{"gorilla", 200, 200, "PreflightMissingAllowOriginHeader", "PreflightMissingAllowOriginHeader", true, false},
	} {
		It(m.name+" set up well lets the app in, and keeps strangers out", func(ctx SpecContext) {
			good := m.name + "-good"
			Expect(servers.ask(ctx, app, good, "/orders/1", getCookies)).To(SatisfyAll(match.BeReadable(), match.ExposeHeader("X-Total", "10")))
			Expect(servers.ask(ctx, app, good, "/orders/1", putJSON)).To(SatisfyAll(match.BeReadable(), match.HavePreflightStatus(m.preflight)))
			Expect(servers.ask(ctx, app, good, "/status/500", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(500)))
			Expect(servers.ask(ctx, stranger, good, "/orders/1", get)).To(SatisfyAll(
				match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(200))) // which sends no Origin: with one, gin has 403
			Expect(servers.ask(ctx, stranger, good, "/orders/1", putJSON)).To(SatisfyAll(
				match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(m.denied), match.HaveReceived(1, 0)))
		})

		It(m.name+" without a method in its list stops a PUT", func(ctx SpecContext) {
			setup := m.name + "-missing-method"
			Expect(servers.ask(ctx, app, setup, "/orders/1", putJSON)).To(SatisfyAll(match.BeBlockedBy(m.unlistedMethod), match.HaveReceived(1, 0)))
			Expect(servers.ask(ctx, app, setup, "/orders/1", get)).To(match.BeReadable())
			Expect(servers.ask(ctx, stranger, setup, "/orders/1", putJSON)).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
		})

		It(m.name+" without a header in its list stops a request with it", func(ctx SpecContext) {
			setup := m.name + "-missing-header"
			Expect(servers.ask(ctx, app, setup, "/orders/1", traced)).To(SatisfyAll(match.BeBlockedBy(m.unlistedHeader), match.HaveReplayed(200)))
			Expect(servers.ask(ctx, app, setup, "/orders/1", putJSON)).To(match.BeReadable())
			Expect(servers.ask(ctx, stranger, setup, "/orders/1", traced)).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
		})

		if m.wildcard {
			It(m.name+" with '*' and credentials lets nobody read with cookies", func(ctx SpecContext) {
				setup := m.name + "-wildcard-credentials"
				Expect(servers.ask(ctx, app, setup, "/orders/1", getCookies)).To(match.BeBlockedBy("WildcardOriginNotAllowed"))
				Expect(servers.ask(ctx, stranger, setup, "/orders/1", get)).To(match.BeReadable())
			})
		}
		if m.group {
			It(m.name+" in a group of routes is never run for a preflight", func(ctx SpecContext) {
				setup := m.name + "-in-group"
				Expect(servers.ask(ctx, app, setup, "/orders/1", get)).To(match.BeReadable())
				Expect(servers.ask(ctx, app, setup, "/orders/1", putJSON)).To(SatisfyAll(
					match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(405)))
				Expect(servers.ask(ctx, stranger, setup, "/orders/1", get)).To(match.BeBlockedBy("MissingAllowOriginHeader"))
			})
		}
	}

	DescribeTable("inside authentication fails the preflight with 401", func(ctx SpecContext, setup string) {
		Expect(servers.ask(ctx, app, setup, "/orders/1", withToken)).To(SatisfyAll(
			match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401), match.HaveReplayed(200)))
		Expect(servers.ask(ctx, app, setup, "/orders/1", get)).To(SatisfyAll(match.BeBlockedBy("MissingAllowOriginHeader"), match.HaveReplayed(401)))
		Expect(servers.ask(ctx, stranger, setup, "/orders/1", withToken)).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
	},
		Entry("gin", "gin-inside-auth"), Entry("fiber", "fiber-inside-auth"), Entry("gorilla", "gorilla-inside-auth"))
})

// setupsOf returns the fixtures of those middlewares.
func setupsOf(middlewares ...gomw.Middleware) []string {
	return slices.DeleteFunc(gomw.Fixtures(), func(name string) bool {
		config, err := gomw.Fixture(name)
		return err != nil || !slices.Contains(middlewares, cmp.Or(config.Middleware, gomw.RS))
	})
}
