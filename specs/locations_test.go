package specs

// Where a Location may lead, how often, and what the redirect modes make of it. Proves location URL and HTTP-redirect
// fetch, https://fetch.spec.whatwg.org/#concept-response-location-url and https://fetch.spec.whatwg.org/#http-redirect-fetch,
// and field survey, section 2.0.

import (
	"net/url"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("A Location", Label("redirects"), func() {
	DescribeTable("with a user and password is not followed:",
		func(ctx SpecContext, from, to func() *stub, expectOutcome func(probe.Observation)) {
			target := to().answer(200, allowOrigin)
			url := from().redirecting(302, strings.Replace(target, "https://", "https://ann:secret@", 1), allowOrigin)
			seen := fetching(ctx, app, probe.Request{URL: url})
			expectOutcome(seen)
			Expect(asked(seen)).To(Equal([]string{url}))
		},
		Entry("within an API", stubAPI, stubAPI, expectCredentialsInRedirect),
		Entry("from an API to another", stubAPI, stubOther, expectCredentialsInRedirect),
		Entry("from the page's own server to an API", stubOwn, stubAPI, expectCredentialsInRedirect),
		Entry("within the page's own origin, where the Standard has no objection: Chromium gives no reason", stubOwn, stubOwn, func(seen probe.Observation) {
			Expect(seen).To(match.HaveFailedWith("net::ERR_ABORTED"))
		}),
	)

	DescribeTable("of a scheme that is fetched over no network is blocked as such:",
		func(ctx SpecContext, location string) {
			url := apis.api.redirecting(302, location, allowOrigin)
			seen := fetching(ctx, app, probe.Request{URL: url})
			Expect(seen).To(match.BeBlockedBy("CorsDisabledScheme"))
			Expect(seen.Blocked.Message).To(ContainSubstring("Access to fetch at '" + location + "'"))
			Expect(asked(seen)).To(Equal([]string{url}))
		},
		Entry("ftp:", "ftp://files.example.com/"), Entry("ws:", "ws://api.example.com/"), Entry("mailto:", "mailto:ann@example.com"),
		Entry("javascript:", "javascript:alert(1)"), Entry("one that nobody knows", "urn:isbn:1"),
	)

	DescribeTable("that leads into the browser itself is a network error, without a word of CORS:",
		func(ctx SpecContext, location string) {
			url := apis.api.redirecting(302, location, allowOrigin)
			seen := fetching(ctx, app, probe.Request{URL: url})
			Expect(seen).To(match.HaveFailedWith("net::ERR_UNSAFE_REDIRECT"))
			Expect(seen).To(match.HaveRejectedWith("TypeError"))
			Expect(asked(seen)).To(Equal([]string{url}))
		},
		Entry("file:", "file:///etc/passwd"), Entry("data:", "data:text/plain,hello"), Entry("blob:", "blob:"+app+"/1"),
		Entry("about:", "about:blank"), Entry("chrome:", "chrome://version"),
	)

	DescribeTable("that is no URL is a network error:",
		func(ctx SpecContext, location string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.redirecting(302, location, allowOrigin)})
			Expect(seen).To(match.HaveFailedWith("net::ERR_INVALID_REDIRECT"))
		},
		Entry("a scheme without a host", "https://"), Entry("a broken IPv6 address", "http://["),
	)

	DescribeTable("is resolved against the URL of the request:",
		func(ctx SpecContext, location func(target string) string) {
			target := apis.api.answer(200, allowOrigin)
			seen := fetching(ctx, app, probe.Request{URL: apis.api.redirecting(302, location(target), allowOrigin)})
			Expect(seen).To(match.BeReadable())
			Expect(seen.Page.URL).To(Equal(target))
			Expect(originsSent(seen)).To(Equal([]string{app, app}))
		},
		Entry("a path", path), Entry("without a scheme", func(target string) string { return strings.TrimPrefix(target, "https:") }),
		Entry("a name beside it", func(target string) string { return strings.TrimPrefix(path(target), "/") }),
	)

	It("that stands there twice, differing, is a network error", func(ctx SpecContext) {
		url := apis.api.answer(302, allowOrigin, "Location: "+apis.api.answer(200, allowOrigin), "Location: "+apis.api.answer(200, allowOrigin))
		Expect(fetching(ctx, app, probe.Request{URL: url})).To(match.HaveFailedWith("net::ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION"))
	})

	It("that stands there twice, alike, is followed by Chromium, against the Standard", func(ctx SpecContext) {
		target := apis.api.answer(200, allowOrigin)
		seen := h.From(app).Fetch(ctx, probe.Request{URL: apis.api.answer(302, allowOrigin, "Location: "+target, "Location: "+target)})
		deviating(seen, "chromium-repeated-location")
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.BeRedirected(1))
	})

	DescribeTable("that is missing makes a redirect a response like any other:",
		func(ctx SpecContext, headers ...string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(302, append(headers, allowOrigin)...)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveStatus(302))
			Expect(seen.Page.Redirected).To(BeFalse())
		},
		Entry("no such line"),
		Entry("an empty one, in Chromium (by the Standard it leads to the same URL again)", "Location: "),
	)

	DescribeTable("beside a status that is no redirect's changes nothing:",
		func(ctx SpecContext, status int) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.redirecting(status, apis.api.answer(200, allowOrigin), allowOrigin)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveStatus(status))
		},
		Entry("300", 300), Entry("304", 304), Entry("305", 305), Entry("306", 306), Entry("309", 309), Entry("399", 399),
	)
})

var _ = Describe("Redirects", Label("redirects"), func() {
	It("are followed 20 times", func(ctx SpecContext) {
		urls := along(slices.Repeat([]*stub{apis.api}, 21)...)
		seen := fetching(ctx, app, probe.Request{URL: urls[0]})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.BeRedirected(20))
	})

	It("are not followed 21 times: the 21st is received, and then nobody is asked", func(ctx SpecContext) {
		urls := along(slices.Repeat([]*stub{apis.api}, 22)...)
		seen := fetching(ctx, app, probe.Request{URL: urls[0]})
		Expect(seen).To(match.HaveFailedWith("net::ERR_TOO_MANY_REDIRECTS"))
		Expect(asked(seen)).To(Equal(urls[:21]))
	})
})

var _ = Describe("Redirect mode", Label("redirects"), func() {
	It("error makes a redirect a network error, for which the browser gives no reason", func(ctx SpecContext) {
		urls := along(apis.api, apis.api)
		seen := fetching(ctx, app, probe.Request{URL: urls[0], Redirect: fetch.ErrorRedirect})
		Expect(seen).To(match.HaveFailedWith("net::ERR_FAILED"))
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(asked(seen)).To(Equal(urls[:1]))
	})

	It("error does not touch a response that is no redirect", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Redirect: fetch.ErrorRedirect})).To(match.BeReadable())
	})

	DescribeTable("manual gives script a filtered response that says nothing but its own URL:",
		func(ctx SpecContext, from func() *stub, headers ...string) {
			url := from().redirecting(302, apis.api.answer(200, allowOrigin), headers...)
			seen := fetching(ctx, app, probe.Request{URL: url, Redirect: fetch.ManualRedirect})
			Expect(seen).To(match.BeOpaque())
			Expect(seen).To(match.HaveType(fetch.OpaqueRedirect))
			Expect(seen).To(match.HaveStatus(0))
			Expect(seen).To(match.HideHeader("Location"))
			Expect(seen.Page.Headers).To(BeEmpty())
			Expect(seen.Page.URL).To(Equal(url))
			Expect(asked(seen)).To(Equal([]string{url}))
		},
		Entry("of an API", stubAPI, allowOrigin), Entry("of the page's own server", stubOwn),
	)

	It("manual needs leave to see even that: the redirect of an API passes the CORS check first", func(ctx SpecContext) {
		url := apis.api.redirecting(302, apis.api.answer(200, allowOrigin))
		Expect(fetching(ctx, app, probe.Request{URL: url, Redirect: fetch.ManualRedirect})).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})
})

var _ = Describe("A redirect in another mode", Label("redirects"), func() {
	It("same-origin does not leave the page's origin, for which Chromium gives no reason", func(ctx SpecContext) {
		url := apis.own.redirecting(302, apis.api.answer(200, allowOrigin))
		seen := fetching(ctx, app, probe.Request{URL: url, Mode: fetch.SameOriginMode})
		Expect(seen).To(match.HaveFailedWith("net::ERR_ABORTED"))
		Expect(asked(seen)).To(Equal([]string{url}))
	})

	It("same-origin is followed within the page's origin", func(ctx SpecContext) {
		url := apis.own.redirecting(302, apis.own.answer(200))
		Expect(fetching(ctx, app, probe.Request{URL: url, Mode: fetch.SameOriginMode})).To(match.BeReadable())
	})

	It("no-cors is followed without any leave, and tells script neither URL nor that it was redirected", func(ctx SpecContext) {
		first := apis.api.redirecting(302, apis.other.answer(200))
		seen := fetching(ctx, app, probe.Request{URL: first, Mode: fetch.NoCORS})
		Expect(seen).To(match.BeOpaque())
		Expect(seen).To(match.BeRedirected(1))
		Expect(seen.Page.URL).To(BeEmpty())
		Expect(seen.Page.Redirected).To(BeFalse())
		Expect(originsSent(seen)).To(Equal([]string{"", ""}))
	})

	It("cors from https to http is blocked as mixed content, and the http server is not asked", func(ctx SpecContext) {
		insecure := apis.plain.answer(200, allowOrigin)
		first := apis.api.redirecting(302, insecure, allowOrigin)
		seen := fetching(ctx, app, probe.Request{URL: first})
		Expect(seen).To(match.BeBlockedBy("mixed-content"))
		Expect(seen.Blocked.Parameter).To(Equal(insecure))
		Expect(asked(seen)).To(Equal([]string{first}))
	})
})

func expectCredentialsInRedirect(seen probe.Observation) {
	GinkgoHelper()
	Expect(seen).To(match.BeBlockedBy("RedirectContainsCredentials"))
	Expect(seen.Blocked.Message).To(ContainSubstring("Redirect location '' contains a username and password"), "the browser hides where to")
}

// The stubs by name, for tables, which are built before the suite is.
func stubAPI() *stub   { return apis.api }
func stubOther() *stub { return apis.other }
func stubOwn() *stub   { return apis.own }

// path is a URL's path.
func path(raw string) string {
	u, err := url.Parse(raw)
	Expect(err).NotTo(HaveOccurred())
	return u.Path
}
