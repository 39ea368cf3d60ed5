package servers

import (
	. "github.com/onsi/ginkgo/v2"

	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/spring"
)

// What a fix leaves of a broken set-up of Spring's is whether there is Spring Security: there are three in all.
// The set-up csrf is none of the broken ones here: its preflight passes, and what refuses the request is no CORS.
const (
	springFixed         = "fixed"
	springSecuredFixed  = "fixed-before-security"
	springSecurityFixed = "fixed-in-security"
)

func springFleet(setup string) target.Server {
	GinkgoHelper()
	inSecurity := fixTexts("spring-security", "")
	config, ok := map[string]spring.Config{
		springFixed:         {Snippet: fixText("spring", "")},
		springSecuredFixed:  {Fixture: "security-without-cors", Snippet: fixText("spring", "")},
		springSecurityFixed: {Fixture: "security-without-cors", Snippet: inSecurity[0], Chain: inSecurity[1]},
	}[setup]
	if !ok {
		config.Fixture = setup
	}
	return spring.New(config)
}

var _ = Describe("The fixes for Spring", Ordered, Label("spring", "fixes"), func() {
	var servers *fleet

	BeforeAll(func(ctx SpecContext) {
		servers = start(ctx, "Spring Boot", []string{
			"no-cors", "registry-defaults", "wildcard-credentials", "reflect-any", "missing-method", "mapping-misses",
			"annotation-bare", "annotation-one-method", "security-without-cors",
			springFixed, springSecuredFixed, springSecurityFixed,
		}, springFleet)
	})

	DescribeTable("cure", func(ctx SpecContext, f fault, by string) { servers.expectFixCures(ctx, f, by) },
		Entry("an API without CORS", fault{"no-cors", "/orders/1", app, appPut, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}, springFixed),
		Entry("a mapping without a word", fault{"registry-defaults", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")}, springFixed),
		Entry("'*' with credentials, which is 500", fault{"wildcard-credentials", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")}, springFixed),
		Entry("the pattern '*' with credentials", fault{"reflect-any", "/orders/1", stranger, getCookies, match.BeReadable()}, springFixed),
		Entry("a method that is not in the list", fault{"missing-method", "/orders/1", app, putJSON, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}, springFixed),
		Entry("a mapping of other paths", fault{"mapping-misses", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")}, springFixed),
		Entry("a bare annotation", fault{"annotation-bare", "/orders/1", app, getCookies, match.BeBlockedBy("WildcardOriginNotAllowed")}, springFixed),
		Entry("an annotation at one method", fault{"annotation-one-method", "/orders/1", app, get, match.BeBlockedBy("MissingAllowOriginHeader")}, springFixed),
		Entry("Security without .cors(), in front of it",
			fault{"security-without-cors", "/orders/1", app, withPassword, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}, springSecuredFixed),
		Entry("Security without .cors(), in its chain",
			fault{"security-without-cors", "/orders/1", app, withPassword, match.BeBlockedBy("PreflightMissingAllowOriginHeader")}, springSecurityFixed),
	)
})
