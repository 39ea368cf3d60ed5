package specs

// The CORS-preflight cache: which answers are kept, how long, and for what they hold. Proves
// https://fetch.spec.whatwg.org/#cors-preflight-cache, the use of it, https://fetch.spec.whatwg.org/#cors-preflight-fetch, and field
// survey, sections 2.1 (cause 15) and 6. Chromium's cap of 7,200 s cannot be waited for: what is proved of larger values is
// that they are kept, not when they end.

import (
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

const keepLong = "Access-Control-Max-Age: 600"

// keeping answers preflights for PUT and DELETE with X-A and X-B, with more header lines.
func (s *stub) keeping(headers ...string) string {
	GinkgoHelper()
	allowed := []string{allowOrigin, allowCredentials, "Access-Control-Allow-Methods: PUT, DELETE", "Access-Control-Allow-Headers: x-a, x-b"}
	return s.preflighted(noContent(append(allowed, headers...)...), ok(allowOrigin, allowCredentials))
}

func put(url string) probe.Request { return probe.Request{Method: "PUT", URL: url} }

// preflights says of each observation whether a preflight was sent, by the wire and by the receipts.
func preflights(list []probe.Observation) []bool {
	GinkgoHelper()
	sent := make([]bool, len(list))
	for i, o := range list {
		Expect(o).To(match.BeReadable())
		sent[i] = o.Exchanges[0].Role == probe.Preflight
		if sent[i] {
			Expect(o).To(match.HaveReceived(1, 1))
		} else {
			Expect(o).To(match.HaveReceived(0, 1))
		}
	}
	return sent
}

var _ = Describe("The answer to a preflight", Label("preflight-cache"), func() {
	DescribeTable("is kept", func(ctx SpecContext, headers ...string) {
		url := apis.api.keeping(headers...)
		// Without a max-age that holds it is kept for 5 s: where the machine took longer between two requests, they say nothing.
		Eventually(ctx, func(g Gomega) {
			list := asking(ctx, h.From(app), put(url), put(url))
			g.Expect(list[1].Started.Sub(list[0].Started)).To(BeNumerically("<", 3*time.Second))
			Expect(preflights(list)).To(Equal([]bool{true, false}))
		}).WithTimeout(time.Minute).Should(Succeed())
	},
		Entry("for its max-age", keepLong),
		Entry("for some seconds without one"),
		Entry("with a max-age beyond Chromium's cap of 7,200 s, which shortens it and does not void it", "Access-Control-Max-Age: 86400"),
		Entry("with a max-age beyond all numbers", "Access-Control-Max-Age: 99999999999999999999"),
		Entry("as if without one, where it is no number", "Access-Control-Max-Age: soon"),
		Entry("as if without one, where it has a unit", "Access-Control-Max-Age: 600s"),
		Entry("as if without one, where it is a fraction", "Access-Control-Max-Age: 1.5"),
		Entry("as if without one, where it stands there twice", keepLong, keepLong),
	)

	DescribeTable("is not kept", func(ctx SpecContext, maxAge string) {
		url := apis.api.keeping("Access-Control-Max-Age: " + maxAge)
		Expect(preflights(asking(ctx, h.From(app), put(url), put(url)))).To(Equal([]bool{true, true}))
	},
		Entry("with a max-age of 0", "0"), Entry("with one below 0, in Chromium", "-1"),
	)

	It("is forgotten when its max-age has passed", func(ctx SpecContext) {
		url := apis.api.keeping("Access-Control-Max-Age: 1")
		list := stepping(ctx, h.From(app), probe.Step{Request: put(url)}, probe.Step{Wait: 1200 * time.Millisecond, Request: put(url)})
		Expect(preflights(list)).To(Equal([]bool{true, true}))
	})

	It("without a max-age is forgotten after 5 s", func(ctx SpecContext) {
		url := apis.api.keeping()
		list := stepping(ctx, h.From(app), probe.Step{Request: put(url)}, probe.Step{Wait: 5200 * time.Millisecond, Request: put(url)})
		Expect(preflights(list)).To(Equal([]bool{true, true}))
	})

	It("is not prolonged by being used", func(ctx SpecContext) {
		url := apis.api.keeping("Access-Control-Max-Age: 1")
		list := stepping(ctx, h.From(app), probe.Step{Request: put(url)}, probe.Step{Wait: 600 * time.Millisecond, Request: put(url)}, probe.Step{Wait: 600 * time.Millisecond, Request: put(url)})
		Expect(preflights(list)[2]).To(BeTrue())
	})

	It("is forgotten when the cache is cleared", func(ctx SpecContext) {
		url := apis.api.keeping(keepLong)
		list := stepping(ctx, h.From(app), probe.Step{Request: put(url)}, probe.Step{ClearCache: true, Request: put(url)})
		Expect(preflights(list)).To(Equal([]bool{true, true}))
	})

	It("is not there for another probe: each has a cache of its own", func(ctx SpecContext) {
		url := apis.api.keeping(keepLong)
		for range 3 {
			Expect(fetching(ctx, app, put(url))).To(match.HaveSentPreflight())
			Expect(asking(ctx, h.From(app), put(url))[0]).To(match.HaveSentPreflight())
		}
	})

	It("is not kept where it refused: the next request asks again", func(ctx SpecContext) {
		var asked atomic.Int32
		url := apis.api.serve(embedded.Rule{When: embedded.Match{Method: "OPTIONS"}, Func: func(r *rawhttp.Request) *rawhttp.Response {
			if asked.Add(1) == 1 {
				return &rawhttp.Response{Status: 403}
			}
			return &rawhttp.Response{Status: 204, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: "*"}, {Name: "Access-Control-Allow-Methods", Value: "PUT"}}}
		}}, embedded.Rule{Answer: ok(allowAny)})
		list := asking(ctx, h.From(app), put(url), put(url))
		Expect(list[0]).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
		Expect(list[1]).To(match.BeReadable())
		Expect(list[1]).To(match.HaveSentPreflight())
	})
})

var _ = Describe("A kept answer to a preflight", Label("preflight-cache"), func() {
	type pair struct {
		first, then func(url string) probe.Request
	}
	with := func(change func(*probe.Request)) func(string) probe.Request {
		return func(url string) probe.Request {
			r := put(url)
			change(&r)
			return r
		}
	}
	same := with(func(*probe.Request) {})

	DescribeTable("holds for", func(ctx SpecContext, p pair) {
		url := apis.api.keeping(keepLong)
		Expect(preflights(asking(ctx, h.From(app), p.first(url), p.then(url)))).To(Equal([]bool{true, false}))
	},
		Entry("the same request", pair{same, same}),
		Entry("another header that it allows, though that was not asked for", pair{with(func(r *probe.Request) { r.Headers = one("X-A", "1") }), with(func(r *probe.Request) { r.Headers = one("X-B", "1") })}),
		Entry("another value of the header", pair{with(func(r *probe.Request) { r.Headers = one("X-A", "1") }), with(func(r *probe.Request) { r.Headers = one("X-A", "2") })}),
		Entry("another method that it allows, though that was not asked for", pair{same, with(func(r *probe.Request) { r.Method = "DELETE" })}),
		Entry("another body", pair{same, with(func(r *probe.Request) { r.Body = &probe.Body{Text: "x"} })}),
		Entry("XMLHttpRequest after fetch()", pair{same, with(func(r *probe.Request) { r.Client = probe.XHR })}),
		Entry("fetch() after XMLHttpRequest", pair{with(func(r *probe.Request) { r.Client = probe.XHR }), same}),
		Entry("no credentials after credentials", pair{with(func(r *probe.Request) { r.Credentials = fetch.Include }), with(func(r *probe.Request) { r.Credentials = fetch.Omit })}),
		Entry("omit after same-origin, which are one to it", pair{with(func(r *probe.Request) { r.Credentials = fetch.SameOrigin }), with(func(r *probe.Request) { r.Credentials = fetch.Omit })}),
		Entry("a request in cache mode force-cache", pair{same, with(func(r *probe.Request) { r.Cache = fetch.ForceCache })}),
	)

	DescribeTable("does not hold for", func(ctx SpecContext, p pair) {
		url := apis.api.keeping(keepLong)
		Expect(preflights(asking(ctx, h.From(app), p.first(url), p.then(url)))).To(Equal([]bool{true, true}))
	},
		Entry("another path of the API", pair{same, func(url string) probe.Request { return put(url + "/other") }}),
		Entry("another query", pair{same, func(url string) probe.Request { return put(url + "?page=2") }}),
		Entry("credentials after none", pair{same, with(func(r *probe.Request) { r.Credentials = fetch.Include })}),
		Entry("a request in cache mode no-store, in Chromium", pair{same, with(func(r *probe.Request) { r.Cache = fetch.NoStore })}),
		Entry("a request in cache mode reload, in Chromium", pair{same, with(func(r *probe.Request) { r.Cache = fetch.Reload })}),
		Entry("a request in cache mode no-cache, in Chromium", pair{same, with(func(r *probe.Request) { r.Cache = fetch.NoCache })}),
	)

	It("does not hold for a header that it does not allow, which is asked for anew and refused", func(ctx SpecContext) {
		url := apis.api.keeping(keepLong)
		list := asking(ctx, h.From(app), put(url), probe.Request{Method: "PUT", URL: url, Headers: one("X-C", "1")})
		Expect(list[1]).To(match.BeBlockedBy("HeaderDisallowedByPreflightResponse"))
		Expect(list[1]).To(match.HaveReceived(1, 0))
	})

	It("does not hold for a method that it does not allow, and a refusal of that method voids it, in Chromium", func(ctx SpecContext) {
		url := apis.api.keeping(keepLong)
		list := asking(ctx, h.From(app), put(url), probe.Request{Method: "PATCH", URL: url}, put(url))
		Expect(list[1]).To(match.BeBlockedBy("MethodDisallowedByPreflightResponse"))
		Expect(list[2]).To(match.HaveSentPreflight())
	})

	It("does not hold for another origin: a redirect that tainted it is preflighted", func(ctx SpecContext) {
		target := apis.other.keeping(keepLong)
		detour := apis.api.preflighted(permit(), redirection(307, target))
		list := asking(ctx, h.From(app), put(target), put(detour), put(target))
		Expect(asked(list[1])).To(Equal([]string{detour, detour, target, target}))
		Expect(originsSent(list[1])).To(Equal([]string{app, app, "null", "null"}))
		Expect(list[2]).To(match.HaveSentNoPreflight(), "the page's own is kept beside it")
	})

	It("with wildcards holds for whatever is asked", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowAny, "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *", keepLong), ok(allowAny))
		list := asking(ctx, h.From(app), put(url), probe.Request{Method: "PATCH", URL: url, Headers: one("X-Any", "1")})
		Expect(preflights(list)).To(Equal([]bool{true, false}))
	})

	It("keeps an old policy in force: what the API forbids since is still sent and executed", func(ctx SpecContext) {
		var asked atomic.Int32
		url := apis.api.serve(embedded.Rule{When: embedded.Match{Method: "OPTIONS"}, Func: func(r *rawhttp.Request) *rawhttp.Response {
			if asked.Add(1) > 1 {
				return &rawhttp.Response{Status: 403}
			}
			return &rawhttp.Response{Status: 204, Headers: fetch.HeaderList{
				{Name: "Access-Control-Allow-Origin", Value: "*"}, {Name: "Access-Control-Allow-Methods", Value: "PUT"}, {Name: "Access-Control-Max-Age", Value: "600"},
			}}
		}}, embedded.Rule{Answer: ok(allowAny)})
		list := stepping(ctx, h.From(app), probe.Step{Request: put(url)}, probe.Step{Request: put(url)}, probe.Step{ClearCache: true, Request: put(url)})
		Expect(list[1]).To(match.BeReadable())
		Expect(list[1]).To(match.HaveReceived(0, 1))
		Expect(list[2]).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
		Expect(list[2]).To(match.HaveReceived(1, 0))
	})

	It("does not spare the answer itself the CORS check", func(ctx SpecContext) {
		var asked atomic.Int32
		url := apis.api.serve(
			embedded.Rule{When: embedded.Match{Method: "OPTIONS"}, Answer: noContent(allowOrigin, allowPUT, keepLong)},
			embedded.Rule{Func: func(r *rawhttp.Request) *rawhttp.Response {
				if asked.Add(1) > 1 {
					return &rawhttp.Response{Status: 200}
				}
				return &rawhttp.Response{Status: 200, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: "*"}}}
			}})
		list := asking(ctx, h.From(app), put(url), put(url), put(url))
		Expect(list[0]).To(match.BeReadable())
		for _, o := range list[1:] {
			Expect(o).To(match.BeBlockedBy("MissingAllowOriginHeader"))
			Expect(o).To(match.HaveSentNoPreflight(), "and the kept answer stays")
		}
	})

	It("is filled by a preflight after a redirect as well", func(ctx SpecContext) {
		target := apis.api.keeping(keepLong)
		detour := apis.api.preflighted(permit(), redirection(307, target))
		list := asking(ctx, h.From(app), put(detour), put(target))
		Expect(list[0]).To(match.HaveReceived(2, 2))
		Expect(list[1]).To(match.HaveSentNoPreflight())
	})
})
