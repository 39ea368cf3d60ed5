package specs

// Policies beside CORS that block a request of script, and the code by which each is told from CORS: mixed content,
// https://w3c.github.io/webappsec-mixed-content/#should-block-fetch, the page's own content security policy,
// https://w3c.github.io/webappsec-csp/#directive-connect-src, Cross-Origin-Resource-Policy,
// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header, and the page's embedder policy; and field survey, section 2.0.

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

// Pages that have policies of their own.
const (
	cspPage        = "https://csp.example.com"
	cspAPIPage     = "https://csp-api.example.com"
	reportOnlyPage = "https://csp-report.example.com"
	coepPage       = "https://coep.example.com"
)

// withPolicies are the suite's origins that have policies.
var withPolicies = []harness.Origin{
	{URL: cspPage, Headers: fetch.HeaderList{{Name: "Content-Security-Policy", Value: "connect-src 'self'"}}},
	{URL: cspAPIPage, Headers: fetch.HeaderList{{Name: "Content-Security-Policy", Value: "connect-src https://api.example.com"}}},
	{URL: reportOnlyPage, Headers: fetch.HeaderList{{Name: "Content-Security-Policy-Report-Only", Value: "connect-src 'self'"}}},
	{URL: coepPage, Headers: fetch.HeaderList{{Name: "Cross-Origin-Embedder-Policy", Value: "require-corp"}}},
}

var _ = Describe("Mixed content", Label("policies", "network"), func() {
	DescribeTable("blocks what an https page asks over http, whatever the API allows:",
		func(ctx SpecContext, r probe.Request) {
			r.URL = apis.plain.answer(200, allowAny)
			seen := agreeing(h.From(app).Fetch(ctx, r))
			Expect(seen).To(match.BeBlockedBy("mixed-content"))
			Expect(seen.Blocked.Message).To(HavePrefix("Mixed Content: "))
			Expect(seen.Blocked.Parameter).To(Equal(r.URL))
			Expect(seen).To(match.HaveReceived(0, 0))
			Expect(seen).To(match.HaveReplayed(200))
		},
		Entry("in mode cors", probe.Request{}), Entry("in mode no-cors", probe.Request{Mode: fetch.NoCORS}), Entry("with a preflight", probe.Request{Method: "PUT"}),
	)

	It("blocks XMLHttpRequest alike", func(ctx SpecContext) {
		seen := sending(ctx, app, probe.Request{URL: apis.plain.answer(200, allowAny)})
		Expect(seen).To(match.BeBlockedBy("mixed-content"))
	})

	DescribeTable("is not what this machine serves over http: that is trustworthy,",
		func(ctx SpecContext) {
			Expect(fetching(ctx, app, probe.Request{URL: apis.local.answer(200, allowOrigin)})).To(match.BeReadable())
		},
		Entry("http://localhost asked by an https page"),
	)

	It("is not what an http page asks over https", func(ctx SpecContext) {
		Expect(fetching(ctx, plainApp, probe.Request{URL: apis.api.answer(200, allowOrigin)})).To(match.BeReadable())
	})
})

var _ = Describe("The page's content security policy", Label("policies", "network"), func() {
	It("blocks a fetch() that its connect-src does not name, and nothing is sent", func(ctx SpecContext) {
		seen := fetching(ctx, cspPage, probe.Request{URL: apis.api.answer(200, allowOrigin)})
		Expect(seen).To(match.BeBlockedBy("csp"))
		Expect(seen.Blocked.Parameter).To(Equal("connect-src"))
		Expect(seen.Blocked.Message).To(ContainSubstring("violates the following Content Security Policy directive: \"connect-src 'self'\""))
		Expect(seen).To(match.HaveReceived(0, 0))
	})

	It("blocks XMLHttpRequest alike", func(ctx SpecContext) {
		seen := sending(ctx, cspPage, probe.Request{URL: apis.api.answer(200, allowOrigin)})
		Expect(seen).To(match.BeBlockedBy("csp"))
		Expect(seen.Blocked.Parameter).To(Equal("connect-src"))
		Expect(seen).To(match.HaveReceived(0, 0))
	})

	It("blocks mode no-cors, and before any preflight", func(ctx SpecContext) {
		Expect(fetching(ctx, cspPage, probe.Request{URL: apis.api.answer(200), Mode: fetch.NoCORS})).To(match.BeBlockedBy("csp"))
		Expect(fetching(ctx, cspPage, put(apis.api.keeping()))).To(match.HaveReceived(0, 0))
	})

	It("lets through what it names, which CORS then checks", func(ctx SpecContext) {
		Expect(fetching(ctx, cspAPIPage, probe.Request{URL: apis.api.answer(200, allowOrigin)})).To(match.BeReadable())
		Expect(fetching(ctx, cspAPIPage, probe.Request{URL: apis.api.answer(200)})).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("blocks the way of a redirect that leaves what it names, after the first hop", func(ctx SpecContext) {
		first := apis.api.redirecting(302, apis.other.answer(200, allowOrigin), allowOrigin)
		seen := fetching(ctx, cspAPIPage, probe.Request{URL: first})
		Expect(seen).To(match.BeBlockedBy("csp"))
		Expect(asked(seen)).To(Equal([]string{first}))
	})

	It("that only reports blocks nothing", func(ctx SpecContext) {
		seen := fetching(ctx, reportOnlyPage, probe.Request{URL: apis.api.answer(200, allowOrigin)})
		Expect(seen).To(match.BeReadable())
		Expect(seen.Blocked).To(BeNil())
		Expect(seen.Console).To(ContainElement(ContainSubstring("The policy is report-only")))
	})
})

var _ = Describe("The page's embedder policy require-corp", Label("policies", "network"), func() {
	It("blocks a no-cors answer without Cross-Origin-Resource-Policy, which the API sent", func(ctx SpecContext) {
		seen := fetching(ctx, coepPage, probe.Request{URL: apis.api.answer(200), Mode: fetch.NoCORS})
		Expect(seen).To(match.BeBlockedBy("corp-not-same-origin-after-defaulted-to-same-origin-by-coep"))
		Expect(seen).To(match.HaveReceived(0, 1))
	})

	DescribeTable("lets through", func(ctx SpecContext, mode fetch.RequestMode, headers ...string) {
		seen := fetching(ctx, coepPage, probe.Request{URL: apis.api.answer(200, headers...), Mode: mode})
		if mode == fetch.NoCORS {
			Expect(seen).To(match.BeOpaque())
		} else {
			Expect(seen).To(match.BeReadable())
		}
	},
		Entry("a no-cors answer for all origins", fetch.NoCORS, "Cross-Origin-Resource-Policy: cross-origin"),
		Entry("a no-cors answer for the same site", fetch.NoCORS, "Cross-Origin-Resource-Policy: same-site"),
		Entry("a CORS answer, which needs no resource policy", fetch.CORS, allowOrigin),
	)
})

var _ = Describe("Integrity metadata", Label("policies", "network"), func() {
	const right = "sha256-Iw2DWNyOiJC0xY3utikS7i8gNXrpKlzIYbmOaP4xrLU=" // of "body"

	It("that matches lets script read", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Integrity: right})).To(match.BeReadable())
	})

	It("that does not match fails the request with a message of its own, and no code", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Integrity: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
		Expect(seen).To(match.HaveFailed())
		Expect(seen.Blocked).To(BeNil())
		Expect(seen.Console).To(ContainElement(ContainSubstring("integrity")))
		Expect(seen.Why).To(HavePrefix("the integrity check failed: "))
	})

	It("is not even looked at where CORS blocks", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200), Integrity: right})).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})
})
