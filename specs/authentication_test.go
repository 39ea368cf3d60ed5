package specs

// HTTP authentication: a user and a password that XMLHttpRequest brings along, a 401 that challenges, and what the
// browser remembers.
// Proves HTTP-network-or-cache fetch, https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch (authentication
// entries, and the 401 step, which is not for CORS requests), https://xhr.spec.whatwg.org/#the-open()-method, and field
// survey, section 2.0 (URLs with user information).

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

const (
	challenge = `WWW-Authenticate: Basic realm="orders"`
	basicAnn  = "Basic YW5uOnNlY3JldA==" // ann:secret
)

var _ = Describe("HTTP authentication", Label("credentials", "authentication"), func() {
	// protected answers 200 to ann and challenges everybody else; "?open" answers 200 to everybody.
	protected := func(at *stub) string {
		GinkgoHelper()
		return at.serve(
			embedded.Rule{When: embedded.Match{Headers: map[string]string{"Authorization": basicAnn}}, Answer: ok(allowOrigin, allowCredentials)},
			embedded.Rule{When: embedded.Match{Query: map[string]string{"open": ""}}, Answer: ok(allowOrigin, allowCredentials)},
			embedded.Rule{Answer: embedded.Answer{Status: 401, Headers: lines(allowOrigin, allowCredentials, challenge)}},
		)
	}
	withUser := func(url string, credentials fetch.CredentialsMode, sync bool) probe.Request {
		return probe.Request{Client: probe.XHR, URL: url, User: "ann", Password: "secret", Credentials: credentials, Sync: sync}
	}

	DescribeTable("by XMLHttpRequest's user and password answers the challenge of the page's own origin",
		func(ctx SpecContext, sync bool) {
			seen := sending(ctx, app, withUser(protected(apis.own), "", sync))
			Expect(seen).To(match.HaveStatus(200))
			Expect(seen).To(match.HaveReceived(0, 2))
			Expect(seen.Receipts[0].Headers.Has("Authorization")).To(BeFalse())
			Expect(seen.Receipts[1].Headers.Values("Authorization")).To(Equal([]string{basicAnn}))
			Expect(seen.Retried).To(BeEmpty())
		},
		Entry("asynchronously", false),
		Entry("synchronously", true),
	)

	It("by a wrong password leaves script with the 401", func(ctx SpecContext) {
		r := withUser(protected(apis.own), "", false)
		r.Password = "guess"
		seen := sending(ctx, app, r)
		Expect(seen).To(match.HaveStatus(401))
		Expect(seen).To(match.ExposeHeader("WWW-Authenticate", `Basic realm="orders"`))
		Expect(seen).To(match.HaveReceived(0, 2))
	})

	DescribeTable("by XMLHttpRequest's user and password does nothing at another origin",
		func(ctx SpecContext, to *stub, credentials fetch.CredentialsMode) {
			seen := sending(ctx, app, withUser(protected(to), credentials, false))
			Expect(seen).To(match.HaveStatus(401))
			Expect(seen).To(match.HaveReceived(0, 1))
			Expect(seen).NotTo(match.HaveSentHeader("Authorization"))
		},
		Entry("without credentials", apis.api, fetch.CredentialsMode("")),
		Entry("with credentials", apis.api, fetch.Include),
		Entry("with credentials at another site", apis.other, fetch.Include),
	)

	It("in a URL is refused by fetch before anything is sent", func(ctx SpecContext) {
		url := protected(apis.api)
		seen := fetching(ctx, app, probe.Request{URL: "https://ann:secret@" + url[len("https://"):], Credentials: fetch.Include})
		Expect(seen).To(match.HaveFailed())
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(seen.Page.Rejected).To(BeTrue())
		Expect(seen).To(match.HaveReceived(0, 0))
	})

	It("in a URL at another origin is dropped by XMLHttpRequest", func(ctx SpecContext) {
		url := protected(apis.api)
		seen := sending(ctx, app, probe.Request{URL: "https://ann:secret@" + url[len("https://"):], Credentials: fetch.Include})
		Expect(seen).To(match.HaveStatus(401))
		Expect(seen).To(match.HaveReceived(0, 1))
		Expect(seen).NotTo(match.HaveSentHeader("Authorization"))
	})

	It("is remembered within a session: later requests bring it along unasked, save those that omit credentials", func(ctx SpecContext) {
		url := protected(apis.own)
		steps := asking(ctx, h.From(app), withUser(url, "", false),
			probe.Request{URL: url}, probe.Request{URL: url + "?open"}, probe.Request{URL: url, Credentials: fetch.Omit})
		Expect(steps[1]).To(match.HaveStatus(200))
		Expect(steps[1]).To(match.HaveReceived(0, 1))
		Expect(steps[1]).To(match.HaveReceivedHeader("Authorization", basicAnn))
		Expect(steps[2]).To(match.HaveReceivedHeader("Authorization", basicAnn))
		Expect(steps[3]).To(match.HaveStatus(401))
		Expect(steps[3]).NotTo(match.HaveSentHeader("Authorization"))
	})

	It("of one probe is unknown to the next one", func(ctx SpecContext) {
		url := protected(apis.own)
		Expect(sending(ctx, app, withUser(url, "", false))).To(match.HaveStatus(200))
		for range 3 { // whichever browser context comes next
			seen := fetching(ctx, app, probe.Request{URL: url + "?open"})
			Expect(seen).To(match.HaveStatus(200))
			Expect(seen).NotTo(match.HaveSentHeader("Authorization"))
		}
	})

	DescribeTable("lets script read a 401 at once",
		func(ctx SpecContext, to *stub, r probe.Request, headers ...string) {
			r.URL = to.answer(401, append([]string{allowOrigin, allowCredentials}, headers...)...)
			seen := asking(ctx, h.From(app), r)[0]
			Expect(seen).To(match.HaveStatus(401))
			Expect(seen).To(match.HaveReceived(0, 1))
		},
		Entry("that challenges another origin's request without credentials", apis.api, probe.Request{}, challenge),
		Entry("that challenges the page's own origin's request that omits credentials", apis.own, probe.Request{Credentials: fetch.Omit}, challenge),
		Entry("that challenges by Bearer, which no browser knows", apis.api, probe.Request{Credentials: fetch.Include}, `WWW-Authenticate: Bearer realm="orders"`),
		Entry("that challenges nobody", apis.api, probe.Request{Credentials: fetch.Include}),
	)

	DescribeTable("asks the person at the full browser, so that script waits for as long as the dialog is open, and lets script read the 401 in headless-shell, which has nobody to ask,",
		func(ctx SpecContext, to *stub, r probe.Request, scheme string) {
			browser, err := h.Browser(ctx)
			Expect(err).NotTo(HaveOccurred())
			r.URL = to.answer(401, allowOrigin, allowCredentials, "WWW-Authenticate: "+scheme)
			if browser.Flavour == "headless-shell" {
				Expect(asking(ctx, h.From(app), r)[0]).To(match.HaveStatus(401))
				return
			}
			r.Timeout = 1500 * time.Millisecond
			seen := asking(ctx, h.From(app), r)[0]
			Expect(seen).To(match.HaveTimedOut())
			Expect(seen).To(match.HaveReceived(0, 1))
			Expect(seen).To(match.HaveReplayed(401))
		},
		Entry("where the page asks its own origin", apis.own, probe.Request{}, `Basic realm="orders"`),
		Entry("where it is by Digest", apis.own, probe.Request{}, `Digest realm="orders", nonce="1"`),
		Entry("where the page asks another origin with credentials, though the Standard has no dialog there", apis.api, probe.Request{Credentials: fetch.Include}, `Basic realm="orders"`),
		Entry("where the page asks another site with credentials, though the Standard has no dialog there", apis.other, probe.Request{Credentials: fetch.Include}, `Basic realm="orders"`),
		Entry("where XMLHttpRequest asks", apis.own, probe.Request{Client: probe.XHR}, `Basic realm="orders"`),
	)

	It("by script's own Authorization header is no credential to CORS: it needs a preflight, and no Allow-Credentials", func(ctx SpecContext) {
		url := apis.api.preflighted(noContent(allowOrigin, "Access-Control-Allow-Headers: Authorization"), ok(allowOrigin))
		seen := fetching(ctx, app, probe.Request{URL: url, Headers: fetch.HeaderList{{Name: "Authorization", Value: basicAnn}}})
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.HaveSentPreflight())
		Expect(seen).To(match.HaveReceivedHeader("Authorization", basicAnn))
	})

	It("that challenges a preflight asks nobody: the preflight fails at once, in both browsers", func(ctx SpecContext) {
		r := probe.Request{Method: "PUT", Credentials: fetch.Include, URL: apis.api.answer(401, allowOrigin, allowCredentials, challenge)}
		seen := asking(ctx, h.From(app), r)[0]
		Expect(seen).To(match.BeBlockedBy("PreflightInvalidStatus"))
		Expect(seen).To(match.HaveReceived(1, 0))
	})
})
