package specs

// Origins: which pages are of one origin, what the Origin header says, and who needs CORS at all. Proves
// https://html.spec.whatwg.org/multipage/browsers.html#same-origin (scheme, host and port, all three), the Origin header
// (https://fetch.spec.whatwg.org/#origin-header, https://fetch.spec.whatwg.org/#append-a-request-origin-header), and the
// field survey, sections 2.1 (cause 7: an origin that differs in a detail) and 4c (opaque origins).

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("An origin", Label("origins"), func() {
	DescribeTable("stands in the Origin header byte for byte, and is allowed by that value",
		func(ctx SpecContext, from string) {
			seen := fetching(ctx, from, probe.Request{URL: apis.api.answer(200, "Access-Control-Allow-Origin: "+from)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveType(fetch.CORSResponse))
			Expect(seen).To(match.HaveSentHeader("Origin", from))
			Expect(seen).To(match.HaveReceivedHeader("Origin", from))
		},
		Entry("of an https page on the default port, which it does not name", app),
		Entry("of an https page on another port, which it names", "https://app.example.com:8443"),
		Entry("of an http page", plainApp),
		Entry("of another subdomain", admin),
		Entry("of the bare domain", "https://example.com"),
		Entry("of the www subdomain", "https://www.example.com"),
		Entry("of another site", stranger),
		Entry("of an international name, in punycode", "https://xn--bcher-kva.example"),
		Entry("of localhost with a port", "http://localhost:3000"),
		Entry("of localhost with another port", "http://localhost:5173"),
		Entry("of an IPv4 address", "http://127.0.0.1:3000"),
		Entry("of an IPv6 address, in brackets", "http://[::1]:3000"),
		Entry("of a sandboxed document, which is null", "null"),
	)

	DescribeTable("is the same however its URL is written",
		func(ctx SpecContext, from, want string) {
			seen := fetching(ctx, from, probe.Request{URL: apis.api.answer(200, "Access-Control-Allow-Origin: "+want)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveSentHeader("Origin", want))
		},
		Entry("with https's default port", "https://app.example.com:443", app),
		Entry("with http's default port", "http://app.example.com:80", plainApp),
		Entry("with scheme and host in upper case", "HTTPS://APP.EXAMPLE.COM", app),
		Entry("with a port that begins with zeros", "http://localhost:03000", "http://localhost:3000"),
	)

	It("that was not declared works like any other", func(ctx SpecContext) {
		from := "https://undeclared.example:4433"
		seen := fetching(ctx, from, probe.Request{URL: apis.api.answer(200, "Access-Control-Allow-Origin: "+from)})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentHeader("Origin", from))
	})

	DescribeTable("is another one, so that the API must allow it, where",
		func(ctx SpecContext, from string, at func() *stub) {
			forgets, allows := at().answer(200), at().answer(200, "Access-Control-Allow-Origin: "+from)
			refused := fetching(ctx, from, probe.Request{URL: forgets})
			Expect(refused).To(match.BeBlockedBy("MissingAllowOriginHeader"))
			Expect(refused).To(match.HaveSentHeader("Origin", from))
			read := fetching(ctx, from, probe.Request{URL: allows})
			Expect(read).To(match.BeReadable())
			Expect(read).To(match.HaveType(fetch.CORSResponse))
		},
		Entry("only the scheme differs", "http://api.example.com", func() *stub { return apis.api }),
		Entry("only the port differs, and one of them is the default", "https://app.example.com:8443", func() *stub { return apis.own }),
		Entry("only the port differs, on localhost", "http://localhost:5173", func() *stub { return apis.local }),
		Entry("one says localhost and the other 127.0.0.1", "http://127.0.0.1:3000", func() *stub { return apis.local }),
		Entry("one says localhost and the other [::1]", "http://[::1]:3000", func() *stub { return apis.local }),
		Entry("the hosts are sibling subdomains", app, func() *stub { return apis.api }),
		Entry("the page is on the API's parent domain", "https://example.com", func() *stub { return apis.api }),
		Entry("the sites differ", stranger, func() *stub { return apis.api }),
		Entry("the page is https and the API is on localhost, which is no mixed content", app, func() *stub { return apis.local }),
		Entry("the page's origin is opaque", "null", func() *stub { return apis.api }),
	)

	DescribeTable("is not allowed by a value for",
		func(ctx SpecContext, allowed, from string) {
			seen := fetching(ctx, from, probe.Request{URL: apis.api.answer(200, "Access-Control-Allow-Origin: "+allowed)})
			Expect(seen).To(match.BeBlockedBy("AllowOriginMismatch"))
			Expect(seen.Blocked.Parameter).To(Equal(allowed))
		},
		Entry("http, where the page is https", plainApp, app),
		Entry("https, where the page is http", app, plainApp),
		Entry("the default port, where the page has another", app, "https://app.example.com:8443"),
		Entry("another port of localhost", "http://localhost:3000", "http://localhost:5173"),
		Entry("localhost, where the page is on 127.0.0.1", "http://localhost:3000", "http://127.0.0.1:3000"),
		Entry("127.0.0.1, where the page is on localhost", "http://127.0.0.1:3000", "http://localhost:3000"),
		Entry("127.0.0.1, where the page is on [::1]", "http://127.0.0.1:3000", "http://[::1]:3000"),
		Entry("localhost without the page's port", "http://localhost", "http://localhost:3000"),
		Entry("the bare domain, where the page is on www", "https://example.com", "https://www.example.com"),
		Entry("www, where the page is on the bare domain", "https://www.example.com", "https://example.com"),
		Entry("a sibling subdomain", admin, app),
		Entry("the name in Unicode, where the page sends punycode", "https://bücher.example", "https://xn--bcher-kva.example"),
		Entry("a name that only looks alike", "https://bucher.example", "https://xn--bcher-kva.example"),
		Entry("the host of the server that sandboxes the document", app, "null"),
	)
})

var _ = Describe("A page that asks its own origin", Label("origins"), func() {
	DescribeTable("reads the answer without any CORS header",
		func(ctx SpecContext, from string, at func() *stub, rewrite ...string) {
			url := strings.NewReplacer(rewrite...).Replace(at().answer(200))
			seen := fetching(ctx, from, probe.Request{URL: url})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveType(fetch.Basic))
			Expect(seen).NotTo(match.HaveSentHeader("Origin"))
			Expect(seen).To(match.HaveReceived(0, 1))
		},
		Entry("over https", app, func() *stub { return apis.own }),
		Entry("over http", "http://api.example.com", func() *stub { return apis.plain }),
		Entry("on localhost", "http://localhost:3000", func() *stub { return apis.local }),
		Entry("where the URL spells the default port out", app, func() *stub { return apis.own }, "example.com", "example.com:443"),
		Entry("where the URL has its scheme and host in upper case", app, func() *stub { return apis.own }, "https://app.example.com", "HTTPS://APP.EXAMPLE.COM"),
		Entry("where the URL has its international name in Unicode", "https://xn--bcher-kva.example", func() *stub { return apis.idn }, "xn--bcher-kva", "bücher"),
		Entry("where the URL has an empty port", app, func() *stub { return apis.own }, "example.com", "example.com:"),
	)

	It("sends no preflight, whatever its method and headers", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{
			Method: "DELETE", URL: apis.own.answer(200), Headers: fetch.HeaderList{{Name: "X-Custom", Value: "1"}, {Name: "Authorization", Value: "Bearer t"}},
		})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentNoPreflight())
		Expect(seen).To(match.HaveReceivedHeader("Authorization", "Bearer t"))
	})

	DescribeTable("names its origin",
		func(ctx SpecContext, method string, named bool) {
			seen := fetching(ctx, app, probe.Request{Method: method, URL: apis.own.answer(200)})
			Expect(seen).To(match.BeReadable())
			if named {
				Expect(seen).To(match.HaveSentHeader("Origin", app))
			} else {
				Expect(seen).NotTo(match.HaveSentHeader("Origin"))
			}
		},
		Entry("not with GET", "GET", false),
		Entry("not with HEAD", "HEAD", false),
		Entry("with POST", "POST", true),
		Entry("with PUT", "PUT", true),
		Entry("with OPTIONS", "OPTIONS", true),
	)

	It("is refused nothing by an Allow-Origin that names somebody else", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.own.answer(200, "Access-Control-Allow-Origin: "+stranger)})
		Expect(seen).To(match.BeReadable())
	})

	It("may not be another subdomain in mode same-origin, and nothing is sent", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Mode: fetch.SameOriginMode})
		Expect(seen).To(match.BeBlockedBy("DisallowedByMode"))
		Expect(seen).To(match.HaveReceived(0, 0))
	})
})

var _ = Describe("The Origin header of a cross-origin request", Label("origins"), func() {
	DescribeTable("is there with every method in mode cors",
		func(ctx SpecContext, method string) {
			url := apis.api.preflighted(noContent(allowOrigin, "Access-Control-Allow-Methods: *"), ok(allowOrigin))
			seen := fetching(ctx, app, probe.Request{Method: method, URL: url})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveSentHeader("Origin", app))
		},
		Entry("GET", "GET"), Entry("HEAD", "HEAD"), Entry("POST", "POST"), Entry("PUT", "PUT"),
	)

	It("is not there with GET in mode no-cors: the API cannot tell who asks", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200), Mode: fetch.NoCORS})
		Expect(seen).To(match.BeOpaque())
		Expect(seen).NotTo(match.HaveSentHeader("Origin"))
	})

	It("is there with POST in mode no-cors", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200), Mode: fetch.NoCORS})
		Expect(seen).To(match.BeOpaque())
		Expect(seen).To(match.HaveSentHeader("Origin", app))
	})

	DescribeTable("is the page's own with POST in mode no-cors in Chromium, where the Standard has null,",
		func(ctx SpecContext, policy fetch.ReferrerPolicy) {
			r := probe.Request{Method: "POST", URL: apis.api.answer(200), Mode: fetch.NoCORS, ReferrerPolicy: policy}
			seen := deviating(h.From(app).Fetch(ctx, r), "chromium-origin-despite-referrer-policy")
			Expect(seen).To(match.BeOpaque())
			Expect(seen).To(match.HaveSentHeader("Origin", app))
			Expect(seen).NotTo(match.HaveSentHeader("Referer"))
		},
		Entry("under the referrer policy no-referrer", fetch.NoReferrer),
		Entry("under the referrer policy same-origin", fetch.SameOriginReferrer),
	)

	It("is the page's own with POST in mode no-cors down from https to http in Chromium, where the Standard has null", func(ctx SpecContext) {
		r := probe.Request{Method: "POST", URL: apis.local.answer(200), Mode: fetch.NoCORS}
		seen := deviating(h.From(app).Fetch(ctx, r), "chromium-origin-despite-referrer-policy")
		Expect(seen).To(match.BeOpaque())
		Expect(seen).To(match.HaveSentHeader("Origin", app))
	})

	It("is the page's own with PUT to the page's own origin in mode same-origin under no-referrer in Chromium, where the Standard has null", func(ctx SpecContext) {
		r := probe.Request{Method: "PUT", URL: apis.own.answer(200), Mode: fetch.SameOriginMode, ReferrerPolicy: fetch.NoReferrer}
		seen := deviating(h.From(app).Fetch(ctx, r), "chromium-origin-despite-referrer-policy")
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentHeader("Origin", app))
	})

	It("does not depend on the referrer policy in mode cors", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, "Access-Control-Allow-Origin: "+app), ReferrerPolicy: fetch.NoReferrer})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentHeader("Origin", app))
		Expect(seen).NotTo(match.HaveSentHeader("Referer"))
	})

	It("cannot be set by script: the browser's own value is sent", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Headers: fetch.HeaderList{{Name: "Origin", Value: stranger}}})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentHeader("Origin", app))
		Expect(seen).To(match.HaveSentNoPreflight())
	})

	It("stands in the preflight as in the request it serves", func(ctx SpecContext) {
		seen := fetching(ctx, "https://app.example.com:8443", probe.Request{
			Method: "PUT", URL: apis.api.preflighted(noContent(allowOrigin, allowPUT), ok(allowOrigin)),
		})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HavePreflightRequestHeader("Origin", "https://app.example.com:8443"))
		Expect(seen).To(match.HaveSentHeader("Origin", "https://app.example.com:8443"))
	})
})

var _ = Describe("A sandboxed document, whose origin is null,", Label("origins"), func() {
	DescribeTable("reads",
		func(ctx SpecContext, credentials fetch.CredentialsMode, headers ...string) {
			seen := fetching(ctx, "null", probe.Request{URL: apis.api.answer(200, headers...), Credentials: credentials})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveSentHeader("Origin", "null"))
		},
		Entry("where the API allows null", fetch.Omit, "Access-Control-Allow-Origin: null"),
		Entry("where the API allows everybody", fetch.Omit, allowAny),
		Entry("with credentials where the API allows null with credentials, so that any site can sandbox a page and read", fetch.Include, "Access-Control-Allow-Origin: null", allowCredentials),
	)

	It("sends null in its preflight too", func(ctx SpecContext) {
		seen := fetching(ctx, "null", probe.Request{Method: "PUT", URL: apis.api.preflighted(noContent("Access-Control-Allow-Origin: null", allowPUT), ok("Access-Control-Allow-Origin: null"))})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HavePreflightRequestHeader("Origin", "null"))
	})

	It("is of no origin that mode same-origin could mean", func(ctx SpecContext) {
		seen := fetching(ctx, "null", probe.Request{URL: apis.own.answer(200, allowAny), Mode: fetch.SameOriginMode})
		Expect(seen).To(match.BeBlockedBy("DisallowedByMode"))
		Expect(seen).To(match.HaveReceived(0, 0))
	})
})
