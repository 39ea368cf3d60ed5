package servers

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/gomw"
)

// What a fix leaves of a broken set-up of Go's is the router, and whether there is authentication. The
// middleware in a group's place is taken by one in the router, so that a group is left without any.
const (
	goPlain   = "fixed"
	goSecured = "fixed-auth"
)

// goFix is a fix in a program with that router.
func goFix(server string, middleware gomw.Middleware, secured bool) gomw.Config {
	GinkgoHelper()
	texts := fixTexts(server, "")
	Expect(texts).To(HaveLen(2))
	config := gomw.Config{Middleware: middleware, AuthOutside: secured, Snippet: texts[1]}
	if server == "go" {
		config.File = texts[0]
	} else {
		config.Imports = texts[0]
	}
	return config
}

// goFleet starts a middleware's broken set-ups, and its router with that server's fix.
func goFleet(ctx SpecContext, server string, middleware gomw.Middleware, setups []string) *fleet {
	GinkgoHelper()
	return start(ctx, "Go with "+server, append([]string{goPlain, goSecured}, setups...), func(setup string) target.Server {
		switch setup {
		case goPlain, goSecured:
			return gomw.New(goFix(server, middleware, setup == goSecured))
		default:
			return gomw.New(gomw.Config{Fixture: setup})
		}
	})
}

// goFault is what is wrong with a set-up, by the end of its name.
func goFault(setup string) fault {
	f := fault{setup: setup, path: "/orders/1", from: app}
	switch {
	case strings.HasSuffix(setup, "missing-header"):
		f.request, f.seen = traced, match.BeBlocked()
	case strings.HasSuffix(setup, "missing-method"):
		f.request, f.seen = putJSON, match.BeBlocked()
	case strings.HasSuffix(setup, "wildcard-credentials"):
		f.request, f.seen = getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")
	case strings.HasSuffix(setup, "in-group"):
		f.request, f.seen = putJSON, SatisfyAll(match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(405))
	case strings.HasSuffix(setup, "inside-auth"):
		f.request, f.seen = withToken, SatisfyAll(match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HavePreflightStatus(401))
	}
	return f
}

var _ = Describe("The fixes for Go", Label("gomw", "fixes"), func() {
	for _, c := range []struct {
		server     string // of the fix
		middleware gomw.Middleware
	}{
		{"go", gomw.RS}, {"rscors", gomw.RS}, {"chi", gomw.Chi}, {"gin", gomw.Gin}, {"echo", gomw.Echo}, {"fiber", gomw.Fiber}, {"gorilla", gomw.Gorilla},
	} {
		Describe(c.server, Ordered, func() {
			var servers *fleet
			broken := slices.DeleteFunc(setupsOf(c.middleware), func(setup string) bool { return strings.HasSuffix(setup, "good") })

			BeforeAll(func(ctx SpecContext) { servers = goFleet(ctx, c.server, c.middleware, broken) })

			for _, setup := range broken {
				It("cures "+setup, func(ctx SpecContext) {
					f, by := goFault(setup), goPlain
					if strings.HasSuffix(setup, "inside-auth") {
						by = goSecured
					}
					Expect(servers.ask(ctx, f.from, f.setup, f.path, f.request)).To(f.seen, "before the fix")
					Expect(servers.ask(ctx, f.from, by, f.path, f.request)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200)), "after the fix")
				})
			}
			for _, setup := range []string{goPlain, goSecured} {
				It("lets the app in and nobody else, "+setup, func(ctx SpecContext) { servers.expectFixed(ctx, setup) })
			}
		})
	}
})
