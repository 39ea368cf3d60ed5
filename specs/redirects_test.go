package specs

// Redirects: each hop is a request with a CORS check of its own, and what the next one sends as its origin depends on
// the way. Proves HTTP-redirect fetch, https://fetch.spec.whatwg.org/#http-redirect-fetch, the redirect-tainted origin,
// https://fetch.spec.whatwg.org/#concept-request-tainted-origin, the redirect modes,
// https://fetch.spec.whatwg.org/#http-fetch, and field survey, sections 2.0 and 2.1 (cause 8).

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

// redirecting answers everything with a redirect.
func (s *stub) redirecting(status int, location string, headers ...string) string {
	GinkgoHelper()
	return s.answer(status, append([]string{"Location: " + location}, headers...)...)
}

// along serves a chain of redirects on which each answer allows whatever origin it is asked with, and returns the URLs in order.
func along(route ...*stub) []string {
	GinkgoHelper()
	last := len(route) - 1
	urls := []string{route[last].answer(200, allowOrigin, allowCredentials)}
	for _, s := range slices.Backward(route[:last]) {
		urls = append(urls, s.redirecting(302, urls[len(urls)-1], allowOrigin, allowCredentials))
	}
	slices.Reverse(urls)
	return urls
}

// originsSent is the Origin header of each request that left the browser, in order, "" for none.
func originsSent(seen probe.Observation) []string {
	var list []string
	for _, x := range seen.Exchanges {
		if x.Request.Raw {
			origin, _ := x.Request.Headers.Get("Origin")
			list = append(list, origin)
		}
	}
	return list
}

// asked is what the servers received: the URL of each request, preflights included, in order.
func asked(seen probe.Observation) []string {
	GinkgoHelper()
	Expect(seen.ReceiptsKnown).To(BeTrue())
	list := make([]string, len(seen.Receipts))
	for i, r := range seen.Receipts {
		list[i] = r.URL
	}
	return list
}

var _ = Describe("A redirect", Label("redirects"), func() {
	DescribeTable("decides what the next request sends as its origin:",
		func(ctx SpecContext, from string, route func() []*stub, sent []string) {
			urls := along(route()...)
			seen := fetching(ctx, from, probe.Request{URL: urls[0]})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveType(fetch.CORSResponse))
			Expect(seen).To(match.BeRedirected(len(urls) - 1))
			Expect(originsSent(seen)).To(Equal(sent))
			Expect(asked(seen)).To(Equal(urls))
			Expect(seen.Page.URL).To(Equal(urls[len(urls)-1]), "response.url is where the way ended")
			Expect(seen.Page.Redirected).To(BeTrue())
		},
		Entry("within an API it stays the page's", app, via("api", "api"), []string{app, app}),
		Entry("from the page's own server to an API it is the page's, which was not sent before", app, via("own", "api"), []string{"", app}),
		Entry("from an API to another site it is null", app, via("api", "other"), []string{app, "null"}),
		Entry("from an API to another API of the same site it is null too", app, via("api", "h2"), []string{app, "null"}),
		Entry("from an API back to the page's own server it is null, and that server must allow null", app, via("api", "own"), []string{app, "null"}),
		Entry("from https to http of the same host it is null", plainApp, via("api", "plain"), []string{plainApp, "null"}),
		Entry("it is null from the hop on that leaves the API", app, via("api", "api", "other"), []string{app, app, "null"}),
		Entry("on the way from the page's server over an API to another it is none, the page's, null", app, via("own", "api", "other"), []string{"", app, "null"}),
		Entry("once null it stays null within the other API", app, via("api", "other", "other"), []string{app, "null", "null"}),
		Entry("once null it stays null on the way back to the first API", app, via("api", "other", "api"), []string{app, "null", "null"}),
		Entry("that of a sandboxed document is null at each hop", "null", via("api", "other"), []string{"null", "null"}),
	)

	It("within the page's own origin is no matter of CORS", func(ctx SpecContext) {
		url := apis.own.redirecting(302, apis.own.answer(200))
		seen := fetching(ctx, app, probe.Request{URL: url})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveType(fetch.Basic))
		Expect(seen).To(match.BeRedirected(1))
		Expect(originsSent(seen)).To(Equal([]string{"", ""}))
	})

	It("from the page's own server needs no CORS headers, but its target does", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.own.redirecting(302, apis.api.answer(200, allowOrigin))})).To(match.BeReadable())
		Expect(fetching(ctx, app, probe.Request{URL: apis.own.redirecting(302, apis.api.answer(200))})).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	DescribeTable("is blocked at the hop whose answer lacks Allow-Origin, and nobody after it is asked:",
		func(ctx SpecContext, bare int) {
			headers := func(hop int) []string {
				if hop == bare {
					return nil
				}
				return []string{allowOrigin}
			}
			third := apis.api.answer(200, headers(3)...)
			second := apis.api.redirecting(307, third, headers(2)...)
			first := apis.api.redirecting(302, second, headers(1)...)
			seen := fetching(ctx, app, probe.Request{URL: first})
			Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
			Expect(asked(seen)).To(Equal([]string{first, second, third}[:bare]))
			if bare > 1 {
				Expect(seen.Blocked.Message).To(ContainSubstring("(redirected from '" + first + "')"))
			}
		},
		Entry("the first redirect", 1), Entry("the second redirect", 2), Entry("the answer at the end", 3),
	)

	It("to another API is blocked where that one allows the page's origin, since it is asked with null", func(ctx SpecContext) {
		url := apis.api.redirecting(302, apis.other.answer(200, "Access-Control-Allow-Origin: "+app), allowOrigin)
		seen := fetching(ctx, app, probe.Request{URL: url})
		Expect(seen).To(match.BeBlockedBy("AllowOriginMismatch"))
		Expect(seen.Blocked.Parameter).To(Equal(app))
	})

	It("to another API is readable where that one allows any origin", func(ctx SpecContext) {
		url := apis.api.redirecting(302, apis.other.answer(200, allowAny), allowAny)
		Expect(fetching(ctx, app, probe.Request{URL: url})).To(match.BeReadable())
	})

	DescribeTable("of a request with credentials needs leave for credentials at each hop:",
		func(ctx SpecContext, hop, end []string, code string) {
			url := apis.api.redirecting(302, apis.api.answer(200, end...), hop...)
			seen := fetching(ctx, app, probe.Request{URL: url, Credentials: fetch.Include})
			if code == "" {
				Expect(seen).To(match.BeReadable())
				return
			}
			Expect(seen).To(match.BeBlockedBy(code))
		},
		Entry("both give it", []string{allowOrigin, allowCredentials}, []string{allowOrigin, allowCredentials}, ""),
		Entry("the redirect does not", []string{allowOrigin}, []string{allowOrigin, allowCredentials}, "InvalidAllowCredentials"),
		Entry("the answer at the end does not", []string{allowOrigin, allowCredentials}, []string{allowOrigin}, "InvalidAllowCredentials"),
		Entry("the redirect allows any origin", []string{allowAny, allowCredentials}, []string{allowOrigin, allowCredentials}, "WildcardOriginNotAllowed"),
	)

	It("to another API that allows null with credentials hands that API's data to every page whose way was tainted", func(ctx SpecContext) {
		url := apis.api.redirecting(302, apis.other.answer(200, "Access-Control-Allow-Origin: null", allowCredentials), allowOrigin, allowCredentials)
		Expect(fetching(ctx, stranger, probe.Request{URL: url, Credentials: fetch.Include})).To(match.BeReadable())
	})

	It("shows XMLHttpRequest no more than the last URL", func(ctx SpecContext) {
		urls := along(apis.api, apis.api)
		seen := sending(ctx, app, probe.Request{URL: urls[0]})
		Expect(seen).To(match.BeReadable())
		Expect(seen.Page.URL).To(Equal(urls[1]))
		Expect(seen).To(match.BeRedirected(1))
	})
})

var _ = Describe("A request without a redirect", Label("redirects"), func() {
	It("has its own URL as response.url, and redirected is false", func(ctx SpecContext) {
		url := apis.api.answer(200, allowOrigin)
		seen := fetching(ctx, app, probe.Request{URL: url})
		Expect(seen.Page.URL).To(Equal(url))
		Expect(seen.Page.Redirected).To(BeFalse())
		Expect(seen).To(match.BeRedirected(0))
	})
})

// via names a route, of which the stubs are looked up when the spec runs.
func via(names ...string) func() []*stub {
	return func() []*stub {
		all := map[string]*stub{"api": apis.api, "h2": apis.h2, "other": apis.other, "plain": apis.plain, "own": apis.own}
		route := make([]*stub, len(names))
		for i, name := range names {
			route[i] = all[name]
		}
		return route
	}
}
