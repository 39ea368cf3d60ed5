package specs

// Credentials: both sides must opt in, and then cookies have rules of their own.
// Proves the CORS protocol and credentials, https://fetch.spec.whatwg.org/#cors-protocol-and-credentials, the
// credentials modes, https://fetch.spec.whatwg.org/#concept-request-credentials-mode, XMLHttpRequest's withCredentials,
// https://xhr.spec.whatwg.org/#the-withcredentials-attribute, and the field survey, sections 0 (findings 5 and 6) and 2.0.

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("Credentials", Label("credentials"), func() {
	DescribeTable("let script read where the page asks with them and the server",
		func(ctx SpecContext, headers ...string) {
			seen := fetching(ctx, app, probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200, headers...)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveSentNoPreflight())
		},
		Entry("names the origin and says true", allowOrigin, allowCredentials),
		Entry("says true in a header whose name is in lower case", allowOrigin, "access-control-allow-credentials: true"),
		Entry("says true with blanks around it", allowOrigin, "Access-Control-Allow-Credentials:  \ttrue "),
	)

	DescribeTable("keep script from reading where the page asks with them and the server",
		func(ctx SpecContext, code, parameter string, headers ...string) {
			url := apis.api.answer(200, headers...)
			seen := fetching(ctx, app, probe.Request{Credentials: fetch.Include, URL: url})
			expectRefused(seen, code, parameter)
			Expect(seen).To(match.HaveSentNoPreflight())
			Expect(fetching(ctx, app, probe.Request{URL: url})).To(match.BeReadable(), "without credentials")
		},
		Entry("answers any origin", "WildcardOriginNotAllowed", "", allowAny),
		Entry("answers any origin and says true", "WildcardOriginNotAllowed", "", allowAny, allowCredentials),
		Entry("names the origin and says nothing of credentials", "InvalidAllowCredentials", "", allowOrigin),
		Entry("says True", "InvalidAllowCredentials", "True", allowOrigin, "Access-Control-Allow-Credentials: True"),
		Entry("says TRUE", "InvalidAllowCredentials", "TRUE", allowOrigin, "Access-Control-Allow-Credentials: TRUE"),
		Entry("says false", "InvalidAllowCredentials", "false", allowOrigin, "Access-Control-Allow-Credentials: false"),
		Entry("says 1", "InvalidAllowCredentials", "1", allowOrigin, "Access-Control-Allow-Credentials: 1"),
		Entry("says yes", "InvalidAllowCredentials", "yes", allowOrigin, "Access-Control-Allow-Credentials: yes"),
		Entry("says nothing in an empty header", "InvalidAllowCredentials", "", allowOrigin, "Access-Control-Allow-Credentials: "),
		Entry("says * for credentials", "InvalidAllowCredentials", "*", allowOrigin, "Access-Control-Allow-Credentials: *"),
		Entry("says true in quotes", "InvalidAllowCredentials", `"true"`, allowOrigin, `Access-Control-Allow-Credentials: "true"`),
		Entry("says true twice, in two lines", "InvalidAllowCredentials", "true, true", allowOrigin, allowCredentials, allowCredentials),
		Entry("says true twice, in one line", "InvalidAllowCredentials", "true, true", allowOrigin, "Access-Control-Allow-Credentials: true, true"),
	)

	It("that nobody asked for are not sent, though the server says true: its opting in alone does nothing", func(ctx SpecContext) {
		seen := asking(ctx, h.From(app).WithCookies(cookie(apis.api, "Lax")), probe.Request{URL: apis.api.answer(200, allowOrigin, allowCredentials)})[0]
		Expect(seen).To(match.BeReadable())
		Expect(seen).NotTo(match.HaveSentCookie("id"))
		Expect(seen).NotTo(match.HaveSentHeader("Cookie"))
	})

	It("are sent all the same where the server did not opt in: only reading fails", func(ctx SpecContext) {
		seen := asking(ctx, h.From(app).WithCookies(cookie(apis.api, "Lax")), probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200)})[0]
		expectRefused(seen, "MissingAllowOriginHeader", "")
		Expect(seen).To(match.HaveReceivedHeader("Cookie", "id=1"))
	})

	DescribeTable("of XMLHttpRequest are withCredentials:",
		func(ctx SpecContext, code string, headers ...string) {
			seen := sending(ctx, app, probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200, headers...)})
			if code == "" {
				Expect(seen).To(match.BeReadable())
				return
			}
			Expect(seen).To(match.BeBlockedBy(code))
			Expect(seen.Blocked.Message).To(ContainSubstring("withCredentials attribute"))
		},
		Entry("the origin and true let script read", "", allowOrigin, allowCredentials),
		Entry("the wildcard does not, and the browser's message names the attribute", "WildcardOriginNotAllowed", allowAny, allowCredentials),
		Entry("a missing Allow-Credentials does not, and the browser's message names the attribute", "InvalidAllowCredentials", allowOrigin),
	)

	DescribeTable("by mode:",
		func(ctx SpecContext, r probe.Request, to *stub, sent bool) {
			r.URL = to.answer(200, allowOrigin, allowCredentials)
			seen := asking(ctx, h.From(app).WithCookies(cookie(to, "Strict")), r)[0]
			Expect(seen).To(match.BeReadable())
			if sent {
				Expect(seen).To(match.HaveSentCookie("id"))
				Expect(seen).To(match.HaveReceivedHeader("Cookie", "id=1"))
				return
			}
			Expect(seen).NotTo(match.HaveSentHeader("Cookie"))
			Expect(last(seen).Cookies.Withheld).To(BeEmpty(), "the browser does not even look into its jar")
		},
		Entry("fetch sends none to another origin of the same site by default", probe.Request{}, apis.api, false),
		Entry("fetch sends them to its own origin by default", probe.Request{}, apis.own, true),
		Entry("same-origin sends none to another origin of the same site", probe.Request{Credentials: fetch.SameOrigin}, apis.api, false),
		Entry("same-origin sends them to its own origin", probe.Request{Credentials: fetch.SameOrigin}, apis.own, true),
		Entry("include sends them to another origin of the same site", probe.Request{Credentials: fetch.Include}, apis.api, true),
		Entry("include sends them to its own origin", probe.Request{Credentials: fetch.Include}, apis.own, true),
		Entry("omit sends none to another origin", probe.Request{Credentials: fetch.Omit}, apis.api, false),
		Entry("omit sends none to its own origin either", probe.Request{Credentials: fetch.Omit}, apis.own, false),
		Entry("XMLHttpRequest sends none to another origin by default", probe.Request{Client: probe.XHR}, apis.api, false),
		Entry("XMLHttpRequest sends them to its own origin by default", probe.Request{Client: probe.XHR}, apis.own, true),
		Entry("XMLHttpRequest withCredentials sends them to another origin of the same site", probe.Request{Client: probe.XHR, Credentials: fetch.Include}, apis.api, true),
	)

	It("to the page's own origin need no Allow-Credentials", func(ctx SpecContext) {
		seen := asking(ctx, h.From(app).WithCookies(cookie(apis.own, "Lax")), probe.Request{Credentials: fetch.Include, URL: apis.own.answer(200)})[0]
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentCookie("id"))
	})

	It("of one probe are unknown to the next one", func(ctx SpecContext) {
		url := apis.api.answer(200, allowOrigin, allowCredentials, "Set-Cookie: id=1; Secure")
		for range 2 {
			seen := asking(ctx, h.From(app), probe.Request{Credentials: fetch.Include, URL: url})[0]
			Expect(seen).To(match.BeReadable())
			Expect(seen).NotTo(match.HaveSentCookie("id"))
		}
	})
})

// cookie is a Secure cookie "id=1" of an API's host. sameSite "" leaves the attribute out.
func cookie(of *stub, sameSite string) probe.Cookie {
	return probe.Cookie{URL: of.origin, Name: "id", Value: "1", SameSite: sameSite, Secure: true}
}
