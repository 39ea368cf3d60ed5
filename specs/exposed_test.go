package specs

// Which response headers script can read.
// Proves the CORS-safelisted response-header names, https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name,
// Access-Control-Expose-Headers, https://fetch.spec.whatwg.org/#http-access-control-expose-headers, the filtered
// responses, https://fetch.spec.whatwg.org/#concept-filtered-response, and the field survey, section 2.1 (cause 10).

import (
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

var _ = Describe("The headers that script reads", Label("exposed"), func() {
	DescribeTable("include, though nothing exposes it,",
		func(ctx SpecContext, name, value string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin, name+": "+value)})
			Expect(seen).To(match.ExposeHeader(name, value))
		},
		Entry("Cache-Control", "Cache-Control", "no-store"),
		Entry("Content-Language", "Content-Language", "en"),
		Entry("Content-Type", "Content-Type", "application/json"),
		Entry("Expires", "Expires", "Thu, 01 Jan 2099 00:00:00 GMT"),
		Entry("Last-Modified", "Last-Modified", "Thu, 01 Jan 2015 00:00:00 GMT"),
		Entry("Pragma", "Pragma", "no-cache"),
	)

	It("include Content-Length, though nothing exposes it", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin)})
		Expect(seen).To(match.ExposeHeader("Content-Length", strconv.Itoa(len("body"))))
	})

	DescribeTable("leave out, where nothing exposes it,",
		func(ctx SpecContext, name, value string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin, name+": "+value)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HideHeader(name))
		},
		Entry("a custom header", "X-Total", "10"),
		Entry("ETag", "ETag", `"1"`),
		Entry("Location", "Location", "/orders/1"),
		Entry("Link", "Link", "</orders?page=2>; rel=next"),
		Entry("Retry-After", "Retry-After", "30"),
		Entry("Content-Disposition", "Content-Disposition", "attachment"),
		Entry("Content-Range", "Content-Range", "bytes 0-3/4"),
		Entry("Vary", "Vary", "Origin"),
		Entry("Server", "Server", "orders"),
		Entry("Content-Language2, whose name only begins like a safelisted one", "Content-Language2", "en"),
		Entry("Access-Control-Expose-Headers's neighbour Timing-Allow-Origin", "Timing-Allow-Origin", "*"),
	)

	It("leave out Date and Access-Control-Allow-Origin itself", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin)})
		Expect(seen).To(match.HideHeader("Date"))
		Expect(seen).To(match.HideHeader("Access-Control-Allow-Origin"))
		Expect(seen.Page.Headers).To(Equal(fetch.HeaderList{{Name: "content-length", Value: "4"}}))
	})

	DescribeTable("include X-Total",
		func(ctx SpecContext, expose ...string) {
			headers := append([]string{allowOrigin, "X-Total: 10", "X-Other: secret"}, expose...)
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, headers...)})
			Expect(seen).To(match.ExposeHeader("X-Total", "10"))
			Expect(seen).To(match.HideHeader("X-Other"))
		},
		Entry("when Expose-Headers names it", "Access-Control-Expose-Headers: X-Total"),
		Entry("when Expose-Headers names it in another case", "Access-Control-Expose-Headers: x-tOTAL"),
		Entry("when Expose-Headers names it in a list", "Access-Control-Expose-Headers: ETag, X-Total, Link"),
		Entry("when Expose-Headers names it in a list without blanks", "Access-Control-Expose-Headers: ETag,X-Total,Link"),
		Entry("when Expose-Headers names it between empty elements", "Access-Control-Expose-Headers: , ,X-Total,, "),
		Entry("when the second of two Expose-Headers lines names it", "Access-Control-Expose-Headers: ETag", "Access-Control-Expose-Headers: X-Total"),
		Entry("when Expose-Headers names it twice", "Access-Control-Expose-Headers: X-Total, X-Total"),
		Entry("when Expose-Headers's own name is in lower case", "access-control-expose-headers: X-Total"),
	)

	DescribeTable("leave X-Total out, and the page is not told,",
		func(ctx SpecContext, expose ...string) {
			headers := append([]string{allowOrigin, "X-Total: 10", "Content-Language: en"}, expose...)
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, headers...)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HideHeader("X-Total"))
			Expect(seen).To(match.ExposeHeader("Content-Language", "en"))
			Expect(seen.Console).To(BeEmpty())
		},
		Entry("when Expose-Headers names others only", "Access-Control-Expose-Headers: ETag"),
		Entry("when Expose-Headers is empty", "Access-Control-Expose-Headers: "),
		Entry("when Expose-Headers has a wildcard for a prefix, which is no wildcard", "Access-Control-Expose-Headers: X-*"),
		Entry("when Expose-Headers separates by blanks", "Access-Control-Expose-Headers: ETag X-Total"),
		Entry("when Expose-Headers separates by semicolons", "Access-Control-Expose-Headers: ETag; X-Total"),
		Entry("when Expose-Headers quotes the name", `Access-Control-Expose-Headers: "X-Total"`),
		Entry("when one element of Expose-Headers is malformed", "Access-Control-Expose-Headers: X-Total, a b"),
		Entry("when only Allow-Headers names it", "Access-Control-Allow-Headers: X-Total"),
	)

	It("are all but Set-Cookie where Expose-Headers is a wildcard and the request has no credentials", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowAny, "X-Total: 10", `ETag: "1"`, "Set-Cookie: id=1",
			"Access-Control-Expose-Headers: *")})
		Expect(seen).To(match.ExposeHeader("X-Total", "10"))
		Expect(seen).To(match.ExposeHeader("ETag", `"1"`))
		Expect(seen).To(match.ExposeHeader("Date"))
		Expect(seen).To(match.ExposeHeader("Access-Control-Allow-Origin", "*"))
		Expect(seen).To(match.HideHeader("Set-Cookie"))
	})

	It("are the safelisted ones only where Expose-Headers is a wildcard and the request has credentials", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200, allowOrigin, allowCredentials, "X-Total: 10",
			"Access-Control-Expose-Headers: *")})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HideHeader("X-Total"))
	})

	It("include a header that is called *, where Expose-Headers is a wildcard and the request has credentials", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200, allowOrigin, allowCredentials, "X-Total: 10", "*: star",
			"Access-Control-Expose-Headers: *")})
		Expect(seen).To(match.ExposeHeader("*", "star"))
		Expect(seen).To(match.HideHeader("X-Total"))
	})

	It("include, with credentials, what Expose-Headers names beside its wildcard", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200, allowOrigin, allowCredentials, "X-Total: 10", "X-Other: secret",
			"Access-Control-Expose-Headers: *, X-Total")})
		Expect(seen).To(match.ExposeHeader("X-Total", "10"))
		Expect(seen).To(match.HideHeader("X-Other"))
	})

	DescribeTable("never include",
		func(ctx SpecContext, name string, headers ...string) {
			headers = append([]string{allowOrigin, name + ": id=1"}, headers...)
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, headers...)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HideHeader(name))
		},
		Entry("Set-Cookie, even if Expose-Headers names it", "Set-Cookie", "Access-Control-Expose-Headers: Set-Cookie"),
		Entry("Set-Cookie2, even if Expose-Headers names it", "Set-Cookie2", "Access-Control-Expose-Headers: Set-Cookie2"),
		Entry("Set-Cookie, even if Expose-Headers is a wildcard", "Set-Cookie", "Access-Control-Expose-Headers: *"),
	)

	It("have the lines of one name combined by a comma and a blank, in their order", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin, "X-Tag: b", "x-tag: a", "X-Tag: b", "Access-Control-Expose-Headers: X-Tag")})
		Expect(seen).To(match.ExposeHeader("X-Tag", "b, a, b"))
		Expect(last(seen).Response.Headers.Values("X-Tag")).To(Equal([]string{"b", "a", "b"}))
	})

	It("are sorted by name and in lower case", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin, "X-B: 2", "X-A: 1", "Content-Type: text/plain", "Access-Control-Expose-Headers: X-A,X-B")})
		Expect(seen.Page.Headers).To(Equal(fetch.HeaderList{
			{Name: "content-length", Value: "4"}, {Name: "content-type", Value: "text/plain"}, {Name: "x-a", Value: "1"}, {Name: "x-b", Value: "2"},
		}))
	})

	It("have values without the blanks around them", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin, "X-Total:   10\t ", "Access-Control-Expose-Headers: X-Total")})
		Expect(seen).To(match.ExposeHeader("X-Total", "10"))
	})

	It("include a header with an empty value", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin, "X-Empty: ", "Access-Control-Expose-Headers: X-Empty")})
		Expect(seen).To(match.ExposeHeader("X-Empty", ""))
	})

	It("are exposed by the actual answer, and not by the preflight's", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowOrigin, allowPUT, "Access-Control-Expose-Headers: X-Total"), ok(allowOrigin, "X-Total: 10"))
		seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: url})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentPreflight())
		Expect(seen).To(match.HideHeader("X-Total"))
	})

	It("are exposed on an error's answer as well", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(429, allowOrigin, "Retry-After: 30", "Access-Control-Expose-Headers: Retry-After")})
		Expect(seen).To(match.HaveStatus(429))
		Expect(seen).To(match.ExposeHeader("Retry-After", "30"))
	})

	It("are exposed alike over HTTP/2, where names travel in lower case", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.h2.answer(200, allowOrigin, "X-Total: 10", "X-Other: secret", "Access-Control-Expose-Headers: X-Total")})
		Expect(seen).To(match.ExposeHeader("X-Total", "10"))
		Expect(seen).To(match.HideHeader("X-Other"))
	})

	It("are all but Set-Cookie on the page's own origin, whatever is exposed", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.own.answer(200, "X-Total: 10", `ETag: "1"`, "Set-Cookie: id=1")})
		Expect(seen).To(match.HaveType(fetch.Basic))
		Expect(seen).To(match.ExposeHeader("X-Total", "10"))
		Expect(seen).To(match.ExposeHeader("ETag", `"1"`))
		Expect(seen).To(match.ExposeHeader("Date"))
		Expect(seen).To(match.HideHeader("Set-Cookie"))
	})

	Context("by XMLHttpRequest.getAllResponseHeaders", func() {
		DescribeTable("are the same as by fetch",
			func(ctx SpecContext, r probe.Request, headers ...string) {
				r.URL = apis.api.answer(200, append([]string{"X-Total: 10", "X-Other: 1", "X-Other: 2", "Set-Cookie: id=1", "Content-Language: en"}, headers...)...)
				byFetch, byXHR := fetching(ctx, app, r), sending(ctx, app, r)
				Expect(byXHR).To(match.BeReadable())
				Expect(byXHR.Page.Headers.Has("content-language")).To(BeTrue())
				Expect(withoutDate(byXHR.Page.Headers)).To(Equal(withoutDate(byFetch.Page.Headers)))
			},
			Entry("with nothing exposed", probe.Request{}, allowOrigin),
			Entry("with one header exposed", probe.Request{}, allowOrigin, "Access-Control-Expose-Headers: X-Total"),
			Entry("with a repeated header exposed", probe.Request{}, allowOrigin, "Access-Control-Expose-Headers: X-Other"),
			Entry("with the wildcard, without credentials", probe.Request{}, allowOrigin, "Access-Control-Expose-Headers: *"),
			Entry("with the wildcard, with credentials", probe.Request{Credentials: fetch.Include}, allowOrigin, allowCredentials, "Access-Control-Expose-Headers: *"),
			Entry("with a malformed list", probe.Request{}, allowOrigin, "Access-Control-Expose-Headers: X-Total; X-Other"),
		)
	})
})

// withoutDate leaves out the one header that differs from answer to answer.
func withoutDate(list fetch.HeaderList) fetch.HeaderList {
	var kept fetch.HeaderList
	for _, h := range list {
		if h.Name != "date" {
			kept = append(kept, h)
		}
	}
	return kept
}
