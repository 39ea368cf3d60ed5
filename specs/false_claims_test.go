package specs

// What articles claim about CORS, put to a real browser. Each container quotes a claim, and each spec in it says what is
// true. Claims of five articles of the field survey; most are false as they stand, and where one holds the specs say how far.

import (
	"fmt"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

// claim is a container for one claim.
func claim(number int, text string, specs func()) bool {
	return Describe(fmt.Sprintf("Claim %d, that %s:", number, text), Label("claims"), specs)
}

var _ = claim(1, "a credentialed request with a wildcard policy triggers a preflight", func() {
	It("it triggers none: the request is sent at once, executed, and its answer is refused", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowAny, allowCredentials), Credentials: fetch.Include})
		Expect(seen).To(match.BeBlockedBy("WildcardOriginNotAllowed"))
		Expect(seen).To(match.HaveSentNoPreflight())
		Expect(seen).To(match.HaveReceived(0, 1))
	})

	It("credentials alone never do, whatever the policy", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200, allowOrigin, allowCredentials), Credentials: fetch.Include, Body: &probe.Body{Text: "x"}})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveReceived(0, 1))
	})
})

var _ = claim(2, "SameSite=Strict cookies are never sent on cross-origin requests", func() {
	It("they are, where the other origin is of the same site", func(ctx SpecContext) {
		r := probe.Request{URL: apis.api.answer(200, allowOrigin, allowCredentials), Credentials: fetch.Include}
		seen := asking(ctx, h.From(app).WithCookies(cookie(apis.api, "Strict")), r)[0]
		Expect(seen).To(match.HaveSentCookie("id"))
		Expect(seen).To(match.HaveReceivedHeader("Cookie", "id=1"))
		Expect(originsSent(seen)).To(Equal([]string{app}), "it is a cross-origin request")
	})

	It("they are between two ports of one host, which are two origins", func(ctx SpecContext) {
		r := probe.Request{URL: apis.local.answer(200, allowOrigin, allowCredentials), Credentials: fetch.Include}
		seen := asking(ctx, h.From("http://localhost:5173").WithCookies(probe.Cookie{URL: apis.local.origin, Name: "id", Value: "1", SameSite: "Strict"}), r)[0]
		Expect(seen).To(match.HaveSentCookie("id"))
		Expect(originsSent(seen)).To(Equal([]string{"http://localhost:5173"}))
	})

	It("they are not to another site", func(ctx SpecContext) {
		r := probe.Request{URL: apis.other.answer(200, allowOrigin, allowCredentials), Credentials: fetch.Include}
		seen := asking(ctx, h.From(app).WithCookies(cookie(apis.other, "Strict")), r)[0]
		Expect(seen).To(match.HaveWithheldCookie("id"))
	})
})

var _ = claim(3, "Chromium caps max-age at 7,200 s", func() {
	It("a larger value is no error: the answer is kept like any other; where it ends cannot be waited for", func(ctx SpecContext) {
		url := apis.api.keeping("Access-Control-Max-Age: 86400")
		list := stepping(ctx, h.From(app), probe.Step{Request: put(url)}, probe.Step{Wait: 5500 * time.Millisecond, Request: put(url)})
		Expect(preflights(list)).To(Equal([]bool{true, false}), "kept beyond the 5 s of an answer without a valid value")
	})
})

var _ = claim(4, "the preflight cache is keyed by origin, method and header set", func() {
	It("not by method: an answer that allows two methods is asked for once", func(ctx SpecContext) {
		url := apis.api.keeping(keepLong)
		Expect(preflights(asking(ctx, h.From(app), put(url), probe.Request{Method: "DELETE", URL: url}))).To(Equal([]bool{true, false}))
	})

	It("not by header set: an answer that allows two headers is asked for once", func(ctx SpecContext) {
		url := apis.api.keeping(keepLong)
		list := asking(ctx, h.From(app), probe.Request{URL: url, Headers: one("X-A", "1")}, probe.Request{URL: url, Headers: one("X-B", "1")})
		Expect(preflights(list)).To(Equal([]bool{true, false}))
	})

	It("but by the whole URL, so that each order has a preflight of its own", func(ctx SpecContext) {
		url := apis.api.keeping(keepLong)
		Expect(preflights(asking(ctx, h.From(app), put(url+"/1"), put(url+"/2"), put(url+"/1?full")))).To(Equal([]bool{true, true, true}))
	})

	It("and by whether there are credentials", func(ctx SpecContext) {
		url := apis.api.keeping(keepLong)
		Expect(preflights(asking(ctx, h.From(app), put(url), probe.Request{Method: "PUT", URL: url, Credentials: fetch.Include}))).To(Equal([]bool{true, true}))
	})
})

var _ = claim(5, "a preflight must be answered with 204 or 200", func() {
	DescribeTable("any 2xx will do,",
		func(ctx SpecContext, status int) {
			Expect(fetching(ctx, app, put(apis.api.preflighted(noBody(status, allowOrigin, allowPUT), ok(allowOrigin))))).To(match.BeReadable())
		},
		Entry("201", 201), Entry("202", 202), Entry("206", 206), Entry("299", 299),
	)

	DescribeTable("but nothing else,",
		func(ctx SpecContext, status int) {
			Expect(fetching(ctx, app, put(apis.api.preflighted(noBody(status, allowOrigin, allowPUT), ok(allowOrigin))))).To(match.BeBlockedBy("PreflightInvalidStatus"))
		},
		Entry("304", 304), Entry("404", 404),
	)
})

var _ = claim(6, "any custom request header triggers a preflight", func() {
	It("a header of one's own does", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.keeping(), Headers: one("X-A", "1")})).To(match.HaveSentPreflight())
	})

	DescribeTable("one that script sets need not:",
		func(ctx SpecContext, name, value string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin), Headers: one(name, value)})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveSentNoPreflight())
		},
		Entry("Accept", "Accept", "application/json"), Entry("Accept-Language", "Accept-Language", "de"), Entry("Content-Language", "Content-Language", "de"),
		Entry("Content-Type: text/plain", "Content-Type", "text/plain"), Entry("Range: bytes=0-99", "Range", "bytes=0-99"),
	)

	It("nor does any within the page's own origin", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.own.answer(200), Headers: one("X-A", "1")})
		Expect(seen).To(match.HaveReceived(0, 1))
	})
})

var _ = claim(7, "preflights are sent for CONNECT and TRACE", func() {
	for _, method := range []string{http.MethodConnect, http.MethodTrace, "TRACK", "trace"} {
		It(method+" is forbidden: the call throws, and nothing is sent", func(ctx SpecContext) {
			seen := fetching(ctx, app, probe.Request{Method: method, URL: apis.api.keeping()})
			Expect(seen).To(match.HaveRejectedWith("TypeError"))
			Expect(seen.Page.Rejected).To(BeTrue())
			Expect(seen).To(match.HaveReceived(0, 0))
		})
	}

	It("they are for a method that nobody knows", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowOrigin, "Access-Control-Allow-Methods: CHICKEN"), ok(allowOrigin))
		Expect(fetching(ctx, app, probe.Request{Method: "CHICKEN", URL: url})).To(match.HaveReceived(1, 1))
	})
})

var _ = claim(8, "`Access-Control-Allow-Headers: *` allows Authorization", func() {
	wildcard := func() string {
		return apis.api.preflighted(noContent(allowAny, "Access-Control-Allow-Headers: *"), ok(allowAny))
	}

	It("it does in Chromium, against the Standard", func(ctx SpecContext) {
		seen := h.From(app).Fetch(ctx, probe.Request{URL: wildcard(), Headers: one("Authorization", "Bearer t")})
		deviating(seen, "chromium-authorization-wildcard")
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveReceivedHeader("Authorization", "Bearer t"))
	})

	It("it allows not a single header with credentials, in any browser", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowOrigin, allowCredentials, "Access-Control-Allow-Headers: *"), ok(allowOrigin, allowCredentials))
		seen := fetching(ctx, app, probe.Request{URL: url, Credentials: fetch.Include, Headers: one("X-A", "1")})
		Expect(seen).To(match.BeBlockedBy("HeaderDisallowedByPreflightResponse"))
	})
})

var _ = claim(9, "a response may list several origins", func() {
	DescribeTable("it may name one:",
		func(ctx SpecContext, headers ...string) {
			Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200, headers...)})).To(match.BeBlockedBy("MultipleAllowOriginValues"))
		},
		Entry("a list", "Access-Control-Allow-Origin: "+app+", "+admin), Entry("two lines", "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Origin: "+admin),
		Entry("two lines that are equal", "Access-Control-Allow-Origin: "+app, "Access-Control-Allow-Origin: "+app),
	)
})

var _ = claim(10, "`null` is a safe default", func() {
	It("every site can send it, from a sandboxed frame, and reads with the user's cookies", func(ctx SpecContext) {
		r := probe.Request{URL: apis.other.answer(200, "Access-Control-Allow-Origin: null", allowCredentials), Credentials: fetch.Include}
		seen := asking(ctx, h.From("null").WithCookies(cookie(apis.other, "None")), r)[0]
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentCookie("id"))
	})

	It("it allows no page that has an origin", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200, "Access-Control-Allow-Origin: null")})).To(match.BeBlockedBy("AllowOriginMismatch"))
	})
})

var _ = claim(11, "Access-Control-Allow-Credentials with `*` is rejected even without credentials", func() {
	DescribeTable("it is readable without credentials,",
		func(ctx SpecContext, mode fetch.CredentialsMode) {
			Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowAny, allowCredentials), Credentials: mode})).To(match.BeReadable())
		},
		Entry("omit", fetch.Omit), Entry("same-origin, which is what fetch() has by default", fetch.CredentialsMode("")),
	)
})

var _ = claim(12, "CORS errors are almost always preflight failures", func() {
	DescribeTable("a request that needs no preflight is blocked as well:",
		func(ctx SpecContext, code string, headers ...string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, headers...)})
			Expect(seen).To(match.BeBlockedBy(code))
			Expect(seen).To(match.HaveSentNoPreflight())
		},
		Entry("no Allow-Origin", "MissingAllowOriginHeader"), Entry("another origin", "AllowOriginMismatch", "Access-Control-Allow-Origin: "+admin),
		Entry("a trailing slash", "AllowOriginMismatch", "Access-Control-Allow-Origin: "+app+"/"), Entry("no scheme", "InvalidAllowOriginValue", "Access-Control-Allow-Origin: app.example.com"),
	)

	It("and so is the answer after a preflight that passed", func(ctx SpecContext) {
		seen := fetching(ctx, app, put(apis.api.preflighted(noContent(allowOrigin, allowPUT), ok())))
		Expect(seen).To(match.BeBlockedBy("MissingAllowOriginHeader"))
		Expect(seen).To(match.HavePreflightStatus(204))
	})
})

var _ = claim(13, "a 200 to curl with the right headers means that the browser will allow it", func() {
	It("curl sends no preflight, on which the browser's request fails", func(ctx SpecContext) {
		seen := fetching(ctx, app, put(apis.api.preflighted(noBody(405), ok(allowAny))))
		Expect(seen).To(match.HaveReplayed(200))
		Expect(seen.Replay.Headers.Values("Access-Control-Allow-Origin")).To(Equal([]string{"*"}))
		Expect(seen).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
	})

	It("curl knows nothing of the browser's cache, where a poisoned answer waits", func(ctx SpecContext) {
		url := apis.api.serve(
			embedded.Rule{When: embedded.Match{Headers: map[string]string{"Sec-Fetch-Mode": "no-cors"}}, Answer: ok(storable)},
			embedded.Rule{Answer: ok(storable, allowAny)})
		seen := asking(ctx, h.From(app), probe.Request{URL: url, Mode: fetch.NoCORS}, probe.Request{URL: url})[1]
		Expect(seen).To(match.HaveReplayed(200))
		Expect(seen.Replay.Headers.Has("Access-Control-Allow-Origin")).To(BeTrue())
		Expect(fromCache(seen)).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("curl is asked by no secure page that may not ask over http", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.plain.answer(200, allowAny)})
		Expect(seen).To(match.HaveReplayed(200))
		Expect(seen).To(match.BeBlockedBy("mixed-content"))
	})
})

var _ = claim(14, "`127.0.0.1` and `localhost` are interchangeable", func() {
	DescribeTable("they are two origins:",
		func(ctx SpecContext, page, allowed string) {
			seen := fetching(ctx, page, probe.Request{URL: apis.api.answer(200, "Access-Control-Allow-Origin: "+allowed)})
			Expect(seen).To(match.BeBlockedBy("AllowOriginMismatch"))
			Expect(originsSent(seen)).To(Equal([]string{page}))
		},
		Entry("a page of 127.0.0.1 where localhost is allowed", "http://127.0.0.1:3000", "http://localhost:3000"),
		Entry("a page of localhost where 127.0.0.1 is allowed", "http://localhost:3000", "http://127.0.0.1:3000"),
	)

	It("and two sites: a Lax cookie of localhost is withheld from a page of 127.0.0.1", func(ctx SpecContext) {
		r := probe.Request{URL: apis.local.answer(200, allowOrigin, allowCredentials), Credentials: fetch.Include}
		jar := probe.Cookie{URL: apis.local.origin, Name: "id", Value: "1", SameSite: "Lax"}
		Expect(asking(ctx, h.From("http://127.0.0.1:3000").WithCookies(jar), r)[0]).To(match.HaveWithheldCookie("id"))
		Expect(asking(ctx, h.From("http://localhost:5173").WithCookies(jar), r)[0]).To(match.HaveSentCookie("id"))
	})
})

var _ = claim(15, "without max-age every request is preflighted", func() {
	It("an answer without it is kept for 5 s", func(ctx SpecContext) {
		url := apis.api.keeping()
		Eventually(ctx, func(g Gomega) { // a machine that takes longer between the two requests says nothing
			list := asking(ctx, h.From(app), put(url), put(url))
			g.Expect(list[1].Started.Sub(list[0].Started)).To(BeNumerically("<", 3*time.Second))
			Expect(preflights(list)).To(Equal([]bool{true, false}))
		}).WithTimeout(time.Minute).Should(Succeed())
	})

	It("what has every request preflighted is a max-age of 0", func(ctx SpecContext) {
		url := apis.api.keeping("Access-Control-Max-Age: 0")
		Expect(preflights(asking(ctx, h.From(app), put(url), put(url)))).To(Equal([]bool{true, true}))
	})
})

var _ = claim(16, "images and scripts need no CORS", func() {
	It("what their tags ask, in mode no-cors, is loaded without it, and script sees nothing of it", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, "Content-Type: image/png"), Mode: fetch.NoCORS})
		Expect(seen).To(match.BeOpaque())
		Expect(seen.Page.Body.Size).To(BeZero())
	})

	It("what a tag with crossorigin asks, in mode cors, needs it", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.answer(200, "Content-Type: image/png"), Credentials: fetch.SameOrigin})).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("and an API can refuse even a plain tag, by Cross-Origin-Resource-Policy", func(ctx SpecContext) {
		seen := fetching(ctx, stranger, probe.Request{URL: apis.api.answer(200, "Cross-Origin-Resource-Policy: same-site"), Mode: fetch.NoCORS})
		Expect(seen).To(match.BeBlockedBy("corp-not-same-site"))
	})
})

var _ = claim(17, "POST with JSON is a simple request", func() {
	It("as application/json it is preflighted for its content type", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.preflighted(permit(), ok(allowOrigin)), Headers: one("Content-Type", "application/json"), Body: &probe.Body{Text: "{}"}})
		Expect(seen).To(match.HavePreflightRequestHeader("Access-Control-Request-Headers", "content-type"))
		Expect(seen).To(match.HaveReceived(1, 1))
	})

	It("as text/plain it is simple, and many servers parse it all the same", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{Method: "POST", URL: apis.api.answer(200, allowOrigin), Headers: one("Content-Type", "text/plain"), Body: &probe.Body{Text: "{}"}})
		Expect(seen).To(match.HaveSentNoPreflight())
		Expect(string(seen.Receipts[0].Body)).To(Equal("{}"))
	})
})

var _ = claim(18, "an empty or `text/plain` content type avoids the preflight", func() {
	DescribeTable("text/plain does, and so do some others:",
		func(ctx SpecContext, value string) {
			r := probe.Request{Method: "POST", URL: apis.api.answer(200, allowOrigin), Headers: one("Content-Type", value), Body: &probe.Body{Text: "x"}}
			Expect(fetching(ctx, app, r)).To(match.HaveSentNoPreflight())
		},
		Entry("text/plain", "text/plain"), Entry("with a parameter", "text/plain; charset=iso-8859-1"), Entry("in another case", "TEXT/PLAIN"),
		Entry("a form's", "application/x-www-form-urlencoded"), Entry("a multipart form's", "multipart/form-data"),
	)

	It("an empty one does not: it is no MIME type, and is asked for", func(ctx SpecContext) {
		r := probe.Request{Method: "POST", URL: apis.api.preflighted(permit(), ok(allowOrigin)), Headers: one("Content-Type", ""), Body: &probe.Body{Text: "x"}}
		seen := fetching(ctx, app, r)
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HavePreflightRequestHeader("Access-Control-Request-Headers", "content-type"))
	})
})

var _ = claim(19, "if the server answers 500, CORS is not the problem", func() {
	It("it is one: without CORS headers on its errors script cannot tell a 500 from anything", func(ctx SpecContext) {
		expectMasked(fetching(ctx, app, probe.Request{URL: apis.api.answer(500)}), 500)
	})

	It("and where the preflight is what is answered with 500, the request was never executed", func(ctx SpecContext) {
		seen := fetching(ctx, app, put(apis.api.preflighted(noBody(500), ok(allowOrigin))))
		Expect(seen).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
		Expect(seen).To(match.HaveReceived(1, 0))
	})
})

var _ = claim(20, "redirects do not matter to CORS", func() {
	It("each hop needs CORS headers", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.redirecting(302, apis.api.answer(200, allowOrigin))})).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("one that leaves the API for another makes the origin null", func(ctx SpecContext) {
		urls := along(apis.api, apis.other)
		Expect(originsSent(fetching(ctx, app, probe.Request{URL: urls[0]}))).To(Equal([]string{app, "null"}))
	})

	It("and a preflight must not be redirected at all", func(ctx SpecContext) {
		preflight := noBody(307, allowOrigin, allowPUT, "Location: "+apis.api.keeping())
		Expect(fetching(ctx, app, put(apis.api.preflighted(preflight, ok(allowOrigin))))).To(match.BeBlockedBy("PreflightDisallowedRedirect"))
	})
})
