package specs

// What a redirect makes of the method, the body and the headers, and when the redirected request is preflighted anew.
// Proves HTTP-redirect fetch, https://fetch.spec.whatwg.org/#http-redirect-fetch, that a preflight is no part of a
// redirect, https://fetch.spec.whatwg.org/#cors-preflight-fetch, and field survey, section 2.1 (cause 8).

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

// permit is the answer to a preflight that lets everything through that these specs send.
func permit() embedded.Answer {
	return noContent(allowOrigin, allowCredentials, "Access-Control-Allow-Methods: PUT, PATCH, DELETE", "Access-Control-Allow-Headers: x-a, content-type, authorization")
}

func redirection(status int, location string) embedded.Answer {
	return embedded.Answer{Status: status, Headers: lines("Location: "+location, allowOrigin, allowCredentials)}
}

var _ = Describe("The method of a redirected request", Label("redirects"), func() {
	DescribeTable("and its body:",
		func(ctx SpecContext, method string, status int, then string) {
			end := apis.api.preflighted(permit(), ok(allowOrigin))
			r := probe.Request{Method: method, URL: apis.api.preflighted(permit(), redirection(status, end)), Headers: one("Content-Type", "text/plain")}
			if method != "HEAD" {
				r.Body = &probe.Body{Text: "hello"}
			}
			seen := fetching(ctx, app, r)
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.BeRedirected(1))
			got := seen.Receipts[len(seen.Receipts)-1]
			Expect(got.Method).To(Equal(then))
			if then == method && method != "HEAD" {
				Expect(string(got.Body)).To(Equal("hello"), "the body goes with its method")
				Expect(seen).To(match.HaveSentHeader("Content-Type", "text/plain"))
			} else if then == "GET" {
				Expect(got.BodySize).To(BeZero(), "a GET has no body")
				Expect(seen).NotTo(match.HaveSentHeader("Content-Type"))
				Expect(seen).NotTo(match.HaveSentHeader("Content-Length"))
			}
		},
		Entry("301 makes a POST a GET", "POST", 301, "GET"), Entry("302 makes a POST a GET", "POST", 302, "GET"),
		Entry("303 makes a POST a GET", "POST", 303, "GET"), Entry("307 keeps a POST", "POST", 307, "POST"),
		Entry("308 keeps a POST", "POST", 308, "POST"), Entry("301 keeps a PUT", "PUT", 301, "PUT"),
		Entry("302 keeps a PUT", "PUT", 302, "PUT"), Entry("303 makes a PUT a GET", "PUT", 303, "GET"),
		Entry("307 keeps a PUT", "PUT", 307, "PUT"), Entry("308 keeps a PUT", "PUT", 308, "PUT"),
		Entry("303 makes a DELETE a GET", "DELETE", 303, "GET"), Entry("303 keeps a HEAD", "HEAD", 303, "HEAD"),
	)

	It("becomes GET and keeps the headers that are not of the body", func(ctx SpecContext) {
		url := apis.api.preflighted(permit(), redirection(303, apis.api.preflighted(permit(), ok(allowOrigin))))
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: url, Headers: one("X-A", "1"), Body: &probe.Body{Text: "hello"}})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentHeader("X-A", "1"))
	})

	It("is not rewritten for a POST that is sent by XMLHttpRequest and answered with 307", func(ctx SpecContext) {
		url := apis.api.redirecting(307, apis.api.answer(200, allowOrigin), allowOrigin)
		seen := sending(ctx, app, probe.Request{Method: "POST", URL: url, Body: &probe.Body{Text: "hello"}})
		Expect(seen).To(match.BeReadable())
		Expect(string(seen.Receipts[1].Body)).To(Equal("hello"))
	})
})

var _ = Describe("A preflighted request that is redirected", Label("redirects", "preflight"), func() {
	DescribeTable("is preflighted anew where it goes:",
		func(ctx SpecContext, end func() *stub, origin string) {
			target := end().preflighted(permit(), ok(allowOrigin))
			first := apis.api.preflighted(permit(), redirection(307, target))
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: first, Headers: one("X-A", "1")})
			Expect(seen).To(match.BeReadable())
			Expect(rolesOf(seen)).To(Equal([]probe.Role{probe.Preflight, probe.RedirectHop, probe.Preflight, probe.Actual}))
			Expect(asked(seen)).To(Equal([]string{first, first, target, target}))
			Expect(originsSent(seen)).To(Equal([]string{app, app, origin, origin}))
			for _, i := range []int{0, 2} {
				Expect(seen.Exchanges[i].For).To(Equal(seen.Exchanges[i+1].ID), "a preflight serves the request after it")
			}
		},
		Entry("within the API", stubAPI, app), Entry("at another site's, with the origin null", stubOther, "null"),
		Entry("at the page's own server, which is asked with null", stubOwn, "null"),
	)

	It("from the page's own server is preflighted at the API only", func(ctx SpecContext) {
		target := apis.api.preflighted(permit(), ok(allowOrigin))
		seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.own.preflighted(noBody(500), embedded.Answer{Status: 307, Headers: lines("Location: " + target)})})
		Expect(seen).To(match.BeReadable())
		Expect(rolesOf(seen)).To(Equal([]probe.Role{probe.RedirectHop, probe.Preflight, probe.Actual}))
	})

	DescribeTable("is not sent where the new preflight fails, though it was executed where it was first sent:",
		func(ctx SpecContext, preflight embedded.Answer, code string) {
			target := apis.other.preflighted(preflight, ok(allowOrigin))
			first := apis.api.preflighted(permit(), redirection(307, target))
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: first})
			Expect(seen).To(match.BeBlockedBy(code))
			Expect(asked(seen)).To(Equal([]string{first, first, target}))
			Expect(seen.Blocked.Message).To(ContainSubstring("(redirected from '" + first + "')"))
		},
		Entry("without CORS headers", embedded.Answer{Status: 204}, "PreflightMissingAllowOriginHeader"),
		Entry("which does not allow the method", embedded.Answer{Status: 204, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: "*"}}}, "MethodDisallowedByPreflightResponse"),
		Entry("which allows the page's origin and not null", embedded.Answer{Status: 204, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: app}}}, "PreflightAllowOriginMismatch"),
	)

	It("is simple after a 303 where only its method asked for a preflight", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(permit(), redirection(303, apis.api.answer(200, allowOrigin)))})
		Expect(seen).To(match.BeReadable())
		Expect(rolesOf(seen)).To(Equal([]probe.Role{probe.Preflight, probe.RedirectHop, probe.Actual}))
	})

	It("asks with GET after a 303 where a header still needs a preflight", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "PUT", Headers: one("X-A", "1"), URL: apis.api.preflighted(permit(), redirection(303, apis.api.preflighted(permit(), ok(allowOrigin))))})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HavePreflightRequestHeader("Access-Control-Request-Method", "GET"))
		Expect(seen).To(match.HavePreflightRequestHeader("Access-Control-Request-Headers", "x-a"))
	})

	It("keeps Authorization within an origin, and is preflighted for it again", func(ctx SpecContext) {
		url := apis.api.preflighted(permit(), redirection(307, apis.api.preflighted(permit(), ok(allowOrigin))))
		seen := fetching(ctx, app, probe.Request{URL: url, Headers: one("Authorization", "Bearer t")})
		Expect(seen).To(match.HaveReceived(2, 2))
		Expect(seen).To(match.HaveSentHeader("Authorization", "Bearer t"))
	})

	It("loses Authorization on the way to another origin, and is simple there", func(ctx SpecContext) {
		url := apis.api.preflighted(permit(), redirection(307, apis.other.preflighted(permit(), ok(allowOrigin))))
		seen := fetching(ctx, app, probe.Request{URL: url, Headers: one("Authorization", "Bearer t")})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveReceived(1, 2))
		Expect(seen).NotTo(match.HaveSentHeader("Authorization"))
	})
})

var _ = Describe("A preflight that is itself redirected", Label("redirects", "preflight"), func() {
	DescribeTable("fails, and neither the target nor the request itself is asked:",
		func(ctx SpecContext, status int, headers ...string) {
			preflight := noBody(status, append(headers, "Location: "+apis.api.preflighted(permit(), ok(allowOrigin)))...)
			url := apis.api.preflighted(preflight, ok(allowOrigin))
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: url})
			Expect(seen).To(match.BeBlockedBy("PreflightDisallowedRedirect"))
			Expect(seen).To(match.HavePreflightStatus(status))
			Expect(seen).To(match.HaveReceived(1, 0))
			Expect(asked(seen)).To(Equal([]string{url}))
		},
		Entry("301", 301, allowOrigin, allowPUT), Entry("302", 302, allowOrigin, allowPUT), Entry("303", 303, allowOrigin, allowPUT),
		Entry("307", 307, allowOrigin, allowPUT), Entry("308", 308, allowOrigin, allowPUT), Entry("308 without CORS headers, which does not show", 308),
	)
})

func rolesOf(seen probe.Observation) []probe.Role {
	roles := make([]probe.Role, len(seen.Exchanges))
	for i, x := range seen.Exchanges {
		roles[i] = x.Role
	}
	return roles
}
