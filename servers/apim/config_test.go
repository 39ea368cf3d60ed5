package apim_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/servers/apim"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
)

func TestTheEffectivePolicyIsCalculated(t *testing.T) {
	config := apim.Config{
		Policy:   "<policies><inbound><rate-limit calls='9' renewal-period='60'/></inbound></policies>",
		Products: []apim.Product{{Name: "starter", Policy: "<policies><inbound><quota calls='5' renewal-period='60'/><base/></inbound></policies>"}},
		APIs: []apim.API{{Name: "orders", Policy: corsOf("allow-credentials='@(context.Request.Method == \"GET\")'", "*"),
			Operations: []apim.Operation{{Method: "GET", Template: "/{id}", Policy: "<policies><inbound><base/><set-header name='X-A'><value>a &amp; b</value></set-header></inbound><outbound></outbound></policies>"}}}},
	}
	want := `<policies>
    <inbound>
        <!-- the API "orders" -->
        <cors allow-credentials="@(context.Request.Method == &quot;GET&quot;)">
            <allowed-origins>
                <origin>*</origin>
            </allowed-origins>
            <allowed-headers>
                <header>*</header>
            </allowed-headers>
        </cors>
        <!-- the product "starter" -->
        <quota calls="5" renewal-period="60" />
        <!-- the global policy -->
        <rate-limit calls="9" renewal-period="60" />
        <!-- the operation "GET /{id}" -->
        <set-header name="X-A">
            <value>a &amp; b</value>
        </set-header>
    </inbound>
    <backend>
        <!-- the global policy -->
        <forward-request />
    </backend>
    <outbound>
    </outbound>
    <on-error>
    </on-error>
</policies>
`
	got, err := config.EffectivePolicy("orders", "GET /{id}", "starter")
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	for _, c := range []struct{ api, operation, product, want string }{
		{"order", "", "", `no API "order"`}, {"orders", "PUT /{id}", "", "no operation"}, {"orders", "", "none", "no product"},
	} {
		_, err := config.EffectivePolicy(c.api, c.operation, c.product)
		rawtest.Mentions(t, err, c.want)
	}
	cut, err := apim.Config{Fixture: "base-missing"}.EffectivePolicy("orders", "", "")
	if err != nil || len(cut) == 0 || strings.Contains(cut, "<cors") {
		t.Errorf("without <base/> the global cors is still there: %v\n%s", err, cut)
	}
}

func TestEffectivePoliciesAreThoseOfEachOperationAndProduct(t *testing.T) {
	all, err := apim.Config{
		Fixture:  "good",
		Products: []apim.Product{{Name: "starter"}, {Name: "other", APIs: []string{}}},
		APIs: []apim.API{{Name: "orders", Operations: []apim.Operation{
			{Method: "GET", Template: "/{id}"}, {Method: "PUT", Template: "/{id}", Policy: inboundOf("<trace/>")}, {Method: "POST", Template: "/"},
		}}},
	}.EffectivePolicies()
	var got []string
	for _, e := range all {
		got = append(got, e.API+" "+strings.Join(e.Operations, "+")+" "+e.Product)
		if cors := strings.Contains(e.Policy, "<cors"); cors == slices.Contains(e.Operations, "PUT /{id}") {
			t.Errorf("%s: cors is there: %v", e.Operations, cors)
		}
	}
	want := []string{"orders GET /{id}+POST / ", "orders PUT /{id} ", "orders GET /{id}+POST / starter", "orders PUT /{id} starter"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %q", err, got)
	}
	_, err = apim.Config{Fixture: "goood"}.EffectivePolicies()
	rawtest.Mentions(t, err, `did you mean "good"?`)
	if none, err := (apim.Config{Policy: "<core/>"}).EffectivePolicies(); err == nil {
		t.Errorf("a policy that is none has %v", none)
	}
}

// inboundOf is a policy document with those inbound policies.
func inboundOf(xml string) apim.Policy {
	return apim.Policy("<policies><inbound>" + xml + "</inbound></policies>")
}

func TestEveryMistakeInAPolicyIsReported(t *testing.T) {
	for _, c := range []struct {
		name   string
		policy apim.Policy
		want   []string
	}{
		{"no XML", "<policies>", []string{"the global policy", "XML syntax error"}},
		{"an expression that is no XML", `<policies><inbound><choose><when condition="@(a < "b")"/></choose></inbound></policies>`, []string{"&quot;"}},
		{"another root", "<inbound/>", []string{"one <policies> element"}},
		{"an unknown section", "<policies><onerror/></policies>", []string{`onerror`, "no such section"}},
		{"an unknown policy", inboundOf("<core/>"), []string{"core: this policy is not emulated", `did you mean "cors"?`}},
		{"an unknown attribute", inboundOf("<rate-limit call='1' calls='0' renewal-period='x'/>"), []string{`"call"; did you mean "calls"?`, `calls: "0"`, `renewal-period: "x"`}},
		{"a missing attribute", inboundOf("<rate-limit-by-key calls='1'/>"), []string{`"renewal-period" is missing`, `"counter-key" is missing`}},
		{"a policy elsewhere", "<policies><outbound><cors/></outbound></policies>", []string{"in inbound only, and not in outbound"}},
		{"two cors policies", inboundOf("<cors/><cors/>"), []string{"2 cors policies"}},
		{"an empty cors", inboundOf("<cors allow-credentials='yes'/>"), []string{`"yes" is neither true nor false`, "allowed-origins is missing", "allowed-headers is missing"}},
		{"a cors of mistakes", inboundOf("<cors><allowed-origin/><allowed-origins><origin>*</origin><origin>https://x.example/api</origin></allowed-origins>" +
			"<allowed-methods preflight-result-max-age='-1'><method>G T</method></allowed-methods><allowed-headers/></cors>"),
			[]string{"allowed-origin: cors has no such element", "must be the only one", "preflight-result-max-age", `"G T" is no name`, "it has no header"}},
		{"an origin with a path", inboundOf("<cors><allowed-origins><origin>https://x.example/api</origin></allowed-origins><allowed-headers><header>*</header></allowed-headers></cors>"),
			[]string{`"https://x.example/api" is no origin`}},
		{"a token's keys", inboundOf("<validate-jwt><openid-config/><issuer-signing-keys><key>?</key></issuer-signing-keys></validate-jwt>"),
			[]string{"header-name or query-parameter-name", "openid-config", "not base64"}},
		{"no key", inboundOf("<validate-jwt header-name='A'/>"), []string{"there is no key"}},
		{"a header", inboundOf("<set-header name='a b' exists-action='add'><value>@(context.Foo)</value></set-header>"), []string{"no name of a header", `"add"`, "context.Foo is not emulated"}},
		{"an expression", inboundOf("<choose><when condition='@{ return true; }'/><else/></choose>"), []string{"block of C#", "when and otherwise only"}},
		{"a response", inboundOf("<return-response><set-status code='1000'/><body/></return-response>"), []string{"200 to 999", "set-body only"}},
		{"a fragment", inboundOf("<include-fragment fragment-id='f'/>"), []string{`no fragment "f"`}},
	} {
		t.Run(c.name, func(t *testing.T) { rawtest.Mentions(t, apim.Config{Policy: c.policy}.Validate(), c.want...) })
	}
}

func TestEveryMistakeInAConfigIsReported(t *testing.T) {
	config := apim.Config{
		Upstream: "x", UnknownMethodStatus: 400,
		Fragments: map[string]apim.Policy{"self": "<fragment><include-fragment fragment-id='self'/></fragment>", "bad": "<policies/>"},
		Policy:    inboundOf("<include-fragment fragment-id='self'/>"),
		Products:  []apim.Product{{Name: "a", Keys: []string{"k"}, APIs: []string{"none"}}, {Keys: []string{"k", ""}}},
		APIs: []apim.API{{Name: "one", Path: "/x", Version: "1"}, {Name: "one", VersionHeader: "a", VersionQuery: "b", Version: "1",
			Operations: []apim.Operation{{Method: "G T", Template: "x"}, {Method: "GET", Template: "/*/x"}, {Method: "GET", Template: "/x*"}}}},
	}
	rawtest.Mentions(t, apim.New(config).Start(t.Context()), `upstream: "x"`, "unknownMethodStatus: 400", "includes itself", "one <fragment> element",
		`no API "none"`, "number 2 has no name", `the key "k" is empty or that of product a`, `path: "/x"`, "version goes with", "number 2 needs a name of its own",
		"exclude each other", `"G T" is no method`, `"/*/x" must begin`, `"/x*" must begin`)
	rawtest.Mentions(t, apim.Config{Fixture: "goood"}.Validate(), `did you mean "good"?`)
}

func TestAPolicyIsATextOrLines(t *testing.T) {
	for in, want := range map[string]apim.Policy{`"a\nb"`: "a\nb", `["a","b"]`: "a\nb"} {
		var p apim.Policy
		if err := json.Unmarshal([]byte(in), &p); err != nil || p != want {
			t.Errorf("%s: %q, %v", in, p, err)
		}
	}
	var p apim.Policy
	if json.Unmarshal([]byte("7"), &p) == nil {
		t.Error("a number was taken")
	}
}

func TestPoliciesActInTheirOrder(t *testing.T) {
	choose := `<choose><when condition='@(context.Request.Headers.GetValueOrDefault("X-Tenant","") == "a")'><set-header name="X-Total"><value>eleven</value></set-header></when>` +
		`<otherwise><set-header name="X-Total" exists-action="append"><value>@(context.Response.StatusCode)</value></set-header></otherwise></choose>`
	url := start(t, apim.Config{
		Policy: apim.Policy("<policies><inbound><trace/><check-header name='X-Tenant' failed-check-httpcode='400' failed-check-error-message='which?'/></inbound><outbound>" + choose +
			"<set-header name='Content-Type' exists-action='delete'/><set-header name='X-Total' exists-action='skip'><value>no</value></set-header></outbound>" +
			"<on-error><set-header name='X-Error'><value>@(context.Request.Method)</value></set-header></on-error></policies>"),
		APIs: []apim.API{
			{Name: "shop", Path: "shop", Version: "2", VersionQuery: "v", Policy: inboundOf("<return-response><set-status code='418' reason='Teapot'/><set-header name='X-A'><value>b</value></set-header><set-body>short</set-body></return-response><base/>")},
			{Name: "root", Operations: []apim.Operation{{Method: "GET", Template: "/orders/{id}"}, {Method: "GET", Template: "/orders/1", Policy: inboundOf("<set-header name='X-Seen'><value>y</value></set-header><base/>")}}},
			{Name: "nowhere", Path: "nowhere", Policy: "<policies><inbound/><backend/></policies>"},
		},
	})
	rawtest.Run(t, url, []rawtest.Case{
		with(get("a branch", 200, lines{"X-Total": "eleven", "Content-Type": ""}), "X-Tenant", "a"),
		with(get("the other branch", 200, lines{"X-Total": "10 | 200"}), "X-Tenant", "b"),
		get("on-error", 400, lines{"X-Error": "GET"}),
		at(get("an API of its own", 418, lines{"X-A": "b"}), "/shop/orders/1?v=2"),
		at(get("another version", 404, nil), "/shop/orders/1?v=1"),
		at(get("a path of no operation", 404, nil), "/orders/1/lines"),
		by(get("a method of no operation", 405, nil), "PUT"),
		at(get("nothing forwards", 200, lines{"X-Total": "200", "Content-Type": "", "Content-Length": "0"}), "/nowhere"),
	})
}
