package nginx_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/nginx"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*nginx.Server)(nil)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	methods          = "GET, PUT, POST, PATCH, DELETE"
	headers          = "Content-Type, Authorization, X-Request-ID"
)

type lines = map[string]string

// fixtureCases are put to each fixture twice: nginx answers by itself, and in front of an app whose own CORS is good.
var fixtureCases = map[string]struct{ alone, inFront []rawtest.Case }{
	"good": {alone: good, inFront: good},
	"pass": {
		alone: []rawtest.Case{rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: ""})},
		inFront: []rawtest.Case{
			rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{allowOrigin: rawtest.App, allowMethods: "PUT"}),
			rawtest.Actual("error", rawtest.App, orders.Status+"500", 500, lines{allowOrigin: rawtest.App}),
		},
	},
	"no-always": {
		alone: []rawtest.Case{
			rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{allowOrigin: rawtest.App, allowHeaders: headers}),
			rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
			rawtest.Actual("error", rawtest.App, orders.Status+"429", 429, lines{allowOrigin: "", "Vary": ""}),
		},
		inFront: []rawtest.Case{
			rawtest.Actual("error with the app's header", rawtest.App, orders.Status+"429", 429, lines{allowOrigin: rawtest.App}),
		},
	},
	"double-headers": {
		alone: []rawtest.Case{rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App})},
		inFront: []rawtest.Case{
			rawtest.Actual("two lines", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App + " | " + rawtest.App}),
			rawtest.Actual("denied by the app, allowed here", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil}),
		},
	},
	"location-inheritance": {
		alone: []rawtest.Case{
			rawtest.Preflight("preflight of a location with a header", rawtest.App, orders.Order, 204, lines{allowOrigin: "", "Cache-Control": "no-store"}),
			rawtest.Actual("a location with a header", rawtest.App, orders.Order, 200, lines{allowOrigin: "", "Cache-Control": "no-store"}),
			rawtest.Actual("a location without", rawtest.App, orders.Status+"403", 403, lines{allowOrigin: rawtest.App, allowMethods: methods}),
			rawtest.Preflight("its preflight", rawtest.App, orders.Status+"403", 204, lines{allowOrigin: rawtest.App, allowHeaders: headers}),
		},
	},
	"reflect-any": {alone: reflected, inFront: reflected},
	"strip-origin": {
		alone: []rawtest.Case{rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: ""})},
		inFront: []rawtest.Case{
			rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{allowOrigin: ""}),
			rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: "", "Vary": "Origin"}),
		},
	},
}

var good = []rawtest.Case{
	rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{
		allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: methods, allowHeaders: headers,
		"Access-Control-Max-Age": "600", "Vary": "Origin",
	}),
	rawtest.Preflight("denied preflight", rawtest.Evil, orders.Order, 204, lines{
		allowOrigin: "", allowCredentials: "", allowMethods: "", "Vary": "Origin",
	}),
	rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{
		allowOrigin: rawtest.App, allowCredentials: "true", "Access-Control-Expose-Headers": "X-Total", "Vary": "Origin", "X-Total": "10",
	}),
	rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", "Vary": "Origin"}),
	rawtest.Actual("error", rawtest.App, orders.Status+"500", 500, lines{allowOrigin: rawtest.App, "Vary": "Origin"}),
}

var reflected = []rawtest.Case{
	rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 204, lines{allowOrigin: rawtest.Evil, allowHeaders: headers}),
	rawtest.Actual("the opaque origin", "null", orders.Order, 200, lines{allowOrigin: "null", allowCredentials: "true"}),
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	app := gomw.New(gomw.Config{Fixture: "good"})
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer app.Close()
	for _, name := range nginx.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, start(t, nginx.Config{Fixture: name}), cases.alone)
			rawtest.Run(t, start(t, nginx.Config{Fixture: name, Upstream: app.URL()}), cases.inFront)
		})
	}
}

func TestNginxIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, start(t, nginx.Config{Fixture: "pass"}), orders.Examples())
}

func TestAnUpstreamThatIsNotThere(t *testing.T) {
	gone := gomw.New(gomw.Config{})
	if err := gone.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone.Close()
	rawtest.Run(t, start(t, nginx.Config{Fixture: "good", Upstream: gone.URL()}), []rawtest.Case{
		rawtest.Actual("the proxy's own error has headers", rawtest.App, orders.Order, 502, lines{allowOrigin: rawtest.App}),
	})
}

func TestTemplateAndOriginOfTheCallersOwn(t *testing.T) {
	site := `server { listen {{.Listen}}; location / { add_header Access-Control-Allow-Origin "{{.Origin}}"; proxy_pass {{.Upstream}}; } }`
	rawtest.Run(t, start(t, nginx.Config{Template: site, Origin: "https://own.example"}), []rawtest.Case{
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: "https://own.example"}),
	})
	rawtest.Run(t, start(t, nginx.Config{Origin: rawtest.Evil}), []rawtest.Case{
		rawtest.Actual("another origin for a fixture", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil}),
	})
}

func TestCloseLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	server := nginx.New(nginx.Config{})
	url := startServer(t, server)
	if folders := inTemp(t); len(folders) != 1 {
		t.Errorf("temporary folders: %v", folders)
	}
	pid := server.Process().Pid()
	for range 2 {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
	rawtest.Refused(t, url)
	if child, err := os.FindProcess(pid); err == nil && child.Signal(syscall.Signal(0)) == nil {
		t.Errorf("process %d is still there", pid)
	}
	if folders := inTemp(t); len(folders) != 0 {
		t.Errorf("temporary folders: %v", folders)
	}
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	start(t, nginx.Config{}) // skips where there is no nginx
	t.Setenv("TMPDIR", t.TempDir())
	server := nginx.New(nginx.Config{Template: "server { listen {{.Listen}}; cors on; }"})
	rawtest.Mentions(t, server.Start(t.Context()), "nginx", `unknown directive "cors"`, "site.conf:1")
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if folders := inTemp(t); len(folders) != 0 {
		t.Errorf("temporary folders: %v", folders)
	}
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "gone"))
	rawtest.Mentions(t, nginx.New(nginx.Config{}).Start(t.Context()), "nginx", "gone")
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	config := nginx.Config{Fixture: "gud", Upstream: "http://x; return 200", Origin: `https://x"; deny all`}
	rawtest.Mentions(t, nginx.New(config).Start(t.Context()), `did you mean "good"?`, "upstream", "return 200", "origin", "deny all")
	rawtest.Mentions(t, nginx.Config{Fixture: "good", Template: "{{.Port}}"}.Validate(), "exclude", "Port")
	rawtest.Mentions(t, nginx.Config{Upstream: "/orders"}.Validate(), "upstream")
	rawtest.Mentions(t, nginx.Config{Template: "{{"}.Validate(), "site.conf")
}

func TestVersion(t *testing.T) {
	start(t, nginx.Config{}) // skips where there is no nginx
	if got, err := nginx.Version(t.Context()); err != nil || !strings.HasPrefix(got, "nginx/1.") {
		t.Errorf("version %q, error %v", got, err)
	}
}

func inTemp(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(os.TempDir(), "corsproof-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// start starts a server until the test's end and returns its URL; it skips the test where nginx is missing.
func start(t *testing.T, config nginx.Config) string {
	t.Helper()
	return startServer(t, nginx.New(config))
}

func startServer(t *testing.T, server *nginx.Server) string {
	t.Helper()
	err := server.Start(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("nginx: %v", missing)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	if !strings.HasPrefix(server.URL(), "http://127.0.0.1:") {
		t.Errorf("URL %q is not on loopback", server.URL())
	}
	return server.URL()
}
