package specs

// Access-Control-Allow-Origin: what is a value that lets script read, and what only looks like one.
// Proves the CORS check, https://fetch.spec.whatwg.org/#concept-cors-check, with the header's syntax,
// https://fetch.spec.whatwg.org/#http-access-control-allow-origin, and the field survey, section 2.0 (the
// browser's codes for each mistake).

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("Access-Control-Allow-Origin", Label("allow-origin"), func() {
	DescribeTable("lets script read",
		func(ctx SpecContext, from string, headers ...string) {
			seen := fetching(ctx, from, probe.Request{URL: apis.api.answer(200, headers...)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveStatus(200))
			Expect(seen).To(match.HaveBody("body"))
			Expect(seen).To(match.HaveSentHeader("Origin", from))
		},
		Entry("that is exactly the page's origin", app, "Access-Control-Allow-Origin: https://app.example.com"),
		Entry("that is the page's origin with its port", "https://app.example.com:8443", "Access-Control-Allow-Origin: https://app.example.com:8443"),
		Entry("that reflects the request's Origin", app, allowOrigin),
		Entry("that is the wildcard", app, allowAny),
		Entry("that is the wildcard beside Allow-Credentials, where the request has none", app, allowAny, allowCredentials),
		Entry("whose name is in lower case", app, "access-control-allow-origin: https://app.example.com"),
		Entry("whose name is in upper case", app, "ACCESS-CONTROL-ALLOW-ORIGIN: https://app.example.com"),
		Entry("with blanks around the value", app, "Access-Control-Allow-Origin:    https://app.example.com   "),
		Entry("with tabs around the value", app, "Access-Control-Allow-Origin: \thttps://app.example.com\t "),
		Entry("with blanks around the wildcard", app, "Access-Control-Allow-Origin:   * "),
		Entry("that is the literal null, on a page whose origin is opaque", "null", "Access-Control-Allow-Origin: null"),
		Entry("that reflects null, on a page whose origin is opaque", "null", allowOrigin),
		Entry("that is the wildcard, on a page whose origin is opaque", "null", allowAny),
	)

	DescribeTable("keeps script from reading, though the answer was 200,",
		func(ctx SpecContext, code, parameter string, headers ...string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, headers...)})
			expectRefused(seen, code, parameter)
		},
		Entry("when it is missing", "MissingAllowOriginHeader", ""),
		Entry("when it is empty", "InvalidAllowOriginValue", "", "Access-Control-Allow-Origin: "),
		Entry("when it is blank", "InvalidAllowOriginValue", "", "Access-Control-Allow-Origin:  \t "),
		Entry("when it lists two origins in one line", "MultipleAllowOriginValues", app+", "+admin, "Access-Control-Allow-Origin: "+app+", "+admin),
		Entry("when it lists two origins with a blank between them", "MultipleAllowOriginValues", app+" "+admin, "Access-Control-Allow-Origin: "+app+" "+admin),
		Entry("when it stands there twice with two origins", "MultipleAllowOriginValues", app+", "+admin, "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Origin: "+admin),
		Entry("when it stands there twice with equal values", "MultipleAllowOriginValues", app+", "+app, allowOrigin, allowOrigin),
		Entry("when it stands there twice with the wildcard", "MultipleAllowOriginValues", "*, *", allowAny, allowAny),
		Entry("when it stands there twice, once in another case", "MultipleAllowOriginValues", app+", "+app, allowOrigin, "access-control-allow-origin: "+app),
		Entry("when it lists the wildcard and the origin", "MultipleAllowOriginValues", "*, "+app, "Access-Control-Allow-Origin: *, "+app),
		Entry("when it ends with a comma", "MultipleAllowOriginValues", app+",", "Access-Control-Allow-Origin: "+app+","),
		Entry("when the scheme is in upper case", "AllowOriginMismatch", "HTTPS://app.example.com", "Access-Control-Allow-Origin: HTTPS://app.example.com"),
		Entry("when the host is in mixed case", "AllowOriginMismatch", "https://App.Example.com", "Access-Control-Allow-Origin: https://App.Example.com"),
		Entry("when it has a trailing slash", "AllowOriginMismatch", app+"/", "Access-Control-Allow-Origin: "+app+"/"),
		Entry("when it has a path", "AllowOriginMismatch", app+"/login", "Access-Control-Allow-Origin: "+app+"/login"),
		Entry("when it has a query", "AllowOriginMismatch", app+"?x=1", "Access-Control-Allow-Origin: "+app+"?x=1"),
		Entry("when it has user information", "AllowOriginMismatch", "https://me@app.example.com", "Access-Control-Allow-Origin: https://me@app.example.com"),
		Entry("when the host ends with a dot", "AllowOriginMismatch", app+".", "Access-Control-Allow-Origin: "+app+"."),
		Entry("when it spells the default port out", "AllowOriginMismatch", app+":443", "Access-Control-Allow-Origin: "+app+":443"),
		Entry("when it has another port", "AllowOriginMismatch", app+":8443", "Access-Control-Allow-Origin: "+app+":8443"),
		Entry("when it is http and the page is https", "AllowOriginMismatch", "http://app.example.com", "Access-Control-Allow-Origin: http://app.example.com"),
		Entry("when it is another subdomain", "AllowOriginMismatch", admin, "Access-Control-Allow-Origin: "+admin),
		Entry("when it is the parent domain", "AllowOriginMismatch", "https://example.com", "Access-Control-Allow-Origin: https://example.com"),
		Entry("when it is the API's own origin", "AllowOriginMismatch", "https://api.example.com", "Access-Control-Allow-Origin: https://api.example.com"),
		Entry("when it has a wildcard for subdomains", "AllowOriginMismatch", "https://*.example.com", "Access-Control-Allow-Origin: https://*.example.com"),
		Entry("when it has a wildcard for ports", "InvalidAllowOriginValue", app+":*", "Access-Control-Allow-Origin: "+app+":*"),
		Entry("when it is a wildcard domain without scheme", "InvalidAllowOriginValue", "*.example.com", "Access-Control-Allow-Origin: *.example.com"),
		Entry("when the scheme is missing", "InvalidAllowOriginValue", "app.example.com", "Access-Control-Allow-Origin: app.example.com"),
		Entry("when it begins with two slashes", "InvalidAllowOriginValue", "//app.example.com", "Access-Control-Allow-Origin: //app.example.com"),
		Entry("when it is in quotes", "InvalidAllowOriginValue", `"`+app+`"`, `Access-Control-Allow-Origin: "`+app+`"`),
		Entry("when the wildcard is in quotes", "InvalidAllowOriginValue", `"*"`, `Access-Control-Allow-Origin: "*"`),
		Entry("when it is the word true", "InvalidAllowOriginValue", "true", "Access-Control-Allow-Origin: true"),
		Entry("when it is null, which is no wildcard and no default", "AllowOriginMismatch", "null", "Access-Control-Allow-Origin: null"),
		Entry("when it has a control byte", "AllowOriginMismatch", app+"\x01", "Access-Control-Allow-Origin: "+app+"\x01"),
		Entry("when it has DEL at its end", "InvalidAllowOriginValue", app+"\x7f", "Access-Control-Allow-Origin: "+app+"\x7f"),
		Entry("when it has a vertical tab, which is no blank, at its end", "AllowOriginMismatch", app+"\x0b", "Access-Control-Allow-Origin: "+app+"\x0b"),
		Entry("when it has a form feed, which is no blank, at its end", "AllowOriginMismatch", app+"\x0c", "Access-Control-Allow-Origin: "+app+"\x0c"),
		Entry("when it has a byte outside ASCII", "AllowOriginMismatch", "https://äpp.example.com", "Access-Control-Allow-Origin: https://äpp.example.com"),
		Entry("when it is only in a header of a similar name", "MissingAllowOriginHeader", "", "Access-Control-Allow-Origins: "+app, "Allow-Origin: "+app),
		Entry("when only Allow-Methods and Allow-Headers are there", "MissingAllowOriginHeader", "", "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *"),
	)

	DescribeTable("does not let a page of an opaque origin read",
		func(ctx SpecContext, code, parameter string, headers ...string) {
			seen := fetching(ctx, "null", probe.Request{URL: apis.api.answer(200, headers...)})
			expectRefused(seen, code, parameter)
			Expect(seen).To(match.HaveSentHeader("Origin", "null"))
		},
		Entry("when it is missing", "MissingAllowOriginHeader", ""),
		Entry("when it is another page's origin", "AllowOriginMismatch", app, "Access-Control-Allow-Origin: "+app),
		Entry("when it is null in another case", "InvalidAllowOriginValue", "Null", "Access-Control-Allow-Origin: Null"),
		Entry("when it is null in quotes", "InvalidAllowOriginValue", `"null"`, `Access-Control-Allow-Origin: "null"`),
	)

	It("with a NUL byte makes the answer invalid HTTP, so that the network fails and CORS is not asked", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, "Access-Control-Allow-Origin: "+app+"\x00")})
		Expect(seen).To(match.HaveFailedWith("net::ERR_INVALID_HTTP_RESPONSE"))
	})

	It("is compared with each page's own origin: one page's value does nothing for another page", func(ctx SpecContext) {
		url := apis.api.answer(200, "Access-Control-Allow-Origin: "+admin)
		Expect(fetching(ctx, admin, probe.Request{URL: url})).To(match.BeReadable())
		expectRefused(fetching(ctx, app, probe.Request{URL: url}), "AllowOriginMismatch", admin)
	})

	DescribeTable("binds every method and client alike",
		func(ctx SpecContext, r probe.Request) {
			r.URL = apis.api.answer(200)
			expectRefused(asking(ctx, h.From(app), r)[0], "MissingAllowOriginHeader", "")
			r.URL = apis.api.answer(200, allowOrigin)
			Expect(asking(ctx, h.From(app), r)[0]).To(match.BeReadable())
		},
		Entry("fetch with HEAD", probe.Request{Method: "HEAD"}),
		Entry("fetch with POST", probe.Request{Method: "POST", Body: &probe.Body{Text: "a"}}),
		Entry("XMLHttpRequest with GET", probe.Request{Client: probe.XHR}),
		Entry("XMLHttpRequest with POST", probe.Request{Client: probe.XHR, Method: "POST", Body: &probe.Body{Text: "a"}}),
		Entry("synchronous XMLHttpRequest", probe.Request{Client: probe.XHR, Sync: true}),
	)

	It("is never looked at where the page asks its own origin", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.own.answer(200, "Access-Control-Allow-Origin: https://nobody.test")})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveType("basic"))
	})

	Context("over HTTP/2", func() {
		DescribeTable("lets script read by the same rules",
			func(ctx SpecContext, headers ...string) {
				seen := fetching(ctx, app, probe.Request{URL: apis.h2.answer(200, headers...)})
				Expect(seen).To(match.BeReadable())
				Expect(last(seen).Response.Protocol).To(Equal("h2"))
			},
			Entry("when it is the page's origin", "Access-Control-Allow-Origin: "+app),
			Entry("when it is the wildcard", allowAny),
		)

		DescribeTable("refuses by the same rules",
			func(ctx SpecContext, code, parameter string, headers ...string) {
				seen := fetching(ctx, app, probe.Request{URL: apis.h2.answer(200, headers...)})
				expectRefused(seen, code, parameter)
				Expect(last(seen).Response.Headers.Values("Access-Control-Allow-Origin")).To(HaveLen(len(headers)))
			},
			Entry("when it is missing", "MissingAllowOriginHeader", ""),
			Entry("when it is empty", "InvalidAllowOriginValue", "", "Access-Control-Allow-Origin: "),
			Entry("when it has a trailing slash", "AllowOriginMismatch", app+"/", "Access-Control-Allow-Origin: "+app+"/"),
			Entry("when it stands there twice with equal values", "MultipleAllowOriginValues", app+", "+app, allowOrigin, allowOrigin),
			Entry("when it is http and the page is https", "AllowOriginMismatch", "http://app.example.com", "Access-Control-Allow-Origin: http://app.example.com"),
		)
	})
})

// expectRefused expects that script saw nothing of an answer that was 200 on the wire, and the browser's reason.
func expectRefused(seen probe.Observation, code, parameter string) {
	GinkgoHelper()
	Expect(seen).To(match.BeBlockedBy(code))
	Expect(seen.Blocked.Parameter).To(Equal(parameter))
	Expect(seen).To(match.HaveRejectedWith(rejection(seen.Request)))
	Expect(seen.Page.Status).To(BeZero())
	Expect(seen.Page.Headers).To(BeEmpty())
	Expect(last(seen).Response).To(HaveField("Status", 200))
	Expect(seen).To(match.HaveReceived(0, 1))
}

// rejection is the name of what script catches: fetch() rejects, asynchronous XMLHttpRequest fires an event, synchronous throws.
func rejection(r probe.Request) string {
	switch {
	case r.Client != probe.XHR:
		return "TypeError"
	case r.Sync:
		return "NetworkError"
	}
	return "ProgressEvent"
}

// last is the last exchange, which is that of the request itself.
func last(seen probe.Observation) probe.Exchange {
	GinkgoHelper()
	Expect(seen.Exchanges).NotTo(BeEmpty())
	return seen.Exchanges[len(seen.Exchanges)-1]
}
