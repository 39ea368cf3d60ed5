package express_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/express"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*express.Server)(nil)

func TestExpressIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, start(t, express.Config{Fixture: "good"}), orders.Examples())
}

func TestConfigReachesCORS(t *testing.T) {
	zero := 0
	preflight, actual := rawtest.Preflight, rawtest.Actual
	app, evil := rawtest.App, rawtest.Evil
	reflected := actual("actual", app, orders.Order, 200, lines{allowOrigin: app})
	refused := actual("denied", evil, orders.Order, 200, lines{allowOrigin: ""})
	configs := []struct {
		name   string
		config express.Config
		cases  []rawtest.Case
	}{
		{"the zero value is cors()", express.Config{}, []rawtest.Case{
			preflight("preflight", app, orders.Order, 204, lines{
				allowOrigin: "*", allowMethods: "GET,HEAD,PUT,PATCH,POST,DELETE", allowHeaders: "content-type,x-request-id", maxAge: "",
			}),
		}},
		{"one origin is sent to everyone", express.Config{Origin: app}, []rawtest.Case{
			actual("actual", evil, orders.Order, 200, lines{allowOrigin: app}),
		}},
		{"a regexp", express.Config{Origin: express.Regexp(`^https://app\.`)}, []rawtest.Case{reflected, refused}},
		{"a list with a regexp", express.Config{Origin: []any{"https://x.test", express.Regexp(`app\.example`)}},
			[]rawtest.Case{reflected, refused}},
		{"false", express.Config{Origin: false}, []rawtest.Case{refused}},
		{"preflights", express.Config{OptionsSuccessStatus: 200, MaxAge: &zero, AllowedHeaders: []string{}}, []rawtest.Case{
			preflight("preflight", app, orders.Order, 200, lines{maxAge: "0", allowHeaders: ""}),
		}},
		{"preflights handed on", express.Config{PreflightContinue: true}, []rawtest.Case{
			preflight("preflight", app, orders.Order, 200, lines{allowOrigin: "*", "Allow": "DELETE, GET, HEAD, PATCH, POST, PUT"}),
		}},
		{"fields over a fixture", express.Config{Fixture: "good", Origin: []string{evil}}, []rawtest.Case{
			actual("actual", evil, orders.Order, 200, lines{allowOrigin: evil, exposeHeaders: "X-Total"}),
		}},
		{"authentication behind cors", express.Config{Auth: express.AfterCORS}, []rawtest.Case{
			preflight("preflight", app, orders.Order, 204, lines{allowOrigin: "*"}),
			actual("actual", app, orders.Order, 401, lines{allowOrigin: "*"}),
		}},
	}
	for _, c := range configs {
		t.Run(c.name, func(t *testing.T) { rawtest.Run(t, start(t, c.config), c.cases) })
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	server := express.New(express.Config{})
	url := startServer(t, server)
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
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	start(t, express.Config{}) // skips where there is no Express
	crashing := express.New(express.Config{Origin: express.Regexp("(")})
	rawtest.Mentions(t, crashing.Start(t.Context()), "express", "SyntaxError", "(")
	if err := crashing.Close(); err != nil {
		t.Error(err)
	}
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	config := express.Config{
		Origin: 7, Mount: "behind", Auth: "inside", Errors: "after-cors", OptionsSuccessStatus: 20,
	}
	rawtest.Mentions(t, express.New(config).Start(t.Context()), "origin: 7", `"behind"`, `"inside"`, `"after-cors"`, "20")
	rawtest.Mentions(t, express.Config{Mount: express.ByHand, Origin: []string{"a", "b"}}.Validate(), "by-hand")
	rawtest.Mentions(t, express.Config{Fixture: "goood", Mount: "behind"}.Validate(), `did you mean "good"?`, `"behind"`)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	cases := []struct {
		name string
		set  func(t *testing.T)
		want []string
	}{
		{"Node", func(t *testing.T) { t.Setenv("PATH", t.TempDir()) }, []string{"Node.js", "install"}},
		{"the application", func(t *testing.T) { t.Setenv(express.AppVariable, t.TempDir()) },
			[]string{"server.mjs", "make servers"}},
		{"its packages", emptyApp, []string{"node_modules/express", "npm ci", express.AppVariable}},
	}
	start(t, express.Config{}) // skips where there is no Express
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.set(t)
			err := express.New(express.Config{}).Start(t.Context())
			var missing *target.MissingError
			if !errors.As(err, &missing) {
				t.Errorf("%v is no MissingError", err)
			}
			rawtest.Mentions(t, err, c.want...)
			if _, err := express.Version(t.Context()); !errors.As(err, &missing) {
				t.Errorf("Version: %v is no MissingError", err)
			}
		})
	}
}

func TestTheLockFileNamesNoRegistry(t *testing.T) {
	data, err := os.ReadFile("app/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Resolved, Integrity string }
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if p.Resolved != "" || (name != "" && p.Integrity == "") {
			t.Errorf("%s: resolved %q, integrity %q", name, p.Resolved, p.Integrity)
		}
	}
}

// emptyApp names a folder with the program and without its packages.
func emptyApp(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "server.mjs"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(express.AppVariable, folder)
}

// start starts a server until the test's end and returns its URL; it skips the test where Express is missing.
func start(t *testing.T, config express.Config) string {
	t.Helper()
	return startServer(t, express.New(config))
}

func startServer(t *testing.T, server *express.Server) string {
	t.Helper()
	err := server.Start(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("express: %v", missing)
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

func TestTheFixIsTakenAsItIs(t *testing.T) {
	rawtest.Fixes(t, "express", func(t *testing.T, texts []string) string {
		return start(t, express.Config{Fixture: "no-cors", Snippet: texts[0]})
	})
}
