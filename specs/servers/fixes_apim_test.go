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

	good := []string{"good", "jwt-after-cors", "rate-limit-after-cors", "subscription-required", "two-cors-first-passes-on", "backend-down"}

	comesFromTheBackend := WithTransform(func(o probe.Observation) bool {
		answer := o.Exchanges[len(o.Exchanges)-1].Response
		return answer != nil && answer.Headers.Has("X-Total")
	}, BeTrue())

	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		r, err := remedy.ForCause("apim", remedy.Cause{Rule: "preflight-status", Method: "PUT", Status: 404}, policy)
		Expect(err).NotTo(HaveOccurred())
		var all []string
		for _, setup := range apim.Fixtures() {
			if !slices.Contains(good, setup) {
				all = append(all, setup, mendedName(setup))
			}
		}
		servers = start(ctx, "API Management", all, func(setup string) target.Server {
			broken, mended := strings.CutSuffix(setup, "-mended")
			config, err := apim.Fixture(broken)
			Expect(err).NotTo(HaveOccurred())
			if mended {
				Expect(r.Parts).To(HaveLen(5))
				mendAPIM(&config, r.Parts[:2])
				mendOperations(&config, r.Parts[2:])
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
		Entry("has an OPTIONS operation", "explicit-options", app, putJSON, match.BeBlockedBy("PreflightInvalidStatus")),
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

	It("cures a set-up that lacks an operation, and adds no other", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, "operation-missing", "/orders/1", putCookies)).To(SatisfyAll(noOrigin, match.HaveReplayed(405)))
		mended := mendedName("operation-missing")
		for _, page := range []string{app, admin} {
			Expect(servers.ask(ctx, page, mended, "/orders/1", putCookies)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200), match.ExposeHeader("X-Total", "10"), varyOriginAfterPreflight()))
		}
		Expect(servers.ask(ctx, stranger, mended, "/orders/1", putCookies)).To(noPreflight)
		Expect(servers.ask(ctx, app, mended, "/orders/1", probe.Request{Method: "DELETE"})).To(match.BeBlocked())
	})
	It("cures a set-up with versions in a header, for pages that then name the version in the query", func(ctx SpecContext) {
		inHeader := probe.Request{Headers: fetch.HeaderList{{Name: "Api-Version", Value: "v2"}}}
		Expect(servers.ask(ctx, app, "header-versioning", "/orders/1", inHeader)).To(noPreflight)
		mended, path := mendedName("header-versioning"), "/orders/1?api-version=v2"
		for _, page := range []string{app, admin} {
			Expect(servers.ask(ctx, page, mended, path, putCookies)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200), match.HaveSentPreflight(), match.ExposeHeader("X-Total", "10"), varyOriginAfterPreflight()))
		}
		Expect(servers.ask(ctx, stranger, mended, path, putCookies)).To(noPreflight)
		Expect(servers.ask(ctx, app, mended, "/orders/1?api-version=v1", get)).To(match.BeBlocked())
	})
	It("adds the operation where an error is all that a page sees", func() {
		r, err := remedy.ForCause("apim", remedy.Cause{Rule: "missing-allow-origin-on-error", Method: "PUT", Status: 405}, policy)
		Expect(err).NotTo(HaveOccurred())
		Expect(r.Parts).To(HaveLen(3))
		Expect(azure(r.Parts[2].Text, "az apim api operation create")).To(HaveKeyWithValue("--method", "PUT"))
	})
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

// mendOperations does what the remedy's commands do to an API: OPTIONS operations go, one for PUT comes where there is none,
// and a version that a header named is named by the query.
func mendOperations(c *apim.Config, parts []remedy.Part) {
	GinkgoHelper()
	deleted := regexp.MustCompile(`--query "\[\?method=='(\w+)'\]\.name"`).FindStringSubmatch(parts[0].Text)
	Expect(deleted).NotTo(BeEmpty(), parts[0].Text)
	Expect(azure(parts[0].Text, "az apim api operation delete")).To(HaveKeyWithValue("--operation-id", "$operation"))
	version, created := azure(parts[1].Text, "az apim api versionset update"), azure(parts[2].Text, "az apim api operation create")
	Expect(version).To(HaveKeyWithValue("--versioning-scheme", "Query"))
	Expect(created).To(HaveKeyWithValue("--url-template", "/PATH"))
	for i := range c.APIs {
		api := &c.APIs[i]
		if api.VersionHeader != "" {
			api.VersionHeader, api.VersionQuery = "", version["--version-query-name"]
		}
		if len(api.Operations) == 0 {
			continue // it has all methods
		}
		api.Operations = slices.DeleteFunc(api.Operations, func(o apim.Operation) bool { return o.Method == deleted[1] })
		if !slices.ContainsFunc(api.Operations, func(o apim.Operation) bool { return o.Method == created["--method"] }) {
			api.Operations = append(api.Operations, apim.Operation{Method: created["--method"], Template: "/orders/{id}"})
		}
	}
}

// azure are the options of a command in a text.
func azure(text, command string) map[string]string {
	GinkgoHelper()
	_, line, found := strings.Cut(text, command+" ")
	Expect(found).To(BeTrue(), text)
	line, _, _ = strings.Cut(line, "\n")
	options := map[string]string{}
	for _, o := range regexp.MustCompile(`(--[a-z-]+) (?:'([^']*)'|"([^"]*)"|(\S+))`).FindAllStringSubmatch(line, -1) {
		options[o[1]] = o[2] + o[3] + o[4]
	}
	return options
}
