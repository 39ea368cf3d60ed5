package specs

// Whole specs, as a user writes them, that would pass wrongly if the harness did: each is green on the API that it is
// about, and red on a mutant of it; see mutation_test.go.

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

// ordersCanBeSaved: the app saves with the user's cookie, and reads the new version.
func ordersCanBeSaved(ctx context.Context, api string) {
	GinkgoHelper()
	r := probe.Request{Method: "PUT", URL: api, Credentials: fetch.Include, Headers: one("X-A", "1"), Body: &probe.Body{Text: "{}"}}
	seen := asking(ctx, h.From(app).WithCookies(cookie(apis.api, "Lax")), r)[0]
	Expect(seen).To(match.BeReadable())
	Expect(seen).To(SatisfyAll(match.HaveStatus(200), match.ExposeHeader("ETag", `"v2"`), match.HaveSentPreflight(), match.HaveSentCookie("id")))
	Expect(seen).To(match.HaveReceived(1, 1))
}

// strangersReadNothing: no other site reads what the user's cookie opens.
func strangersReadNothing(ctx context.Context, api string) {
	GinkgoHelper()
	r := probe.Request{URL: api, Credentials: fetch.Include}
	seen := asking(ctx, h.From(stranger).WithCookies(cookie(apis.api, "None")), r)[0]
	Expect(seen).To(match.BeBlocked())
	Expect(seen).To(match.HaveRejectedWith("TypeError"))
	Expect(seen).NotTo(match.ExposeHeader("X-Total"))
}

// nothingIsDeleted: a DELETE that the preflight does not allow does not reach the API.
func nothingIsDeleted(ctx context.Context, api string) {
	GinkgoHelper()
	seen := fetching(ctx, app, probe.Request{Method: "DELETE", URL: api})
	Expect(seen).To(match.BeBlockedBy("MethodDisallowedByPreflightResponse"))
	Expect(seen).To(match.HaveReceived(1, 0))
}

var _ = Describe("A whole spec", Label("mutation"), func() {
	preflight := func(headers ...string) embedded.Rule {
		return upon(embedded.Match{Method: "OPTIONS"}, noContent(headers...))
	}
	names := func(origin string) string { return "Access-Control-Allow-Origin: " + origin }
	saving := []string{names(app), allowCredentials, allowPUT, "Access-Control-Allow-Headers: x-a"}
	saved := always(ok(names(app), allowCredentials, "Access-Control-Expose-Headers: ETag", `ETag: "v2"`))

	DescribeTable("is green on the API that it is about, and red on the mutant:",
		func(ctx SpecContext, spec func(context.Context, string), good, mutant []embedded.Rule, says ...string) {
			Expect(InterceptGomegaFailures(func() { spec(ctx, apis.api.serve(good...)) })).To(BeEmpty())
			failures := InterceptGomegaFailures(func() { spec(ctx, apis.api.serve(mutant...)) })
			Expect(failures).NotTo(BeEmpty(), "it passes on the mutant")
			for _, words := range says {
				Expect(failures).To(ContainElement(ContainSubstring(words)))
			}
		},
		Entry("orders can be saved; but * stands beside credentials", ordersCanBeSaved,
			[]embedded.Rule{preflight(saving...), saved}, []embedded.Rule{preflight(saving...), always(ok(allowAny, allowCredentials))},
			"outcome: want readable, got blocked by \"WildcardOriginNotAllowed\"", `Access-Control-Allow-Origin: *`),
		Entry("orders can be saved; but the header is not exposed", ordersCanBeSaved,
			[]embedded.Rule{preflight(saving...), saved}, []embedded.Rule{preflight(saving...), always(ok(names(app), allowCredentials, `ETag: "v2"`))},
			`expose header "ETag"`, "got absent"),
		Entry("strangers read nothing; but the origin is reflected", strangersReadNothing,
			[]embedded.Rule{always(ok(names(app), allowCredentials, "X-Total: 10"))}, []embedded.Rule{always(ok(allowOrigin, allowCredentials, "X-Total: 10", "Access-Control-Expose-Headers: X-Total"))},
			"be blocked; outcome: want blocked, got readable", `not to expose header "X-Total"`, "script caught none"),
		Entry("nothing is deleted; but the preflight allows it", nothingIsDeleted,
			[]embedded.Rule{preflight(names(app), allowPUT), always(ok(names(app)))}, []embedded.Rule{preflight(names(app), "Access-Control-Allow-Methods: *"), always(ok(names(app)))},
			"outcome: want blocked, got readable", "received.requests: want 0, got 1"),
	)
})
