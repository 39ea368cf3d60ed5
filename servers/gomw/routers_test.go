package gomw_test

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

const (
	exposeHeaders = "Access-Control-Expose-Headers"
	maxAge        = "Access-Control-Max-Age"
	everyMethod   = "GET,PUT,POST,PATCH,DELETE"
	varyLines     = "Origin | Access-Control-Request-Method | Access-Control-Request-Headers"
	fiberVary     = "Access-Control-Request-Method, Access-Control-Request-Headers, Origin"
)

var (
	bare   = lines{allowOrigin: "", allowCredentials: "", allowMethods: "", allowHeaders: "", exposeHeaders: "", maxAge: "", "Vary": ""}
	listed = lines{allowOrigin: rawtest.App, allowMethods: "GET,POST"}
	read   = rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App, allowCredentials: "true"})
	token  = rawtest.Case{Name: "actual with a token", Method: "GET", Path: orders.Order, Status: 200,
		Send: lines{"Origin": rawtest.App, "Authorization": "Bearer t"}, Headers: lines{allowOrigin: rawtest.App}}
	star = rawtest.Actual("actual", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "*", allowCredentials: "true"})
)

func preflight(name, origin string, status int, headers lines) rawtest.Case {
	return rawtest.Preflight(name, origin, orders.Order, status, headers)
}

func varying(vary string) lines {
	return lines{allowOrigin: "", allowCredentials: "", allowMethods: "", allowHeaders: "", "Vary": vary}
}

// good are the cases of a middleware's good set-up.
func good(preflights int, methods, headers, vary string, denied ...rawtest.Case) []rawtest.Case {
	return append([]rawtest.Case{
		preflight("preflight", rawtest.App, preflights, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: methods, allowHeaders: headers, maxAge: "600", "Vary": vary,
		}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", exposeHeaders: "X-Total",
		}),
		rawtest.Actual("error", rawtest.App, orders.Status+"500", 500, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("not found", rawtest.App, "/nothing", 404, lines{allowOrigin: rawtest.App}),
	}, denied...)
}

var routerCases = map[string][]rawtest.Case{
	"chi-good": good(200, "PUT", "Content-Type, X-Request-Id", varyLines,
		preflight("denied preflight", rawtest.Evil, 200, varying(varyLines)),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, varying("Origin"))),
	"chi-missing-method":       {preflight("preflight", rawtest.App, 200, varying(varyLines)), read},
	"chi-missing-header":       {preflight("preflight", rawtest.App, 200, varying(varyLines)), read},
	"chi-wildcard-credentials": {preflight("preflight", rawtest.Evil, 200, lines{allowOrigin: "*", allowCredentials: "true"}), star},
	"chi-in-group": {preflight("preflight", rawtest.App, 405, bare), read,
		rawtest.Actual("not found", rawtest.App, "/nothing", 404, bare)},

	"gin-good": good(204, everyMethod, "Content-Type,Authorization,X-Request-Id", varyLines,
		preflight("denied preflight", rawtest.Evil, 403, bare),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 403, bare),
		rawtest.Case{Name: "no origin", Method: "GET", Path: orders.Order, Status: 200, Headers: bare}),
	"gin-missing-method": {preflight("preflight", rawtest.App, 204, listed), read},
	"gin-missing-header": {preflight("preflight", rawtest.App, 204, lines{allowOrigin: rawtest.App, allowHeaders: "Content-Type"}), read},
	"gin-wildcard-credentials": {
		preflight("preflight", rawtest.Evil, 204, lines{allowOrigin: "*", allowCredentials: "true", maxAge: "43200"}), star,
	},
	"gin-in-group": {preflight("preflight", rawtest.App, 405, bare), read,
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 403, bare)},
	"gin-inside-auth": {preflight("preflight", rawtest.App, 401, bare), token},

	"echo-good": good(204, everyMethod, "Content-Type,Authorization,X-Request-ID", varyLines,
		preflight("denied preflight", rawtest.Evil, 204, varying("Origin")),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, varying("Origin"))),
	"echo-missing-method": {preflight("preflight", rawtest.App, 204, listed), read},
	"echo-missing-header": {preflight("preflight", rawtest.App, 204, lines{allowOrigin: rawtest.App, allowHeaders: "Content-Type"}), read},
	"echo-in-group": {preflight("preflight", rawtest.App, 405, bare), read,
		rawtest.Actual("not found", rawtest.App, "/nothing", 404, bare)},

	"fiber-good": good(204, "GET, PUT, POST, PATCH, DELETE", "Content-Type, Authorization, X-Request-ID", fiberVary,
		preflight("denied preflight keeps all but the origin", rawtest.Evil, 204, lines{
			allowOrigin: "", allowCredentials: "", allowMethods: "GET, PUT, POST, PATCH, DELETE",
			allowHeaders: "Content-Type, Authorization, X-Request-ID", maxAge: "600", "Vary": fiberVary,
		}),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", exposeHeaders: "X-Total", "Vary": "Origin"})),
	"fiber-missing-method": {preflight("preflight", rawtest.App, 204, lines{allowOrigin: rawtest.App, allowMethods: "GET, POST"}), read},
	"fiber-missing-header": {preflight("preflight", rawtest.App, 204, lines{allowOrigin: rawtest.App, allowHeaders: "Content-Type"}), read},
	"fiber-inside-auth":    {preflight("preflight", rawtest.App, 401, bare), token},

	"gorilla-good": good(200, "PUT", "Content-Type,X-Request-Id", "Origin", // it is there for two origins or more, and not for one
		preflight("denied preflight", rawtest.Evil, 200, bare),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, bare)),
	"gorilla-missing-method":       {preflight("preflight", rawtest.App, 405, bare), read},
	"gorilla-missing-header":       {preflight("preflight", rawtest.App, 403, bare), read},
	"gorilla-wildcard-credentials": {preflight("preflight", rawtest.Evil, 200, lines{allowOrigin: "*", allowCredentials: "true"}), star},
	"gorilla-inside-auth":          {preflight("preflight", rawtest.App, 401, bare), token},
}

func TestEveryMiddlewareIsTheOrdersAPI(t *testing.T) {
	for _, name := range gomw.Middlewares() {
		t.Run(string(name), func(t *testing.T) {
			rawtest.Orders(t, start(t, gomw.Config{Middleware: name, AllowedOrigins: []string{rawtest.App}}), orders.Examples())
		})
	}
}

func TestSettingsThatAMiddlewareDoesNotHave(t *testing.T) {
	config := gomw.Config{
		Middleware: gomw.Echo, AllowPrivateNetwork: true, OptionsPassthrough: true, OptionsSuccessStatus: 20, AllowCredentials: true,
	}
	rawtest.Mentions(t, config.Validate(), "allowPrivateNetwork: echo", "[rs gin fiber] have it", "optionsPassthrough: echo",
		"optionsSuccessStatus: echo", "20 is not", "allowCredentials: echo does not start")
	rawtest.Mentions(t, gomw.Config{InGroup: true}.Validate(), "inGroup: rs")
	rawtest.Mentions(t, gomw.Config{Middleware: "gim", MaxAge: 1}.Validate(), `no "gim"`, `"gin"?`)
	rawtest.Mentions(t, gomw.New(gomw.Config{Middleware: "gim"}).Start(t.Context()), `no "gim"`)
}

func TestASetUpThatAMiddlewareRefuses(t *testing.T) {
	start(t, gomw.Config{Middleware: gomw.Gin}) // skips where the program is not built
	server := gomw.New(gomw.Config{Middleware: gomw.Gin, AllowedOrigins: []string{"app.example.com"}})
	rawtest.Mentions(t, server.Start(t.Context()), "gomw with gin", "bad origin")
}

func TestAProgramThatIsNotBuiltIsNamed(t *testing.T) {
	t.Setenv(gomw.AppVariable, t.TempDir()+"/gomw")
	err := gomw.New(gomw.Config{Fixture: "chi-good"}).Start(t.Context())
	var missing *target.MissingError
	if !errors.As(err, &missing) {
		t.Errorf("%v is no MissingError", err)
	}
	rawtest.Mentions(t, err, "make servers", gomw.AppVariable)
	if got := gomw.Version(); !strings.HasPrefix(got, "rs/cors") || strings.Contains(got, "chi") {
		t.Errorf("version %q", got)
	}
}

func TestVersionNamesWhatIsBuilt(t *testing.T) {
	start(t, gomw.Config{Middleware: gomw.Chi}) // skips where the program is not built
	rawtest.Mentions(t, errors.New(gomw.Version()), "rs/cors", "go-chi/cors v1.", "gin-contrib/cors v1.", "echo/v5 v5.", "fiber/v3 v3.", "gorilla/handlers v1.")
}

func TestCloseEndsTheProgram(t *testing.T) {
	start(t, gomw.Config{Middleware: gomw.Fiber}) // skips where the program is not built
	server := gomw.New(gomw.Config{Middleware: gomw.Fiber})
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid := server.Server.(*target.Program).Process().Pid()
	for range 2 {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
	rawtest.Refused(t, server.URL())
	if child, err := os.FindProcess(pid); err == nil && child.Signal(syscall.Signal(0)) == nil {
		t.Errorf("process %d is still there", pid)
	}
}
