package servers

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/awshttp"
	"github.com/corsproof/corsproof/servers/kong"
	"github.com/corsproof/corsproof/servers/wso2"
)

// remedyFor is the remedy of these specs' policy.
func remedyFor(server, rule string) []remedy.Part {
	GinkgoHelper()
	return remedyForCause(server, remedy.Cause{Rule: rule})
}

// remedyForCause is the one for a cause of which more is known.
func remedyForCause(server string, c remedy.Cause) []remedy.Part {
	GinkgoHelper()
	r, err := remedy.ForCause(server, c, shopPolicy)
	Expect(err).NotTo(HaveOccurred())
	return r.Parts
}

// startGateways starts each of the broken set-ups of an emulator as it is and, by mended, with the remedy in it.
func startGateways(ctx SpecContext, name string, setups []string, broken, mended func(setup string) target.Server) *fleet {
	GinkgoHelper()
	all := slices.Clone(setups)
	for _, setup := range setups {
		all = append(all, mendedName(setup))
	}
	return start(ctx, name, all, func(setup string) target.Server {
		if setup, ok := strings.CutSuffix(setup, "-mended"); ok {
			return mended(setup)
		}
		return broken(setup)
	})
}

// readYAML reads a part that is YAML.
func readYAML[T any](text string) (value T) {
	GinkgoHelper()
	Expect(yaml.Unmarshal([]byte(text), &value)).To(Succeed(), text)
	return value
}

// set sets the fields of an emulator's configuration, which have the system's own names, and knows no others.
func set(config any, settings map[string]any) {
	GinkgoHelper()
	text, err := json.Marshal(settings)
	Expect(err).NotTo(HaveOccurred())
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	Expect(d.Decode(config)).To(Succeed())
}

var _ = Describe("The remedy for Kong", Ordered, Label("kong", "fixes"), func() {
	key := fetch.Header{Name: "apikey", Value: "k"}
	withAPIKey := probe.Request{Headers: fetch.HeaderList{key}}
	setups := []string{"no-plugin", "defaults", "any-credentials", "header-missing", "method-missing", "no-credentials", "origin-without-scheme",
		"regex-matches-too-much", "preflight-continue", "preflight-continue-key-auth", "route-methods", "route-methods-global"}

	mended := func(setup string) target.Server {
		config, err := kong.Fixture(setup)
		Expect(err).NotTo(HaveOccurred())
		policy := shopPolicy
		policy.Headers = append([]string{"apikey"}, policy.Headers...)
		r, err := remedy.For("kong", "preflight-status", policy)
		Expect(err).NotTo(HaveOccurred())
		file := readYAML[struct {
			Plugins []struct {
				Name   string
				Config map[string]any
			}
		}](r.Parts[0].Text)
		Expect(file.Plugins).To(HaveLen(1))
		Expect(file.Plugins[0].Name).To(Equal("cors"))
		config = kong.Config{Global: config.Global, RouteMethods: config.RouteMethods, Keys: config.Keys}
		if config.RouteMethods != nil { // as its note says
			config.RouteMethods = append(config.RouteMethods, "OPTIONS")
		}
		set(&config, file.Plugins[0].Config)
		return kong.New(config)
	}
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = startGateways(ctx, "Kong", setups, func(setup string) target.Server { return kong.New(kong.Config{Fixture: setup}) }, mended)
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page string, r probe.Request, broken types.GomegaMatcher) {
			Expect(servers.ask(ctx, page, setup, "/orders/1", r)).To(broken)
			Expect(servers.ask(ctx, app, mendedName(setup), "/orders/1", r)).To(SatisfyAll(match.BeReadable(), varyOrigin()))
			var headers fetch.HeaderList
			if strings.HasSuffix(setup, "key-auth") {
				headers = append(headers, key)
			}
			servers.expectMended(ctx, mendedName(setup), headers...)
		},
		Entry("has no plugin", "no-plugin", app, putJSON, noPreflight),
		Entry("is as it comes", "defaults", app, putCookies, match.BeBlockedBy("PreflightWildcardOriginNotAllowed")),
		Entry("reflects any origin", "any-credentials", stranger, putCookies, match.BeReadable()),
		Entry("lacks a header", "header-missing", app, traced, match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
		Entry("lacks a method", "method-missing", app, putJSON, match.BeBlockedBy("MethodDisallowedByPreflightResponse")),
		Entry("lacks credentials", "no-credentials", app, getCookies, match.BeBlockedBy("InvalidAllowCredentials")),
		Entry("has an origin without a scheme", "origin-without-scheme", app, get, match.BeBlockedBy("InvalidAllowOriginValue")),
		Entry("lets in who ends like the app", "regex-matches-too-much", "https://evilapp.example.com", getCookies, match.BeReadable()),
		Entry("hands preflights to the service", "preflight-continue", app, putJSON, noPreflight),
		Entry("hands preflights to key-auth", "preflight-continue-key-auth", app, withAPIKey, noPreflight),
		Entry("has a route without OPTIONS", "route-methods", app, putJSON, noPreflight),
		Entry("has a route without OPTIONS, and the plugin for all", "route-methods-global", app, putJSON, match.BeBlockedBy("PreflightInvalidStatus")),
	)

	It("keeps out who ends like the app", func(ctx SpecContext) {
		Expect(servers.ask(ctx, "https://evilapp.example.com", mendedName("regex-matches-too-much"), "/orders/1", getCookies)).To(noOrigin)
	})
	It("lets the app read the 401 of key-auth", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, mendedName("preflight-continue-key-auth"), "/orders/1", get)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(401)))
	})
})

var _ = Describe("The remedy for API Gateway's HTTP APIs", Ordered, Label("awshttp", "fixes"), func() {
	// throttled-lacks-cors cannot be cured: if errors of the gateway's own have no CORS headers, nothing gives them any
	// (servers/awshttp/README.md), and no configuration is offered.
	setups := []string{"no-cors", "backend-alone", "method-missing", "header-missing", "no-credentials", "https-wildcard",
		"any-route-authorized", "default-route-authorized"}

	mended := func(setup string) target.Server {
		config, err := awshttp.Fixture(setup)
		Expect(err).NotTo(HaveOccurred())
		parts := remedyFor("awshttp", "preflight-status")
		config.CORS = &awshttp.CORS{}
		set(config.CORS, readYAML[struct {
			CORS map[string]any `yaml:"CorsConfiguration"`
		}](parts[0].Text).CORS) // the gateway's interface and its templates differ in the first letter's case
		if config.Routes != nil {
			route := readYAML[map[string]struct {
				Type       string         `yaml:"Type"`
				Properties map[string]any `yaml:"Properties"`
			}](parts[1].Text)["PreflightRoute"]
			Expect(route.Type).To(Equal("AWS::ApiGatewayV2::Route"))
			config.Routes = append(config.Routes, awshttp.Route{
				Key: route.Properties["RouteKey"].(string), Authorized: route.Properties["AuthorizationType"] != "NONE",
			})
		}
		return awshttp.New(config)
	}
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = startGateways(ctx, "API Gateway", setups, func(setup string) target.Server { return awshttp.New(awshttp.Config{Fixture: setup}) }, mended)
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page string, r probe.Request, broken types.GomegaMatcher) {
			Expect(servers.ask(ctx, page, setup, "/orders/1", r)).To(broken)
			Expect(servers.ask(ctx, app, mendedName(setup), "/orders/1", r)).To(match.BeReadable())
			var headers fetch.HeaderList
			if strings.HasSuffix(setup, "authorized") {
				headers = withToken.Headers
			}
			servers.expectMended(ctx, mendedName(setup), headers...)
		},
		Entry("has no CORS", "no-cors", app, putJSON, noPreflight),
		Entry("leaves CORS to the integration", "backend-alone", app, putJSON, match.BeBlockedBy("PreflightInvalidStatus")),
		Entry("lacks a method", "method-missing", app, putJSON, noPreflight),
		Entry("lacks a header", "header-missing", app, traced, noPreflight),
		Entry("lacks credentials", "no-credentials", app, getCookies, match.BeBlockedBy("InvalidAllowCredentials")),
		Entry("lets in any https origin", "https-wildcard", stranger, putCookies, match.BeReadable()),
		Entry("has an authorizer on ANY", "any-route-authorized", app, withToken, noPreflight),
		Entry("has an authorizer on $default", "default-route-authorized", app, withToken, noPreflight),
	)
})

var _ = Describe("The remedy for WSO2", Ordered, Label("wso2", "fixes"), func() {
	setups := []string{"disabled", "default-origins", "header-missing", "methods-empty", "methods-removed", "unanchored-origin", "release-4-4",
		"expose-lost", "backend-wins", "own-options", "verb-missing"}
	setting := regexp.MustCompile(`^(\w+) = (.+)$`)

	mended := func(setup string) target.Server {
		config, err := wso2.Fixture(setup)
		Expect(err).NotTo(HaveOccurred())
		parts := remedyForCause("wso2", remedy.Cause{Rule: "method-not-allowed", Method: "PUT"})
		Expect(parts).To(HaveLen(3))
		lines := strings.Split(parts[0].Text, "\n")
		Expect(lines[0]).To(Equal("[apim.cors]"))
		settings := map[string]any{}
		for _, line := range lines[1:] { // TOML writes these values as JSON does
			field := setting.FindStringSubmatch(line)
			Expect(field).NotTo(BeEmpty(), line)
			var value any
			Expect(json.Unmarshal([]byte(field[2]), &value)).To(Succeed(), line)
			settings[field[1]] = value
		}
		config = wso2.Config{Release: config.Release, Disabled: settings["enable"] != true, Resources: config.Resources, BackendHeaders: config.BackendHeaders}
		delete(settings, "enable")
		set(&config, settings)
		config.CORSSequence = parts[1].Text
		for i := range config.Resources {
			r := &config.Resources[i]
			for verb := range readYAML[map[string]any](parts[2].Text) {
				if verb = strings.ToUpper(verb); !slices.Contains(r.Verbs, verb) {
					r.Verbs = append(r.Verbs, verb)
				}
			}
			r.Verbs = slices.DeleteFunc(r.Verbs, func(verb string) bool { return verb == "OPTIONS" }) // as the note says
		}
		return wso2.New(config)
	}
	var servers *fleet
	BeforeAll(func(ctx SpecContext) {
		servers = startGateways(ctx, "WSO2", setups, func(setup string) target.Server { return wso2.New(wso2.Config{Fixture: setup}) }, mended)
	})

	DescribeTable("cures a set-up that",
		func(ctx SpecContext, setup, page string, r probe.Request, broken types.GomegaMatcher) {
			Expect(servers.ask(ctx, page, setup, "/orders/1", r)).To(broken)
			Expect(servers.ask(ctx, app, mendedName(setup), "/orders/1", r)).To(SatisfyAll(match.BeReadable(), varyOrigin()))
			servers.expectMended(ctx, mendedName(setup))
		},
		Entry("has CORS switched off", "disabled", app, putJSON, noPreflight),
		Entry("has '*' for cookies", "default-origins", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")),
		Entry("lacks a header", "header-missing", app, traced, match.BeBlockedBy("HeaderDisallowedByPreflightResponse")),
		Entry("has no method", "methods-empty", app, putJSON, match.BeBlockedBy("MethodDisallowedByPreflightResponse")),
		Entry("lacks a method", "methods-removed", app, putJSON, match.BeBlockedBy("MethodDisallowedByPreflightResponse")),
		Entry("lets in a name that goes on", "unanchored-origin", "https://x.app.example.com.evil.test", getCookies, match.BeReadable()),
		Entry("exposes headers to preflights alone", "expose-lost", app, get, match.HideHeader("X-Total")),
		Entry("sends its headers with every answer", "release-4-4", app, get, Not(varyOrigin())),
		Entry("has a backend that names another origin", "backend-wins", app, putJSON, match.BeBlockedBy("AllowOriginMismatch")),
		Entry("hands preflights to the backend", "own-options", app, putJSON, noPreflight),
	)

	It("cures a set-up whose resource lacks a verb, and adds no other", func(ctx SpecContext) {
		Expect(servers.ask(ctx, app, "verb-missing", "/orders/1", putJSON)).To(noPreflight)
		for _, page := range []string{app, admin} {
			Expect(servers.ask(ctx, page, mendedName("verb-missing"), "/orders/1", putCookies)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200), match.ExposeHeader("X-Total", "10")))
		}
		Expect(servers.ask(ctx, stranger, mendedName("verb-missing"), "/orders/1", putCookies)).To(noPreflight)
		Expect(servers.ask(ctx, app, mendedName("verb-missing"), "/orders/1", probe.Request{Method: "DELETE"})).To(noPreflight)
	})
	It("says what to do about an OPTIONS of the API's own", func() {
		for _, rule := range []string{"preflight-status", "missing-allow-origin-on-preflight"} {
			r, err := remedy.For("wso2", rule, shopPolicy)
			Expect(err).NotTo(HaveOccurred())
			Expect(r.Note).To(ContainSubstring("Delete OPTIONS from the API's resources"))
		}
	})
	It("keeps out a name that goes on", func(ctx SpecContext) {
		Expect(servers.ask(ctx, "https://x.app.example.com.evil.test", mendedName("unanchored-origin"), "/orders/1", getCookies)).To(noOrigin)
	})
})
