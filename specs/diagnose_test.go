package specs

// Diagnosis: a cause is planted on the scripted API, the browser is asked, and the first finding names what was planted.
// Proves, on real evidence, the rules of package diagnose for the checks of https://fetch.spec.whatwg.org/#concept-cors-check,
// https://fetch.spec.whatwg.org/#cors-preflight-fetch and https://fetch.spec.whatwg.org/#http-redirect-fetch, and field survey, sections
// 0.3 and 2.1: the browser's own reason names another cause for many of these.

import (
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

// rules are the ids of the findings, in order.
func rules(seen probe.Observation) []string {
	list := []string{}
	for _, f := range diagnose.Find(seen) {
		list = append(list, f.Rule)
	}
	return list
}

// expectCause expects that the first finding is of that rule, and that its words are in it.
func expectCause(seen probe.Observation, rule string, words ...string) {
	GinkgoHelper()
	found := diagnose.Find(seen)
	Expect(found).NotTo(BeEmpty())
	Expect(found[0].Rule).To(Equal(rule), "%+v", found)
	text := found[0].Summary + "\n" + strings.Join(found[0].Evidence, "\n") + "\n" + strings.Join(found[0].Fix, "\n")
	for _, w := range words {
		Expect(text).To(ContainSubstring(w))
	}
}

var _ = Describe("A diagnosis", Label("diagnosis"), func() {
	allow := "Access-Control-Allow-Origin: "
	ask := func(ctx SpecContext, from string, r probe.Request) probe.Observation {
		GinkgoHelper()
		seen := h.From(from).Fetch(ctx, r)
		Expect(seen).To(match.HaveCompleteEvidence())
		return seen
	}

	DescribeTable("of an answer names",
		func(ctx SpecContext, rule string, r probe.Request, status int, headers []string, words ...string) {
			r.URL = apis.api.answer(status, headers...)
			seen := ask(ctx, app, r)
			Expect(seen.Outcome).To(Equal(probe.Blocked))
			expectCause(seen, rule, words...)
		},
		Entry("no Allow-Origin", "missing-allow-origin", probe.Request{}, 200, nil, allow+app),
		Entry("a list that the origin is not on", "origin-not-allowed", probe.Request{}, 200, []string{"Vary: Origin"}, app),
		Entry("the error behind the missing header", "missing-allow-origin-on-error", probe.Request{}, 503, []string{"Server: nginx"}, "503", "nginx"),
		Entry("a slash too much", "allow-origin-mismatch", probe.Request{}, 200, []string{allow + app + "/"}, "slash"),
		Entry("the wrong scheme", "allow-origin-mismatch", probe.Request{}, 200, []string{allow + plainApp}, "scheme"),
		Entry("the wrong port", "allow-origin-mismatch", probe.Request{}, 200, []string{allow + app + ":8443"}, "port"),
		Entry("a host without a scheme", "allow-origin-mismatch", probe.Request{}, 200, []string{allow + "app.example.com"}, "the scheme is missing"),
		Entry("an empty value", "allow-origin-mismatch", probe.Request{}, 200, []string{allow}, "empty"),
		Entry("null", "allow-origin-null", probe.Request{}, 200, []string{allow + "null"}, "sandboxed"),
		Entry("a list of origins", "allow-origin-list-or-pattern", probe.Request{}, 200, []string{allow + app + ", " + admin}, "a list"),
		Entry("a pattern", "allow-origin-list-or-pattern", probe.Request{}, 200, []string{allow + "https://*.example.com"}, "a pattern"),
		Entry("two layers that both add the header", "multiple-allow-origin", probe.Request{}, 200, []string{allowOrigin, allowOrigin}, "two layers", "(2 lines)"),
		Entry("a wildcard with credentials", "wildcard-with-credentials", probe.Request{Credentials: fetch.Include}, 200, []string{allowAny, allowCredentials}, allow+app),
		Entry("no leave for credentials", "allow-credentials-missing", probe.Request{Credentials: fetch.Include}, 200, []string{allowOrigin}, allowCredentials),
		Entry("leave for credentials in capitals", "allow-credentials-missing", probe.Request{Credentials: fetch.Include}, 200, []string{allowOrigin, "Access-Control-Allow-Credentials: True"}, `"True"`),
		Entry("a redirect without CORS headers", "redirect-cross-origin", probe.Request{}, 302, []string{"Location: https://api.example.com/x"}, "the redirect itself is checked"),
		Entry("a resource policy", "cross-origin-resource-policy", probe.Request{Mode: fetch.NoCORS}, 200, []string{"Cross-Origin-Resource-Policy: same-origin"}, "not CORS"),
	)

	DescribeTable("of a preflight names",
		func(ctx SpecContext, rule string, r probe.Request, preflight embedded.Answer, words ...string) {
			r.URL = apis.api.preflighted(preflight, ok(allowOrigin, allowCredentials))
			if r.Method == "" {
				r.Method = "PUT"
			}
			seen := ask(ctx, app, r)
			Expect(seen.Outcome).To(Equal(probe.Blocked))
			expectCause(seen, rule, words...)
			Expect(rules(seen)).NotTo(ContainElement("blocked-but-executed"))
		},
		Entry("authentication before CORS", "preflight-status", probe.Request{}, noBody(401, "WWW-Authenticate: Bearer"), "authentication runs before CORS", "gets 200"),
		Entry("a firewall", "preflight-status", probe.Request{}, noBody(403), "403"),
		Entry("a missing route", "preflight-status", probe.Request{}, noBody(404), "no route"),
		Entry("OPTIONS that is not handled", "preflight-status", probe.Request{}, noBody(405, "Allow: GET, PUT"), "does not handle OPTIONS"),
		Entry("a failing server", "preflight-status", probe.Request{}, noBody(500), "failed on OPTIONS"),
		Entry("a status with CORS headers", "preflight-status", probe.Request{}, noBody(405, allowOrigin, allowPUT), "405"),
		Entry("a redirect to a login page", "preflight-redirected", probe.Request{}, noBody(302, "Location: /login"), "login page"),
		Entry("a redirect with CORS headers", "preflight-redirected", probe.Request{}, noBody(307, "Location: https://www.example.com/", allowOrigin, allowPUT), "another host"),
		Entry("a default answer", "missing-allow-origin-on-preflight", probe.Request{}, noBody(200, "Allow: GET, PUT"), "default answer"),
		Entry("a CORS layer that allows nothing", "missing-allow-origin-on-preflight", probe.Request{}, noContent("Vary: Origin, Access-Control-Request-Method"), "a layer that knows CORS"),
		Entry("another origin", "allow-origin-mismatch", probe.Request{}, noContent(allow+admin, allowPUT), "another host"),
		Entry("a wildcard with credentials", "wildcard-with-credentials", probe.Request{Credentials: fetch.Include}, noContent(allowAny, allowCredentials, allowPUT), allow+app),
		Entry("a method that is not listed", "method-not-allowed", probe.Request{}, noContent(allowOrigin, "Access-Control-Allow-Methods: GET, POST"), "Access-Control-Allow-Methods: PUT"),
		Entry("patch in lower case", "method-not-allowed", probe.Request{Method: "patch"}, noContent(allowOrigin, "Access-Control-Allow-Methods: PATCH"), "upper case"),
		Entry("all headers that are not listed, of which the browser names one", "header-not-allowed", probe.Request{Headers: lines("X-A: 1", "X-B: 2")}, noContent(allowOrigin, allowPUT), "x-a and x-b"),
		Entry("a wildcard for headers with credentials", "header-not-allowed", probe.Request{Credentials: fetch.Include, Headers: lines("X-A: 1")},
			noContent(allowOrigin, allowCredentials, allowPUT, "Access-Control-Allow-Headers: *"), "no wildcard"),
		Entry("a list that cannot be parsed", "malformed-allow-list", probe.Request{}, noContent(allowOrigin, "Access-Control-Allow-Methods: PUT; DELETE x"), "PUT; DELETE x"),
	)

	It("lists at once what the browser would report one after the other", func(ctx SpecContext) {
		r := put(apis.api.preflighted(noContent(allow+app+"/", "Access-Control-Allow-Methods: GET"), ok(allowOrigin)))
		r.Headers, r.Credentials = lines("X-A: 1"), fetch.Include
		Expect(rules(ask(ctx, app, r))).To(Equal([]string{"allow-origin-mismatch", "allow-credentials-missing", "method-not-allowed", "header-not-allowed"}))
	})

	It("tells the answer from the preflight, and that the request was executed", func(ctx SpecContext) {
		seen := ask(ctx, app, put(apis.api.preflighted(noContent(allowOrigin, allowPUT), ok())))
		Expect(rules(seen)).To(Equal([]string{"missing-allow-origin-on-response", "blocked-but-executed"}))
	})

	It("follows a redirect that makes the origin null", func(ctx SpecContext) {
		url := apis.api.redirecting(302, apis.other.answer(200, allow+app), allowOrigin)
		expectCause(ask(ctx, app, probe.Request{URL: url}), "redirect-cross-origin", "null", "(302)")
	})

	It("names the URL with a password at which a redirect ends, and hides the password", func(ctx SpecContext) {
		seen := ask(ctx, app, probe.Request{URL: apis.api.redirecting(302, "https://user:geheim@api.other.test/", allowOrigin)})
		expectCause(seen, "redirect-cross-origin", "a user or a password")
		for _, f := range diagnose.Find(seen) {
			Expect(strings.Join(append(f.Evidence, f.Summary), " ")).NotTo(ContainSubstring("geheim"))
		}
	})

	It("knows that an answer came from the browser's cache", func(ctx SpecContext) {
		url := apis.api.storing()
		list := h.From(app).Session(ctx, probe.Step{Request: probe.Request{URL: url, Mode: fetch.NoCORS}}, probe.Step{Request: probe.Request{URL: url}})
		expectCause(list[0], "opaque-response")
		expectCause(list[1], "cached-answer", "Vary: Origin")
	})

	It("says of a preflight that nobody answers", func(ctx SpecContext) {
		silent := noContent()
		silent.Fault = rawhttp.Hang
		r := put(apis.api.preflighted(silent, ok(allowOrigin)))
		r.Timeout = 400 * time.Millisecond
		expectCause(ask(ctx, app, r), "preflight-unanswered", "before the timeout")
	})

	It("says of a preflight that is dropped, where the request is answered", func(ctx SpecContext) {
		reset := noContent()
		reset.Fault = rawhttp.Reset
		expectCause(ask(ctx, app, put(apis.api.preflighted(reset, ok(allowOrigin)))), "preflight-unanswered", "net::ERR_CONNECTION_RESET")
	})

	It("says of a request that nobody answers", func(ctx SpecContext) {
		expectCause(ask(ctx, app, probe.Request{URL: apis.api.faulty(rawhttp.Hang), Timeout: 400 * time.Millisecond}), "timeout", "the API received it")
	})

	DescribeTable("says not CORS in the first line of",
		func(ctx SpecContext, rule, from string, r probe.Request, url func() string, words ...string) {
			r.URL = url()
			seen := ask(ctx, from, r)
			expectCause(seen, rule, words...)
			Expect(diagnose.Find(seen)[0].Summary).To(HavePrefix("not CORS: "))
		},
		Entry("a name that does not resolve", "not-cors", app, probe.Request{}, func() string { return "https://nowhere.invalid/" }, "does not resolve"),
		Entry("nobody listening", "not-cors", app, probe.Request{Method: "PUT"}, func() string { return "https://" + freeAddr() + "/" }, "nobody listens"),
		Entry("a certificate that is not trusted", "not-cors", app, probe.Request{}, func() string { return "https://" + untrusted() + "/" }, "certificate"),
		Entry("a connection that is reset", "not-cors", app, probe.Request{}, func() string { return apis.api.faulty(rawhttp.Reset) }, "reset"),
		Entry("what is no HTTP", "not-cors", app, probe.Request{}, func() string { return apis.api.faulty(rawhttp.Garbage) }, "no HTTP"),
		Entry("a body that breaks off", "not-cors", app, probe.Request{}, func() string { return apis.api.faulty(rawhttp.Truncate) }, "broke off"),
		Entry("integrity metadata of another body", "not-cors", app, probe.Request{Integrity: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
			func() string { return apis.api.answer(200, allowOrigin) }, "integrity"),
		Entry("mixed content", "mixed-content", app, probe.Request{}, func() string { return apis.plain.answer(200, allowAny) }, "over plain http"),
		Entry("the page's policy", "content-security-policy", cspPage, probe.Request{}, func() string { return apis.api.answer(200, allowOrigin) }, "connect-src"),
	)

	DescribeTable("blames script itself for",
		func(ctx SpecContext, r probe.Request) {
			if r.URL == "" {
				r.URL = apis.api.answer(200, allowOrigin)
			}
			expectCause(h.From(app).Fetch(ctx, r), "script-refused")
		},
		Entry("a forbidden method", probe.Request{Method: "TRACE"}),
		Entry("a body with GET", probe.Request{Body: &probe.Body{Text: "x"}}),
		Entry("mode same-origin", probe.Request{Mode: fetch.SameOriginMode}),
		Entry("another scheme", probe.Request{URL: "ftp://api.example.com/x"}),
	)

	It("names a cookie that the browser withheld, and what its SameSite has to do with it", func(ctx SpecContext) {
		page := h.From(app).WithCookies(cookie(apis.other, "Lax"))
		seen := page.Fetch(ctx, probe.Request{Credentials: fetch.Include, URL: apis.other.answer(200, allowOrigin, allowCredentials, varyOrigin)})
		Expect(seen).To(match.BeReadable())
		expectCause(seen, "cookie-withheld", "SameSite=Lax")
	})

	DescribeTable("of what can be read is silent, or notes",
		func(ctx SpecContext, r probe.Request, headers []string, want ...string) {
			r.URL = apis.api.answer(200, headers...)
			seen := ask(ctx, app, r)
			Expect(seen).To(match.BeReadable())
			Expect(rules(seen)).To(HaveExactElements(want))
			for _, f := range diagnose.Find(seen) {
				Expect(f.Severity).NotTo(Equal(diagnose.Error))
			}
		},
		Entry("nothing, as it should be", probe.Request{}, []string{allowOrigin, "Vary: Origin"}),
		Entry("nothing, for everybody", probe.Request{}, []string{allowAny}),
		Entry("nothing, with credentials", probe.Request{Credentials: fetch.Include}, []string{allowOrigin, allowCredentials, "Vary: Origin"}),
		Entry("a header that is hidden", probe.Request{}, []string{allowAny, "X-Total: 10"}, "header-not-exposed"),
		Entry("a wildcard that exposes nothing", probe.Request{Credentials: fetch.Include}, []string{allowOrigin, allowCredentials, "Vary: Origin", "Access-Control-Expose-Headers: *"}, "expose-headers-malformed-or-wildcard"),
		Entry("a missing Vary", probe.Request{}, []string{allowOrigin}, "vary-origin-missing"),
	)

	It("warns of Authorization by a wildcard, which this browser takes", func(ctx SpecContext) {
		r := put(apis.api.preflighted(noContent(allowAny, allowPUT, "Access-Control-Allow-Headers: *"), ok(allowAny)))
		r.Headers = lines("Authorization: Bearer x")
		seen := ask(ctx, app, r)
		Expect(seen).To(match.BeReadable())
		Expect(rules(seen)).To(Equal([]string{"authorization-by-wildcard"}))
	})

	It("warns of null with credentials, which every sandboxed frame can use", func(ctx SpecContext) {
		seen := ask(ctx, "null", probe.Request{Credentials: fetch.Include, URL: apis.api.answer(200, allow+"null", allowCredentials)})
		Expect(seen).To(match.BeReadable())
		expectCause(seen, "overly-permissive", "null")
	})

	It("names local network access", Label("lna"), func(ctx SpecContext) {
		api := stubAt("https://api.example.com")
		lna, err := harness.Start(ctx, harness.Config{
			Origins: []harness.Origin{{URL: publicPage, AddressSpace: "public"}},
			APIs:    map[string]harness.API{"api": {At: api.origin, Raw: api.handle}},
		})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(lna.Close()).To(Succeed()) })
		expectCause(lna.From(publicPage).Fetch(ctx, probe.Request{URL: api.answer(200, allowOrigin)}), "local-network-access", "permission")
	})
})
