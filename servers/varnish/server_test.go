package varnish_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
	"github.com/corsproof/corsproof/servers/varnish"
)

var _ target.Server = (*varnish.Server)(nil)

const allowOrigin = "Access-Control-Allow-Origin"

type lines = map[string]string

// The questions come in the same order to every fixture, so that the first answer to
// a path is the one that stands in the cache.
func TestFixturesAnswerAsMeasured(t *testing.T) {
	app := rawtest.Start(t, gomw.New(gomw.Config{Fixture: "good"}))
	for _, name := range varnish.Fixtures() {
		t.Run(name, func(t *testing.T) {
			rawtest.Answers(t, name, start(t, varnish.Config{Fixture: name, Upstream: app}))
		})
	}
}

func TestItPassesTheOrdersAPIOn(t *testing.T) {
	rawtest.Orders(t, start(t, varnish.Config{Fixture: "pass"}), orders.Examples())
}

func TestAnUpstreamThatIsNotThere(t *testing.T) {
	gone := gomw.New(gomw.Config{})
	if err := gone.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone.Close()
	rawtest.Run(t, start(t, varnish.Config{Fixture: "good", Upstream: gone.URL()}), []rawtest.Case{
		rawtest.Actual("the cache's own error", rawtest.App, orders.Order, 503, lines{allowOrigin: rawtest.App}),
	})
}

func TestTemplateAndOriginOfTheCallersOwn(t *testing.T) {
	site := `sub vcl_backend_response { set beresp.http.Access-Control-Allow-Origin = "{{.Origin}}"; }`
	rawtest.Run(t, start(t, varnish.Config{Template: site, Origin: "https://own.example"}), []rawtest.Case{
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: "https://own.example"}),
	})
	rawtest.Run(t, start(t, varnish.Config{Origin: rawtest.Evil}), []rawtest.Case{
		rawtest.Actual("another origin for a fixture", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil}),
	})
}

func TestCloseLeavesNothing(t *testing.T) { rawtest.LeavesNothing(t, varnish.New(varnish.Config{})) }

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	start(t, varnish.Config{}) // skips where there is no Varnish
	t.Setenv("TMPDIR", t.TempDir())
	server := varnish.New(varnish.Config{Template: "cors on;"})
	rawtest.Mentions(t, server.Start(t.Context()), "varnish", "cors on;", "site.vcl")
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	rawtest.NoFolders(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "gone"))
	rawtest.Mentions(t, varnish.New(varnish.Config{}).Start(t.Context()), "varnish", "gone")
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	config := varnish.Config{Fixture: "gud", Upstream: "http://x\nRequire all denied", Origin: "https://x\" y"}
	rawtest.Mentions(t, varnish.New(config).Start(t.Context()), `did you mean "good"?`, "upstream", "denied", "origin", `\" y`)
	rawtest.Mentions(t, varnish.Config{Fixture: "good", Template: "{{.Prt}}"}.Validate(), "exclude", "Prt")
	rawtest.Mentions(t, varnish.Config{Upstream: "https://api.example"}.Validate(), "upstream")
	rawtest.Mentions(t, varnish.Config{Template: "{{"}.Validate(), "site.vcl")
}

func TestVersion(t *testing.T) {
	start(t, varnish.Config{}) // skips where there is no Varnish
	if got, err := varnish.Version(t.Context()); err != nil || !strings.HasPrefix(got, "Varnish ") {
		t.Errorf("version %q, error %v", got, err)
	}
}

func start(t *testing.T, config varnish.Config) string {
	t.Helper()
	return rawtest.Start(t, varnish.New(config))
}
