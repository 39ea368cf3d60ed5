package specs

// Simple requests: what a browser sends to another origin without asking first. Proves
// https://fetch.spec.whatwg.org/#cors-safelisted-method, https://fetch.spec.whatwg.org/#cors-safelisted-request-header,
// https://fetch.spec.whatwg.org/#concept-method-normalize and https://fetch.spec.whatwg.org/#concept-bodyinit-extract.
// triggers_test.go has the other side.

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

// permissive serves a path at which every preflight of a page without credentials passes and every answer is readable.
func (s *stub) permissive() string {
	GinkgoHelper()
	return s.preflighted(noContent(allowAny, "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *"), ok(allowAny))
}

// one is a header list of one line.
func one(name, value string) fetch.HeaderList { return fetch.HeaderList{{Name: name, Value: value}} }

var _ = Describe("A cross-origin request is simple, with no preflight,", Label("simple"), func() {
	DescribeTable("with the method",
		func(ctx SpecContext, method, sent string) {
			seen := fetching(ctx, app, probe.Request{Method: method, URL: apis.api.answer(200, allowAny)})
			expectSimple(seen)
			Expect(last(seen).Request.Method).To(Equal(sent))
		},
		Entry("GET", "GET", "GET"),
		Entry("HEAD", "HEAD", "HEAD"),
		Entry("POST", "POST", "POST"),
		Entry("get, which becomes GET", "get", "GET"),
		Entry("hEaD, which becomes HEAD", "hEaD", "HEAD"),
		Entry("post, which becomes POST", "post", "POST"),
	)

	DescribeTable("with the header",
		func(ctx SpecContext, name, value string) {
			seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200, allowAny), Headers: one(name, value)})
			expectSimple(seen)
			Expect(seen).To(match.HaveReceivedHeader(name, value))
		},
		Entry("Accept", "Accept", "application/json"),
		Entry("Accept in lower case", "accept", "application/json"),
		Entry("Accept of 128 bytes", "Accept", strings.Repeat("a", 128)),
		Entry("Accept with a tab inside", "Accept", "text/html,\ttext/plain"),
		Entry("Accept with every punctuation that is safe", "Accept", "!#$%&'*+-./;=^_`|~,"),
		Entry("Accept-Language", "Accept-Language", "de-AT, en;q=0.5"),
		Entry("Accept-Language of 128 bytes", "Accept-Language", strings.Repeat("a", 128)),
		Entry("Content-Language", "Content-Language", "de-AT"),
		Entry("Content-Type text/plain", "Content-Type", "text/plain"),
		Entry("Content-Type application/x-www-form-urlencoded", "Content-Type", "application/x-www-form-urlencoded"),
		Entry("Content-Type multipart/form-data", "Content-Type", "multipart/form-data"),
		Entry("Content-Type with a parameter", "Content-Type", "text/plain;charset=utf-8"),
		Entry("Content-Type with a blank before its parameter", "Content-Type", "text/plain; charset=utf-8"),
		Entry("Content-Type with a parameter that nobody knows", "Content-Type", "text/plain; hint=json"),
		Entry("Content-Type in upper case", "Content-Type", "TEXT/PLAIN"),
		Entry("Content-Type of 128 bytes", "Content-Type", "text/plain;"+strings.Repeat("a", 117)),
	)

	It("with an Accept of bytes outside ASCII, which goes out as ISO 8859-1", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowAny), Headers: one("Accept", "text/\u00e4")})
		expectSimple(seen)
		Expect(seen).To(match.HaveReceivedHeader("Accept", "text/\xe4"))
	})

	DescribeTable("with the Range",
		func(ctx SpecContext, value string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(206, allowAny, "Content-Range: bytes 0-3/10"), Headers: one("Range", value)})
			expectSimple(seen)
			Expect(seen).To(match.HaveReceivedHeader("Range", value))
		},
		Entry("of a first and a last byte", "bytes=0-3"),
		Entry("of a first byte alone", "bytes=5-"),
		Entry("of one byte", "bytes=7-7"),
	)

	DescribeTable("with the body, which implies a safelisted content type:",
		func(ctx SpecContext, body probe.Body, contentType any) {
			seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200, allowAny), Body: &body})
			expectSimple(seen)
			Expect(seen).To(match.HaveReceivedHeader("Content-Type", contentType))
		},
		Entry("a string", probe.Body{Text: `{"a":1}`}, "text/plain;charset=UTF-8"),
		Entry("an empty string", probe.Body{}, "text/plain;charset=UTF-8"),
		Entry("URLSearchParams", probe.Body{Form: []probe.Field{{Name: "a", Value: "1 ä"}}}, "application/x-www-form-urlencoded;charset=UTF-8"),
		Entry("FormData", probe.Body{Multipart: []probe.Field{{Name: "a", Value: "1"}}}, HavePrefix("multipart/form-data; boundary=")),
		Entry("a Blob of a safelisted type", probe.Body{Blob: typed("text/plain"), Text: "a"}, "text/plain"),
	)

	DescribeTable("with the body, which implies no content type:",
		func(ctx SpecContext, body probe.Body) {
			seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200, allowAny), Body: &body})
			expectSimple(seen)
			Expect(seen).NotTo(match.HaveSentHeader("Content-Type"))
			Expect(seen.Receipts[0].Body).To(Equal([]byte("ab")))
		},
		Entry("bytes", probe.Body{Bytes: []byte("ab")}),
		Entry("a Blob without a type", probe.Body{Blob: typed(""), Bytes: []byte("ab")}),
	)

	It("with JSON in a string, since its content type is text/plain: the server must not take that for JSON", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200, allowAny), Body: &probe.Body{Text: `{"delete":true}`}})
		expectSimple(seen)
		Expect(string(seen.Receipts[0].Body)).To(Equal(`{"delete":true}`))
	})

	It("with all safelisted headers at once", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200, allowAny), Headers: fetch.HeaderList{
			{Name: "Accept", Value: "application/json"}, {Name: "Accept-Language", Value: "de"}, {Name: "Content-Language", Value: "de"},
			{Name: "Content-Type", Value: "text/plain"}, {Name: "Range", Value: "bytes=0-1"},
		}})
		expectSimple(seen)
	})

	It("with credentials: a cookie triggers nothing", func(ctx SpecContext) {
		page := h.From(app).WithCookies(probe.Cookie{URL: apis.api.origin, Name: "sid", Value: "1", SameSite: "Lax", Secure: true})
		seen := asking(ctx, page, probe.Request{URL: apis.api.answer(200, allowOrigin, allowCredentials), Credentials: fetch.Include})[0]
		expectSimple(seen)
		Expect(seen).To(match.HaveSentCookie("sid"))
	})

	It("as XMLHttpRequest with credentials", func(ctx SpecContext) {
		expectSimple(sending(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin, allowCredentials), Credentials: fetch.Include}))
	})

	DescribeTable("with what fetch() sets of the request's members:",
		func(ctx SpecContext, r probe.Request) {
			r.URL = apis.api.answer(200, allowAny)
			expectSimple(fetching(ctx, app, r))
		},
		Entry("a cache mode, though it adds headers of the browser's own", probe.Request{Cache: fetch.NoCache}),
		Entry("a referrer policy", probe.Request{ReferrerPolicy: fetch.UnsafeURL}),
		Entry("keepalive", probe.Request{Keepalive: true}),
		Entry("redirect mode error", probe.Request{Redirect: fetch.ErrorRedirect}),
	)
})

var _ = Describe("What needs no leave is not asked for:", Label("simple"), func() {
	It("a request in mode no-cors is never preflighted, and its custom header is dropped", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200), Mode: fetch.NoCORS, Headers: one("X-Custom", "1")})
		Expect(seen).To(match.BeOpaque())
		Expect(seen).To(match.HaveReceived(0, 1))
		Expect(seen).NotTo(match.HaveReceivedHeader("X-Custom", "1"))
	})

	DescribeTable("a request to the page's own origin is never preflighted",
		func(ctx SpecContext, r probe.Request) {
			r.URL = apis.own.answer(200)
			seen := agreeing(h.From(app).Session(ctx, probe.Step{Request: r})[0])
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveReceived(0, 1))
		},
		Entry("with PUT", probe.Request{Method: "PUT"}),
		Entry("with a custom header", probe.Request{Headers: one("X-Custom", "1")}),
		Entry("with JSON", probe.Request{Method: "POST", Headers: one("Content-Type", "application/json"), Body: &probe.Body{Text: "{}"}}),
		Entry("with an upload listener", probe.Request{Client: probe.XHR, Method: "POST", Body: &probe.Body{Text: "a"}, UploadListener: true}),
	)

	DescribeTable("a listener is none of fetch()'s: XMLHttpRequest without one is simple",
		func(ctx SpecContext, method string) {
			expectSimple(sending(ctx, app, probe.Request{Method: method, URL: apis.api.answer(200, allowAny), Body: &probe.Body{Text: "a"}}))
		},
		Entry("with POST", "POST"),
		Entry("with GET, whose body is left out", "GET"),
	)
})

// expectSimple expects that script read the answer to the one request that there was.
func expectSimple(seen probe.Observation) {
	GinkgoHelper()
	Expect(seen).To(match.BeReadable())
	Expect(seen).To(match.HaveSentNoPreflight())
	Expect(seen).To(match.HaveReceived(0, 1))
}

func typed(mime string) *string { return &mime }
