package envoy_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/envoy"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*envoy.Server)(nil)

const allowOrigin = "Access-Control-Allow-Origin"

type lines = map[string]string

// Each fixture is asked twice: in front of an API without CORS, and of one whose own CORS is good.
func TestFixturesAnswerAsMeasured(t *testing.T) {
	app := rawtest.Start(t, gomw.New(gomw.Config{Fixture: "good"}))
	for _, name := range envoy.Fixtures() {
		t.Run(name, func(t *testing.T) {
			rawtest.Answers(t, name, start(t, envoy.Config{Fixture: name}))
			rawtest.Answers(t, name+"-before-cors", start(t, envoy.Config{Fixture: name, Upstream: app}))
		})
	}
}

func TestAnAuthenticatedRequestPasses(t *testing.T) {
	url := start(t, envoy.Config{Fixture: "preflight-401"})
	rawtest.Run(t, url, []rawtest.Case{{
		Name: "with Basic credentials", Method: "GET", Path: orders.Order, Status: 200,
		Send: lines{"Origin": rawtest.App, "Authorization": "Basic YWRhOng="}, Headers: lines{allowOrigin: rawtest.App},
	}})
}

func TestItPassesTheOrdersAPIOn(t *testing.T) {
	rawtest.Orders(t, start(t, envoy.Config{Fixture: "pass"}), orders.Examples())
}

func TestAnUpstreamThatIsNotThere(t *testing.T) {
	gone := gomw.New(gomw.Config{})
	if err := gone.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for fixture, origin := range map[string]string{"good": rawtest.App, "filter-missing": ""} {
		rawtest.Run(t, start(t, envoy.Config{Fixture: fixture, Upstream: gone.URL()}), []rawtest.Case{
			rawtest.Actual("the proxy's own error of "+fixture, rawtest.App, orders.Order, 503, lines{allowOrigin: origin}),
		})
	}
}

func TestTemplateAndOriginOfTheCallersOwn(t *testing.T) {
	site := `http_filters:
- name: router
  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
route_config:
  response_headers_to_add: [{header: {key: Access-Control-Allow-Origin, value: "{{.Origin}}"}}]
  virtual_hosts: [{name: api, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: api}}]}]`
	rawtest.Run(t, start(t, envoy.Config{Template: site, Origin: "https://own.example"}), []rawtest.Case{
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: "https://own.example"}),
	})
	rawtest.Run(t, start(t, envoy.Config{Origin: rawtest.Evil}), []rawtest.Case{
		rawtest.Actual("another origin for a fixture", rawtest.Evil, orders.Order, 200, lines{allowOrigin: rawtest.Evil}),
	})
}

func TestCloseLeavesNothing(t *testing.T) { rawtest.LeavesNothing(t, envoy.New(envoy.Config{})) }

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	start(t, envoy.Config{}) // skips where there is no Envoy
	t.Setenv("TMPDIR", t.TempDir())
	server := envoy.New(envoy.Config{Template: "cors: true"})
	rawtest.Mentions(t, server.Start(t.Context()), "envoy", "cors")
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	rawtest.NoFolders(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "gone"))
	rawtest.Mentions(t, envoy.New(envoy.Config{}).Start(t.Context()), "envoy", "gone")
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	config := envoy.Config{Fixture: "gud", Upstream: "http://x\nRequire all denied", Origin: "https://x\" y"}
	rawtest.Mentions(t, envoy.New(config).Start(t.Context()), `did you mean "good"?`, "upstream", "denied", "origin", `\" y`)
	rawtest.Mentions(t, envoy.Config{Fixture: "good", Template: "{{.Prt}}"}.Validate(), "exclude", "Prt")
	rawtest.Mentions(t, envoy.Config{Upstream: "https://api.example"}.Validate(), "upstream")
	rawtest.Mentions(t, envoy.Config{Template: "{{"}.Validate(), "site.yaml")
}

func TestVersion(t *testing.T) {
	start(t, envoy.Config{}) // skips where there is no Envoy
	if got, err := envoy.Version(t.Context()); err != nil || !strings.HasPrefix(got, "Envoy 1.") {
		t.Errorf("version %q, error %v", got, err)
	}
}

func start(t *testing.T, config envoy.Config) string {
	t.Helper()
	return rawtest.Start(t, envoy.New(config))
}
