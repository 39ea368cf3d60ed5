package specs

// CORS protects what script reads, and not what a server does: a request whose answer is blocked was executed.
// Proves that the CORS check comes after the network, https://fetch.spec.whatwg.org/#http-fetch, that only a
// preflight comes before it, https://fetch.spec.whatwg.org/#cors-preflight-fetch, what needs none because a form
// could have sent it, https://fetch.spec.whatwg.org/#cors-safelisted-request-header, and field survey, section 0.

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

const transfer = `{"to":"mallory","amount":100}`

var _ = Describe("A request of a page that may not read the answer", Label("csrf"), func() {
	DescribeTable("was executed by the server all the same:",
		func(ctx SpecContext, r probe.Request, contentType string) {
			r.Method, r.URL = "POST", apis.other.answer(200)
			seen := asking(ctx, h.From(stranger), r)[0]
			Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
			Expect(seen).To(match.HaveSentNoPreflight())
			Expect(seen).To(match.HaveReceived(0, 1))
			Expect(seen.Receipts[0].Method).To(Equal("POST"))
			Expect(seen.Receipts[0].BodySize).To(BeNumerically(">", 0))
			got, _ := seen.Receipts[0].Headers.Get("Content-Type")
			Expect(got).To(HavePrefix(contentType))
		},
		Entry("POST of JSON as text/plain", probe.Request{Body: &probe.Body{Text: transfer}, Headers: fetch.HeaderList{{Name: "Content-Type", Value: "text/plain"}}}, "text/plain"),
		Entry("POST of JSON as a string, whose content type nobody set", probe.Request{Body: &probe.Body{Text: transfer}}, "text/plain;charset=UTF-8"),
		Entry("POST of JSON as a Blob without a type", probe.Request{Body: &probe.Body{Text: transfer, Blob: new(string)}}, ""),
		Entry("POST of JSON as bytes", probe.Request{Body: &probe.Body{Bytes: []byte(transfer)}}, ""),
		Entry("POST of a form", probe.Request{Body: &probe.Body{Form: []probe.Field{{Name: "to", Value: "mallory"}}}}, "application/x-www-form-urlencoded"),
		Entry("POST of a multipart form", probe.Request{Body: &probe.Body{Multipart: []probe.Field{{Name: "to", Value: "mallory"}}}}, "multipart/form-data; boundary="),
		Entry("POST by XMLHttpRequest", probe.Request{Client: probe.XHR, Body: &probe.Body{Text: transfer}}, "text/plain;charset=UTF-8"),
		Entry("POST with keepalive", probe.Request{Keepalive: true, Body: &probe.Body{Text: transfer}}, "text/plain;charset=UTF-8"),
	)

	It("reached the server with every byte of its body", func(ctx SpecContext) {
		seen := fetching(ctx, stranger, probe.Request{Method: "POST", URL: apis.other.answer(200), Body: &probe.Body{Text: transfer}})
		Expect(seen).To(match.BeBlocked())
		Expect(string(seen.Receipts[0].Body)).To(Equal(transfer))
	})

	It("was executed where it is a GET that changes something", func(ctx SpecContext) {
		seen := fetching(ctx, stranger, probe.Request{URL: apis.other.answer(200) + "/orders/1/cancel?sure=1"})
		Expect(seen).To(match.BeBlocked())
		Expect(seen).To(match.HaveReceived(0, 1))
		Expect(seen.Receipts[0].URL).To(HaveSuffix("/orders/1/cancel?sure=1"))
	})

	It("was executed where the page asked with no-cors and got an opaque answer", func(ctx SpecContext) {
		seen := fetching(ctx, stranger, probe.Request{Method: "POST", Mode: fetch.NoCORS, URL: apis.other.answer(200), Body: &probe.Body{Text: transfer}})
		Expect(seen).To(match.BeOpaque())
		Expect(seen).To(match.HaveReceived(0, 1))
		Expect(string(seen.Receipts[0].Body)).To(Equal(transfer))
	})

	It("was executed where its preflight passed and only the actual answer forgot the header", func(ctx SpecContext) {
		url := apis.other.preflighted(noContent(allowOrigin, "Access-Control-Allow-Methods: DELETE"), ok())
		seen := fetching(ctx, stranger, probe.Request{Method: "DELETE", URL: url})
		Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
		Expect(seen).To(match.HaveReceived(1, 1))
		Expect(seen.Receipts[1].Method).To(Equal("DELETE"))
	})

	It("was executed where the server allows another origin only", func(ctx SpecContext) {
		seen := fetching(ctx, stranger, probe.Request{Method: "POST", URL: apis.other.answer(200, "Access-Control-Allow-Origin: "+app), Body: &probe.Body{Text: transfer}})
		Expect(seen).To(match.BeBlockedBy("AllowOriginMismatch"))
		Expect(seen).To(match.HaveReceived(0, 1))
	})

	DescribeTable("was never sent where the preflight failed:",
		func(ctx SpecContext, r probe.Request, code string, preflight embedded.Answer) {
			r.URL = apis.other.preflighted(preflight, ok(allowOrigin))
			seen := asking(ctx, h.From(stranger), r)[0]
			Expect(seen).To(match.BeBlockedBy(code))
			Expect(seen).To(match.HaveReceived(1, 0))
			Expect(seen.Receipts[0].IsPreflight()).To(BeTrue())
			Expect(seen.Receipts[0].BodySize).To(BeZero())
		},
		Entry("DELETE", probe.Request{Method: "DELETE"}, "PreflightMissingAllowOriginHeader", noContent()),
		Entry("PUT that the server does not list", probe.Request{Method: "PUT", Body: &probe.Body{Text: transfer}}, "MethodDisallowedByPreflightResponse", noContent(allowOrigin)),
		Entry("POST of application/json", probe.Request{Method: "POST", Body: &probe.Body{Text: transfer}, Headers: fetch.HeaderList{{Name: "Content-Type", Value: "application/json"}}},
			"HeaderDisallowedByPreflightResponse", noContent(allowOrigin)),
		Entry("POST with a header that only script can set", probe.Request{Method: "POST", Body: &probe.Body{Text: transfer}, Headers: fetch.HeaderList{{Name: "X-CSRF-Guard", Value: "1"}}},
			"HeaderDisallowedByPreflightResponse", noContent(allowOrigin)),
		Entry("POST by XMLHttpRequest with an upload listener", probe.Request{Client: probe.XHR, UploadListener: true, Method: "POST", Body: &probe.Body{Text: transfer}},
			"PreflightMissingAllowOriginHeader", noContent()),
	)

	It("carried the victim's SameSite=Strict cookie where the page is of the same site", func(ctx SpecContext) {
		cookie := probe.Cookie{URL: apis.api.origin, Name: "id", Value: "1", SameSite: "Strict", Secure: true, HTTPOnly: true}
		seen := asking(ctx, h.From(admin).WithCookies(cookie), probe.Request{Method: "POST", Credentials: fetch.Include, URL: apis.api.answer(200), Body: &probe.Body{Text: transfer}})[0]
		Expect(seen).To(match.BeBlocked())
		Expect(seen).To(match.HaveSentCookie("id"))
		Expect(seen).To(match.HaveReceivedHeader("Cookie", "id=1"))
	})

	It("carried the victim's SameSite=None cookie where the page is of another site", func(ctx SpecContext) {
		cookie := probe.Cookie{URL: apis.other.origin, Name: "id", Value: "1", SameSite: "None", Secure: true}
		seen := asking(ctx, h.From(stranger).WithCookies(cookie), probe.Request{Method: "POST", Mode: fetch.NoCORS, Credentials: fetch.Include, URL: apis.other.answer(200), Body: &probe.Body{Text: transfer}})[0]
		Expect(seen).To(match.BeOpaque())
		Expect(seen).To(match.HaveReceivedHeader("Cookie", "id=1"))
	})

	It("went without the victim's SameSite=Lax cookie where the page is of another site: that protects, CORS does not", func(ctx SpecContext) {
		cookie := probe.Cookie{URL: apis.other.origin, Name: "id", Value: "1", SameSite: "Lax", Secure: true}
		seen := asking(ctx, h.From(stranger).WithCookies(cookie), probe.Request{Method: "POST", Credentials: fetch.Include, URL: apis.other.answer(200), Body: &probe.Body{Text: transfer}})[0]
		Expect(seen).To(match.BeBlocked())
		Expect(seen).To(match.HaveReceived(0, 1))
		Expect(seen).NotTo(match.HaveSentCookie("id"))
		Expect(seen).To(match.HaveWithheldCookie("id", "SchemefulSameSiteLax"))
	})

	DescribeTable("told the server where it came from, so that the server can refuse:",
		func(ctx SpecContext, from, site string, mode fetch.RequestMode) {
			seen := fetching(ctx, from, probe.Request{Method: "POST", Mode: mode, URL: apis.api.answer(200), Body: &probe.Body{Text: transfer}})
			Expect(seen).NotTo(match.BeReadable())
			Expect(seen).To(match.HaveReceivedHeader("Origin", from))
			Expect(seen).To(match.HaveReceivedHeader("Sec-Fetch-Site", site))
			Expect(seen).To(match.HaveReceivedHeader("Sec-Fetch-Mode", string(mode)))
		},
		Entry("POST of another site", stranger, "cross-site", fetch.CORS),
		Entry("POST of another site with no-cors", stranger, "cross-site", fetch.NoCORS),
		Entry("POST of another origin of the same site", admin, "same-site", fetch.CORS),
		Entry("POST of an opaque origin", "null", "cross-site", fetch.CORS),
	)

	It("was refused by a server that looks at Origin", func(ctx SpecContext) {
		url := apis.api.serve(
			embedded.Rule{When: embedded.Match{Headers: map[string]string{"Origin": stranger}}, Answer: embedded.Answer{Status: 403}},
			embedded.Rule{Answer: ok(allowOrigin)},
		)
		refused := fetching(ctx, stranger, probe.Request{Method: "POST", URL: url, Body: &probe.Body{Text: transfer}})
		Expect(refused).To(match.BeBlocked())
		Expect(last(refused).Response.Status).To(Equal(403))
		Expect(fetching(ctx, app, probe.Request{Method: "POST", URL: url, Body: &probe.Body{Text: transfer}})).To(match.HaveStatus(200))
	})

	It("is answered in full to whoever asks without a browser, as curl and Postman do", func(ctx SpecContext) {
		seen := fetching(ctx, stranger, probe.Request{Method: "POST", URL: apis.other.answer(200, "X-Balance: 10"), Body: &probe.Body{Text: transfer}})
		Expect(seen).To(match.BeBlocked())
		Expect(seen).To(match.HaveReplayed(200))
		Expect(string(seen.Replay.Body)).To(Equal("body"))
		Expect(seen.Replay.Headers.Values("X-Balance")).To(Equal([]string{"10"}))
		Expect(seen.Replay.Command).To(HavePrefix("curl "))
	})

	It("is answered in full without a browser even where the preflight failed", func(ctx SpecContext) {
		url := apis.other.preflighted(embedded.Answer{Status: 401}, ok())
		seen := fetching(ctx, stranger, probe.Request{Method: "DELETE", URL: url})
		Expect(seen).To(match.BeBlocked())
		Expect(seen).To(match.HaveReceived(1, 0))
		Expect(seen).To(match.HaveReplayed(200))
		Expect(string(seen.Replay.Body)).To(Equal("body"))
	})
})
