package specs

// Triggers: what makes a browser ask first, one by one, and how it asks. Proves
// https://fetch.spec.whatwg.org/#main-fetch (when a preflight is due), https://fetch.spec.whatwg.org/#cors-safelisted-request-header
// with its limits, https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names, and
// https://fetch.spec.whatwg.org/#use-cors-preflight-flag; and where Chromium does otherwise.

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("A cross-origin request is preflighted", Label("simple", "preflight"), func() {
	DescribeTable("by the method",
		func(ctx SpecContext, method, sent string) {
			seen := fetching(ctx, app, probe.Request{Method: method, URL: apis.api.permissive()})
			expectPreflighted(seen, sent)
			Expect(last(seen).Request.Method).To(Equal(sent))
		},
		Entry("PUT", "PUT", "PUT"),
		Entry("DELETE", "DELETE", "DELETE"),
		Entry("OPTIONS", "OPTIONS", "OPTIONS"),
		Entry("PATCH", "PATCH", "PATCH"),
		Entry("put, which becomes PUT", "put", "PUT"),
		Entry("dElEtE, which becomes DELETE", "dElEtE", "DELETE"),
		Entry("options, which becomes OPTIONS", "options", "OPTIONS"),
		Entry("patch, which stays patch", "patch", "patch"),
		Entry("Patch, which stays Patch", "Patch", "Patch"),
		Entry("QUERY, which is unknown to it", "QUERY", "QUERY"),
		Entry("of WebDAV, PROPFIND", "PROPFIND", "PROPFIND"),
		Entry("of any token", "x-$~", "x-$~"),
	)

	DescribeTable("by the header",
		func(ctx SpecContext, name, value string) {
			seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.permissive(), Headers: one(name, value)})
			expectPreflighted(seen, "POST", strings.ToLower(name))
			Expect(seen).To(match.HaveReceivedHeader(name, value))
		},
		Entry("X-Requested-With", "X-Requested-With", "XMLHttpRequest"),
		Entry("of any other name", "X-Custom", "1"),
		Entry("of any other name without a value", "X-Custom", ""),
		Entry("Cache-Control", "Cache-Control", "no-cache"),
		Entry("Pragma", "Pragma", "no-cache"),
		Entry("If-None-Match", "If-None-Match", `"v1"`),
		Entry("Content-Encoding", "Content-Encoding", "identity"),
		Entry("X-HTTP-Method-Override of a method that is allowed", "X-HTTP-Method-Override", "DELETE"),
		Entry("Accept of 129 bytes", "Accept", strings.Repeat("a", 129)),
		Entry("Accept with an unsafe byte, (", "Accept", "a("),
		Entry("Accept with an unsafe byte, \"", "Accept", `text/plain;a="b"`),
		Entry("Accept with an unsafe byte, :", "Accept", "a:b"),
		Entry("Accept with an unsafe byte, ?", "Accept", "a?b"),
		Entry("Accept with an unsafe byte, @", "Accept", "a@b"),
		Entry("Accept with an unsafe byte, {", "Accept", "{a}"),
		Entry("Accept with an unsafe byte, DEL", "Accept", "a\x7fb"),
		Entry("Accept with an unsafe byte, a control", "Accept", "a\x01b"),
		Entry("Accept-Language of 129 bytes", "Accept-Language", strings.Repeat("a", 129)),
		Entry("Accept-Language with an underscore, which languages do not have", "Accept-Language", "de_AT"),
		Entry("Content-Type application/json", "Content-Type", "application/json"),
		Entry("Content-Type text/html", "Content-Type", "text/html"),
		Entry("Content-Type application/octet-stream", "Content-Type", "application/octet-stream"),
		Entry("Content-Type text/plain with +json", "Content-Type", "text/plain+json"),
		Entry("Content-Type that is empty, which is no MIME type", "Content-Type", ""),
		Entry("Content-Type that is no MIME type", "Content-Type", "plain"),
		Entry("Content-Type text/plain with a quoted parameter, whose quotes are unsafe", "Content-Type", `text/plain; charset="utf-8"`),
		Entry("Content-Type of 129 bytes", "Content-Type", "text/plain;"+strings.Repeat("a", 118)),
		Entry("Content-Type with two types", "Content-Type", "text/plain, application/json"),
		Entry("Range without a first byte", "Range", "bytes=-5"),
		Entry("Range of two ranges", "Range", "bytes=0-1,3-4"),
		Entry("Range with a blank", "Range", "bytes=0- 3"),
		Entry("Range that ends before it starts", "Range", "bytes=5-3"),
		Entry("Range of another unit", "Range", "lines=0-3"),
	)

	It("by Authorization", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowAny, "Access-Control-Allow-Headers: authorization"), ok(allowAny))
		seen := fetching(ctx, app, probe.Request{URL: url, Headers: one("Authorization", "Bearer t")})
		expectPreflighted(seen, "GET", "authorization")
		Expect(seen).To(match.HaveReceivedHeader("Authorization", "Bearer t"))
	})

	It("by a Blob's type, where that is not safelisted", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.permissive(), Body: &probe.Body{Blob: typed("application/json"), Text: "{}"}})
		expectPreflighted(seen, "POST", "content-type")
		Expect(seen).To(match.HaveReceivedHeader("Content-Type", "application/json"))
	})

	It("by a content type of script's, where the body alone would be simple", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.permissive(), Headers: one("Content-Type", "application/json"), Body: &probe.Body{Text: "{}"}})
		expectPreflighted(seen, "POST", "content-type")
	})

	DescribeTable("by a listener on XMLHttpRequest.upload, asking for no header",
		func(ctx SpecContext, body probe.Body) {
			url := apis.api.preflighted(noContent(allowAny), ok(allowAny))
			expectPreflighted(sending(ctx, app, probe.Request{Method: "POST", URL: url, Body: &body, UploadListener: true}), "POST")
		},
		Entry("with a body", probe.Body{Text: "a"}),
		Entry("with an empty body", probe.Body{}),
		Entry("with a form", probe.Body{Form: []probe.Field{{Name: "a", Value: "1"}}}),
	)

	It("by Content-Language with a byte outside ASCII", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.permissive(), Headers: one("Content-Language", "\u00e4")})
		expectPreflighted(seen, "POST", "content-language")
	})

	It("by safelisted values of more than 1,024 bytes together, though each line has 128", func(ctx SpecContext) {
		var headers fetch.HeaderList
		for range 9 {
			headers = append(headers, fetch.Header{Name: "Accept", Value: strings.Repeat("a", 128)})
		}
		expectPreflighted(fetching(ctx, app, probe.Request{URL: apis.api.permissive(), Headers: headers}), "GET", "accept")
	})

	It("and says all names that need leave: in lower case, sorted, each once, without blanks", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.permissive(), Headers: fetch.HeaderList{
			{Name: "X-Zebra", Value: "1"}, {Name: "Content-Type", Value: "application/json"}, {Name: "x-alpha", Value: "1"},
			{Name: "X-ZEBRA", Value: "2"}, {Name: "Accept", Value: "text/plain"}, {Name: "X-Alpha-2", Value: "1"},
		}})
		expectPreflighted(seen, "PUT", "content-type", "x-alpha", "x-alpha-2", "x-zebra")
		Expect(seen).To(match.HaveReceivedHeader("X-Zebra", "1, 2"))
	})

	It("as XMLHttpRequest by the same headers", func(ctx SpecContext) {
		seen := sending(ctx, app, probe.Request{Method: "patch", URL: apis.api.permissive(), Headers: one("X-Custom", "1")})
		expectPreflighted(seen, "patch", "x-custom")
	})

	It("from a page whose origin is opaque alike", func(ctx SpecContext) {
		expectPreflighted(fetching(ctx, "null", probe.Request{Method: "PUT", URL: apis.api.permissive()}), "PUT")
	})
})

// Each differs by one entry of package fetch's table of deviations, which says why.
var _ = Describe("Chromium's idea of simple differs from the Standard's:", Label("simple", "deviation"), func() {
	DescribeTable("it needs no preflight, where the Standard does, for the header",
		func(ctx SpecContext, name, value, id string) {
			r := probe.Request{URL: apis.api.answer(200, allowAny), Headers: one(name, value)}
			seen := deviating(h.From(app).Fetch(ctx, r), id)
			expectSimple(seen)
			Expect(seen).To(match.HaveReceivedHeader(name, value))
		},
		Entry("Save-Data: on", "Save-Data", "on", "chromium-client-hints-safelisted"),
		Entry("Save-Data: ON", "Save-Data", "ON", "chromium-client-hints-safelisted"),
		Entry("Device-Memory, a client hint", "Device-Memory", "4", "chromium-client-hints-safelisted"),
		Entry("DPR, a client hint", "DPR", "1.5", "chromium-client-hints-safelisted"),
		Entry("Width, a client hint", "Width", "100", "chromium-client-hints-safelisted"),
		Entry("Viewport-Width, a client hint", "Viewport-Width", "100", "chromium-client-hints-safelisted"),
		Entry("RTT, a client hint", "RTT", "100", "chromium-client-hints-safelisted"),
		Entry("Downlink, a client hint", "Downlink", "1.5", "chromium-client-hints-safelisted"),
		Entry("ECT, a client hint", "ECT", "4g", "chromium-client-hints-safelisted"),
		Entry("Intervention, which it sets itself", "Intervention", "x", "chromium-intervention-safelisted"),
	)

	DescribeTable("it asks, as the Standard does, for a client hint that it would not write so:",
		func(ctx SpecContext, name, value string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.permissive(), Headers: one(name, value)})
			expectPreflighted(seen, "GET", strings.ToLower(name))
		},
		Entry("Save-Data: off", "Save-Data", "off"),
		Entry("DPR that is no number", "DPR", "x"),
		Entry("Device-Memory that ends in a point", "Device-Memory", "1."),
		Entry("Width with a fraction", "Width", "1.5"),
		Entry("ECT of no kind", "ECT", "9g"),
		Entry("Intervention of 129 bytes", "Intervention", strings.Repeat("x", 129)),
	)

	It("it drops script's User-Agent without a word and without a preflight, where the Standard sends it after one", func(ctx SpecContext) {
		r := probe.Request{URL: apis.api.answer(200, allowAny), Headers: one("User-Agent", "mine")}
		seen := deviating(h.From(app).Fetch(ctx, r), "chromium-user-agent-dropped")
		expectSimple(seen)
		Expect(seen).NotTo(match.HaveReceivedHeader("User-Agent", "mine"))
	})

	DescribeTable("it needs no leave in a preflight that is due for the method, where the Standard does, for the header",
		func(ctx SpecContext, name, value, id string) {
			url := apis.api.preflighted(noContent(allowAny, allowPUT), ok(allowAny))
			seen := deviating(h.From(app).Fetch(ctx, probe.Request{Method: "PUT", URL: url, Headers: one(name, value)}), id)
			expectPreflighted(seen, "PUT")
		},
		Entry("User-Agent", "User-Agent", "mine", "chromium-user-agent-dropped"),
		Entry("Save-Data: on", "Save-Data", "on", "chromium-client-hints-safelisted"),
		Entry("Intervention", "Intervention", "x", "chromium-intervention-safelisted"),
	)

	DescribeTable("it needs no preflight for a listener on XMLHttpRequest.upload, where the Standard does,",
		func(ctx SpecContext, r probe.Request) {
			r.URL, r.UploadListener = apis.api.answer(200, allowAny), true
			expectSimple(deviating(h.From(app).XHR(ctx, r), "chromium-upload-without-body"))
		},
		Entry("with GET", probe.Request{}),
		Entry("with GET, whose body is left out", probe.Request{Body: &probe.Body{Text: "a"}}),
		Entry("with POST without a body", probe.Request{Method: "POST"}),
		Entry("with a synchronous POST", probe.Request{Method: "POST", Body: &probe.Body{Text: "a"}, Sync: true}),
	)

	DescribeTable("it joins the lines of one name before it looks at them, so that it asks where the Standard does not:",
		func(ctx SpecContext, name, first, second string) {
			r := probe.Request{URL: apis.api.permissive(), Headers: fetch.HeaderList{{Name: name, Value: first}, {Name: name, Value: second}}}
			expectPreflighted(deviating(h.From(app).Fetch(ctx, r), "chromium-lines-joined"), "GET", strings.ToLower(name))
		},
		Entry("Accept of twice 64 bytes, which are 130 with the comma", "Accept", strings.Repeat("a", 64), strings.Repeat("b", 64)),
		Entry("two simple ranges", "Range", "bytes=0-1", "bytes=3-4"),
	)

	DescribeTable("it asks for a range with a number that no 64-bit integer holds, where the Standard does not:",
		func(ctx SpecContext, value string) {
			r := probe.Request{URL: apis.api.permissive(), Headers: one("Range", value)}
			expectPreflighted(deviating(h.From(app).Fetch(ctx, r), "chromium-long-range"), "GET", "range")
		},
		Entry("its end", "bytes=0-99999999999999999999"),
		Entry("its start", "bytes=99999999999999999999-"),
	)
})

// expectPreflighted expects that script read the answer after a preflight that asked for that method and those headers, exactly.
func expectPreflighted(seen probe.Observation, method string, headers ...string) {
	GinkgoHelper()
	Expect(seen).To(match.BeReadable())
	Expect(seen).To(match.HaveReceived(1, 1))
	Expect(seen).To(match.HavePreflightRequestHeader("Access-Control-Request-Method", method))
	asked, found := preflightOf(seen).Request.Headers.Get("Access-Control-Request-Headers")
	Expect(found).To(Equal(len(headers) > 0), "Access-Control-Request-Headers: %q", asked)
	Expect(asked).To(Equal(strings.Join(headers, ",")))
}
