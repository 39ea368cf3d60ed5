package spring_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
	"github.com/corsproof/corsproof/servers/spring"
)

var _ target.Server = (*spring.Server)(nil)

const allowOrigin = "Access-Control-Allow-Origin"

type lines = map[string]string

func TestFixturesAnswerAsMeasured(t *testing.T) {
	put := func(name, origin string) rawtest.Case {
		return rawtest.Case{
			Name: name, Method: "PUT", Path: orders.Order,
			Send: lines{"Origin": origin, "Authorization": "Basic YWRhOng="},
		}
	}
	for _, name := range spring.Fixtures() {
		t.Run(name, func(t *testing.T) {
			url := start(t, spring.Config{Fixture: name})
			rawtest.Answers(t, name, url, put("PUT of the app", rawtest.App), put("PUT of a stranger", rawtest.Evil),
				rawtest.Case{Name: "OPTIONS that is no preflight", Method: "OPTIONS", Path: orders.Order, Send: lines{"Origin": rawtest.App}},
				rawtest.Case{Name: "health to the app", Method: "GET", Path: orders.Health, Send: lines{"Origin": rawtest.App}},
				rawtest.Case{Name: "a malformed origin", Method: "GET", Path: orders.Order, Send: lines{"Origin": "app"}},
			)
		})
	}
}

// Tomcat writes a type without a space, and Spring Boot has a page of its own for what is not there.
func TestItIsTheOrdersAPI(t *testing.T) {
	examples := slices.DeleteFunc(orders.Examples(), func(e orders.Example) bool { return e.Name == "nothing there" })
	for i, e := range examples {
		if e.Headers["Content-Type"] != "" {
			examples[i].Headers = maps.Clone(e.Headers)
			examples[i].Headers["Content-Type"] = "application/json;charset=utf-8"
		}
	}
	rawtest.Orders(t, start(t, spring.Config{}), examples)
}

func TestASlashBehindTheOriginIsForgiven(t *testing.T) {
	rawtest.Run(t, start(t, spring.Config{Mapping: "/**", AllowedOrigins: []string{rawtest.App + "/"}}), []rawtest.Case{
		rawtest.Actual("actual", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
	})
}

func TestAnnotationAndRegistryCombine(t *testing.T) {
	config := spring.Config{Annotation: spring.Full, Mapping: "/**", AllowedOrigins: []string{rawtest.Evil}}
	rawtest.Run(t, start(t, config), []rawtest.Case{
		rawtest.Actual("the annotation's origin", rawtest.App, orders.Order, 200, lines{allowOrigin: rawtest.App}),
		rawtest.Actual("the registry's origin", rawtest.Evil, orders.Order, 200, lines{
			allowOrigin: rawtest.Evil, "Access-Control-Allow-Credentials": "true",
		}),
	})
}

func TestTheFixesAreTakenAsTheyAre(t *testing.T) {
	rawtest.Fixes(t, "spring", func(t *testing.T, texts []string) string { return start(t, spring.Config{Snippet: texts[0]}) })
	t.Run("beside Spring Security's own .cors()", func(t *testing.T) {
		rawtest.Fixes(t, "spring", func(t *testing.T, texts []string) string {
			return start(t, spring.Config{Snippet: texts[0], Security: spring.WithCORS})
		})
	})
	t.Run("in Spring Security's chain", func(t *testing.T) {
		rawtest.Fixes(t, "spring-security", func(t *testing.T, texts []string) string {
			return start(t, spring.Config{Snippet: texts[0], Security: spring.WithoutCORS, Chain: texts[1]})
		})
	})
}

func TestASnippetThatIsNoJavaSaysWhy(t *testing.T) {
	start(t, spring.Config{}) // skips where it is not built
	t.Setenv("TMPDIR", t.TempDir())
	server := spring.New(spring.Config{Snippet: "class {"})
	rawtest.Mentions(t, server.Start(t.Context()), "spring", "snippet", "<identifier> expected")
	rawtest.NoFolders(t)
}

func TestCloseLeavesNothing(t *testing.T) { rawtest.LeavesNothing(t, spring.New(spring.Config{})) }

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	start(t, spring.Config{}) // skips where it is not built
	t.Setenv("TMPDIR", t.TempDir())
	server := spring.New(spring.Config{Mapping: "/a/**{"})
	rawtest.Mentions(t, server.Start(t.Context()), "spring", "ended", "/a/**{")
	rawtest.NoFolders(t)
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	config := spring.Config{AllowCredentials: true, Annotation: "class", Security: "on"}
	rawtest.Mentions(t, spring.New(config).Start(t.Context()), "mapping", "annotation", `"class"`, "security", `"on"`)
	rawtest.Mentions(t, spring.Config{Mapping: "orders", CSRF: true}.Validate(), "slash", "csrf")
	rawtest.Mentions(t, spring.Config{Fixture: "goood"}.Validate(), `did you mean "good"?`)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for name, set := range map[string]func(t *testing.T){
		"Java":        func(t *testing.T) { t.Setenv("PATH", t.TempDir()) },
		"Spring Boot": func(t *testing.T) { t.Setenv(spring.AppVariable, t.TempDir()) },
	} {
		t.Run(name, func(t *testing.T) {
			start(t, spring.Config{}) // skips where it is not built
			set(t)
			err := spring.New(spring.Config{}).Start(t.Context())
			var missing *target.MissingError
			if !errors.As(err, &missing) {
				t.Errorf("%v is no MissingError", err)
			}
			rawtest.Mentions(t, err, name, "make servers")
			if _, err := spring.Version(t.Context()); !errors.As(err, &missing) {
				t.Errorf("Version: %v is no MissingError", err)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	start(t, spring.Config{}) // skips where it is not built
	got, err := spring.Version(t.Context())
	if err != nil {
		t.Error(err)
	}
	rawtest.Mentions(t, errors.New(got), "Spring Boot 4.", "Spring 7.", "Spring Security 7.", "openjdk ")
}

func start(t *testing.T, config spring.Config) string {
	t.Helper()
	return rawtest.Start(t, spring.New(config))
}
