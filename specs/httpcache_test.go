package specs

// Vary: Origin and the browser's HTTP cache: a stored answer is checked against CORS for whoever asks next. Proves
// HTTP-network-or-cache fetch, https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, and why
// Access-Control-Allow-Origin that depends on the request needs Vary, https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches;
// the cache modes, https://fetch.spec.whatwg.org/#concept-request-cache-mode; and field survey, section 2.1 (cause 11).

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

const (
	storable   = "Cache-Control: max-age=600"
	varyOrigin = "Vary: Origin"
)

// storing answers a request with Origin with CORS headers, and one without with none, as middleware does; both may be stored.
func (s *stub) storing(headers ...string) string {
	GinkgoHelper()
	headers = append(headers, storable)
	return s.serve(
		embedded.Rule{When: embedded.Match{Headers: map[string]string{"Origin": ""}}, Answer: ok(append(headers, allowOrigin)...)},
		embedded.Rule{Answer: ok(headers...)})
}

// fromCache expects that an answer came from the HTTP cache, and that the API was not asked.
func fromCache(o probe.Observation) probe.Observation {
	GinkgoHelper()
	Expect(last(o).FromCache).To(Equal("disk"))
	Expect(o).To(match.HaveReceived(0, 0))
	return o
}

// fromAPI expects that the API was asked.
func fromAPI(o probe.Observation) probe.Observation {
	GinkgoHelper()
	Expect(last(o).FromCache).To(BeEmpty())
	Expect(o).To(match.HaveReceived(0, 1))
	return o
}

var _ = Describe("An answer in the browser's cache", Label("http-cache"), func() {
	It("that was stored for an image blocks script's request for it, without asking the API, where it lacks Vary", func(ctx SpecContext) {
		url := apis.api.storing()
		list := asking(ctx, h.From(app), probe.Request{URL: url, Mode: fetch.NoCORS}, probe.Request{URL: url})
		Expect(fromAPI(list[0])).To(match.BeOpaque())
		Expect(fromCache(list[1])).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("that was stored for an image does no harm with Vary: Origin", func(ctx SpecContext) {
		url := apis.api.storing(varyOrigin)
		list := asking(ctx, h.From(app), probe.Request{URL: url, Mode: fetch.NoCORS}, probe.Request{URL: url}, probe.Request{URL: url})
		Expect(fromAPI(list[1])).To(match.BeReadable())
		Expect(fromCache(list[2])).To(match.BeReadable())
	})

	It("needs Vary on the answer without CORS headers as well: on the others alone it comes too late", func(ctx SpecContext) {
		url := apis.api.serve(
			embedded.Rule{When: embedded.Match{Headers: map[string]string{"Origin": ""}}, Answer: ok(storable, allowOrigin, varyOrigin)},
			embedded.Rule{Answer: ok(storable)})
		list := asking(ctx, h.From(app), probe.Request{URL: url, Mode: fetch.NoCORS}, probe.Request{URL: url})
		Expect(fromCache(list[1])).To(match.BeBlocked())
	})

	It("for one origin is refused to the same page after a redirect made its origin null, where it lacks Vary", func(ctx SpecContext) {
		url := apis.other.storing()
		detour := apis.api.redirecting(302, url, allowOrigin)
		list := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: detour})
		Expect(list[0]).To(match.BeReadable())
		Expect(list[1]).To(match.BeBlockedBy("AllowOriginMismatch"))
		Expect(asked(list[1])).To(Equal([]string{detour}), "the poisoned answer is the stored one")
	})

	It("for one origin does no harm to another with Vary: Origin", func(ctx SpecContext) {
		url := apis.other.storing(varyOrigin)
		detour := apis.api.redirecting(302, url, allowOrigin)
		list := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: detour})
		Expect(list[1]).To(match.BeReadable())
		Expect(asked(list[1])).To(Equal([]string{detour, url}))
	})

	It("with any origin allowed needs no Vary", func(ctx SpecContext) {
		url := apis.other.answer(200, allowAny, storable)
		detour := apis.api.redirecting(302, url, allowOrigin)
		list := asking(ctx, h.From(app), probe.Request{URL: url, Mode: fetch.NoCORS}, probe.Request{URL: url}, probe.Request{URL: detour})
		Expect(fromCache(list[1])).To(match.BeReadable())
		Expect(list[2]).To(match.BeReadable())
	})

	It("for a request without credentials is refused to one with them", func(ctx SpecContext) {
		url := apis.api.storing()
		list := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url, Credentials: fetch.Include})
		Expect(fromCache(list[1])).To(match.BeBlockedBy("InvalidAllowCredentials"))
	})

	It("is shared by fetch() and XMLHttpRequest", func(ctx SpecContext) {
		url := apis.api.storing(varyOrigin)
		list := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url, Client: probe.XHR})
		Expect(fromCache(list[1])).To(match.BeReadable())
	})

	It("shows script the headers that it was stored with, and no more of them", func(ctx SpecContext) {
		url := apis.api.storing(varyOrigin, "Access-Control-Expose-Headers: X-Total", "X-Total: 10", "X-Secret: 1")
		seen := fromCache(asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url})[1])
		Expect(seen).To(match.ExposeHeader("X-Total", "10"))
		Expect(seen).NotTo(match.ExposeHeader("X-Secret"))
	})

	It("is not there for another probe: each has a cache of its own", func(ctx SpecContext) {
		url := apis.api.storing(varyOrigin)
		for range 3 {
			fromAPI(fetching(ctx, app, probe.Request{URL: url}))
			fromAPI(asking(ctx, h.From(app), probe.Request{URL: url})[0])
		}
	})

	It("is gone when the cache is cleared", func(ctx SpecContext) {
		url := apis.api.storing(varyOrigin)
		list := stepping(ctx, h.From(app), probe.Step{Request: probe.Request{URL: url}}, probe.Step{ClearCache: true, Request: probe.Request{URL: url}})
		fromAPI(list[1])
	})

	It("does not come about where it was blocked: a server that is mended is seen to be at once", func(ctx SpecContext) {
		url := apis.api.answer(200, storable)
		list := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url})
		Expect(fromAPI(list[0])).To(match.BeBlockedBy("MissingAllowOriginHeader"))
		Expect(fromAPI(list[1])).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("can be a redirect: a 301 is not asked for again", func(ctx SpecContext) {
		url := apis.api.redirecting(301, apis.api.storing(varyOrigin), allowOrigin)
		list := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url})
		Expect(list[1]).To(match.BeReadable())
		Expect(list[1].Receipts).To(BeEmpty())
		Expect(list[1].Exchanges[0].FromCache).To(Equal("disk"))
	})
})

var _ = Describe("A 304", Label("http-cache"), func() {
	revalidated := func(headers ...string) string {
		headers = append(headers, `ETag: "1"`)
		return apis.api.serve(
			embedded.Rule{When: embedded.Match{Headers: map[string]string{"If-None-Match": `"1"`}}, Answer: noBody(304, headers...)},
			embedded.Rule{Answer: ok(allowOrigin, `ETag: "1"`, "Cache-Control: no-cache")})
	}

	DescribeTable("to the browser's own question is a 200 to script", func(ctx SpecContext, headers ...string) {
		url := revalidated(headers...)
		seen := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url})[1]
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveStatus(200))
		Expect(seen).To(match.HaveBody("body"))
		Expect(seen).To(match.HaveReceivedHeader("If-None-Match", `"1"`))
		Expect(last(seen).Response.Status).To(Equal(304), "on the wire")
	},
		Entry("where it repeats Allow-Origin", allowOrigin),
		Entry("where it has none, since that of the stored answer counts"),
	)

	It("that allows another origin replaces the stored answer's leave, and blocks", func(ctx SpecContext) {
		url := revalidated("Access-Control-Allow-Origin: " + admin)
		seen := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url})[1]
		Expect(seen).To(match.BeBlockedBy("AllowOriginMismatch"))
	})
})

var _ = Describe("Cache mode", Label("http-cache"), func() {
	DescribeTable("decides whether a stored answer is used, and what is sent:",
		func(ctx SpecContext, mode fetch.CacheMode, stored bool, sent string) {
			url := apis.api.storing(varyOrigin)
			seen := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url, Cache: mode})[1]
			Expect(seen).To(match.BeReadable())
			if stored {
				fromCache(seen)
				return
			}
			fromAPI(seen)
			Expect(seen).To(match.HaveReceivedHeader("Cache-Control", sent))
			Expect(seen).To(match.HaveSentNoPreflight(), "the browser's own header is no reason for a preflight")
		},
		Entry("default takes it", fetch.DefaultCache, true, ""),
		Entry("force-cache takes it", fetch.ForceCache, true, ""),
		Entry("no-store asks the API with Cache-Control: no-cache", fetch.NoStore, false, "no-cache"),
		Entry("reload asks the API with Cache-Control: no-cache", fetch.Reload, false, "no-cache"),
		Entry("no-cache asks the API with Cache-Control: max-age=0", fetch.NoCache, false, "max-age=0"),
	)

	It("force-cache takes a poisoned answer even where it is stale", func(ctx SpecContext) {
		url := apis.api.serve(
			embedded.Rule{When: embedded.Match{Headers: map[string]string{"Origin": ""}}, Answer: ok(allowOrigin, "Cache-Control: max-age=0")},
			embedded.Rule{Answer: ok("Cache-Control: max-age=0")})
		list := asking(ctx, h.From(app), probe.Request{URL: url, Mode: fetch.NoCORS}, probe.Request{URL: url, Cache: fetch.ForceCache})
		Expect(fromCache(list[1])).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("reload mends a poisoned cache", func(ctx SpecContext) {
		url := apis.api.storing()
		list := asking(ctx, h.From(app), probe.Request{URL: url, Mode: fetch.NoCORS}, probe.Request{URL: url, Cache: fetch.Reload}, probe.Request{URL: url})
		Expect(fromAPI(list[1])).To(match.BeReadable())
		Expect(fromCache(list[2])).To(match.BeReadable())
	})

	It("no-store leaves nothing behind", func(ctx SpecContext) {
		url := apis.api.storing(varyOrigin)
		list := asking(ctx, h.From(app), probe.Request{URL: url, Cache: fetch.NoStore}, probe.Request{URL: url})
		fromAPI(list[1])
	})

	It("only-if-cached is for mode same-origin only: the call throws, and nothing is sent", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.storing(), Cache: fetch.OnlyIfCached})
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(seen.Page.Rejected).To(BeTrue())
		Expect(seen).To(match.HaveReceived(0, 0))
	})

	It("only-if-cached fails within the page's origin where nothing is stored", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.own.storing(), Mode: fetch.SameOriginMode, Cache: fetch.OnlyIfCached})
		Expect(seen).To(match.HaveFailedWith("net::ERR_CACHE_MISS"))
		Expect(seen).To(match.HaveReceived(0, 0))
	})

	It("only-if-cached reads within the page's origin what is stored", func(ctx SpecContext) {
		url := apis.own.storing()
		list := asking(ctx, h.From(app), probe.Request{URL: url}, probe.Request{URL: url, Mode: fetch.SameOriginMode, Cache: fetch.OnlyIfCached})
		Expect(fromCache(list[1])).To(match.BeReadable())
	})
})

var _ = Describe("A request that says nothing of caches", Label("http-cache"), func() {
	It("carries no header about them, and none of the harness's own; only headless-shell leaves Accept-Language out", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin)})
		names := make([]string, 0, 16)
		for _, header := range seen.Receipts[0].Headers {
			names = append(names, strings.ToLower(header.Name))
		}
		want := []string{"host", "connection", "sec-ch-ua-platform", "user-agent", "sec-ch-ua", "sec-ch-ua-mobile", "accept", "origin",
			"sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "referer", "accept-encoding"}
		if !isHeadlessShell(ctx) {
			want = append(want, "accept-language")
		}
		Expect(names).To(ConsistOf(want))
	})
})

// isHeadlessShell tells the flavour that leaves out what only a whole browser has.
func isHeadlessShell(ctx context.Context) bool {
	GinkgoHelper()
	b, err := h.Browser(ctx)
	Expect(err).NotTo(HaveOccurred())
	return b.Flavour == "headless-shell"
}
