package specs

// Errors of the API: with CORS headers script reads them, and without it reads nothing and is told of CORS, whatever
// really went wrong. Proves that the CORS check knows no status, https://fetch.spec.whatwg.org/#concept-cors-check, which statuses
// have no body, https://fetch.spec.whatwg.org/#null-body-status, and field survey, sections 0.3 and 2.1 (cause 2).

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

// failing are the statuses that APIs, and what stands before them, answer with when something is wrong.
var failing = []TableEntry{
	Entry("400", 400, "Bad Request"), Entry("401", 401, "Unauthorized"), Entry("403", 403, "Forbidden"), Entry("404", 404, "Not Found"),
	Entry("405", 405, "Method Not Allowed"), Entry("413", 413, "Request Entity Too Large"), Entry("429", 429, "Too Many Requests"),
	Entry("500", 500, "Internal Server Error"), Entry("502", 502, "Bad Gateway"), Entry("503", 503, "Service Unavailable"),
}

var _ = Describe("An error of an API", Label("errors"), func() {
	DescribeTable("is readable with CORS headers, status and body alike:",
		func(ctx SpecContext, status int, reason string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(status, allowOrigin)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveStatus(status))
			Expect(seen).To(match.HaveBody("body"))
			Expect(seen.Page.StatusText).To(Equal(reason))
		}, failing)

	DescribeTable("is called a missing Allow-Origin without CORS headers, and only the wire has its status:",
		func(ctx SpecContext, status int, reason string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(status)})
			expectMasked(seen, status)
			Expect(last(seen).Response.StatusText).To(Equal(reason))
			Expect(seen.Blocked.Message).NotTo(ContainSubstring(fmt.Sprint(status)))
		}, failing)

	DescribeTable("is no different for XMLHttpRequest, which has status 0:",
		func(ctx SpecContext, status int, _ string) {
			seen := sending(ctx, app, probe.Request{URL: apis.api.answer(status)})
			expectMasked(seen, status)
			Expect(seen).To(match.HaveEvents("readystatechange 4", "error", "loadend"))
		}, failing[1:3], failing[7:8])

	DescribeTable("is masked with credentials too:",
		func(ctx SpecContext, status int, _ string) {
			expectMasked(fetching(ctx, app, probe.Request{URL: apis.api.answer(status), Credentials: fetch.Include}), status)
		}, failing[1:3], failing[7:8])

	DescribeTable("is masked after a preflight that passed, and the request was executed:",
		func(ctx SpecContext, status int, _ string) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noContent(allowOrigin, allowPUT), noBody(status))})
			Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
			Expect(seen).To(match.HavePreflightStatus(204))
			Expect(seen).To(match.HaveReceived(1, 1))
			Expect(last(seen).Response.Status).To(Equal(status))
		}, failing[1:3], failing[6:8])

	It("hides behind success: the same API's good answer is readable, and its error is not", func(ctx SpecContext) {
		url := apis.api.serve(
			embedded.Rule{When: embedded.Match{Path: "/orders"}, Answer: ok(allowOrigin)},
			embedded.Rule{Answer: noBody(429, "Retry-After: 30")})
		Expect(fetching(ctx, app, probe.Request{URL: url + "/orders"})).To(match.BeReadable())
		expectMasked(fetching(ctx, app, probe.Request{URL: url + "/other"}), 429)
	})

	It("429 keeps Retry-After from script unless it is exposed", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(429, allowOrigin, "Retry-After: 30")})).To(match.HideHeader("Retry-After"))
		exposed := apis.api.answer(429, allowOrigin, "Retry-After: 30", "Access-Control-Expose-Headers: Retry-After")
		Expect(fetching(ctx, app, probe.Request{URL: exposed})).To(match.ExposeHeader("Retry-After", "30"))
	})

	It("401 keeps WWW-Authenticate from script unless it is exposed", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(401, allowOrigin, "WWW-Authenticate: Bearer"), Credentials: fetch.Omit})
		Expect(seen).To(match.HaveStatus(401))
		Expect(seen).To(match.HideHeader("WWW-Authenticate"))
	})

	It("is opaque in mode no-cors: not even the status is there", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(500), Mode: fetch.NoCORS})
		Expect(seen).To(match.BeOpaque())
		Expect(seen).To(match.HaveStatus(0))
		Expect(last(seen).Response.Status).To(Equal(500))
	})

	It("of the page's own server is readable without any CORS header", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.own.answer(500)})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveStatus(500))
	})

	It("is a response and not a rejection: fetch() resolves", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(500, allowOrigin)})
		Expect(seen.Page.Error).To(BeNil())
		Expect(seen).To(match.HaveType(fetch.CORSResponse))
	})
})

var _ = Describe("A status", Label("errors"), func() {
	DescribeTable("that nobody defined is read as it is:",
		func(ctx SpecContext, status int) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(status, allowOrigin)})
			Expect(seen).To(match.HaveStatus(status))
			Expect(seen).To(match.HaveBody("body"))
			Expect(seen.Page.StatusText).To(BeEmpty())
		},
		Entry("299", 299), Entry("499", 499), Entry("599", 599), Entry("600", 600), Entry("700", 700), Entry("999", 999),
	)

	DescribeTable("of 600 and more is masked like any other without CORS headers:",
		func(ctx SpecContext, status int) {
			expectMasked(fetching(ctx, app, probe.Request{URL: apis.api.answer(status)}), status)
		},
		Entry("600", 600), Entry("999", 999),
	)

	DescribeTable("that promises a later answer, which never comes, is taken for an empty 200 on a connection that was used before:",
		func(ctx SpecContext, status int) {
			seen := asking(ctx, h.From(app), probe.Request{URL: apis.api.answer(200, allowOrigin)}, probe.Request{URL: apis.api.answer(status, allowOrigin)})[1]
			Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"), "what came with the promise is no header of the answer")
			Expect(last(seen).Response.Status).To(Equal(200))
			Expect(last(seen).Response.Headers).To(BeEmpty())
		},
		Entry("100", 100), Entry("101, which nobody asked for", 101), Entry("102", 102), Entry("103", 103), Entry("199", 199),
	)

	DescribeTable("without a body is read with an empty one:",
		func(ctx SpecContext, status int) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(status, allowOrigin)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveStatus(status))
			Expect(seen).To(match.HaveBody(""))
		},
		Entry("204", 204), Entry("205, though its body was sent", 205), Entry("304 that nobody asked for", 304),
	)

	DescribeTable("without a body is blocked without CORS headers like any other:",
		func(ctx SpecContext, status int) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(status)})
			Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
			Expect(last(seen).Response.Status).To(Equal(status))
		},
		Entry("204", 204), Entry("205", 205), Entry("304", 304),
	)

	It("has the reason phrase of the wire as statusText, whatever it says", func(ctx SpecContext) {
		answer := ok(allowOrigin)
		answer.Reason = "Quite Fine"
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.serve(embedded.Rule{Answer: answer})}).Page.StatusText).To(Equal("Quite Fine"))
	})

	It("has no reason phrase over HTTP/2", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.h2.answer(404, allowOrigin)})
		Expect(seen).To(match.HaveStatus(404))
		Expect(seen.Page.StatusText).To(BeEmpty())
		Expect(last(seen).Response.Protocol).To(Equal("h2"))
	})

	It("is masked over HTTP/2 as well", func(ctx SpecContext) {
		expectMasked(fetching(ctx, app, probe.Request{URL: apis.h2.answer(503)}), 503)
	})
})

// expectMasked expects that script saw nothing but the blame of CORS, where everybody else saw the API's error.
func expectMasked(seen probe.Observation, status int) {
	GinkgoHelper()
	Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	Expect(seen.Page.Status).To(BeZero())
	Expect(last(seen).Response.Status).To(Equal(status), "on the wire")
	Expect(seen).To(match.HaveReplayed(status))
	Expect(seen).To(match.HaveReceived(0, 1))
}
