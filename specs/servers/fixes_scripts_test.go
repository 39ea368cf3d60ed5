package servers

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/express"
	"github.com/corsproof/corsproof/servers/fastapi"
	"github.com/corsproof/corsproof/servers/flask"
	"github.com/corsproof/corsproof/servers/vite"
)

// isGood is true of the set-ups that need no fix.
func isGood(setup string) bool { return setup == "good" }

var _ = Describe("The fix for Express", Ordered, Label("express", "fixes"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		text := fixText("express", "")
		servers = startFixed(ctx, "Express", slices.DeleteFunc(express.Fixtures(), isGood), func(setup string, isFixed bool) target.Server {
			config := express.Config{Fixture: setup}
			if isFixed {
				config.Snippet = text
			}
			return express.New(config)
		})
	})

	DescribeTable("cures", func(ctx SpecContext, f fault) { servers.expectFixCures(ctx, f, fixed(f.setup)) },
		Entry("an API without CORS", fault{"no-cors", "/orders/1", app, appPut, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}),
		Entry("'*' with credentials", fault{"wildcard-credentials", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")}),
		Entry("cors() behind the routes", fault{"cors-after-routes", "/orders/1", app, putJSON, match.BeBlockedBy("MissingAllowOriginHeader")}),
		Entry("errors in front of cors()", fault{"errors-without-headers", "/status/429", app, get, match.BeBlockedBy("MissingAllowOriginHeader")}),
		Entry("authentication in front of cors()", fault{"preflight-401", "/orders/1", app, withToken, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}),
		Entry("a slash behind the origin", fault{"origin-trailing-slash", "/orders/1", app, get, match.BeBlockedBy("AllowOriginMismatch")}),
		Entry("CORS by hand that forgets the headers", fault{"manual-options-forgets-headers", "/orders/1", app, putJSON, match.BeBlockedBy("HeaderDisallowedByPreflightResponse")}),
		Entry("reflection of every origin", fault{"reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()}),
	)
})

var _ = Describe("The fix for Express", Label("express", "fixes"), func() {
	It("cures a redirect to the login page, which preflights meet", func(ctx SpecContext) {
		const login = `
app.use((request, response, next) => (request.get("Authorization") ? next() : response.redirect("/login?next=" + request.path)));
`
		cors := fixText("express", "preflight-redirected")
		servers := start(ctx, "Express", []string{"login-first", "cors-first"}, func(setup string) target.Server {
			if setup == "login-first" {
				return express.New(express.Config{Snippet: login + cors})
			}
			return express.New(express.Config{Snippet: cors + login})
		})
		seen := servers.ask(ctx, app, "login-first", "/orders/1", appPut)
		Expect(seen).To(match.BeBlockedBy("PreflightDisallowedRedirect"))
		found := diagnose.Find(seen)[0]
		Expect(found.Rule).To(Equal("preflight-redirected"))
		Expect(found.Need).To(BeAssignableToTypeOf(remedy.Policy{}))
		Expect(servers.ask(ctx, app, "cors-first", "/orders/1", appPut)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200)))
	})
	It("cures a resource policy, once script asks with CORS", func(ctx SpecContext) {
		const helmet = `
app.use((request, response, next) => { response.set("Cross-Origin-Resource-Policy", "same-origin"); next(); });
`
		servers := start(ctx, "Express", []string{"broken", "mended"}, func(setup string) target.Server {
			if setup == "broken" {
				return express.New(express.Config{Snippet: helmet})
			}
			return express.New(express.Config{Snippet: fixText("express", "cross-origin-resource-policy") + helmet})
		})
		seen := servers.ask(ctx, app, "broken", "/orders/1", probe.Request{Mode: fetch.NoCORS})
		Expect(seen).To(match.BeBlocked())
		found := servers.harness.Diagnose(ctx, seen)[0]
		Expect(found.Rule).To(Equal("cross-origin-resource-policy"))
		Expect(found.Need).To(BeAssignableToTypeOf(remedy.Policy{}))
		Expect(servers.ask(ctx, app, "mended", "/orders/1", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200)))
	})
})

var _ = Describe("The fix for FastAPI", Ordered, Label("fastapi", "fixes"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		text, ofErrors := fixText("fastapi", ""), fixText("fastapi", "missing-allow-origin-on-error")
		servers = startFixed(ctx, "FastAPI", slices.DeleteFunc(fastapi.Fixtures(), isGood), func(setup string, isFixed bool) target.Server {
			config := fastapi.Config{Fixture: setup}
			switch {
			case isFixed && setup == "crash-without-headers":
				config.Snippet = ofErrors
			case isFixed:
				config.Snippet = text
			}
			return fastapi.New(config)
		})
	})

	DescribeTable("cures", func(ctx SpecContext, f fault) { servers.expectFixCures(ctx, f, fixed(f.setup)) },
		Entry("an API without the middleware", fault{"no-cors", "/orders/1", app, appPut, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}),
		Entry("a method that is not in the list", fault{"missing-method", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightInvalidStatus")}),
		Entry("a header that is not in the list", fault{"missing-header", "/orders/1", app, traced, match.BeBlockedBy("PreflightInvalidStatus")}),
		Entry("'*' for a page with cookies", fault{"wildcard", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")}),
		Entry("'*' with credentials, which is reflection", fault{"wildcard-credentials", "/orders/1", stranger, getCookies, match.BeReadable()}),
		Entry("a slash behind the origin", fault{"origin-trailing-slash", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")}),
		Entry("too wide a regular expression", fault{"origin-regex-too-wide", "/orders/1", stranger, getCookies, match.BeReadable()}),
		Entry("authentication that was added later", fault{"preflight-401", "/orders/1", app, withToken, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}),
		Entry("an exception that nobody handles", fault{"crash-without-headers", "/status/500", app, get, match.BeBlockedBy("MissingAllowOriginHeader")}),
	)
})

var _ = Describe("The fix for Flask", Ordered, Label("flask", "fixes"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		text := fixText("flask", "")
		servers = startFixed(ctx, "Flask", slices.DeleteFunc(flask.Fixtures(), isGood), func(setup string, isFixed bool) target.Server {
			config := flask.Config{Fixture: setup}
			if isFixed {
				config.Snippet = text
			}
			return flask.New(config)
		})
	})

	DescribeTable("cures", func(ctx SpecContext, f fault) { servers.expectFixCures(ctx, f, fixed(f.setup)) },
		Entry("an API without the extension", fault{"no-cors", "/orders/1", app, appPut, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}),
		Entry("a method that is not in the list", fault{"missing-method", "/orders/1", app, putJSON, match.BeBlockedBy("MethodDisallowedByPreflightResponse")}),
		Entry("a header that is not in the list", fault{"missing-header", "/orders/1", app, traced, match.BeBlockedBy("HeaderDisallowedByPreflightResponse")}),
		Entry("'*' for a page with cookies", fault{"wildcard", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")}),
		Entry("the default with credentials, which is reflection", fault{"reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()}),
		Entry("a slash behind the origin", fault{"origin-trailing-slash", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")}),
		Entry("an expression without an end", fault{"origin-regex-unanchored", "/orders/1", lookalike, getCookies, match.BeReadable()}),
		Entry("CORS for other paths", fault{"wrong-resources", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}),
		Entry("authentication in before_request", fault{"preflight-401", "/orders/1", app, withToken, match.BeBlockedBy("PreflightInvalidStatus")}),
	)
})

// host-not-allowed and not-proxied are none of the broken ones here: the page reads their 403 and 404, which are no CORS.
var _ = Describe("The fix for Vite", Ordered, Label("vite", "fixes"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		text := fixText("vite", "")
		setups := []string{"default-cors", "cors-off", "cors-any", "reflect-any"}
		servers = startFixed(ctx, "Vite", setups, func(setup string, isFixed bool) target.Server {
			config := vite.Config{Fixture: setup}
			if isFixed {
				config.Snippet = text
			}
			return vite.New(config)
		})
	})

	DescribeTable("cures", func(ctx SpecContext, f fault) { servers.expectFixCures(ctx, f, fixed(f.setup)) },
		Entry("the default, which allows localhost", fault{"default-cors", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")}),
		Entry("a server without CORS", fault{"cors-off", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}),
		Entry("cors: true for a page with cookies", fault{"cors-any", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")}),
		Entry("reflection of every origin", fault{"reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()}),
	)
})
