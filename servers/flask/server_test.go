package flask_test

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/flask"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*flask.Server)(nil)

func TestFlaskIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, start(t, flask.Config{Fixture: "good"}), orders.Examples())
}

func TestConfigReachesFlaskCORS(t *testing.T) {
	zero, age, no := 0, 5, false
	preflight, actual := rawtest.Preflight, rawtest.Actual
	app, evil := rawtest.App, rawtest.Evil
	private := preflight("a private network that is not allowed", app, orders.Order, 200, lines{
		allowOrigin: app, "Access-Control-Allow-Private-Network": "false",
	})
	private.Send["Access-Control-Request-Private-Network"] = "true"
	configs := []struct {
		name   string
		config flask.Config
		cases  []rawtest.Case
	}{
		{"the zero value is CORS(app)", flask.Config{}, []rawtest.Case{
			preflight("preflight", evil, orders.Order, 200, lines{
				allowOrigin: evil, allowCredentials: "", allowMethods: everyMethod, allowHeaders: "content-type, x-request-id", maxAge: "", "Vary": "Origin",
			}),
			{Name: "no origin", Method: "GET", Path: orders.Order, Status: 200, Headers: lines{allowOrigin: "*", "Vary": ""}},
		}},
		{"fields over a fixture", flask.Config{Fixture: "good", Origins: []string{evil}, MaxAge: &age, AlwaysSend: &no}, []rawtest.Case{
			preflight("preflight", evil, orders.Order, 200, lines{allowOrigin: evil, maxAge: "5", "Vary": ""}),
			{Name: "no origin", Method: "GET", Path: orders.Order, Status: 200, Headers: nothing},
		}},
		{"an age of zero is left out", flask.Config{MaxAge: &zero}, []rawtest.Case{
			preflight("preflight", app, orders.Order, 200, lines{allowOrigin: app, maxAge: ""}),
		}},
		{"no Vary", flask.Config{VaryHeader: &no}, []rawtest.Case{
			actual("actual", evil, orders.Order, 200, lines{allowOrigin: evil, "Vary": ""}),
		}},
		{"a crash keeps the headers", flask.Config{Fixture: "good", Crash: true}, []rawtest.Case{
			actual("error", app, orders.Status+"500", 500, lines{allowOrigin: app, "Content-Type": "text/html; charset=utf-8"}),
		}},
		{"private networks", flask.Config{Fixture: "good"}, []rawtest.Case{private}},
	}
	for _, c := range configs {
		t.Run(c.name, func(t *testing.T) { rawtest.Run(t, start(t, c.config), c.cases) })
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	server := flask.New(flask.Config{})
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
	start(t, flask.Config{}) // skips where there is no Flask
	crashing := flask.New(flask.Config{Origins: []string{"("}})
	rawtest.Mentions(t, crashing.Start(t.Context()), "Flask", "Invalid regular expression in Flask-CORS configuration: '('")
	if err := crashing.Close(); err != nil {
		t.Error(err)
	}
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	seconds := -1
	config := flask.Config{Mount: "behind", MaxAge: &seconds, SendWildcard: true, SupportsCredentials: true}
	rawtest.Mentions(t, flask.New(config).Start(t.Context()), `"behind"`, "max_age: -1", "send_wildcard")
	rawtest.Mentions(t, flask.Config{Fixture: "goood", Mount: "behind"}.Validate(), `did you mean "good"?`, `"behind"`)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Setenv(flask.AppVariable, t.TempDir())
	err := flask.New(flask.Config{}).Start(t.Context())
	var missing *target.MissingError
	if !errors.As(err, &missing) {
		t.Errorf("%v is no MissingError", err)
	}
	rawtest.Mentions(t, err, "Flask", "main.py", "make servers", flask.AppVariable)
	if _, err := flask.Version(t.Context()); !errors.As(err, &missing) {
		t.Errorf("Version: %v is no MissingError", err)
	}
}

func TestVersionNamesEveryPart(t *testing.T) {
	got, err := flask.Version(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("flask: %v", missing)
	}
	if err != nil {
		t.Fatal(err)
	}
	rawtest.Mentions(t, errors.New(got), "flask 3.", "flask-cors 6.", "gunicorn 2", "Python 3.")
}

// start starts a server until the test's end and returns its URL; it skips the test where Flask is missing.
func start(t *testing.T, config flask.Config) string {
	t.Helper()
	return startServer(t, flask.New(config))
}

func startServer(t *testing.T, server *flask.Server) string {
	t.Helper()
	err := server.Start(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("flask: %v", missing)
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
	rawtest.Fixes(t, "flask", func(t *testing.T, texts []string) string {
		return start(t, flask.Config{Fixture: "no-cors", Snippet: texts[0]})
	})
}
