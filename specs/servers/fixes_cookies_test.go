package servers

import (
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
	corsservers "github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/express"
	"github.com/corsproof/corsproof/servers/fastapi"
	"github.com/corsproof/corsproof/servers/flask"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/spring"
)

// partner is a page of another site, which the servers of these specs allow.
const partner = "https://partner.test"

var partnerPolicy = remedy.Policy{Origins: []string{partner}, Credentials: true}

// corsFor is what lets the partner's pages in.
func corsFor(server string) []string {
	GinkgoHelper()
	return textsFor(server, "", partnerPolicy)
}

// shopWithSession is a server whose POST /session sets a cookie with that line, and whose who tells whether it was sent.
type shopWithSession struct {
	server, cookie, who string
	asItComes           string // the line that sets the cookie as the framework does if nothing is said
	with                func(line string) target.Server
	everywhere          bool // it is the cookie's Domain or Path that is wrong
}

func withExpress(line string) target.Server {
	GinkgoHelper()
	return express.New(express.Config{Snippet: corsFor("express")[0] + `
app.post("/session", (req, res) => {
  const value = "s1";
  ` + line + `
  res.json({});
});`})
}

// withExpressSession has express-session, which needs to know that it is asked over https, and a line of its options.
func withExpressSession(line string) target.Server {
	GinkgoHelper()
	api, err := corsservers.Chain(express.New(express.Config{Snippet: corsFor("express")[0] + `
app.use(require("express-session")({
  secret: "of no use", resave: false, saveUninitialized: false,
  ` + line + `
}));
app.post("/session", (req, res) => { req.session.user = "ada"; res.json({}); });
app.get("/whoami", (req, res) => res.status(req.session.user ? 200 : 401).json({}));`}), []corsservers.Part{{Name: "tls-terminator"}})
	Expect(err).NotTo(HaveOccurred())
	return api
}

func withFastAPI(line string) target.Server {
	GinkgoHelper()
	return fastapi.New(fastapi.Config{Snippet: corsFor("fastapi")[0] + `
@app.post("/session")
async def begin():
    value = "s1"
    response = JSON({})
    ` + line + `
    return response
`})
}

func withFlask(line string) target.Server {
	GinkgoHelper()
	return flask.New(flask.Config{Snippet: corsFor("flask")[0] + `
@app.post("/session")
def begin():
    value = "s1"
    response = answer({})
    ` + line + `
    return response
`})
}

// withFlaskSession has Flask's own session, and a line for its configuration.
func withFlaskSession(line string) target.Server {
	GinkgoHelper()
	return flask.New(flask.Config{Snippet: line + "\n" + corsFor("flask")[0] + `
from flask import session
app.secret_key = "of no use"

@app.post("/session")
def begin():
    session["user"] = "ada"
    return answer({})

@app.get("/whoami")
def whoami():
    return answer({}, 200 if "user" in session else 401)
`})
}

func withSpring(line string) target.Server {
	GinkgoHelper()
	return spring.New(spring.Config{Snippet: "import org.springframework.http.ResponseCookie;\n" + corsFor("spring")[0] + `
@org.springframework.web.bind.annotation.RestController
class Session {
    @org.springframework.web.bind.annotation.PostMapping("/session")
    void begin(jakarta.servlet.http.HttpServletResponse response) {
        String value = "s1";
        ` + line + `
    }
}`})
}

// withServletSession has the servlet container's session, and lines of application.properties.
func withServletSession(lines string) target.Server {
	GinkgoHelper()
	return spring.New(spring.Config{Properties: lines, Snippet: corsFor("spring")[0] + `
@org.springframework.web.bind.annotation.RestController
class Session {
    @org.springframework.web.bind.annotation.PostMapping("/session")
    void begin(jakarta.servlet.http.HttpSession session) {
        session.setAttribute("user", "ada");
    }
    @org.springframework.web.bind.annotation.GetMapping("/whoami")
    void whoami(jakarta.servlet.http.HttpServletRequest request, jakarta.servlet.http.HttpServletResponse response) {
        response.setStatus(request.getSession(false) == null ? 401 : 200);
    }
}`})
}

// withGo has a program around a router's snippet, with LINE where the cookie is set.
func withGo(server string, router gomw.Middleware, program string) func(line string) target.Server {
	return func(line string) target.Server {
		GinkgoHelper()
		cors := corsFor(server)
		config := gomw.Config{Middleware: router, Imports: cors[0], Snippet: strings.Replace(program, "LINE", line, 1) + "\n" + cors[1]}
		if server == "go" {
			config.Imports, config.File = "", cors[0]
		}
		if router == gomw.Chi || router == gomw.Gin || router == gomw.Echo || router == gomw.Fiber { // whose middlewares come first
			config.Snippet = cors[1] + "\n" + strings.Replace(program, "LINE", line, 1)
		}
		return gomw.New(config)
	}
}

const (
	aroundHandler = `routes := handler
handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/session" {
		routes.ServeHTTP(w, r)
		return
	}
	value := "s1"
	LINE
})`
	inChi = `router.Post("/session", func(w http.ResponseWriter, r *http.Request) {
	value := "s1"
	LINE
})`
	inGin = `router.Use(func(c *gin.Context) {
	if c.Request.URL.Path == "/session" {
		value := "s1"
		LINE
		c.AbortWithStatus(http.StatusOK)
	}
})`
	inEcho = `e.POST("/session", func(c *echo.Context) error {
	value := "s1"
	LINE
	return c.NoContent(http.StatusOK)
})`
	inFiber = `app.Post("/session", func(c fiber.Ctx) error {
	value := "s1"
	LINE
	return c.SendString("")
})`
	goAsItComes = `http.SetCookie(w, &http.Cookie{Name: "sid", Value: value})`
)

// withProxy is a proxy before an application whose cookies cannot be changed.
func withProxy(p proxy) func(part string) target.Server {
	return func(part string) target.Server {
		GinkgoHelper()
		return p.with(partnerPolicy, part, startOldShop())
	}
}

// strictSID is a cookie whose name differs from the one that is to be changed in its case alone.
const strictSID = "SID=2; Path=/; SameSite=Strict"

// startOldShop starts an application that sets cookies as servers did before there was SameSite=None.
func startOldShop() string {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /session", func(w http.ResponseWriter, _ *http.Request) {
		for _, line := range []string{"theme=dark; Path=/", "sid=s1; Path=/; samesite=Lax; HttpOnly", "sidekick=1; Path=/; SameSite=Strict", strictSID} {
			w.Header().Add("Set-Cookie", line)
		}
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("sid"); err != nil || c.Value != "s1" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	server := httptest.NewServer(mux)
	DeferCleanup(server.Close)
	return server.URL
}

// logIn has the partner's page log in and ask who it is, in a browser that treats third parties' cookies so.
func (s shopWithSession) logIn(ctx SpecContext, thirdParty, line string) (login, who probe.Observation) {
	GinkgoHelper()
	h := startHarness(ctx, s.server, harness.Config{
		ThirdPartyCookies: thirdParty, Origins: []harness.Origin{{URL: partner}},
		APIs: map[string]harness.API{"shop": {At: "https://shop.example.com", Server: s.with(line)}},
	})
	ask := func(method, path string) probe.Step {
		return probe.Step{Request: probe.Request{Method: method, URL: h.API("shop").URL(path), Credentials: fetch.Include}}
	}
	seen := h.From(partner).Session(ctx, ask("POST", "/session"), ask("GET", s.who))
	Expect(h.Close()).To(Succeed())
	Expect(seen).To(HaveEach(SatisfyAll(match.HaveCompleteEvidence(), match.AgreeWithStandard(), match.BeReadable())))
	Expect(seen[0]).To(match.HaveStatus(200))
	return seen[0], seen[1]
}

// curedBy is the cookie that the diagnosis wants to be set, and the server's words for it.
func (s shopWithSession) curedBy(login probe.Observation) (remedy.Cookie, []remedy.Part, error) {
	GinkgoHelper()
	for _, f := range diagnose.Find(login) {
		if c, ok := f.Need.(remedy.Cookie); ok && c.Name == s.cookie {
			Expect(f.Rule).To(Equal("cookie-refused"))
			r, err := remedy.For(s.server, f.Rule, c)
			return c, r.Parts, err
		}
	}
	Fail("the diagnosis has no cure for the cookie " + s.cookie)
	return remedy.Cookie{}, nil, nil
}

var _ = Describe("The fix for a cookie", Label("fixes", "cookies"), func() {
	shops := []shopWithSession{
		{"express", "sid", "/me", `res.cookie("sid", value);`, withExpress, false},
		{"express", "sid", "/me", `res.cookie("sid", value, { domain: "example.net", secure: true, sameSite: "none" });`, withExpress, true},
		{"express", "connect.sid", "/whoami", "", withExpressSession, false},
		{"fastapi", "sid", "/me", `response.set_cookie("sid", value, domain="example.net", secure=True, samesite="none")`, withFastAPI, true},
		{"flask", "sid", "/me", `response.set_cookie("sid", value, domain="example.net", secure=True, samesite="None")`, withFlask, true},
		{"flask", "session", "/whoami", `app.config.update(SESSION_COOKIE_DOMAIN="example.net", SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="None")`, withFlaskSession, true},
		{"go", "sid", "/me", `http.SetCookie(w, &http.Cookie{Name: "sid", Value: value, Domain: "example.net", Secure: true, SameSite: http.SameSiteNoneMode})`, withGo("go", gomw.RS, aroundHandler), true},
		{"spring", "sid", "/me", `response.addHeader("Set-Cookie", "sid=s1; Domain=example.net; Secure; SameSite=None");`, withSpring, true},
		{"spring-security", "sid", "/me", `response.addCookie(new jakarta.servlet.http.Cookie("sid", value));`, withSpring, false},
		{"fastapi", "sid", "/me", `response.set_cookie("sid", value)`, withFastAPI, false},
		{"flask", "sid", "/me", `response.set_cookie("sid", value)`, withFlask, false},
		{"flask", "session", "/whoami", "", withFlaskSession, false},
		{"spring", "sid", "/me", `response.addCookie(new jakarta.servlet.http.Cookie("sid", value));`, withSpring, false},
		{"spring", "JSESSIONID", "/whoami", "", withServletSession, false},
		{"go", "sid", "/me", goAsItComes, withGo("go", gomw.RS, aroundHandler), false},
		{"rscors", "sid", "/me", goAsItComes, withGo("rscors", gomw.RS, aroundHandler), false},
		{"gorilla", "sid", "/me", goAsItComes, withGo("gorilla", gomw.Gorilla, aroundHandler), false},
		{"chi", "sid", "/me", goAsItComes, withGo("chi", gomw.Chi, inChi), false},
		{"gin", "sid", "/me", `c.SetCookie("sid", value, 0, "/", "", false, false)`, withGo("gin", gomw.Gin, inGin), false},
		{"echo", "sid", "/me", `c.SetCookie(&http.Cookie{Name: "sid", Value: value})`, withGo("echo", gomw.Echo, inEcho), false},
		{"fiber", "sid", "/me", `c.Cookie(&fiber.Cookie{Name: "sid", Value: value})`, withGo("fiber", gomw.Fiber, inFiber), false},
		{"nginx", "sid", "/me", "", withProxy(nginxProxy), false},
		{"apache", "sid", "/me", "", withProxy(apacheProxy), false},
		{"haproxy", "sid", "/me", "", withProxy(haproxyProxy), false},
		{"caddy", "sid", "/me", "", withProxy(caddyProxy), false},
		{"envoy", "sid", "/me", "", withProxy(envoyProxy), false},
	}

	for _, shop := range shops {
		what := "of " + shop.server + " that is called " + shop.cookie
		if shop.everywhere {
			what += " and has another's Domain"
		}
		It(what, Label(shop.server), func(ctx SpecContext) {
			login, who := shop.logIn(ctx, "allow", shop.asItComes)
			Expect(login).To(match.HaveRefusedCookie(shop.cookie))
			Expect(who).To(match.HaveStatus(401))

			cookie, parts, err := shop.curedBy(login)
			Expect(err).NotTo(HaveOccurred())
			Expect(cookie).To(Equal(remedy.Cookie{Name: shop.cookie, SameSite: "None", Path: "/", HTTPOnly: cookie.HTTPOnly, Everywhere: shop.everywhere}))
			Expect(parts).To(HaveLen(1))
			login, who = shop.logIn(ctx, "allow", parts[0].Text)
			Expect(login).NotTo(match.HaveRefusedCookie(shop.cookie))
			Expect(who).To(SatisfyAll(match.HaveStatus(200), match.HaveSentCookie(shop.cookie)))
			for _, other := range login.Exchanges[len(login.Exchanges)-1].Cookies.Refused {
				Expect(other.Name).To(BeElementOf("theme", "sidekick", "SID"), "a cookie that nobody asked for")
			}
			if lines := login.Exchanges[len(login.Exchanges)-1].Response.Headers.Values("Set-Cookie"); len(lines) > 1 && shop.server != "nginx" { // which looks at no case
				Expect(lines).To(ContainElement(strictSID))
			}

			login, who = shop.logIn(ctx, "block", parts[0].Text)
			Expect(who).To(match.HaveStatus(401))
			cookie, parts, err = shop.curedBy(login)
			Expect(cookie).To(Equal(remedy.Cookie{Name: shop.cookie, SameSite: "None", Partitioned: true, Path: "/", HTTPOnly: cookie.HTTPOnly}))
			if shop.server == "nginx" {
				Expect(err).To(MatchError(ContainSubstring("proxy_cookie_flags does not know it")))
				return
			}
			Expect(err).NotTo(HaveOccurred())
			_, who = shop.logIn(ctx, "block", parts[0].Text)
			Expect(who).To(SatisfyAll(match.HaveStatus(200), match.HaveSentCookie(shop.cookie)))
		})
	}
})
