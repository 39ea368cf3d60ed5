package caddy_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/caddy"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*caddy.Server)(nil)

const allowOrigin = "Access-Control-Allow-Origin"

type lines = map[string]string

// Each fixture is asked twice: in front of an API without CORS, and of one whose own CORS is good.
func TestFixturesAnswerAsMeasured(t *testing.T) {
	app := rawtest.Start(t, gomw.New(gomw.Config{Fixture: "good"}))
	for _, name := range caddy.Fixtures() {
		t.Run(name, func(t *testing.T) {
			rawtest.Answers(t, name, start(t, caddy.Config{Fixture: name}))
			rawtest.Answers(t, name+"-before-cors", start(t, caddy.Config{Fixture: name, Upstream: app}))
		})
	}
}

func TestAnAuthenticatedRequestPasses(t *testing.T) {
	url := start(t, caddy.Config{Fixture: "preflight-401"})
	rawtest.Run(t, url, []rawtest.Case{{
		Name: "with Basic credentials", Method: "GET", Path: orders.Order, Status: 200,
		Send: lines{"Origin": rawtest.App, "Authorization": "Basic YWRhOng="}, Headers: lines{allowOrigin: rawtest.App},
	}})
}

func TestItPassesTheOrdersAPIOn(t *testing.T) {
	rawtest.Orders(t, start(t, caddy.Config{Fixture: "pass"}), orders.Examples())
}

func TestAnUpstreamThatIsNotThere(t *testing.T) {
	gone := gomw.New(gomw.Config{})
	if err := gone.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for fixture, origin := range map[string]string{"good": rawtest.App, "lost-on-error": ""} {
		rawtest.Run(t, start(t, caddy.Config{Fixture: fixture, Upstream: gone.URL()}), []rawtest.Case{
			rawtest.Actual("the proxy's own error of "+fixture, rawtest.App, orders.Order, 502, lines{allowOrigin: origin}),
		})
	}
}

func TestThePortIsTheKernelsChoice(t *testing.T) {
	start(t, caddy.Config{}) // skips where there is no Caddy
	server := caddy.New(caddy.Config{})
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL(), "http://"), ":")
	if output := server.Process().Output(); !strings.Contains(output, `"input_address":"127.0.0.1:0"`) || port == "" || port == "0" {
		t.Errorf("it was not told port 0, or is not at a port: %s\n%s", server.URL(), output)
	}
}

func TestTemplateAndOriginOfTheCallersOwn(t *testing.T) {
	site := "header Access-Control-Allow-Origin {{.Origin}}\nreverse_proxy {{.Upstream}}"
	rawtest.Run(t, start(t, caddy.Config{Template: site, Origin: "https://own.example"}), []rawtest.Case{
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: "https://own.example"}),
	})
	rawtest.Run(t, start(t, caddy.Config{Origin: rawtest.Evil}), []rawtest.Case{
		rawtest.Actual("another origin for a fixture", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil}),
	})
}

func TestCloseLeavesNothing(t *testing.T) { rawtest.LeavesNothing(t, caddy.New(caddy.Config{})) }

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	start(t, caddy.Config{}) // skips where there is no Caddy
	t.Setenv("TMPDIR", t.TempDir())
	server := caddy.New(caddy.Config{Template: "cors on"})
	rawtest.Mentions(t, server.Start(t.Context()), "caddy", "unrecognized directive: cors", "site.caddyfile")
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	rawtest.NoFolders(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "gone"))
	rawtest.Mentions(t, caddy.New(caddy.Config{}).Start(t.Context()), "caddy", "gone")
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	config := caddy.Config{Fixture: "gud", Upstream: "http://x\nRequire all denied", Origin: "https://x\" y"}
	rawtest.Mentions(t, caddy.New(config).Start(t.Context()), `did you mean "good"?`, "upstream", "denied", "origin", `\" y`)
	rawtest.Mentions(t, caddy.Config{Fixture: "good", Template: "{{.Prt}}"}.Validate(), "exclude", "Prt")
	rawtest.Mentions(t, caddy.Config{Upstream: "https://api.example"}.Validate(), "upstream")
	rawtest.Mentions(t, caddy.Config{Template: "{{"}.Validate(), "site.caddyfile")
}

func TestVersion(t *testing.T) {
	start(t, caddy.Config{}) // skips where there is no Caddy
	if got, err := caddy.Version(t.Context()); err != nil || !strings.HasPrefix(got, "Caddy 2.") {
		t.Errorf("version %q, error %v", got, err)
	}
}

func start(t *testing.T, config caddy.Config) string {
	t.Helper()
	return rawtest.Start(t, caddy.New(config))
}
