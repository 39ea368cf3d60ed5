package servers

import (
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

var _ = Describe("A remedy's names", Label("fixes"), func() {
	// A header's name may have all of these, and each means something to one of the servers.
	const odd = "x-!#%&'*+.^_`|~y"
	const withDollar = "x-!#$HOME%t%%&'*+.^_`|~y"

	DescribeTable("are what they say, whatever their characters mean to",
		func(ctx SpecContext, name, extension string, p patch, header string, server func(template string) target.Server) {
			r, err := remedy.For(name, "", remedy.Policy{Origins: []string{app}, Headers: []string{header}})
			Expect(err).NotTo(HaveOccurred())
			template := p.mend(proxyFixture(name, "pass"+extension), r.Parts)
			servers := start(ctx, name, []string{"odd"}, func(string) target.Server { return server(template) })
			odd := probe.Request{Headers: fetch.HeaderList{{Name: header, Value: "1"}}}
			Expect(servers.ask(ctx, app, "odd", "/orders/1", odd)).To(SatisfyAll(match.BeReadable(), match.HideHeader("X-Total")))
			Expect(servers.ask(ctx, app, "odd", "/orders/1", getCookies)).To(match.BeBlockedBy("InvalidAllowCredentials"))
			Expect(servers.ask(ctx, app, "odd", "/orders/1", putJSON)).To(match.BeBlockedBy("MethodDisallowedByPreflightResponse"))
			Expect(servers.ask(ctx, admin, "odd", "/orders/1", get)).To(noOrigin)
		},
		Entry("nginx", "nginx", ".conf", nginxPatch, odd, func(t string) target.Server { return nginx.New(nginx.Config{Template: t}) }),
		Entry("Apache httpd", "apache", ".conf", apachePatch, withDollar, func(t string) target.Server { return apache.New(apache.Config{Template: t}) }),
		Entry("HAProxy", "haproxy", ".cfg", haproxyPatch, withDollar, func(t string) target.Server { return haproxy.New(haproxy.Config{Template: t}) }),
		Entry("Caddy", "caddy", ".caddyfile", caddyPatch, withDollar, func(t string) target.Server { return caddy.New(caddy.Config{Template: t}) }),
		Entry("Varnish", "varnish", ".vcl", varnishPatch, withDollar, func(t string) target.Server { return varnish.New(varnish.Config{Template: t}) }),
		Entry("Envoy", "envoy", ".yaml", envoyPatch, withDollar, func(t string) target.Server { return envoy.New(envoy.Config{Template: t}) }),
	)
})
