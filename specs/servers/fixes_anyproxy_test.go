package servers

import (
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/apache"
	"github.com/corsproof/corsproof/servers/caddy"
	"github.com/corsproof/corsproof/servers/envoy"
	"github.com/corsproof/corsproof/servers/haproxy"
	"github.com/corsproof/corsproof/servers/nginx"
	"github.com/corsproof/corsproof/servers/varnish"
)

// proxy is a real server whose set-ups are texts.
type proxy struct {
	name, extension string
	patch           patch
	server          func(template, upstream string) target.Server
}

var (
	nginxProxy   = proxy{"nginx", ".conf", nginxPatch, func(t, u string) target.Server { return nginx.New(nginx.Config{Template: t, Upstream: u}) }}
	apacheProxy  = proxy{"apache", ".conf", apachePatch, func(t, u string) target.Server { return apache.New(apache.Config{Template: t, Upstream: u}) }}
	haproxyProxy = proxy{"haproxy", ".cfg", haproxyPatch, func(t, u string) target.Server { return haproxy.New(haproxy.Config{Template: t, Upstream: u}) }}
	caddyProxy   = proxy{"caddy", ".caddyfile", caddyPatch, func(t, u string) target.Server { return caddy.New(caddy.Config{Template: t, Upstream: u}) }}
	varnishProxy = proxy{"varnish", ".vcl", varnishPatch, func(t, u string) target.Server { return varnish.New(varnish.Config{Template: t, Upstream: u}) }}
	envoyProxy   = proxy{"envoy", ".yaml", envoyPatch, func(t, u string) target.Server { return envoy.New(envoy.Config{Template: t, Upstream: u}) }}
)

// insides is where a proxy's texts belong that are not about CORS; none is the beginning.
var insides = map[string]place{
	"nginx":   {line: regexp.MustCompile(`(?m)^ *proxy_pass .*;$`)},
	"haproxy": {line: regexp.MustCompile(`(?m)^ *bind .*$`)},
	"envoy":   {line: regexp.MustCompile(`(?m)^http_filters:$`)},
}

// with is a plain proxy with the remedy of that policy in it, and another part's text, if any.
func (p proxy) with(policy remedy.Policy, part, upstream string) target.Server {
	GinkgoHelper()
	r, err := remedy.For(p.name, "", policy)
	Expect(err).NotTo(HaveOccurred())
	template := p.patch.mend(proxyFixture(p.name, "pass"+p.extension), r.Parts)
	if part != "" {
		template = insides[p.name].put(template, part)
	}
	return p.server(template, upstream)
}

// startPlain starts a plain proxy with the remedy of that policy in it, before that server.
func startPlain(ctx SpecContext, p proxy, policy remedy.Policy, upstream string) *fleet {
	GinkgoHelper()
	return start(ctx, p.name, []string{"plain"}, func(string) target.Server { return p.with(policy, "", upstream) })
}

var _ = Describe("The remedy", Label("fixes"), func() {
	// A header's name may have all of these, and each means something to one of the servers.
	const odd, withDollar = "x-!#%&'*+.^_`|~y", "x-!#$HOME%t%%&'*+.^_`|~y"

	DescribeTable("says names as they are, whatever their characters mean to",
		func(ctx SpecContext, p proxy, header string) {
			servers := startPlain(ctx, p, remedy.Policy{Origins: []string{app}, Headers: []string{header}}, "")
			r := probe.Request{Headers: fetch.HeaderList{{Name: header, Value: "1"}}}
			Expect(servers.ask(ctx, app, "plain", "/orders/1", r)).To(SatisfyAll(match.BeReadable(), match.HideHeader("X-Total")))
			Expect(servers.ask(ctx, app, "plain", "/orders/1", getCookies)).To(match.BeBlockedBy("InvalidAllowCredentials"))
			Expect(servers.ask(ctx, app, "plain", "/orders/1", putJSON)).To(match.BeBlockedBy("MethodDisallowedByPreflightResponse"))
			Expect(servers.ask(ctx, admin, "plain", "/orders/1", get)).To(noOrigin)
		},
		Entry("nginx", Label("nginx"), nginxProxy, odd),
		Entry("Apache httpd", Label("apache"), apacheProxy, withDollar),
		Entry("HAProxy", Label("haproxy"), haproxyProxy, withDollar),
		Entry("Caddy", Label("caddy"), caddyProxy, withDollar),
		Entry("Varnish", Label("varnish"), varnishProxy, withDollar),
		Entry("Envoy", Label("envoy"), envoyProxy, withDollar),
	)

	DescribeTable("makes an error for want of an application readable, made by",
		func(ctx SpecContext, p proxy, status int) {
			servers := startPlain(ctx, p, shopPolicy, "http://127.0.0.1:1") // where nobody listens
			Expect(servers.ask(ctx, app, "plain", "/orders/1", putJSON)).To(SatisfyAll(match.BeReadable(), match.HaveStatus(status), varyOrigin()))
			Expect(servers.ask(ctx, stranger, "plain", "/orders/1", get)).To(noOrigin)
		},
		Entry("nginx", Label("nginx"), nginxProxy, 502),
		Entry("Apache httpd", Label("apache"), apacheProxy, 503),
		Entry("HAProxy", Label("haproxy"), haproxyProxy, 503),
		Entry("Caddy", Label("caddy"), caddyProxy, 502),
		Entry("Varnish", Label("varnish"), varnishProxy, 503),
		Entry("Envoy", Label("envoy"), envoyProxy, 503),
	)
})
