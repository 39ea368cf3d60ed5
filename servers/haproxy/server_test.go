package haproxy_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/haproxy"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*haproxy.Server)(nil)

const allowOrigin = "Access-Control-Allow-Origin"

type lines = map[string]string

// Each fixture is asked twice: in front of an API without CORS, and of one whose own CORS is good.
func TestFixturesAnswerAsMeasured(t *testing.T) {
	app := rawtest.Start(t, gomw.New(gomw.Config{Fixture: "good"}))
	for _, name := range haproxy.Fixtures() {
		t.Run(name, func(t *testing.T) {
			rawtest.Answers(t, name, start(t, haproxy.Config{Fixture: name}))
			rawtest.Answers(t, name+"-before-cors", start(t, haproxy.Config{Fixture: name, Upstream: app}))
		})
	}
}

func TestAnAuthenticatedRequestPasses(t *testing.T) {
	url := start(t, haproxy.Config{Fixture: "preflight-401"})
	rawtest.Run(t, url, []rawtest.Case{{
		Name: "with Basic credentials", Method: "GET", Path: orders.Order, Status: 200,
		Send: lines{"Origin": rawtest.App, "Authorization": "Basic YWRhOng="}, Headers: lines{allowOrigin: rawtest.App},
	}})
}

func TestItPassesTheOrdersAPIOn(t *testing.T) {
	rawtest.Orders(t, start(t, haproxy.Config{Fixture: "pass"}), orders.Examples())
}

func TestAnUpstreamThatIsNotThere(t *testing.T) {
	gone := gomw.New(gomw.Config{})
	if err := gone.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for fixture, origin := range map[string]string{"good": rawtest.App, "no-after-response": ""} {
		rawtest.Run(t, start(t, haproxy.Config{Fixture: fixture, Upstream: gone.URL()}), []rawtest.Case{
			rawtest.Actual("the proxy's own error of "+fixture, rawtest.App, orders.Order, 503, lines{allowOrigin: origin}),
		})
	}
}

func TestTemplateAndOriginOfTheCallersOwn(t *testing.T) {
	site := "listen own\n  bind {{.Listen}}\n" +
		"  http-after-response set-header Access-Control-Allow-Origin {{.Origin}}\n  server api {{.UpstreamHost}}:{{.UpstreamPort}}\n"
	rawtest.Run(t, start(t, haproxy.Config{Template: site, Origin: "https://own.example"}), []rawtest.Case{
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: "https://own.example"}),
	})
	rawtest.Run(t, start(t, haproxy.Config{Origin: rawtest.Evil}), []rawtest.Case{
		rawtest.Actual("another origin for a fixture", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil}),
	})
}

func TestCloseLeavesNothing(t *testing.T) { rawtest.LeavesNothing(t, haproxy.New(haproxy.Config{})) }

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	start(t, haproxy.Config{}) // skips where there is no HAProxy
	t.Setenv("TMPDIR", t.TempDir())
	server := haproxy.New(haproxy.Config{Template: "cors on\n"})
	rawtest.Mentions(t, server.Start(t.Context()), "haproxy", "unknown keyword 'cors'", "site.cfg:1")
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	rawtest.NoFolders(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "gone"))
	rawtest.Mentions(t, haproxy.New(haproxy.Config{}).Start(t.Context()), "haproxy", "gone")
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	config := haproxy.Config{Fixture: "gud", Upstream: "http://x\nRequire all denied", Origin: "https://x\" y"}
	rawtest.Mentions(t, haproxy.New(config).Start(t.Context()), `did you mean "good"?`, "upstream", "denied", "origin", `\" y`)
	rawtest.Mentions(t, haproxy.Config{Fixture: "good", Template: "{{.Prt}}"}.Validate(), "exclude", "Prt")
	rawtest.Mentions(t, haproxy.Config{Upstream: "https://api.example"}.Validate(), "upstream")
	rawtest.Mentions(t, haproxy.Config{Template: "{{"}.Validate(), "site.cfg")
}

func TestVersion(t *testing.T) {
	start(t, haproxy.Config{}) // skips where there is no HAProxy
	if got, err := haproxy.Version(t.Context()); err != nil || !strings.HasPrefix(got, "HAProxy 2.") {
		t.Errorf("version %q, error %v", got, err)
	}
}

func start(t *testing.T, config haproxy.Config) string {
	t.Helper()
	return rawtest.Start(t, haproxy.New(config))
}
