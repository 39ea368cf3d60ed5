package servers

import (
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/apim"
)

var _ = Describe("The remedy for API Management", Ordered, Label("apim", "fixes"), func() {
	const portal = "https://contoso.developer.azure-api.net"
	policy := shopPolicy
	policy.Origins = []string{app, admin, portal}
	policy.Headers = append([]string{"ocp-apim-subscription-key"}, policy.Headers...)

	key := fetch.Header{Name: "Ocp-Apim-Subscription-Key", Value: "k-starter"}
	withKey := probe.Request{Headers: fetch.HeaderList{key}}
	token := fetch.Header{Name: "Authorization", Value: "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJleHAiOjQxMDI0NDQ4MDB9.AS0BAOOBzcR9e18TNZTiu-yeoVg4a_OTl2EZHFXfqv4"}
	needs := map[string][]fetch.Header{
		"product-scope-only": {key}, "cors-in-fragment": {key}, "jwt-before-cors": {token}, "headers-by-hand": {token},
	}

	// These need no other cors policy, but another API: an OPTIONS operation must be deleted, one for PUT added,
	// and a version asked for in the path or the query.
	notByPolicy := []string{"explicit-options", "operation-missing", "header-versioning"}
	good := []string{"good", "jwt-after-cors", "rate-limit-after-cors", "subscription-required", "two-cors-first-passes-on", "backend-down"}

	comesFromTheBackend := WithTransform(func(o probe.Observation) bool {
		answer := o.Exchanges[len(o.Exchanges)-1].Response
		return answer != nil && answer.Headers.Has("X-Total")
	}, BeTrue())

	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		r, err := remedy.For("apim", "", policy)
		Expect(err).NotTo(HaveOccurred())
		var all []string
		for _, setup := range apim.Fixtures() {
			if !slices.Contains(slices.Concat(notByPolicy, good), setup) {
				all = append(all, setup, mendedName(setup))
			}
		}
		servers = start(ctx, "API Management", all, func(setup string) target.Server {
			broken, mended := strings.CutSuffix(setup, "-mended")
			config, err := apim.Fixture(broken)
			Expect(err).NotTo(HaveOccurred())
			if mended {
				mendAPIM(&config, r.Parts)
			}
			return apim.New(config)
		})
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page string, r probe.Request, broken types.GomegaMatcher) {
			Expect(servers.ask(ctx, page, setup, "/orders/1", r)).To(broken)
			Expect(servers.ask(ctx, app, mendedName(setup), "/orders/1", r)).To(SatisfyAll(match.BeReadable(), varyOriginAfterPreflight()))
			servers.expectMended(ctx, mendedName(setup), needs[setup]...)
		},
		Entry("has no policy", "no-policy", app, putJSON, noPreflight),
		Entry("has no <base/>", "base-missing", app, get, noOrigin),
		Entry("has no <base/> in an operation", "base-missing-in-operation", app, get, noOrigin),
		Entry("has it at one operation", "one-operation-only", app, putJSON, noPreflight),
		Entry("has it at product scope", "product-scope-only", app, withKey, noPreflight),
		Entry("has it in a fragment, which hides a 401", "cors-in-fragment", app, get, noOrigin),
		Entry("validates tokens first, which hides a 401", "jwt-before-cors", app, withToken, noOrigin),
		Entry("sets headers by hand", "headers-by-hand", app, withToken, noPreflight),
		Entry("lacks a method", "method-missing", app, putJSON, noPreflight),
		Entry("lacks a header", "header-missing", app, traced, noPreflight),
		Entry("exposes nothing", "no-expose", app, get, match.HideHeader("X-Total")),
		Entry("lets browsers keep no preflight", "no-max-age", app, putJSON, Not(keepsPreflights())),
		Entry("lets strangers' requests pass", "terminate-false", stranger, get, comesFromTheBackend),
		Entry("has '*' with credentials", "wildcard-credentials", stranger, putCookies, match.BeReadable()),
		Entry("has two policies", "two-cors-first-decides", app, get, noOrigin),
		Entry("forgets the developer portal", "portal-missing", portal, withKey, noPreflight),
	)

	DescribeTable("makes readable the refusal of a set-up that",
		func(ctx SpecContext, setup string, r probe.Request, status int) {
			for _, name := range []string{setup, mendedName(setup)} {
				Expect(servers.ask(ctx, app, name, "/orders/1", r)).To(match.HaveStatus(200))
			}
			Expect(servers.ask(ctx, app, setup, "/orders/1", r)).To(SatisfyAll(noOrigin, match.HaveReplayed(status)))
			Expect(servers.ask(ctx, app, mendedName(setup), "/orders/1", r)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(status), varyOriginAfterPreflight()))
			Expect(servers.ask(ctx, stranger, mendedName(setup), "/orders/1", r)).To(match.BeBlocked())
		},
		Entry("limits the rate first", "rate-limit-before-cors", get, 429),
		Entry("counts a quota first", "quota-before-cors", get, 403),
		Entry("has limits in a product", "product-limits-before-base", withKey, 429),
	)

	It("lets browsers keep preflights, and no stranger's request pass", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, mendedName("no-max-age"), "/orders/1", putJSON)).To(keepsPreflights())
		Expect(servers.ask(ctx, stranger, mendedName("terminate-false"), "/orders/1", get)).NotTo(comesFromTheBackend)
	})
})

// ownAPIM is what a policy document has of CORS.
var ownAPIM = regexp.MustCompile(`(?s)<cors .*?</cors>|<set-header name='Access-Control-[^>]*>.*?</set-header>`)

// mendAPIM takes what the policies have of CORS out of them, and puts the remedy's two parts where they belong: in the
// API's policy, and in that of an operation which cuts the API's off.
func mendAPIM(c *apim.Config, parts []remedy.Part) {
	GinkgoHelper()
	without := func(p apim.Policy) apim.Policy { return apim.Policy(ownAPIM.ReplaceAllString(string(p), "")) }
	c.Policy = without(c.Policy)
	for name, f := range c.Fragments {
		c.Fragments[name] = without(f)
	}
	for i := range c.Products {
		c.Products[i].Policy = without(c.Products[i].Policy)
	}
	if c.APIs == nil {
		c.APIs = []apim.API{{Name: "orders"}}
	}
	for i := range c.APIs {
		api := &c.APIs[i]
		api.Policy = withAPIM(without(api.Policy), parts)
		for j := range api.Operations {
			p := without(api.Operations[j].Policy)
			if p != "" && !strings.Contains(string(p), "<base />") {
				p = withAPIM(p, parts)
			}
			api.Operations[j].Policy = p
		}
	}
}

// withAPIM puts the remedy's parts into a policy document.
func withAPIM(p apim.Policy, parts []remedy.Part) apim.Policy {
	GinkgoHelper()
	Expect(parts).To(HaveLen(2))
	text := string(p)
	if text == "" {
		text = "<policies><inbound><base /></inbound></policies>"
	}
	text = strings.Replace(text, "<inbound>", "<inbound>"+parts[0].Text, 1)
	for _, section := range []string{"outbound", "on-error"} {
		end := "</" + section + ">"
		if !strings.Contains(text, end) {
			text = strings.Replace(text, "</policies>", "<"+section+"><base />"+end+"</policies>", 1)
		}
		text = strings.Replace(text, end, parts[1].Text+end, 1)
	}
	return apim.Policy(text)
}
