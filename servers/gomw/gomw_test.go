package gomw_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

var _ target.Server = (*gomw.Server)(nil)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	preflightVary    = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
)

type lines = map[string]string

var nothing = lines{allowOrigin: "", allowMethods: "", allowHeaders: "", "Vary": preflightVary}

var fixtureCases = map[string][]rawtest.Case{
	"good": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, lines{
			allowOrigin: rawtest.App, allowCredentials: "true", allowMethods: "PUT",
			allowHeaders: "content-type,x-request-id", "Access-Control-Max-Age": "600", "Vary": preflightVary,
		}),
		rawtest.Preflight("denied preflight", rawtest.Evil, orders.Order, 204, nothing),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{
			allowOrigin: rawtest.App, "Access-Control-Expose-Headers": "X-Total", "Vary": "Origin",
		}),
		rawtest.Actual("denied", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "", "Vary": "Origin"}),
		rawtest.Actual("error", rawtest.App, orders.Status+"500", 500, lines{allowOrigin: rawtest.App}),
	},
	"wildcard-credentials": {
		rawtest.Preflight("preflight", rawtest.Evil, orders.Order, 204, lines{allowOrigin: "*", allowCredentials: "true"}),
		rawtest.Actual("actual", rawtest.Evil, orders.Order, 200, lines{allowOrigin: "*", allowCredentials: "true"}),
	},
	"missing-method": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, nothing),
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
	},
	"missing-header": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 204, nothing),
		{Name: "preflight without the header", Method: "OPTIONS", Path: orders.Order, Status: 204,
			Send:    lines{"Origin": rawtest.App, "Access-Control-Request-Method": "PUT"},
			Headers: lines{allowOrigin: rawtest.App, allowMethods: "PUT"}},
	},
	"wrapped-inside-auth": {
		rawtest.Preflight("preflight", rawtest.App, orders.Order, 401, lines{allowOrigin: ""}),
		{Name: "actual with a token", Method: "GET", Path: orders.Order, Status: 200,
			Send:    lines{"Origin": rawtest.App, "Authorization": "Bearer t"},
			Headers: lines{allowOrigin: rawtest.App}},
	},
}

func TestGomwIsTheOrdersAPI(t *testing.T) {
	rawtest.Orders(t, start(t, gomw.Config{Fixture: "good"}), orders.Examples())
}

func TestFixturesAnswerAsTheyAreMeantTo(t *testing.T) {
	for _, name := range gomw.Fixtures() {
		t.Run(name, func(t *testing.T) {
			cases, ok := fixtureCases[name]
			if !ok {
				cases, ok = routerCases[name]
			}
			if !ok {
				t.Fatal("this fixture is not tested")
			}
			rawtest.Run(t, start(t, gomw.Config{Fixture: name}), cases)
		})
	}
}

func TestConfigReachesTheMiddleware(t *testing.T) {
	rawtest.Run(t, start(t, gomw.Config{
		AllowedMethods: []string{"PUT"}, AllowedHeaders: []string{"*"}, MaxAge: -1, OptionsSuccessStatus: 200,
	}), []rawtest.Case{
		rawtest.Preflight("a status, an age and any header", rawtest.Evil, orders.Order, 200, lines{
			allowOrigin: "*", "Access-Control-Max-Age": "0", allowHeaders: "content-type,x-request-id",
		}),
	})
	private := rawtest.Preflight("a private network", rawtest.App, orders.Order, 405, lines{
		allowOrigin: rawtest.App, "Access-Control-Allow-Private-Network": "true",
	})
	private.Send["Access-Control-Request-Private-Network"] = "true"
	rawtest.Run(t, start(t, gomw.Config{Fixture: "good", OptionsPassthrough: true, AllowPrivateNetwork: true}),
		[]rawtest.Case{private})
}

func TestEveryMistakeIsReported(t *testing.T) {
	config := gomw.Config{Fixture: "misssing-method", OptionsSuccessStatus: 7}
	rawtest.Mentions(t, gomw.New(config).Start(t.Context()), `did you mean "missing-method"?`, "optionsSuccessStatus: 7")
}

func TestCloseLeavesNothing(t *testing.T) {
	server := gomw.New(gomw.Config{})
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
	rawtest.Refused(t, server.URL())
}

func TestVersion(t *testing.T) {
	if got := gomw.Version(); !strings.HasPrefix(got, "rs/cors") {
		t.Errorf("version %q", got)
	}
}

func start(t *testing.T, config gomw.Config) string {
	t.Helper()
	server := gomw.New(config)
	err := server.Start(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skipf("gomw: %v", missing)
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

func TestASnippetThatIsNoGoSaysWhy(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	server := gomw.New(gomw.Config{Snippet: "handler = nobody(handler)"})
	rawtest.Mentions(t, server.Start(t.Context()), "gomw", "snippet", "undefined: nobody")
	rawtest.NoFolders(t)
}

func TestTheFixesAreTakenAsTheyAre(t *testing.T) {
	for server, middleware := range map[string]gomw.Middleware{
		"rscors": gomw.RS, "chi": gomw.Chi, "gin": gomw.Gin, "echo": gomw.Echo, "fiber": gomw.Fiber, "gorilla": gomw.Gorilla,
	} {
		t.Run(server, func(t *testing.T) {
			rawtest.Fixes(t, server, func(t *testing.T, texts []string) string {
				return rawtest.Start(t, gomw.New(gomw.Config{Middleware: middleware, Imports: texts[0], Snippet: texts[1]}))
			})
		})
	}
	t.Run("go", func(t *testing.T) {
		rawtest.Fixes(t, "go", func(t *testing.T, texts []string) string {
			return rawtest.Start(t, gomw.New(gomw.Config{File: texts[0], Snippet: texts[1]}))
		})
	})
}
