package fastapi_test

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/fastapi"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*fastapi.Server)(nil)

func TestFastAPIIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, start(t, fastapi.Config{Fixture: "good"}), orders.Examples())
}

func TestConfigReachesCORSMiddleware(t *testing.T) {
	zero := 0
	preflight, actual := rawtest.Preflight, rawtest.Actual
	app, evil := rawtest.App, rawtest.Evil
	private := preflight("a private network that is not allowed", app, orders.Order, 400, lines{
		allowOrigin: app, "Access-Control-Allow-Private-Network": "",
	})
	private.Send["Access-Control-Request-Private-Network"] = "true"
	configs := []struct {
		name   string
		config fastapi.Config
		cases  []rawtest.Case
	}{
		{"the zero value allows nobody", fastapi.Config{}, []rawtest.Case{
			preflight("preflight", app, orders.Order, 400, lines{allowOrigin: "", allowMethods: "GET", allowHeaders: safelisted, maxAge: "600"}),
			actual("actual", app, orders.Order, 200, lines{allowOrigin: "", allowCredentials: ""}),
		}},
		{"a regular expression", fastapi.Config{AllowOriginRegex: `https://.*\.example\.com`}, []rawtest.Case{
			actual("actual", app, orders.Order, 200, lines{allowOrigin: app}),
			actual("denied", evil, orders.Order, 200, lines{allowOrigin: ""}),
		}},
		{"fields over a fixture", fastapi.Config{Fixture: "good", AllowOrigins: []string{evil}, MaxAge: &zero}, []rawtest.Case{
			preflight("preflight", evil, orders.Order, 200, lines{allowOrigin: evil, maxAge: "0"}),
		}},
		{"private networks", fastapi.Config{Fixture: "good"}, []rawtest.Case{private}},
		{"authentication inside", fastapi.Config{Fixture: "good", Auth: fastapi.InsideCORS}, []rawtest.Case{
			preflight("preflight", app, orders.Order, 200, lines{allowOrigin: app}),
			actual("actual", app, orders.Order, 401, lines{allowOrigin: app}),
		}},
	}
	for _, c := range configs {
		t.Run(c.name, func(t *testing.T) { rawtest.Run(t, start(t, c.config), c.cases) })
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	server := fastapi.New(fastapi.Config{})
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
	start(t, fastapi.Config{}) // skips where there is no FastAPI
	crashing := fastapi.New(fastapi.Config{AllowOrigins: []string{"*"}, AllowOriginRegex: "("})
	rawtest.Mentions(t, crashing.Start(t.Context()), "FastAPI", "missing ), unterminated subpattern")
	if err := crashing.Close(); err != nil {
		t.Error(err)
	}
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	seconds := -1
	config := fastapi.Config{Mount: "behind", Auth: "inside", MaxAge: &seconds}
	rawtest.Mentions(t, fastapi.New(config).Start(t.Context()), `"behind"`, `"inside"`, "max_age: -1")
	rawtest.Mentions(t, fastapi.Config{Fixture: "goood", Mount: "behind"}.Validate(), `did you mean "good"?`, `"behind"`)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Setenv(fastapi.AppVariable, t.TempDir())
	err := fastapi.New(fastapi.Config{}).Start(t.Context())
	var missing *target.MissingError
	if !errors.As(err, &missing) {
		t.Errorf("%v is no MissingError", err)
	}
	rawtest.Mentions(t, err, "FastAPI", "main.py", "make servers", fastapi.AppVariable)
	if _, err := fastapi.Version(t.Context()); !errors.As(err, &missing) {
		t.Errorf("Version: %v is no MissingError", err)
	}
}

func TestVersionNamesEveryPart(t *testing.T) {
	got, err := fastapi.Version(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("fastapi: %v", missing)
	}
	if err != nil {
		t.Fatal(err)
	}
	rawtest.Mentions(t, errors.New(got), "fastapi 0.", "starlette 1.", "uvicorn 0.", "Python 3.")
}

// start starts a server until the test's end and returns its URL; it skips the test where FastAPI is missing.
func start(t *testing.T, config fastapi.Config) string {
	t.Helper()
	return startServer(t, fastapi.New(config))
}

func startServer(t *testing.T, server *fastapi.Server) string {
	t.Helper()
	err := server.Start(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("fastapi: %v", missing)
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
	rawtest.Fixes(t, "fastapi", func(t *testing.T, texts []string) string {
		return start(t, fastapi.Config{Fixture: "no-cors", Snippet: texts[0]})
	})
}
