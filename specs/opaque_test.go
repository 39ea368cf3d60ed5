package specs

// The types of responses, and what an opaque one hides.
// Proves the filtered responses, https://fetch.spec.whatwg.org/#concept-filtered-response, the no-cors mode,
// https://fetch.spec.whatwg.org/#concept-request-mode with the no-CORS-safelisted request-headers, the manual redirect
// mode, Cross-Origin-Resource-Policy, https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header, opaque response
// blocking, and the field survey, sections 0 (finding 4) and 2.1 (cause 21).

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("A response", Label("opaque"), func() {
	DescribeTable("is of type",
		func(ctx SpecContext, want fetch.ResponseType, to *stub, r probe.Request, status int, headers ...string) {
			r.URL = to.answer(status, headers...)
			seen := fetching(ctx, app, r)
			Expect(seen).To(match.HaveType(want))
			Expect(seen.Exchanges).To(HaveLen(1))
			Expect(seen.Exchanges[0].Role).To(Equal(probe.Actual))
		},
		Entry("basic from the page's own origin", fetch.Basic, apis.own, probe.Request{}, 200),
		Entry("basic from the page's own origin in mode no-cors too", fetch.Basic, apis.own, probe.Request{Mode: fetch.NoCORS}, 200),
		Entry("basic from the page's own origin in mode same-origin", fetch.Basic, apis.own, probe.Request{Mode: fetch.SameOriginMode}, 200),
		Entry("cors from another origin that allows it", fetch.CORSResponse, apis.api, probe.Request{}, 200, allowOrigin),
		Entry("cors from another origin by the wildcard", fetch.CORSResponse, apis.api, probe.Request{}, 200, allowAny),
		Entry("cors from another origin with an error status", fetch.CORSResponse, apis.api, probe.Request{}, 404, allowOrigin),
		Entry("opaque from another origin in mode no-cors", fetch.Opaque, apis.api, probe.Request{Mode: fetch.NoCORS}, 200),
		Entry("opaque in mode no-cors even if the server allows every origin", fetch.Opaque, apis.api, probe.Request{Mode: fetch.NoCORS}, 200, allowAny),
		Entry("opaqueredirect from the page's own origin with redirect: manual", fetch.OpaqueRedirect, apis.own, probe.Request{Redirect: fetch.ManualRedirect}, 302, "Location: /elsewhere"),
		Entry("opaqueredirect from another origin that allows it, with redirect: manual", fetch.OpaqueRedirect, apis.api, probe.Request{Redirect: fetch.ManualRedirect}, 307, "Location: /elsewhere", allowOrigin),
		Entry("cors with redirect: manual where nothing redirects", fetch.CORSResponse, apis.api, probe.Request{Redirect: fetch.ManualRedirect}, 200, allowOrigin),
	)

	DescribeTable("that is opaque shows script nothing, though the server's answer is on the wire:",
		func(ctx SpecContext, to *stub, status int, headers ...string) {
			seen := fetching(ctx, app, probe.Request{Mode: fetch.NoCORS, URL: to.answer(status, headers...)})
			expectOpaque(seen)
			Expect(seen).To(match.HaveType(fetch.Opaque))
			Expect(last(seen).Response.Status).To(Equal(status))
			Expect(last(seen).Response.Raw).To(BeTrue())
			Expect(seen).To(match.HaveReceived(0, 1))
		},
		Entry("200", apis.api, 200),
		Entry("200 with exposed headers", apis.api, 200, allowAny, "Access-Control-Expose-Headers: *", "X-Total: 10"),
		Entry("200 of another site", apis.other, 200),
		Entry("200 over HTTP/2", apis.h2, 200),
		Entry("204", apis.api, 204),
		Entry("404", apis.api, 404),
		Entry("500", apis.api, 500),
		Entry("JSON that opaque response blocking withholds from the page's process", apis.api, 200, "Content-Type: application/json", "X-Content-Type-Options: nosniff"),
		Entry("HTML that opaque response blocking withholds from the page's process", apis.api, 200, "Content-Type: text/html", "X-Content-Type-Options: nosniff"),
	)

	It("that is opaqueredirect shows script nothing, not even where it leads, and nobody goes there", func(ctx SpecContext) {
		target := apis.api.answer(200, allowOrigin)
		seen := fetching(ctx, app, probe.Request{Redirect: fetch.ManualRedirect, URL: apis.api.answer(302, allowOrigin, "Location: "+target)})
		expectOpaque(seen)
		Expect(seen).To(match.HaveType(fetch.OpaqueRedirect))
		Expect(seen.Page.Redirected).To(BeFalse())
		Expect(seen.Exchanges[0].Response.Status).To(Equal(302))
		Expect(seen).To(match.HaveReceived(0, 1))
	})

	It("that redirects with redirect: manual must pass the CORS check before it is an opaqueredirect", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Redirect: fetch.ManualRedirect, URL: apis.api.answer(302, "Location: /elsewhere")})
		Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
		Expect(last(seen).Response.Status).To(Equal(302))
	})

	It("that another origin redirects back to the page's own stays opaque in mode no-cors", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Mode: fetch.NoCORS, URL: apis.api.answer(302, "Location: "+apis.own.answer(200))})
		expectOpaque(seen)
		Expect(seen).To(match.BeRedirected(1))
		Expect(last(seen).Response.Status).To(Equal(200))
	})

	It("that is opaque cannot be checked by an integrity hash: the promise rejects, and CORS is not the reason", func(ctx SpecContext) {
		r := probe.Request{Integrity: "sha256-Iw2DWNyOiJC0xY3utikS7i8gNXrpKlzIYbmOaP4xrLU=", Mode: fetch.NoCORS, URL: apis.api.answer(200)}
		seen := fetching(ctx, app, r)
		Expect(seen).To(match.HaveFailed())
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(seen.Blocked).To(BeNil())
		Expect(seen.Console).To(ContainElement(ContainSubstring("integrity")))
	})
})

var _ = Describe("A request in mode no-cors", Label("opaque"), func() {
	It("drops every header that is not safelisted, without a word", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", Mode: fetch.NoCORS, URL: apis.api.answer(200), Body: &probe.Body{Text: "{}"}, Headers: lines(
			"X-Custom: 1", "Authorization: Bearer 1", "Range: bytes=0-1", "X-Requested-With: XMLHttpRequest", "If-None-Match: 1")})
		expectOpaque(seen)
		for _, name := range []string{"X-Custom", "Authorization", "Range", "X-Requested-With", "If-None-Match"} {
			Expect(seen).NotTo(match.HaveSentHeader(name))
		}
	})

	It("keeps the headers that are safelisted", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Mode: fetch.NoCORS, URL: apis.api.answer(200), Headers: lines(
			"Accept: text/plain", "Accept-Language: de", "Content-Language: de")})
		expectOpaque(seen)
		Expect(seen).To(match.HaveReceivedHeader("Accept", "text/plain"))
		Expect(seen).To(match.HaveReceivedHeader("Accept-Language", "de"))
		Expect(seen).To(match.HaveReceivedHeader("Content-Language", "de"))
	})

	DescribeTable("sends the Content-Type",
		func(ctx SpecContext, set, want string) {
			seen := fetching(ctx, app, probe.Request{Method: "POST", Mode: fetch.NoCORS, URL: apis.api.answer(200), Body: &probe.Body{Text: "{}"}, Headers: lines("Content-Type: " + set)})
			expectOpaque(seen)
			Expect(seen).To(match.HaveReceivedHeader("Content-Type", want))
			Expect(seen).To(match.HaveSentNoPreflight())
		},
		Entry("that script set, where a form could have sent it", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
		Entry("of the body, where script set application/json", "application/json", "text/plain;charset=UTF-8"),
	)

	DescribeTable("throws at once with a method that is not safelisted",
		func(ctx SpecContext, method string) {
			seen := fetching(ctx, app, probe.Request{Method: method, Mode: fetch.NoCORS, URL: apis.api.answer(200)})
			Expect(seen).To(match.HaveFailed())
			Expect(seen).To(match.HaveRejectedWith("TypeError"))
			Expect(seen.Page.Rejected).To(BeTrue())
			Expect(seen).To(match.HaveReceived(0, 0))
		},
		Entry("PUT", "PUT"),
		Entry("DELETE", "DELETE"),
		Entry("PATCH", "PATCH"),
		Entry("OPTIONS", "OPTIONS"),
	)

	DescribeTable("goes out with the safelisted method",
		func(ctx SpecContext, method string) {
			seen := fetching(ctx, app, probe.Request{Method: method, Mode: fetch.NoCORS, URL: apis.api.answer(200)})
			expectOpaque(seen)
			Expect(seen.Receipts).To(HaveLen(1))
			Expect(seen.Receipts[0].Method).To(Equal(method))
			Expect(seen.Receipts[0].Headers.Has("Origin")).To(Equal(method == "POST"), "only a POST says its origin")
		},
		Entry("GET", "GET"),
		Entry("HEAD", "HEAD"),
		Entry("POST", "POST"),
	)

	DescribeTable("with credentials",
		func(ctx SpecContext, credentials fetch.CredentialsMode, sent bool) {
			r := probe.Request{Mode: fetch.NoCORS, Credentials: credentials, URL: apis.other.answer(200)}
			seen := asking(ctx, h.From(app).WithCookies(cookie(apis.other, "None")), r)[0]
			expectOpaque(seen)
			Expect(seen.Receipts[0].Headers.Has("Cookie")).To(Equal(sent))
		},
		Entry("include sends cookies, and no server has to allow it", fetch.Include, true),
		Entry("same-origin, the default, sends none", fetch.CredentialsMode(""), false),
		Entry("omit sends none", fetch.Omit, false),
	)

	DescribeTable("is refused before anything is sent, and without any event of the network,",
		func(ctx SpecContext, redirect fetch.RedirectMode) {
			seen := fetching(ctx, app, probe.Request{Mode: fetch.NoCORS, Redirect: redirect, URL: apis.api.answer(200)})
			Expect(seen).To(match.BeBlockedBy("NoCorsRedirectModeNotFollow"))
			Expect(seen.Exchanges).To(BeEmpty())
			Expect(seen).To(match.HaveReceived(0, 0))
		},
		Entry("with redirect: manual", fetch.ManualRedirect),
		Entry("with redirect: error", fetch.ErrorRedirect),
	)
})

var _ = Describe("A request in mode same-origin", Label("opaque"), func() {
	It("to another origin is refused before anything is sent, and without any event of the network", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Mode: fetch.SameOriginMode, URL: apis.api.answer(200, allowAny)})
		Expect(seen).To(match.BeBlockedBy("DisallowedByMode"))
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(seen.Exchanges).To(BeEmpty())
		Expect(seen).To(match.HaveReceived(0, 0))
	})
})

var _ = Describe("Cross-Origin-Resource-Policy", Label("opaque", "corp"), func() {
	DescribeTable("blocks a request in mode no-cors",
		func(ctx SpecContext, from string, to *stub, policy, code string) {
			seen := fetching(ctx, from, probe.Request{Mode: fetch.NoCORS, URL: to.answer(200, "Cross-Origin-Resource-Policy: "+policy)})
			Expect(seen).To(match.BeBlockedBy(code))
			Expect(seen).To(match.HaveRejectedWith("TypeError"))
			Expect(seen).To(match.HaveReceived(0, 1))
		},
		Entry("of another origin, by same-origin", app, apis.api, "same-origin", "corp-not-same-origin"),
		Entry("of another origin, by same-origin, over http too", plainApp, apis.plain, "same-origin", "corp-not-same-origin"),
		Entry("of another site, by same-origin", app, apis.other, "same-origin", "corp-not-same-origin"),
		Entry("of another site, by same-site", app, apis.other, "same-site", "corp-not-same-site"),
		Entry("from http to https, by same-site: the scheme makes the site", plainApp, apis.api, "same-site", "corp-not-same-site"),
		Entry("of an opaque origin, by same-site", "null", apis.api, "same-site", "corp-not-same-site"),
		Entry("of another origin over HTTP/2, by same-origin", app, apis.h2, "same-origin", "corp-not-same-origin"),
	)

	DescribeTable("lets a request in mode no-cors through",
		func(ctx SpecContext, from string, to *stub, policy ...string) {
			expectOpaque(fetching(ctx, from, probe.Request{Mode: fetch.NoCORS, URL: to.answer(200, policy...)}))
		},
		Entry("where there is none", app, apis.other),
		Entry("of the same site, by same-site", app, apis.api, "Cross-Origin-Resource-Policy: same-site"),
		Entry("of the same site over http, by same-site", plainApp, apis.plain, "Cross-Origin-Resource-Policy: same-site"),
		Entry("of another site, by cross-origin", app, apis.other, "Cross-Origin-Resource-Policy: cross-origin"),
		Entry("by a value in another case, which is none", app, apis.other, "Cross-Origin-Resource-Policy: Same-Origin"),
		Entry("by an unknown value", app, apis.other, "Cross-Origin-Resource-Policy: none"),
		Entry("by two lines, whose combined value is unknown", app, apis.other, "Cross-Origin-Resource-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin"),
	)

	It("does not concern the page's own origin", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Mode: fetch.NoCORS, URL: apis.own.answer(200, "Cross-Origin-Resource-Policy: same-origin")})
		Expect(seen).To(match.BeReadable())
	})

	It("does not concern requests in mode cors: CORS decides", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.other.answer(200, allowOrigin, "Cross-Origin-Resource-Policy: same-origin")})
		Expect(seen).To(match.BeReadable())
	})
})

// expectOpaque expects a response that script got and could read nothing of.
func expectOpaque(seen probe.Observation) {
	GinkgoHelper()
	Expect(seen).To(match.BeOpaque())
	Expect(seen.Page.Status).To(BeZero())
	Expect(seen.Page.StatusText).To(BeEmpty())
	Expect(seen.Page.Headers).To(BeEmpty())
	Expect(seen.Page.Body.Size).To(BeZero())
	Expect(seen.Page.Error).To(BeNil())
}
