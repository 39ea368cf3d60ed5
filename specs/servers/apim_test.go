package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/apim"
)

var _ = Describe("Azure API Management, emulated", Ordered, Label("apim"), func() {
	const (
		portal   = "https://contoso.developer.azure-api.net"
		order    = "/orders/1"
		keyQuery = order + "?subscription-key=k-starter"
		// token is signed with the fixtures' key, and good until 2100.
		token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJleHAiOjQxMDI0NDQ4MDB9.AS0BAOOBzcR9e18TNZTiu-yeoVg4a_OTl2EZHFXfqv4"
	)
	asks := func(name, value string) probe.Request {
		return probe.Request{Headers: fetch.HeaderList{{Name: name, Value: value}}}
	}
	withKey, otherKey := asks("Ocp-Apim-Subscription-Key", "k-starter"), asks("Ocp-Apim-Subscription-Key", "k-unlimited")
	withJWT := asks("Authorization", "Bearer "+token)
	console := withKey // what the portal's test console sends
	console.Client = probe.XHR

	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "API Management", apim.Fixtures(), func(setup string) target.Server {
			return apim.New(apim.Config{Fixture: setup})
		})
	})

	DescribeTable("set up",
		func(ctx SpecContext, setup, path, from string, r probe.Request, want ...types.GomegaMatcher) {
			Expect(servers.ask(ctx, from, setup, path, r)).To(SatisfyAll(want...))
		},
		Entry("well lets the app read with cookies, and the exposed total", "good", order, app, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("well answers preflights itself", "good", order, app, putJSON, match.BeReadable(), match.HavePreflightStatus(200), match.HaveReceived(1, 1)),
		Entry("well lets the app read the backend's 500", "good", "/status/500", app, get, match.BeReadable(), match.HaveStatus(500)),
		Entry("well lets the developer portal's test console read", "good", order, portal, console, match.BeReadable()),
		Entry("well hides the backend from a stranger, and curl with its origin sees an empty 200", "good", order, stranger, get, noOrigin, match.HaveReplayed(200)),
		Entry("well stops a stranger's PUT at an empty 200", "good", order, stranger, putJSON, noPreflight, match.HavePreflightStatus(200), match.HaveReceived(1, 0)),

		Entry("without a policy answers 200 to curl, and nobody's script reads it", "no-policy", order, app, get, noOrigin, match.HaveReplayed(200)),
		Entry("without a policy fails the preflight with 405", "no-policy", order, app, putJSON, noPreflight, match.HavePreflightStatus(405)),
		Entry("without <base/> cuts off the global policy", "base-missing", order, app, get, noOrigin),
		Entry("without <base/> fails the preflight with 405", "base-missing", order, app, putJSON, noPreflight, match.HavePreflightStatus(405)),
		Entry("without <base/> in one operation blocks that operation", "base-missing-in-operation", order, app, get, noOrigin),
		Entry("without <base/> in one operation lets the others through", "base-missing-in-operation", order, app, putJSON, match.BeReadable()),
		Entry("at one operation lets that operation through", "one-operation-only", order, app, get, match.BeReadable()),
		Entry("at one operation fails the preflight of another", "one-operation-only", order, app, putJSON, noPreflight, match.HavePreflightStatus(405)),

		Entry("at product scope fails with the key in a header", "product-scope-only", order, app, withKey, noPreflight, match.HavePreflightStatus(405), match.HaveReplayed(200)),
		Entry("at product scope works with the key in the query", "product-scope-only", keyQuery, app, putJSON, match.BeReadable()),
		Entry("at product scope hides the 401 for want of a key", "product-scope-only", order, app, get, noOrigin, match.HaveReplayed(401)),
		Entry("to want a key lets the app read with it", "subscription-required", order, app, withKey, match.BeReadable()),
		Entry("to want a key lets the app read the 401", "subscription-required", order, app, get, match.BeReadable(), match.HaveStatus(401)),
		Entry("by a fragment lets the app read with a key", "cors-in-fragment", order, app, withKey, match.BeReadable()),
		Entry("by a fragment hides the 401", "cors-in-fragment", order, app, get, noOrigin, match.HaveReplayed(401)),

		Entry("with validate-jwt first hides its 401", "jwt-before-cors", order, app, withToken, noOrigin, match.HavePreflightStatus(200), match.HaveReplayed(401)),
		Entry("with validate-jwt first works with a token", "jwt-before-cors", order, app, withJWT, match.BeReadable()),
		Entry("with cors before validate-jwt lets the app read its 401", "jwt-after-cors", order, app, withToken, match.BeReadable(), match.HaveStatus(401)),
		Entry("with headers by hand fails every preflight", "headers-by-hand", order, app, withJWT, noPreflight, match.HavePreflightStatus(405), match.HaveReplayed(200)),
		Entry("with headers by hand hides the gateway's errors", "headers-by-hand", order, app, get, noOrigin, match.HaveReplayed(401)),
		Entry("with its backend down lets the app read the 500", "backend-down", order, app, get, match.BeReadable(), match.HaveStatus(500)),

		Entry("to pass what does not match runs a stranger's request all the same", "terminate-false", order, stranger, get, noOrigin, match.HaveReceivedHeader("Origin", stranger)),
		Entry("to pass what does not match lets the app read", "terminate-false", order, app, get, match.BeReadable()),
		Entry("with '*' and credentials lets a stranger read with the user's cookies", "wildcard-credentials", order, stranger, getCookies, match.BeReadable(), match.ExposeHeader("X-Total", "10")),
		Entry("with '*' and credentials lets an opaque origin read, too", "wildcard-credentials", order, "null", getCookies, match.BeReadable()),
		Entry("with two cors policies lets the first decide", "two-cors-first-decides", order, app, get, noOrigin),
		Entry("with two cors policies lets the first's origin in", "two-cors-first-decides", order, portal, console, match.BeReadable()),
		Entry("with two cors policies lets the second decide after terminate=false", "two-cors-first-passes-on", order, app, putJSON, match.BeReadable()),
		Entry("with an OPTIONS operation hands preflights to the backend", "explicit-options", order, app, putJSON,
			match.BeBlockedBy("PreflightInvalidStatus"), match.HavePreflightStatus(405)),
		Entry("with versions in a header finds no API for a preflight", "header-versioning", order, app, asks("Api-Version", "v2"), noPreflight,
			match.HavePreflightStatus(404), match.HaveReplayed(200)),
		Entry("without a method sends an empty 200, which looks like a missing origin", "method-missing", order, app, putJSON, noPreflight, match.HavePreflightStatus(200)),
		Entry("without a header does, too", "header-missing", order, app, traced, noPreflight, match.HavePreflightStatus(200)),
		Entry("without the portal's origin blocks its test console", "portal-missing", order, portal, console, noPreflight),
		Entry("without the portal's origin lets the app read", "portal-missing", order, app, get, match.BeReadable()),
		Entry("without an operation passes the preflight and hides the 405", "operation-missing", order, app, putJSON, noOrigin,
			match.HavePreflightStatus(200), match.HaveReplayed(405), match.HaveReceived(1, 1)),
		Entry("without expose-headers hides the total", "no-expose", order, app, get, match.BeReadable(), match.HideHeader("X-Total")),
		Entry("without a max-age lets the app write", "no-max-age", order, app, putJSON, match.BeReadable()),
	)

	DescribeTable("used up",
		func(ctx SpecContext, setup string, r probe.Request, want ...types.GomegaMatcher) {
			first, second := servers.ask(ctx, app, setup, order, r), servers.ask(ctx, app, setup, order, r)
			Expect(first).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200)))
			Expect(second).To(SatisfyAll(want...))
		},
		Entry("with a rate limit before cors hides the 429 behind a CORS error", "rate-limit-before-cors", get, noOrigin, match.HaveReplayed(429)),
		Entry("with a rate limit after cors lets the app read the 429", "rate-limit-after-cors", get, match.BeReadable(), match.HaveStatus(429)),
		Entry("with a limit in the product before <base/> hides the 429", "product-limits-before-base", withKey, noOrigin, match.HavePreflightStatus(200), match.HaveReplayed(429)),
		Entry("with another product's key goes on", "product-limits-before-base", otherKey, match.BeReadable(), match.HaveStatus(200)),
		Entry("with a quota before cors hides the 403", "quota-before-cors", get, noOrigin, match.HaveReplayed(403)),
	)

	It("keeps a stranger out in every set-up but that of '*' and credentials", func(ctx SpecContext) {
		for _, setup := range apim.Fixtures() {
			want := noOrigin
			if setup == "wildcard-credentials" {
				want = match.BeReadable()
			}
			Expect(servers.ask(ctx, stranger, setup, order, get)).To(want, setup)
		}
	})
})
