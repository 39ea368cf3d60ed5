package servers_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/express"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

type settings = map[string]any

func TestEveryServerStartsWithItsGoodFixture(t *testing.T) {
	if !slices.Equal(servers.Names(), []string{"apache", "apim", "awshttp", "awsrest", "caddy", "envoy", "express", "fastapi", "flask", "gomw", "haproxy", "kong", "nginx", "spring", "varnish", "vite", "wso2"}) {
		t.Errorf("names %v", servers.Names())
	}
	for _, name := range servers.Names() {
		t.Run(name, func(t *testing.T) {
			rawtest.Run(t, start(t, name, settings{"fixture": "good"}), []rawtest.Case{
				rawtest.Actual("actual", rawtest.App, orders.Order, 200, map[string]string{
					"Access-Control-Allow-Origin": rawtest.App, "X-Total": "10",
				}),
			})
		})
	}
}

func TestSettingsReachTheServer(t *testing.T) {
	config := settings{
		"origin":      []any{"https://x.test", settings{"regexp": `\.example\.com$`}},
		"credentials": true, "maxAge": uint64(5), "exposedHeaders": []string{"X-Total"},
	}
	rawtest.Run(t, start(t, "express", config), []rawtest.Case{
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, map[string]string{
			"Access-Control-Allow-Origin": rawtest.App, "Access-Control-Allow-Credentials": "true",
			"Access-Control-Max-Age": "5", "Access-Control-Expose-Headers": "X-Total",
		}),
	})
}

func TestSettingsCountOverAFixtureEvenWhenTheyAreFalse(t *testing.T) {
	rawtest.Run(t, start(t, "gomw", settings{"fixture": "good", "allowCredentials": false, "maxAge": 0}), []rawtest.Case{
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, map[string]string{
			"Access-Control-Allow-Origin": rawtest.App, "Access-Control-Allow-Credentials": "", "Access-Control-Max-Age": "",
		}),
	})
}

func TestNewReportsEveryMistake(t *testing.T) {
	cases := []struct {
		name, server string
		config       settings
		want         []string
	}{
		{"an unknown server", "expres", nil, []string{`no server "expres"`, `did you mean "express"?`, "gomw"}},
		{
			"several mistakes", "express",
			settings{"orgin": "*", "maxAge": "long", "methods": "GET", "credentials": 1, "exposedHeaders": []any{7}},
			[]string{
				`"orgin"; did you mean "origin"?`, `maxAge: "long" does not fit: wanted a whole number`,
				"methods", "wanted a list, each a text", "credentials: 1", "wanted true or false", "exposedHeaders: [7]",
			},
		},
		{"a value that cannot be", "gomw", settings{"maxAge": func() {}}, []string{"maxAge", "cannot be a setting"}},
		{"an unknown fixture", "nginx", settings{"fixture": "goood"}, []string{"server nginx", `did you mean "good"?`}},
		{"an unknown fixture and setting", "express", settings{"fixture": "goood", "age": 1}, []string{`"good"?`, `"age"`}},
		{"a value that makes no sense", "nginx", settings{"upstream": "x"}, []string{"upstream"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := servers.New(c.server, c.config)
			rawtest.Mentions(t, err, c.want...)
		})
	}
}

func TestDescribeNamesWhatIsMissing(t *testing.T) {
	t.Setenv(express.AppVariable, t.TempDir())
	t.Setenv(gomw.AppVariable, filepath.Join(t.TempDir(), "gomw"))
	statuses := servers.Describe(t.Context())
	if len(statuses) != len(servers.Names()) {
		t.Fatalf("%d statuses", len(statuses))
	}
	for _, s := range statuses {
		if s.OK != (s.Version != "") || s.OK != (s.Missing == "" || len(s.Lacking) > 0) || len(s.Fixtures) == 0 {
			t.Errorf("%+v", s)
		}
		if s.Name == "express" && (s.OK || s.How == "") {
			t.Errorf("express without its application: %+v", s)
		}
		if s.Name == "gomw" && !s.OK {
			t.Errorf("gomw is always there: %+v", s)
		}
		if s.Name == "gomw" && (!slices.Contains(s.Lacking, "chi-good") || slices.Contains(s.Lacking, "good") || s.How == "") {
			t.Errorf("gomw without its program: %+v", s)
		}
	}
}

func TestDescribeAsksForVersions(t *testing.T) {
	for _, s := range servers.Describe(t.Context()) {
		t.Run(s.Name, func(t *testing.T) {
			if !s.OK {
				t.Skipf("%s: %s", s.Name, s.Missing)
			}
			for _, word := range map[string][]string{
				"wso2":    {"WSO2"},
				"spring":  {"Spring Boot "},
				"kong":    {"kong/3."},
				"awshttp": {"HTTP APIs"},
				"awsrest": {"REST APIs"},
				"varnish": {"Varnish "},
				"envoy":   {"Envoy 1."},
				"apim":    {"Azure API Management"},
				"haproxy": {"HAProxy 2."},
				"caddy":   {"Caddy 2."},
				"apache":  {"Apache/2."},
				"express": {"express 5.", "cors 2.", "node v"}, "fastapi": {"fastapi 0.", "starlette 1.", "uvicorn 0."},
				"flask": {"flask 3.", "flask-cors 6.", "gunicorn 2"},
				"gomw":  {"rs/cors"}, "nginx": {"nginx/1."}, "vite": {"vite 8.", "node v"},
			}[s.Name] {
				rawtest.Mentions(t, errors.New(s.Version), word)
			}
		})
	}
}

// start starts a server until the test's end; it skips the test where something is missing.
func start(t *testing.T, name string, config settings) string {
	t.Helper()
	server, err := servers.New(name, config)
	if err != nil {
		t.Fatal(err)
	}
	err = server.Start(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("%s: %v", name, missing)
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
