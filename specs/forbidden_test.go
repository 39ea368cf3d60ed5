package specs

// What script may not send at all: headers that are dropped, methods and bodies for which the call throws. Proves
// https://fetch.spec.whatwg.org/#forbidden-request-header, https://fetch.spec.whatwg.org/#forbidden-method,
// https://fetch.spec.whatwg.org/#dom-request and https://xhr.spec.whatwg.org/#the-open()-method.

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("Script may not set", Label("simple", "forbidden"), func() {
	DescribeTable("the header, which is dropped without a word and triggers nothing:",
		func(ctx SpecContext, name, value string) {
			url := apis.api.answer(200, allowAny)
			for _, seen := range []probe.Observation{
				fetching(ctx, app, probe.Request{URL: url, Headers: one(name, value)}),
				sending(ctx, app, probe.Request{URL: url, Headers: one(name, value)}),
			} {
				expectSimple(seen)
				Expect(seen.Receipts[0].Headers.Values(name)).NotTo(ContainElement(value))
			}
		},
		Entry("Accept-Charset", "Accept-Charset", "forged"),
		Entry("Accept-Encoding", "Accept-Encoding", "forged"),
		Entry("Access-Control-Request-Headers", "Access-Control-Request-Headers", "forged"),
		Entry("Access-Control-Request-Method", "Access-Control-Request-Method", "forged"),
		Entry("Connection", "Connection", "forged"),
		Entry("Content-Length", "Content-Length", "12"),
		Entry("Cookie", "Cookie", "forged=1"),
		Entry("Cookie2", "Cookie2", "forged=1"),
		Entry("Date", "Date", "forged"),
		Entry("DNT", "DNT", "forged"),
		Entry("Expect", "Expect", "forged"),
		Entry("Host", "Host", "forged.example"),
		Entry("Keep-Alive", "Keep-Alive", "forged"),
		Entry("Origin", "Origin", "https://forged.example"),
		Entry("Referer", "Referer", "https://forged.example/"),
		Entry("Set-Cookie", "Set-Cookie", "forged=1"),
		Entry("TE", "TE", "forged"),
		Entry("Trailer", "Trailer", "forged"),
		Entry("Transfer-Encoding", "Transfer-Encoding", "forged"),
		Entry("Upgrade", "Upgrade", "forged"),
		Entry("Via", "Via", "forged"),
		Entry("of any name that begins with Sec-", "Sec-Anything", "forged"),
		Entry("of any name that begins with Proxy-", "Proxy-Authorization", "forged"),
		Entry("in another case", "cOOkie", "forged=1"),
		Entry("X-HTTP-Method-Override of a forbidden method", "X-HTTP-Method-Override", "TRACE"),
		Entry("X-HTTP-Method of a forbidden method", "X-HTTP-Method", "connect"),
		Entry("X-Method-Override of a forbidden method among others", "X-Method-Override", "GET, track"),
	)

	DescribeTable("the method: the call throws, and nothing is sent",
		func(ctx SpecContext, method string) {
			url := apis.api.permissive()
			fetched := fetching(ctx, app, probe.Request{Method: method, URL: url})
			Expect(fetched).To(match.HaveRejectedWith("TypeError"))
			Expect(fetched.Page.Rejected).To(BeTrue())
			Expect(fetched).To(match.HaveReceived(0, 0))
			sent := sending(ctx, app, probe.Request{Method: method, URL: url})
			Expect(sent).To(match.HaveRejectedWith("SecurityError"))
			Expect(sent.Page.Rejected).To(BeTrue())
			Expect(sent).To(match.HaveReceived(0, 0))
		},
		Entry("CONNECT", "CONNECT"), Entry("TRACE", "TRACE"), Entry("TRACK", "TRACK"), Entry("trace in lower case", "trace"),
	)

	DescribeTable("what is not HTTP: the call throws, and nothing is sent",
		func(ctx SpecContext, r probe.Request, xhr string) {
			r.URL = apis.api.permissive()
			fetched := fetching(ctx, app, r)
			Expect(fetched).To(match.HaveRejectedWith("TypeError"))
			Expect(fetched).To(match.HaveReceived(0, 0))
			sent := sending(ctx, app, r)
			Expect(sent).To(match.HaveRejectedWith(xhr))
			Expect(sent).To(match.HaveReceived(0, 0))
		},
		Entry("a method with a blank", probe.Request{Method: "GET IT"}, "SyntaxError"),
		Entry("a header name with a blank", probe.Request{Headers: one("X Custom", "1")}, "SyntaxError"),
		Entry("an empty header name", probe.Request{Headers: one("", "1")}, "SyntaxError"),
		Entry("a header value with a line break", probe.Request{Headers: one("X-Custom", "1\r\nX-Other: 2")}, "SyntaxError"),
		Entry("a header value with NUL", probe.Request{Headers: one("X-Custom", "1\x002")}, "SyntaxError"),
	)

	DescribeTable("a body with fetch() and the method: the call throws, and nothing is sent",
		func(ctx SpecContext, method string) {
			seen := fetching(ctx, app, probe.Request{Method: method, URL: apis.api.permissive(), Body: &probe.Body{Text: "a"}})
			Expect(seen).To(match.HaveRejectedWith("TypeError"))
			Expect(seen.Page.Rejected).To(BeTrue())
			Expect(seen).To(match.HaveReceived(0, 0))
		},
		Entry("GET", "GET"), Entry("HEAD", "HEAD"), Entry("get in lower case", "get"),
	)

	It("a method that is not safelisted in mode no-cors: the call throws, and nothing is sent", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.permissive(), Mode: fetch.NoCORS})
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(seen).To(match.HaveReceived(0, 0))
	})
})
