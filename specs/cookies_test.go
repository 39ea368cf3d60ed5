package specs

// Which cookies a credentialed request sends, and which of an answer's the browser stores.
// Proves the cookie rules that Fetch refers to, https://fetch.spec.whatwg.org/#cookie-header, by SameSite and Secure
// (RFC 6265bis), schemeful sites, https://html.spec.whatwg.org/multipage/browsers.html#same-site, and the field
// survey, sections 0 (findings 5 and 6), 2.1 (cause 9) and 6. The reasons are the browser's own.

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("A cookie", Label("credentials", "cookies"), func() {
	credentialed := func(ctx SpecContext, from string, to *stub, jar ...probe.Cookie) probe.Observation {
		GinkgoHelper()
		r := probe.Request{Credentials: fetch.Include, URL: to.answer(200, allowOrigin, allowCredentials)}
		seen := asking(ctx, h.From(from).WithCookies(jar...), r)[0]
		Expect(seen).To(match.BeReadable())
		return seen
	}

	DescribeTable("is sent",
		func(ctx SpecContext, from string, to *stub, sameSite string, secure bool) {
			c := probe.Cookie{URL: to.origin, Name: "id", Value: "1", SameSite: sameSite, Secure: secure}
			seen := credentialed(ctx, from, to, c)
			Expect(seen).To(match.HaveSentCookie("id"))
			Expect(seen).To(match.HaveReceivedHeader("Cookie", "id=1"))
		},
		Entry("same-site where it is SameSite=Strict: it is no rule about origins", app, apis.api, "Strict", true),
		Entry("same-site where it is SameSite=Lax", app, apis.api, "Lax", true),
		Entry("same-site where it is SameSite=None; Secure", app, apis.api, "None", true),
		Entry("same-site where SameSite is not set", app, apis.api, "", true),
		Entry("same-site and https where it is not Secure", app, apis.api, "Strict", false),
		Entry("same-site over HTTP/2 where it is SameSite=Strict", app, apis.h2, "Strict", true),
		Entry("from http to http of the same site where it is SameSite=Strict", plainApp, apis.plain, "Strict", false),
		Entry("from http to http of the same site where SameSite is not set", plainApp, apis.plain, "", false),
		Entry("cross-site where it is SameSite=None; Secure", app, apis.other, "None", true),
		Entry("from http to https of the same host names where it is SameSite=None; Secure", plainApp, apis.api, "None", true),
		Entry("from an opaque origin where it is SameSite=None; Secure", "null", apis.api, "None", true),
	)

	DescribeTable("is withheld, and the answer can be read without it,",
		func(ctx SpecContext, from string, to *stub, c probe.Cookie, reason string) {
			seen := credentialed(ctx, from, to, c)
			Expect(seen).NotTo(match.HaveSentCookie("id"))
			Expect(seen).NotTo(match.HaveSentHeader("Cookie"))
			Expect(seen).To(match.HaveWithheldCookie("id", reason))
		},
		Entry("cross-site where it is SameSite=Strict", app, apis.other, cookie(apis.other, "Strict"), "SchemefulSameSiteStrict"),
		Entry("cross-site where it is SameSite=Lax", app, apis.other, cookie(apis.other, "Lax"), "SchemefulSameSiteLax"),
		Entry("cross-site where SameSite is not set, which counts as Lax", app, apis.other, cookie(apis.other, ""), "SchemefulSameSiteUnspecifiedTreatedAsLax"),
		Entry("from http to https where it is SameSite=Strict: the scheme makes the site", plainApp, apis.api, cookie(apis.api, "Strict"), "SchemefulSameSiteStrict"),
		Entry("from http to https where it is SameSite=Lax", plainApp, apis.api, cookie(apis.api, "Lax"), "SchemefulSameSiteLax"),
		Entry("from http to https where SameSite is not set", plainApp, apis.api, cookie(apis.api, ""), "SchemefulSameSiteUnspecifiedTreatedAsLax"),
		Entry("from an opaque origin, which is of no site, where it is SameSite=Strict", "null", apis.api, cookie(apis.api, "Strict"), "SchemefulSameSiteStrict"),
		Entry("from an opaque origin, which is of no site, where it is SameSite=Lax", "null", apis.api, cookie(apis.api, "Lax"), "SchemefulSameSiteLax"),
		Entry("over http where it is Secure", plainApp, apis.plain, cookie(apis.api, "Lax"), "SecureOnly"),
		Entry("where its Path is another", app, apis.api, probe.Cookie{URL: apis.api.origin, Name: "id", Value: "1", Path: "/elsewhere", Secure: true}, "NotOnPath"),
		Entry("where it is the page's own host's only", app, apis.api, cookie(apis.own, "Lax"), "DomainMismatch"),
	)

	It("of a Domain goes to every host below it: page and API share it across origins", func(ctx SpecContext) {
		c := probe.Cookie{URL: app, Domain: "example.com", Name: "id", Value: "1", SameSite: "Strict", Secure: true}
		for _, to := range []*stub{apis.api, apis.own} {
			Expect(credentialed(ctx, app, to, c)).To(match.HaveSentCookie("id"))
		}
	})

	It("knows no ports: a page on another port of the host sends it, though the origin is another", func(ctx SpecContext) {
		seen := credentialed(ctx, "https://app.example.com:8443", apis.own, cookie(apis.own, "Strict"))
		Expect(seen).To(match.HaveType(fetch.CORSResponse))
		Expect(seen).To(match.HaveSentCookie("id"))
	})

	It("that is HttpOnly is sent like any other", func(ctx SpecContext) {
		c := cookie(apis.api, "Strict")
		c.HTTPOnly = true
		Expect(credentialed(ctx, app, apis.api, c)).To(match.HaveReceivedHeader("Cookie", "id=1"))
	})

	It("is chosen one by one: of three at a third party, only the SameSite=None one is sent", func(ctx SpecContext) {
		var jar []probe.Cookie
		for name, sameSite := range map[string]string{"strict": "Strict", "lax": "Lax", "none": "None"} {
			c := cookie(apis.other, sameSite)
			c.Name = name
			jar = append(jar, c)
		}
		seen := credentialed(ctx, app, apis.other, jar...)
		Expect(seen).To(match.HaveReceivedHeader("Cookie", "none=1"))
		Expect(seen).To(match.HaveWithheldCookie("strict", "SchemefulSameSiteStrict"))
		Expect(seen).To(match.HaveWithheldCookie("lax", "SchemefulSameSiteLax"))
	})

	DescribeTable("that an answer sets is stored, and the next request sends it,",
		func(ctx SpecContext, from string, to *stub, setCookie, name string) {
			url := to.answer(200, allowOrigin, allowCredentials, "Set-Cookie: "+setCookie)
			r := probe.Request{Credentials: fetch.Include, URL: url}
			steps := asking(ctx, h.From(from), r, r)
			Expect(steps[0]).NotTo(match.HaveSentCookie(name))
			Expect(steps[0]).NotTo(match.HaveRefusedCookie(name))
			Expect(steps[1]).To(match.HaveReceivedHeader("Cookie", name+"=1"))
		},
		Entry("same-site with no attributes", app, apis.api, "id=1", "id"),
		Entry("same-site with SameSite=Strict", app, apis.api, "id=1; SameSite=Strict", "id"),
		Entry("same-site with Domain", app, apis.api, "id=1; Domain=example.com", "id"),
		Entry("same-site with HttpOnly and Max-Age", app, apis.api, "id=1; HttpOnly; Max-Age=60", "id"),
		Entry("same-site with the prefix __Host-, Secure and Path=/", app, apis.api, "__Host-id=1; Secure; Path=/", "__Host-id"),
		Entry("same-site with the prefix __Secure- and Secure", app, apis.api, "__Secure-id=1; Secure", "__Secure-id"),
		Entry("from http to http of the same site", plainApp, apis.plain, "id=1; SameSite=Lax", "id"),
		Entry("cross-site with SameSite=None; Secure", app, apis.other, "id=1; SameSite=None; Secure", "id"),
		Entry("cross-site with SameSite=None; Secure; Partitioned", app, apis.other, "id=1; SameSite=None; Secure; Partitioned", "id"),
		Entry("cross-site over HTTP/2 and __Host-", stranger, apis.h2, "__Host-id=1; SameSite=None; Secure; Path=/", "__Host-id"),
	)

	DescribeTable("that an answer sets is refused, and the answer can be read all the same,",
		func(ctx SpecContext, from string, to *stub, setCookie, name string, reasons ...string) {
			url := to.answer(200, allowOrigin, allowCredentials, "Set-Cookie: "+setCookie)
			r := probe.Request{Credentials: fetch.Include, URL: url}
			steps := asking(ctx, h.From(from), r, r)
			Expect(steps[0]).To(match.BeReadable())
			Expect(last(steps[0]).Cookies.Refused).To(ConsistOf(probe.CookieUse{Name: name, Reasons: reasons}))
			Expect(steps[1]).NotTo(match.HaveSentHeader("Cookie"))
		},
		Entry("with SameSite=None that is not Secure", app, apis.api, "id=1; SameSite=None", "id", "SameSiteNoneInsecure"),
		Entry("cross-site with SameSite=Strict", app, apis.other, "id=1; SameSite=Strict; Secure", "id", "SchemefulSameSiteStrict"),
		Entry("cross-site with SameSite=Lax", app, apis.other, "id=1; SameSite=Lax; Secure", "id", "SchemefulSameSiteLax"),
		Entry("cross-site with no SameSite, which counts as Lax", app, apis.other, "id=1; Secure", "id", "SchemefulSameSiteUnspecifiedTreatedAsLax"),
		Entry("from http to https with SameSite=Strict", plainApp, apis.api, "id=1; SameSite=Strict; Secure", "id", "SchemefulSameSiteStrict"),
		Entry("over http with Secure", plainApp, apis.plain, "id=1; Secure", "id", "SecureOnly"),
		Entry("with a Domain that is another's", app, apis.api, "id=1; Domain=other.test", "id", "InvalidDomain"),
		Entry("with a Domain that is a public suffix", app, apis.api, "id=1; Domain=com", "id", "InvalidDomain"),
		Entry("with a Domain that is a host below", app, apis.api, "id=1; Domain=v1.api.example.com", "id", "InvalidDomain"),
		Entry("with the prefix __Host- and no Path=/", app, apis.api, "__Host-id=1; Secure", "__Host-id", "InvalidPrefix"),
		Entry("with the prefix __Host- and a Domain", app, apis.api, "__Host-id=1; Secure; Path=/; Domain=example.com", "__Host-id", "InvalidPrefix"),
		Entry("with the prefix __Secure- and no Secure", app, apis.api, "__Secure-id=1", "__Secure-id", "InvalidPrefix"),
		Entry("with a control character", app, apis.api, "id=\x01", "id", "DisallowedCharacter"),
		Entry("with neither name nor value", app, apis.api, "; Secure", "", "NoCookieContent"),
	)

	It("that is Partitioned and not Secure is not stored, and the browser gives no reason", func(ctx SpecContext) {
		r := probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200, allowOrigin, allowCredentials, "Set-Cookie: id=1; Partitioned")}
		steps := asking(ctx, h.From(app), r, r)
		Expect(last(steps[0]).Cookies.Refused).To(BeEmpty())
		Expect(steps[1]).NotTo(match.HaveSentHeader("Cookie"))
	})

	DescribeTable("that the answer to a request without credentials sets is not stored, and the browser gives no reason:",
		func(ctx SpecContext, to *stub, r probe.Request) {
			r.URL = to.answer(200, allowOrigin, allowCredentials, "Set-Cookie: id=1; Secure")
			then := r
			then.Credentials = fetch.Include
			steps := asking(ctx, h.From(app), r, then)
			Expect(steps[0]).To(match.BeReadable())
			Expect(last(steps[0]).Response.Headers.Values("Set-Cookie")).To(Equal([]string{"id=1; Secure"}))
			Expect(last(steps[0]).Cookies.Refused).To(BeEmpty())
			Expect(steps[1]).NotTo(match.HaveSentHeader("Cookie"))
		},
		Entry("fetch to another origin by default", apis.api, probe.Request{}),
		Entry("fetch with omit to the page's own origin", apis.own, probe.Request{Credentials: fetch.Omit}),
		Entry("XMLHttpRequest to another origin by default", apis.api, probe.Request{Client: probe.XHR}),
	)

	It("that a blocked answer sets is stored: the browser refuses the script, and not the server", func(ctx SpecContext) {
		r := probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200, "Set-Cookie: id=1; Secure")}
		steps := asking(ctx, h.From(app), r, r)
		expectRefused(steps[0], "MissingAllowOriginHeader", "")
		Expect(steps[1]).To(match.HaveReceivedHeader("Cookie", "id=1"))
	})

	It("that a preflight's answer sets is not stored", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowOrigin, allowCredentials, allowPUT, "Set-Cookie: id=1; Secure"), ok(allowOrigin, allowCredentials))
		seen := asking(ctx, h.From(app), probe.Request{Method: "PUT", Credentials: fetch.Include, URL: url})[0]
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentPreflight())
		Expect(seen).NotTo(match.HaveSentHeader("Cookie"))
	})

	It("that a redirect's answer sets goes along to where it leads", func(ctx SpecContext) {
		to := apis.api.answer(200, allowOrigin, allowCredentials)
		url := apis.api.answer(302, allowOrigin, allowCredentials, "Set-Cookie: id=1; Secure; Path=/", "Location: "+to)
		seen := asking(ctx, h.From(app), probe.Request{Credentials: fetch.Include, URL: url})[0]
		Expect(seen).To(match.BeReadable())
		Expect(last(seen).Request.Headers.Values("Cookie")).To(Equal([]string{"id=1"}))
	})
})

var _ = Describe("With third-party cookies blocked, a cookie", Label("credentials", "cookies", "third-party"), Ordered, func() {
	var blocking *harness.Harness
	at := newStubs()

	BeforeAll(func(ctx SpecContext) {
		var err error
		blocking, err = harness.Start(ctx, harness.Config{
			ThirdPartyCookies: "block",
			Origins:           origins(app, plainApp),
			APIs: map[string]harness.API{
				"api":   {At: at.api.origin, Raw: at.api.handle},
				"other": {At: at.other.origin, Raw: at.other.handle},
			},
		})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(blocking.Close()).To(Succeed()) })
	})

	credentialed := func(ctx SpecContext, from string, to *stub, jar ...probe.Cookie) probe.Observation {
		GinkgoHelper()
		r := probe.Request{Credentials: fetch.Include, URL: to.answer(200, allowOrigin, allowCredentials)}
		seen := asking(ctx, blocking.From(from).WithCookies(jar...), r)[0]
		Expect(seen).To(match.BeReadable())
		Expect(seen.Browser.ThirdPartyCookies).To(Equal("block"))
		return seen
	}

	It("of a third party is withheld, though it is SameSite=None; Secure", func(ctx SpecContext) {
		seen := credentialed(ctx, app, at.other, cookie(at.other, "None"))
		Expect(seen).NotTo(match.HaveSentHeader("Cookie"))
		Expect(seen).To(match.HaveWithheldCookie("id", "ThirdPartyPhaseout"))
	})

	It("of a third party that is Partitioned is sent", func(ctx SpecContext) {
		c := cookie(at.other, "None")
		c.Partitioned = true
		Expect(credentialed(ctx, app, at.other, c)).To(match.HaveReceivedHeader("Cookie", "id=1"))
	})

	DescribeTable("of the same site, which is no third party, is sent",
		func(ctx SpecContext, sameSite string) {
			Expect(credentialed(ctx, app, at.api, cookie(at.api, sameSite))).To(match.HaveReceivedHeader("Cookie", "id=1"))
		},
		Entry("where it is SameSite=Strict", "Strict"),
		Entry("where it is SameSite=Lax", "Lax"),
		Entry("where it is SameSite=None; Secure", "None"),
		Entry("where SameSite is not set", ""),
	)

	It("from http to https of the same host names is a third party's", func(ctx SpecContext) {
		seen := credentialed(ctx, plainApp, at.api, cookie(at.api, "None"))
		Expect(seen).To(match.HaveWithheldCookie("id", "ThirdPartyPhaseout"))
	})

	It("that a third party sets is refused", func(ctx SpecContext) {
		r := probe.Request{Credentials: fetch.Include, URL: at.other.answer(200, allowOrigin, allowCredentials, "Set-Cookie: id=1; SameSite=None; Secure")}
		steps := asking(ctx, blocking.From(app), r, r)
		Expect(steps[0]).To(match.HaveRefusedCookie("id", "ThirdPartyPhaseout"))
		Expect(steps[1]).NotTo(match.HaveSentHeader("Cookie"))
	})

	It("that a third party sets and that is Partitioned is stored", func(ctx SpecContext) {
		r := probe.Request{Credentials: fetch.Include, URL: at.other.answer(200, allowOrigin, allowCredentials, "Set-Cookie: id=1; SameSite=None; Secure; Partitioned")}
		steps := asking(ctx, blocking.From(app), r, r)
		Expect(steps[0]).NotTo(match.HaveRefusedCookie("id"))
		Expect(steps[1]).To(match.HaveReceivedHeader("Cookie", "id=1"))
	})

	It("that a third party sets leaves the answer readable: a blocked cookie is no CORS error", func(ctx SpecContext) {
		seen := credentialed(ctx, app, at.other, cookie(at.other, "None"))
		Expect(seen.Blocked).To(BeNil())
		Expect(seen).To(match.HaveStatus(200))
	})
})
