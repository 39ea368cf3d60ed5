package specs

// The clients: fetch()'s RequestInit, https://fetch.spec.whatwg.org/#requestinit, and XMLHttpRequest,
// https://xhr.spec.whatwg.org/, as far as no other file is about it.

import (
	"crypto/sha256"
	"encoding/base64"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("The body that script hands over", Label("clients"), func() {
	blobType := "text/csv"
	kinds := []TableEntry{
		Entry("a string", &probe.Body{Text: "grün\n"}, "grün\n", "text/plain;charset=UTF-8"),
		Entry("the empty string", &probe.Body{}, "", "text/plain;charset=UTF-8"),
		Entry("bytes", &probe.Body{Bytes: []byte{0, 1, 0xff, '\r', '\n'}}, "\x00\x01\xff\r\n", ""),
		Entry("a form", &probe.Body{Form: []probe.Field{{Name: "a b", Value: "1&2"}, {Name: "ü", Value: ""}}}, "a+b=1%262&%C3%BC=", "application/x-www-form-urlencoded;charset=UTF-8"),
		Entry("a blob", &probe.Body{Blob: &blobType, Bytes: []byte("a,b")}, "a,b", "text/csv"),
	}
	arrives := func(ctx SpecContext, client probe.Client, b *probe.Body, content, contentType string) {
		url := apis.api.preflighted(noContent(allowOrigin, "Access-Control-Allow-Headers: *"), ok(allowOrigin))
		seen := agreeing(asking(ctx, h.From(app), probe.Request{Client: client, Method: "POST", URL: url, Body: b})[0])
		Expect(seen).To(match.BeReadable())
		got := seen.Receipts[len(seen.Receipts)-1]
		Expect(string(got.Body)).To(Equal(content))
		Expect(got.BodySize).To(BeEquivalentTo(len(content)))
		sent, _ := got.Headers.Get("Content-Type")
		Expect(sent).To(Equal(contentType))
	}
	DescribeTable("arrives by fetch() with its own type:", func(ctx SpecContext, b *probe.Body, content, contentType string) {
		arrives(ctx, probe.Fetch, b, content, contentType)
	}, kinds)
	DescribeTable("arrives by XMLHttpRequest with its own type:", func(ctx SpecContext, b *probe.Body, content, contentType string) {
		arrives(ctx, probe.XHR, b, content, contentType)
	}, kinds)

	It("arrives as a multipart form with the browser's boundary", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200, allowOrigin), Body: &probe.Body{Multipart: []probe.Field{{Name: "a", Value: "1"}}}})
		Expect(seen).To(match.HaveReceived(0, 1))
		contentType, _ := seen.Receipts[0].Headers.Get("Content-Type")
		Expect(contentType).To(HavePrefix("multipart/form-data; boundary=----WebKitFormBoundary"))
		Expect(string(seen.Receipts[0].Body)).To(ContainSubstring("name=\"a\"\r\n\r\n1\r\n"))
	})
})

var _ = Describe("A request's referrer", Label("clients"), func() {
	referer := func(ctx SpecContext, to *stub, r probe.Request) string {
		GinkgoHelper()
		r.URL = to.answer(200, allowOrigin)
		seen := fetching(ctx, app, r)
		Expect(seen).To(match.BeReadable())
		value, _ := seen.Exchanges[0].Request.Headers.Get("Referer")
		return value
	}
	const page = app + "/.well-known/corsproof/page"

	DescribeTable("across origins is, under the policy",
		func(ctx SpecContext, policy fetch.ReferrerPolicy, want string) {
			Expect(referer(ctx, apis.api, probe.Request{ReferrerPolicy: policy})).To(Equal(want))
		},
		Entry("of the default, the origin alone", fetch.ReferrerPolicy(""), app+"/"),
		Entry("no-referrer, nothing", fetch.NoReferrer, ""),
		Entry("no-referrer-when-downgrade, the whole URL", fetch.NoReferrerWhenDowngrade, page),
		Entry("same-origin, nothing", fetch.SameOriginReferrer, ""),
		Entry("origin, the origin alone", fetch.OriginReferrer, app+"/"),
		Entry("strict-origin, the origin alone", fetch.StrictOrigin, app+"/"),
		Entry("origin-when-cross-origin, the origin alone", fetch.OriginWhenCrossOrigin, app+"/"),
		Entry("unsafe-url, the whole URL", fetch.UnsafeURL, page),
	)
	It("within one origin is the whole URL", func(ctx SpecContext) {
		Expect(referer(ctx, apis.own, probe.Request{})).To(Equal(page))
	})
	It("may be another URL of the page's own origin", func(ctx SpecContext) {
		Expect(referer(ctx, apis.own, probe.Request{Referrer: "/somewhere"})).To(Equal(app + "/somewhere"))
	})
	It("changes nothing about the Origin header, which CORS goes by", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), ReferrerPolicy: fetch.NoReferrer})
		Expect(seen).To(match.HaveSentHeader("Origin", app))
	})
})

var _ = Describe("fetch() with integrity", Label("clients"), func() {
	digest := func(body string) string {
		sum := sha256.Sum256([]byte(body))
		return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	It("reads a body that has the digest", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Integrity: digest("body")})).To(match.BeReadable())
	})
	It("rejects a body that has another one, though CORS allows it", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Integrity: digest("another")})
		Expect(seen).NotTo(match.BeReadable())
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(seen.Console).To(ContainElement(ContainSubstring("integrity")))
	})
	It("rejects a response that CORS does not allow, whatever its digest", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200), Integrity: digest("body")})
		Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})
})

var _ = Describe("fetch() with keepalive", Label("clients"), func() {
	It("is subject to CORS like any other", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Keepalive: true})).To(match.BeReadable())
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200), Keepalive: true})).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})
	It("is preflighted like any other", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowOrigin, allowPUT), ok(allowOrigin))
		seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: url, Keepalive: true, Body: &probe.Body{Text: "x"}})
		Expect(seen).To(SatisfyAll(match.BeReadable(), match.HaveSentPreflight()))
	})
	It("may not have a body above 64 KiB", func(ctx SpecContext) {
		seen := h.From(app).Fetch(ctx, probe.Request{Method: "POST", URL: apis.api.answer(200, allowOrigin), Keepalive: true, Body: &probe.Body{Bytes: make([]byte, 65<<10)}})
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(seen).To(match.HaveReceived(0, 0))
	})
})

var _ = Describe("XMLHttpRequest", Label("clients", "xhr"), func() {
	It("fires its events in order for a response that it may read", func(ctx SpecContext) {
		seen := sending(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin)})
		Expect(seen).To(match.HaveEvents("readystatechange 1", "loadstart", "readystatechange 2", "readystatechange 3", "progress", "readystatechange 4", "load", "loadend"))
	})
	It("fires error, and nothing that tells more, for one that it may not", func(ctx SpecContext) {
		seen := sending(ctx, app, probe.Request{URL: apis.api.answer(200)})
		Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
		Expect(seen).To(match.HaveEvents("loadstart", "readystatechange 4", "error", "loadend"))
		Expect(seen.Page.Events).NotTo(ContainElement("readystatechange 2"))
		Expect(seen.Page.Status).To(BeZero())
	})
	It("fires the upload's events where its preflight was allowed", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowOrigin), ok(allowOrigin))
		seen := sending(ctx, app, probe.Request{Method: "POST", URL: url, Body: &probe.Body{Text: "x"}, UploadListener: true})
		Expect(seen).To(SatisfyAll(match.BeReadable(), match.HaveSentPreflight(), match.HaveEvents("upload.loadstart", "upload.load", "upload.loadend", "load")))
	})
	It("follows redirects, and tells where it ended in responseURL", func(ctx SpecContext) {
		target := apis.api.answer(200, allowOrigin)
		seen := sending(ctx, app, probe.Request{URL: apis.api.answer(302, allowOrigin, "Location: "+target)})
		Expect(seen).To(match.BeReadable())
		Expect(seen.Page.URL).To(Equal(target))
	})
	DescribeTable("that is synchronous",
		func(ctx SpecContext, want probe.Outcome, headers ...string) {
			seen := sending(ctx, app, probe.Request{URL: apis.api.answer(200, headers...), Sync: true})
			Expect(seen.Outcome).To(Equal(want), seen.Why)
		},
		Entry("reads what it may", probe.Readable, allowOrigin),
		Entry("throws a NetworkError for what it may not", probe.Blocked),
	)
	It("that is synchronous keeps every byte of a binary body", func(ctx SpecContext) {
		seen := sending(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Sync: true})
		Expect(seen.Page.Body.Text).To(Equal("body"))
	})
	It("adds values of one header into one line", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowOrigin, "Access-Control-Allow-Headers: x-a"), ok(allowOrigin))
		seen := sending(ctx, app, probe.Request{URL: url, Headers: lines("X-A: 1", "X-A: 2")})
		Expect(seen).To(match.HaveSentHeader("X-A", "1, 2"))
	})
})
