package specs

// Local network access: a page from the public internet asks an API on this machine or in the local network. Proves
// https://wicg.github.io/local-network-access/ as Chromium has it, that it comes before CORS and before anything is sent, and field survey,
// sections 0.8, 2.0 and 2.1 (cause 13).

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

const (
	publicPage   = "https://app.example.com"
	insecurePage = "http://app.example.com"
	lanPage      = "https://lan.example.com"
)

var _ = Describe("Local network access", Label("lna"), Ordered, func() {
	var (
		lna        *harness.Harness
		loopback   = stubAt("https://api.example.com")
		plainLocal = stubAt("http://api.example.com")
		lan        = stubAt("https://nas.example.com")
		public     = stubAt("https://www.example.org")
	)
	BeforeAll(func(ctx SpecContext) {
		var err error
		lna, err = harness.Start(ctx, harness.Config{
			Origins: []harness.Origin{
				{URL: publicPage, AddressSpace: "public"}, {URL: insecurePage, AddressSpace: "public"},
				{URL: lanPage, AddressSpace: "local"}, {URL: stranger},
			},
			APIs: map[string]harness.API{
				"loopback": {At: loopback.origin, Raw: loopback.handle}, "plain": {At: plainLocal.origin, Raw: plainLocal.handle},
				"lan": {At: lan.origin, Raw: lan.handle, AddressSpace: "local"}, "public": {At: public.origin, Raw: public.handle, AddressSpace: "public"},
			},
		})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(lna.Close()).To(Succeed()) })
	})
	ask := func(ctx context.Context, from string, r probe.Request, permissions ...string) probe.Observation {
		GinkgoHelper()
		return agreeing(lna.From(from).WithPermissions(permissions...).Fetch(ctx, r))
	}

	It("is denied to a public page without permission, and the API is not asked", func(ctx SpecContext) {
		seen := ask(ctx, publicPage, probe.Request{URL: loopback.answer(200, allowOrigin)})
		Expect(seen).To(match.BeBlockedBy("LocalNetworkAccessPermissionDenied"))
		Expect(seen.Blocked.Message).To(ContainSubstring("Permission was denied for this request to access the `loopback` address space"))
		Expect(seen).To(match.HaveReceived(0, 0))
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
		Expect(seen).To(match.HaveReplayed(200))
	})

	It("is denied to XMLHttpRequest alike", func(ctx SpecContext) {
		seen := agreeing(lna.From(publicPage).XHR(ctx, probe.Request{URL: loopback.answer(200, allowOrigin)}))
		Expect(seen).To(match.BeBlockedBy("LocalNetworkAccessPermissionDenied"))
		Expect(seen).To(match.HaveReceived(0, 0))
	})

	It("is denied before the preflight: not even that is sent", func(ctx SpecContext) {
		seen := ask(ctx, publicPage, put(loopback.keeping()))
		Expect(seen).To(match.BeBlockedBy("LocalNetworkAccessPermissionDenied"))
		Expect(seen).NotTo(match.HaveSentPreflight())
		Expect(seen).To(match.HaveReceived(0, 0))
	})

	It("is denied in mode no-cors as well", func(ctx SpecContext) {
		seen := ask(ctx, publicPage, probe.Request{URL: loopback.answer(200), Mode: fetch.NoCORS})
		Expect(seen).To(match.BeBlockedBy("LocalNetworkAccessPermissionDenied"))
	})

	DescribeTable("is granted by the permission for the address space of the API:",
		func(ctx SpecContext, api *stub, permissions ...string) {
			seen := ask(ctx, publicPage, probe.Request{URL: api.answer(200, allowOrigin)}, permissions...)
			Expect(seen).To(match.BeReadable())
			Expect(seen.Blocked).To(BeNil())
			Expect(seen).To(match.HaveReceived(0, 1))
		},
		Entry("loopback-network for this machine", loopback, "loopback-network"),
		Entry("local-network for the local network", lan, "local-network"),
		Entry("both at once, for this machine", loopback, "local-network", "loopback-network"),
		Entry("both at once, for the local network: one does not replace the other", lan, "local-network", "loopback-network"),
		Entry("one beside a permission of another kind", loopback, "loopback-network", "geolocation"),
	)

	DescribeTable("is not granted by another permission:",
		func(ctx SpecContext, api *stub, permission string) {
			seen := ask(ctx, publicPage, probe.Request{URL: api.answer(200, allowOrigin)}, permission)
			Expect(seen).To(match.BeBlockedBy("LocalNetworkAccessPermissionDenied"))
			Expect(seen).To(match.HaveReceived(0, 0))
		},
		Entry("local-network for this machine", loopback, "local-network"),
		Entry("loopback-network for the local network", lan, "loopback-network"),
		Entry("the older name local-network-access for this machine", loopback, "local-network-access"),
		Entry("the older name local-network-access for the local network", lan, "local-network-access"),
		Entry("one of another kind", loopback, "geolocation"),
	)

	It("is granted to one probe and not to the next", func(ctx SpecContext) {
		url := loopback.answer(200, allowOrigin)
		for range 3 {
			Expect(ask(ctx, publicPage, probe.Request{URL: url}, "loopback-network")).To(match.BeReadable())
			Expect(ask(ctx, publicPage, probe.Request{URL: url})).To(match.BeBlockedBy("LocalNetworkAccessPermissionDenied"))
			Expect(ask(ctx, publicPage, probe.Request{URL: url, Credentials: fetch.Include})).To(match.BeBlockedBy("LocalNetworkAccessPermissionDenied"), "in a browser context that was used before")
		}
	})

	It("that is granted leaves CORS as it is: the preflight is sent, and the answer is checked", func(ctx SpecContext) {
		Expect(ask(ctx, publicPage, put(loopback.keeping()), "loopback-network")).To(match.HaveReceived(1, 1))
		Expect(ask(ctx, publicPage, probe.Request{URL: loopback.answer(200)}, "loopback-network")).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("sends none of the preflight headers of the older Private Network Access", func(ctx SpecContext) {
		seen := ask(ctx, publicPage, put(loopback.keeping()), "loopback-network")
		Expect(preflightOf(seen).Request.Headers.Has("Access-Control-Request-Private-Network")).To(BeFalse())
	})

	DescribeTable("is refused to a public page that is no secure context, whatever it asks:",
		func(ctx SpecContext, api *stub) {
			seen := ask(ctx, insecurePage, probe.Request{URL: api.answer(200, allowOrigin)})
			Expect(seen).To(match.BeBlockedBy("InsecureLocalNetwork"))
			Expect(seen.Blocked.Message).To(ContainSubstring("The request client is not a secure context"))
			Expect(seen).To(match.HaveReceived(0, 0))
		},
		Entry("an https API on this machine", loopback), Entry("an http API on this machine", plainLocal), Entry("an API in the local network", lan),
	)

	It("cannot be granted to an insecure page: full Chromium refuses the grant, headless-shell takes it and blocks", func(ctx SpecContext) {
		seen := lna.From(insecurePage).WithPermissions("loopback-network").Fetch(ctx, probe.Request{URL: loopback.answer(200, allowOrigin)})
		if isHeadlessShell(ctx) {
			Expect(seen).To(match.BeBlockedBy("InsecureLocalNetwork"))
		} else {
			Expect(seen.Err).To(MatchError(ContainSubstring("Permission can't be granted in current context")))
		}
	})

	It("of a name that is no permission is an error, and no verdict", func(ctx SpecContext) {
		seen := lna.From(publicPage).WithPermissions("loopback").Fetch(ctx, probe.Request{URL: loopback.answer(200, allowOrigin)})
		Expect(seen.Err).To(MatchError(ContainSubstring(`grant "loopback" to ` + publicPage)))
	})

	DescribeTable("is no matter where nothing more private is asked:",
		func(ctx SpecContext, from string, api *stub) {
			Expect(ask(ctx, from, probe.Request{URL: api.answer(200, allowOrigin)})).To(match.BeReadable())
		},
		Entry("a public page asks a public API", publicPage, public),
		Entry("a page of the local network asks an API there", lanPage, lan),
		Entry("a page of the local network asks this machine, in Chromium 156", lanPage, loopback),
		Entry("a page on this machine asks this machine", stranger, loopback),
		Entry("a page on this machine asks the public", stranger, public),
	)

	It("is denied after a redirect that leads there from a public API, which was asked", func(ctx SpecContext) {
		first := public.redirecting(302, loopback.answer(200, allowOrigin), allowOrigin)
		seen := ask(ctx, publicPage, probe.Request{URL: first})
		Expect(seen).To(match.BeBlockedBy("LocalNetworkAccessPermissionDenied"))
		Expect(asked(seen)).To(Equal([]string{first}))
	})

	It("is granted after such a redirect too", func(ctx SpecContext) {
		seen := ask(ctx, publicPage, probe.Request{URL: public.redirecting(302, loopback.answer(200, allowOrigin), allowOrigin)}, "loopback-network")
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(match.BeRedirected(1))
	})

	It("does not get an https page past mixed content", func(ctx SpecContext) {
		seen := ask(ctx, publicPage, probe.Request{URL: plainLocal.answer(200, allowOrigin)}, "loopback-network")
		Expect(seen).To(match.BeBlockedBy("mixed-content"))
		Expect(seen).To(match.HaveReceived(0, 0))
	})

	It("is stated with the flag that feigns the address spaces", func(ctx SpecContext) {
		seen := ask(ctx, publicPage, probe.Request{URL: public.answer(200, allowOrigin)})
		Expect(seen.Browser.Flags).To(ContainElement(HavePrefix("--ip-address-space-overrides=")))
	})
})

// stubAt is an API origin of a harness that is not the suite's.
func stubAt(origin string) *stub {
	return &stub{origin: origin, paths: map[string]*embedded.API{}}
}
