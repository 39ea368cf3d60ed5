package servers

import (
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
	corsservers "github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/express"
	"github.com/corsproof/corsproof/servers/fastapi"
	"github.com/corsproof/corsproof/servers/flask"
	"github.com/corsproof/corsproof/servers/spring"
)

// movingShop is a server behind one that ends TLS, whose GET /moved redirects to its own /orders/1 by the scheme that it thinks it is asked by.
type movingShop struct {
	server, what string
	with         func(text string) target.Server
}

func movingExpress(text string) target.Server {
	GinkgoHelper()
	return express.New(express.Config{Snippet: text + "\n" + corsFor("express")[0] + `
app.get("/moved", (req, res) => res.redirect(req.protocol + "://" + req.get("Host") + "/orders/1"));`})
}

// movingFastAPI trusts a proxy somewhere else, unless the text says otherwise.
func movingFastAPI(text string) target.Server {
	GinkgoHelper()
	environment := []string{"FORWARDED_ALLOW_IPS=192.0.2.1"}
	if text != "" {
		environment = []string{strings.Replace(text, "PROXY_ADDRESS", "127.0.0.1", 1)} // as its note says
	}
	return fastapi.New(fastapi.Config{Environment: environment, Snippet: corsFor("fastapi")[0] + `
from fastapi.responses import RedirectResponse

@app.get("/moved")
async def moved(request: Request):
    return RedirectResponse(request.url_for("order", id="1"))
`})
}

// movingFlask has a server around it that trusts no proxy; the fleet's own trusts those of its machine.
func movingFlask(text string) target.Server {
	GinkgoHelper()
	return flask.New(flask.Config{Snippet: text + "\n" + corsFor("flask")[0] + `
from flask import redirect, url_for

application = app.wsgi_app

def untrusting(environ, start_response):
    environ["wsgi.url_scheme"] = "http"
    return application(environ, start_response)

app.wsgi_app = untrusting

@app.get("/moved")
def moved():
    return redirect(url_for("order", id="1", _external=True))
`})
}

func movingSpring(text string) target.Server {
	GinkgoHelper()
	return spring.New(spring.Config{Properties: text, Snippet: corsFor("spring")[0] + `
@org.springframework.stereotype.Controller
class Moved {
    @org.springframework.web.bind.annotation.GetMapping("/moved")
    String moved() {
        return "redirect:/orders/1";
    }
}`})
}

// movingItself is a proxy that redirects itself.
func movingItself(p proxy, line string) func(text string) target.Server {
	return func(text string) target.Server {
		GinkgoHelper()
		mux := http.NewServeMux()
		mux.HandleFunc("GET /orders/1", func(http.ResponseWriter, *http.Request) {})
		server := httptest.NewServer(mux)
		DeferCleanup(server.Close)
		return p.with(partnerPolicy, line+"\n"+text, server.URL)
	}
}

func movingBehind(p proxy) func(text string) target.Server {
	return func(text string) target.Server {
		GinkgoHelper()
		mux := http.NewServeMux()
		mux.Handle("GET /moved", http.RedirectHandler("http://shop.example.com/orders/1", http.StatusFound))
		mux.Handle("GET /elsewhere", http.RedirectHandler("http://old.example.net/orders/1", http.StatusFound))
		mux.HandleFunc("GET /orders/1", func(http.ResponseWriter, *http.Request) {})
		server := httptest.NewServer(mux)
		DeferCleanup(server.Close)
		return p.with(partnerPolicy, text, server.URL)
	}
}

// ask has the partner's page ask for what redirects, and the diagnosis say what the server has to do.
func (s movingShop) ask(ctx SpecContext, path, text string) (probe.Observation, remedy.Need) {
	GinkgoHelper()
	api, err := corsservers.Chain(s.with(text), []corsservers.Part{{Name: "tls-terminator"}})
	Expect(err).NotTo(HaveOccurred())
	h := startHarness(ctx, s.server, harness.Config{
		Origins: []harness.Origin{{URL: partner}}, APIs: map[string]harness.API{"shop": {At: "https://shop.example.com", Server: api}},
	})
	seen := h.From(partner).Fetch(ctx, probe.Request{URL: h.API("shop").URL(path)})
	Expect(seen).To(match.HaveCompleteEvidence())
	var need remedy.Need
	for _, f := range h.Diagnose(ctx, seen) {
		if _, ok := f.Need.(remedy.HTTPS); ok {
			need = f.Need
		}
	}
	Expect(h.Close()).To(Succeed())
	return seen, need
}

// remedyText is the one text of a remedy.
func remedyText(server string, need remedy.Need) string {
	GinkgoHelper()
	texts := textsFor(server, "", need)
	Expect(texts).To(HaveLen(1))
	return texts[0]
}

var _ = Describe("The fix for a redirect from https to http", Label("fixes", "https"), func() {
	for _, shop := range []movingShop{
		{"express", "express", movingExpress}, {"fastapi", "fastapi", movingFastAPI}, {"flask", "flask", movingFlask},
		{"spring", "spring", movingSpring}, {"spring-security", "spring before Spring Security", movingSpring},
		{"nginx", "what nginx stands before", movingBehind(nginxProxy)}, {"nginx", "nginx itself", movingItself(nginxProxy, "rewrite ^/moved$ /orders/1 permanent;")},
		{"apache", "what Apache stands before", movingBehind(apacheProxy)}, {"apache", "Apache itself", movingItself(apacheProxy, "RewriteEngine On\nRewriteRule ^/moved$ /orders/1 [R=301,L]")},
		{"haproxy", "what HAProxy stands before", movingBehind(haproxyProxy)}, {"caddy", "what Caddy stands before", movingBehind(caddyProxy)}, {"envoy", "what Envoy stands before", movingBehind(envoyProxy)},
	} {
		It("of "+shop.what, Label(shop.server), func(ctx SpecContext) {
			seen, need := shop.ask(ctx, "/moved", "")
			Expect(seen).To(match.BeBlockedBy("mixed-content"))
			Expect(need).To(BeAssignableToTypeOf(remedy.HTTPS{}))
			Expect(need.(remedy.HTTPS).From).To(HavePrefix("http://shop.example.com"))
			Expect(need.(remedy.HTTPS).To).To(Equal("https://shop.example.com"))

			seen, _ = shop.ask(ctx, "/moved", remedyText(shop.server, need))
			Expect(seen).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200)))
			Expect(seen.Page.URL).To(Equal("https://shop.example.com/orders/1"))
		})
	}

	It("of express, which redirects to https whoever asks, again and again", Label("express"), func(ctx SpecContext) {
		shop := movingShop{"express", "", func(text string) target.Server {
			return express.New(express.Config{Snippet: text + "\n" + corsFor("express")[0] + `
app.use((req, res, next) => (req.secure || req.path === "/healthz" ? next() : res.redirect(301, "https://" + req.get("Host") + req.url)));`})
		}}
		seen, need := shop.ask(ctx, "/orders/1", "")
		Expect(seen.Outcome).To(Equal(probe.Failed))
		Expect(need).To(Equal(remedy.HTTPS{From: "http://shop.example.com", To: "https://shop.example.com", Unaware: true}))
		seen, _ = shop.ask(ctx, "/orders/1", remedyText("express", need))
		Expect(seen).To(SatisfyAll(match.BeReadable(), match.HaveStatus(200)))
		_, err := remedy.For("nginx", "redirect-unusable", need)
		Expect(err).To(MatchError(ContainSubstring("X-Forwarded-Proto")))
	})

	It("is none where it leads to another server", func(ctx SpecContext) {
		seen, need := movingShop{"nginx", "", movingBehind(nginxProxy)}.ask(ctx, "/elsewhere", "")
		Expect(seen).To(match.BeBlockedBy("mixed-content"))
		Expect(need).To(BeNil())
	})
})
