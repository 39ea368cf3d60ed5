package specs

// The preflight: how it asks, by which status and origin its answer passes, and what happens where it does not. Proves
// https://fetch.spec.whatwg.org/#cors-preflight-fetch, https://fetch.spec.whatwg.org/#cors-preflight-request, and the field
// survey, sections 2.0 (the browser's codes and their order) and 2.1 (causes 3 and 8). allowlists_test.go has the lists.

import (
	"strconv"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

var _ = Describe("A preflight", Label("preflight"), func() {
	Describe("asks for exactly what the request needs:", func() {
		It("the method and the origin, and no header where none needs leave", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noContent(allowOrigin, allowPUT), ok(allowOrigin)), Body: &probe.Body{Text: "a"}})
			Expect(seen).To(match.BeReadable())
			asked := preflightOf(seen).Request
			Expect(asked.Method).To(Equal("OPTIONS"))
			Expect(asked.URL).To(Equal(seen.Request.URL))
			Expect(asked.Headers.Values("Origin")).To(Equal([]string{app}))
			Expect(asked.Headers.Values("Access-Control-Request-Method")).To(Equal([]string{"PUT"}))
			Expect(asked.Headers.Values("Access-Control-Request-Headers")).To(BeEmpty())
			Expect(asked.Headers.Values("Accept")).To(Equal([]string{"*/*"}))
			Expect(asked.Headers.Values("Sec-Fetch-Mode")).To(Equal([]string{"cors"}))
		})

		It("without the request's own headers and body", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{
				Method: "PUT", URL: apis.api.permissive(), Headers: one("X-Custom", "1"), Body: &probe.Body{Text: "a"},
			})
			Expect(seen).To(match.HaveReceived(1, 1))
			asked, sent := seen.Receipts[0], seen.Receipts[1]
			Expect(asked.Headers.Has("X-Custom")).To(BeFalse())
			Expect(asked.Headers.Has("Content-Type")).To(BeFalse())
			Expect(asked.BodySize).To(BeZero())
			Expect(sent.Headers.Values("X-Custom")).To(Equal([]string{"1"}))
			Expect(string(sent.Body)).To(Equal("a"))
		})

		It("at the same URL, with its query", func(ctx SpecContext) {
			url := apis.api.permissive() + "?a=1&b=%20"
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: url})
			Expect(seen).To(match.HaveReceived(1, 1))
			Expect(seen.Receipts[0].URL).To(Equal(url))
		})

		It("before the request, and with it on record as the one it serves", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.permissive()})
			Expect(seen.Exchanges).To(HaveLen(2))
			Expect(seen.Exchanges[0].Role).To(Equal(probe.Preflight))
			Expect(seen.Exchanges[0].For).To(Equal(seen.Exchanges[1].ID))
			Expect(seen.Receipts[0].IsPreflight()).To(BeTrue())
		})
	})

	Describe("never carries credentials:", func() {
		It("no cookie, where the request it serves carries it", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(allowOrigin, allowCredentials, allowPUT), ok(allowOrigin, allowCredentials))
			page := h.From(app).WithCookies(probe.Cookie{URL: apis.api.origin, Name: "sid", Value: "1", SameSite: "None", Secure: true})
			seen := asking(ctx, page, probe.Request{Method: "PUT", URL: url, Credentials: fetch.Include})[0]
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveReceived(1, 1))
			Expect(seen.Receipts[0].Headers.Has("Cookie")).To(BeFalse())
			Expect(preflightOf(seen).Cookies.Sent).To(BeEmpty())
			Expect(seen.Receipts[1].Headers.Values("Cookie")).To(Equal([]string{"sid=1"}))
			Expect(seen).To(match.HaveSentCookie("sid"))
		})

		It("no Authorization, where the request it serves carries it", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(allowOrigin, "Access-Control-Allow-Headers: authorization"), ok(allowOrigin))
			seen := fetching(ctx, app, probe.Request{URL: url, Headers: one("Authorization", "Bearer t")})
			Expect(seen).To(match.BeReadable())
			Expect(seen.Receipts[0].Headers.Has("Authorization")).To(BeFalse())
			Expect(seen.Receipts[1].Headers.Values("Authorization")).To(Equal([]string{"Bearer t"}))
		})

		It("nothing that a gateway could tell callers by: a key in a header is only announced, in the query it is there", func(ctx SpecContext) {
			keyed := apis.api.serve(
				embedded.Rule{When: embedded.Match{Headers: map[string]string{"Subscription-Key": "k"}}, Answer: ok(allowOrigin)},
				embedded.Rule{When: embedded.Match{Method: "OPTIONS", Query: map[string]string{"key": "k"}}, Answer: noContent(allowOrigin, anyMethod)},
				embedded.Rule{When: embedded.Match{Query: map[string]string{"key": "k"}}, Answer: ok(allowOrigin)},
				embedded.Rule{Answer: embedded.Answer{Status: 401}},
			)
			inHeader := fetching(ctx, app, probe.Request{Method: "PUT", URL: keyed, Headers: one("Subscription-Key", "k")})
			expectStopped(inHeader, "PreflightMissingAllowOriginHeader", "")
			Expect(inHeader).To(match.HavePreflightStatus(401))
			Expect(inHeader).To(match.HavePreflightRequestHeader("Access-Control-Request-Headers", "subscription-key"))
			Expect(fetching(ctx, app, probe.Request{Method: "PUT", URL: keyed + "?key=k"})).To(match.BeReadable())
		})

		It("and the cookie that its answer sets is not stored", func(ctx SpecContext) {
			const sets = "Set-Cookie: sid=1; SameSite=None; Secure; Path=/"
			url := apis.api.preflighted(noContent(allowOrigin, allowCredentials, allowPUT, sets, "Access-Control-Max-Age: 0"), ok(allowOrigin, allowCredentials))
			r := probe.Request{Method: "PUT", URL: url, Credentials: fetch.Include}
			for _, seen := range asking(ctx, h.From(app), r, r) {
				Expect(seen).To(match.BeReadable())
				Expect(seen).NotTo(match.HaveSentCookie("sid"))
				Expect(seen.Receipts[len(seen.Receipts)-1].Headers.Has("Cookie")).To(BeFalse())
			}
		})
	})

	Describe("passes by status", func() {
		DescribeTable("with any status from 200 to 299:",
			func(ctx SpecContext, status int) {
				seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noBody(status, allowOrigin, allowPUT), ok(allowOrigin))})
				Expect(seen).To(match.BeReadable())
				Expect(seen).To(match.HavePreflightStatus(status))
				Expect(seen).To(match.HaveReceived(1, 1))
			},
			Entry("200", 200), Entry("201", 201), Entry("202", 202), Entry("204", 204), Entry("205", 205), Entry("206", 206), Entry("226", 226), Entry("299", 299),
		)

		It("with a body that nobody reads", func(ctx SpecContext) {
			answer := ok(allowOrigin, allowPUT, "Content-Type: application/json")
			answer.Body = []byte(`{"not":"for script"}`)
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(answer, ok(allowOrigin))})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveBody("body"))
		})

		It("with a body that is cut short: status and headers decide", func(ctx SpecContext) {
			answer := ok(allowOrigin, allowPUT)
			answer.Fault = rawhttp.Truncate
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(answer, ok(allowOrigin))})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveReceived(1, 1))
		})

		DescribeTable("not with any other, though all CORS headers are there:",
			func(ctx SpecContext, status int) {
				seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noBody(status, allowOrigin, allowPUT), ok(allowOrigin))})
				expectStopped(seen, "PreflightInvalidStatus", "")
				Expect(seen).To(match.HavePreflightStatus(status))
			},
			Entry("300, which is no redirect", 300), Entry("304", 304), Entry("400", 400), Entry("401", 401), Entry("403", 403), Entry("404", 404), Entry("405", 405),
			Entry("429", 429), Entry("500", 500), Entry("501", 501), Entry("503", 503), Entry("600", 600),
		)

		DescribeTable("not with an error, which without CORS headers is blamed on the header instead of on the status:",
			func(ctx SpecContext, status int) {
				seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noBody(status), ok(allowOrigin))})
				expectStopped(seen, "PreflightMissingAllowOriginHeader", "")
				Expect(seen).To(match.HavePreflightStatus(status))
			},
			Entry("401", 401), Entry("403", 403), Entry("404", 404), Entry("405", 405), Entry("500", 500),
		)

		DescribeTable("not with a redirect, with CORS headers or without, even to a URL that would pass:",
			func(ctx SpecContext, status int) {
				elsewhere := apis.api.permissive()
				for _, headers := range [][]string{{"Location: " + elsewhere}, {"Location: " + elsewhere, allowOrigin, allowPUT}} {
					seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noBody(status, headers...), ok(allowOrigin))})
					expectStopped(seen, "PreflightDisallowedRedirect", "")
					Expect(seen).To(match.HavePreflightStatus(status))
				}
			},
			Entry("301", 301), Entry("302", 302), Entry("303", 303), Entry("307", 307), Entry("308", 308),
		)
	})

	Describe("must allow the origin,", func() {
		DescribeTable("as every answer must, and is blamed by codes of its own",
			func(ctx SpecContext, code, parameter string, headers ...string) {
				url := apis.api.preflighted(noContent(append(headers, allowPUT)...), ok(allowOrigin))
				expectStopped(fetching(ctx, app, probe.Request{Method: "PUT", URL: url}), code, parameter)
			},
			Entry("where Allow-Origin is missing", "PreflightMissingAllowOriginHeader", ""),
			Entry("where it is another origin", "PreflightAllowOriginMismatch", admin, "Access-Control-Allow-Origin: "+admin),
			Entry("where it has a trailing slash", "PreflightAllowOriginMismatch", app+"/", "Access-Control-Allow-Origin: "+app+"/"),
			Entry("where it is null", "PreflightAllowOriginMismatch", "null", "Access-Control-Allow-Origin: null"),
			Entry("where it lists two", "PreflightMultipleAllowOriginValues", app+", "+admin, "Access-Control-Allow-Origin: "+app+", "+admin),
			Entry("where it stands there twice, both equal", "PreflightMultipleAllowOriginValues", app+", "+app, allowOrigin, allowOrigin),
			Entry("where it has no scheme", "PreflightInvalidAllowOriginValue", "app.example.com", "Access-Control-Allow-Origin: app.example.com"),
			Entry("where it is empty", "PreflightInvalidAllowOriginValue", "", "Access-Control-Allow-Origin: "),
		)

		It("and so must the answer to the request: a preflight that passed speaks for nothing but itself", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noContent(allowOrigin, allowPUT), ok())})
			Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
			Expect(seen).To(match.HaveReceived(1, 1))
		})

		It("and may do so by another value than the answer to the request does", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noContent(allowAny, allowPUT), ok(allowOrigin))})
			Expect(seen).To(match.BeReadable())
		})

		It("where the headers stand in the answer to the request alone, that is not enough", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noContent(), ok(allowOrigin, allowPUT))})
			expectStopped(seen, "PreflightMissingAllowOriginHeader", "")
		})

		It("while the answer to the request needs no Allow-Methods and Allow-Headers", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(allowOrigin, allowPUT, "Access-Control-Allow-Headers: x-custom"), ok(allowOrigin, "Access-Control-Allow-Methods: DELETE"))
			Expect(fetching(ctx, app, probe.Request{Method: "PUT", URL: url, Headers: one("X-Custom", "1")})).To(match.BeReadable())
		})
	})

	DescribeTable("is checked in this order, and only the first fault is named:",
		func(ctx SpecContext, code string, answer embedded.Answer) {
			url := apis.api.preflighted(answer, ok(allowOrigin, allowCredentials))
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: url, Headers: one("X-Custom", "1"), Credentials: fetch.Include})
			Expect(seen).To(match.BeBlockedBy(code))
			Expect(seen).To(match.HaveReceived(1, 0))
		},
		Entry("a redirect before the origin", "PreflightDisallowedRedirect", noBody(302, "Location: /")),
		Entry("the origin before credentials", "PreflightMissingAllowOriginHeader", noBody(500)),
		Entry("credentials before the status", "PreflightInvalidAllowCredentials", noBody(500, allowOrigin)),
		Entry("the status before the lists", "PreflightInvalidStatus", noBody(500, allowOrigin, allowCredentials, "Access-Control-Allow-Methods: x y")),
		Entry("Allow-Methods' syntax before Allow-Headers'", "InvalidAllowMethodsPreflightResponse", noContent(allowOrigin, allowCredentials, "Access-Control-Allow-Methods: x y", "Access-Control-Allow-Headers: x y")),
		Entry("Allow-Headers' syntax before the method", "InvalidAllowHeadersPreflightResponse", noContent(allowOrigin, allowCredentials, "Access-Control-Allow-Headers: x y")),
		Entry("the method before the headers", "MethodDisallowedByPreflightResponse", noContent(allowOrigin, allowCredentials)),
		Entry("the headers last", "HeaderDisallowedByPreflightResponse", noContent(allowOrigin, allowCredentials, allowPUT)),
	)

	Describe("that gets no answer", func() {
		It("by a reset is the network's failure, not CORS's, and the request is not sent", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(embedded.Answer{Fault: rawhttp.Reset}, ok(allowOrigin))})
			Expect(seen).To(match.HaveFailedWith("net::ERR_CONNECTION_RESET"))
			Expect(seen).NotTo(match.BeBlocked())
			expectOnlyPreflights(seen)
		})

		It("by garbage is the network's failure, and the request is not sent", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(embedded.Answer{Fault: rawhttp.Garbage}, ok(allowOrigin))})
			Expect(seen).To(match.HaveFailedWith("net::ERR_INVALID_HTTP_RESPONSE"))
			expectOnlyPreflights(seen)
		})

		It("that is HTTP, for NUL in a list, is the network's failure, and the request is not sent", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(noContent(allowOrigin, allowPUT+"\x00"), ok(allowOrigin))})
			Expect(seen).To(match.HaveFailedWith("net::ERR_INVALID_HTTP_RESPONSE"))
			expectOnlyPreflights(seen)
		})

		It("in time is a timeout, and the request is not sent", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(embedded.Answer{Fault: rawhttp.Hang}, ok(allowOrigin)), Timeout: 400 * time.Millisecond})
			Expect(seen).To(match.HaveTimedOut())
			Expect(seen).To(match.HaveReceived(1, 0))
		})

		It("as XMLHttpRequest in time is a timeout, with its event", func(ctx SpecContext) {
			seen := sending(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(embedded.Answer{Fault: rawhttp.Hang}, ok(allowOrigin)), Timeout: 400 * time.Millisecond})
			Expect(seen).To(match.HaveTimedOut())
			Expect(seen).To(match.HaveEvents("loadstart", "timeout", "loadend"))
			Expect(seen).To(match.HaveReceived(1, 0))
		})
	})

	It("that is slow delays the request until it is answered", func(ctx SpecContext) {
		answer := noContent(allowOrigin, allowPUT)
		answer.Delay = 150 * time.Millisecond
		seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: apis.api.preflighted(answer, ok(allowOrigin))})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveReceived(1, 1))
		Expect(seen.Receipts[1].At.Sub(seen.Receipts[0].At)).To(BeNumerically(">=", 150*time.Millisecond))
	})

	It("over HTTP/2 passes by the same rules, its answer's names in lower case", func(ctx SpecContext) {
		url := apis.h2.preflighted(noContent(allowOrigin, allowPUT, "Access-Control-Allow-Headers: X-CUSTOM"), ok(allowOrigin))
		seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: url, Headers: one("X-Custom", "1")})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveReceived(1, 1))
		Expect(seen.Receipts[0].Proto).To(Equal("HTTP/2.0"))
	})

	It("over HTTP/2 fails by the same rules", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "DELETE", URL: apis.h2.preflighted(noContent(allowOrigin, allowPUT), ok(allowOrigin))})
		expectStopped(seen, "MethodDisallowedByPreflightResponse", "DELETE")
	})

	DescribeTable("that fails is the same to script by either client, which learns nothing of the reason:",
		func(ctx SpecContext, client probe.Client, name, message string) {
			url := apis.api.preflighted(noBody(401), ok(allowOrigin))
			seen := agreeing(h.From(app).Session(ctx, probe.Step{Request: probe.Request{Client: client, Method: "PUT", URL: url}})[0])
			expectStopped(seen, "PreflightMissingAllowOriginHeader", "")
			Expect(seen.Page.Error).To(Equal(&probe.ScriptError{Name: name, Message: message}))
			Expect(seen.Blocked.Message).To(ContainSubstring("Response to preflight request doesn't pass access control check"))
		},
		Entry("fetch()", probe.Fetch, "TypeError", "Failed to fetch"),
		Entry("XMLHttpRequest", probe.XHR, "ProgressEvent", "error"),
	)
})

// noBody is an answer of any status, with header lines and no body.
func noBody(status int, headers ...string) embedded.Answer {
	return embedded.Answer{Status: status, Headers: lines(headers...)}
}

// preflightOf is the preflight on the wire. There is exactly one.
func preflightOf(seen probe.Observation) probe.Exchange {
	GinkgoHelper()
	var found []probe.Exchange
	for _, x := range seen.Exchanges {
		if x.Role == probe.Preflight {
			found = append(found, x)
		}
	}
	Expect(found).To(HaveLen(1), "preflights on the wire")
	return found[0]
}

// expectStopped expects that the preflight stopped the request, which never left the browser, and the browser's reason.
func expectStopped(seen probe.Observation, code, parameter string) {
	GinkgoHelper()
	Expect(seen).To(match.BeBlockedBy(code))
	Expect(seen.Blocked.Parameter).To(Equal(parameter))
	Expect(seen).To(match.HaveSentPreflight())
	Expect(seen).To(match.HaveReceived(1, 0))
	Expect(seen.Page.Status).To(BeZero())
	Expect(seen.Page.Headers).To(BeEmpty())
}

// expectOnlyPreflights expects that preflights arrived, and the request did not. A browser may send again what got no answer.
func expectOnlyPreflights(seen probe.Observation) {
	GinkgoHelper()
	Expect(seen.ReceiptsKnown).To(BeTrue())
	Expect(seen.Receipts).NotTo(BeEmpty())
	for i, r := range seen.Receipts {
		Expect(r.IsPreflight()).To(BeTrue(), "receipt "+strconv.Itoa(i))
	}
}
