package suite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/corsproof/corsproof/harness/suite"
)

var machine = environment(map[string]string{"API_URL": "http://127.0.0.1:9090", "PAGE_ORIGIN": "https://App.example.com:443", "TOKEN": "${api} $${x} 50$"})

// load loads a suite that has no mistakes.
func load(t testing.TB, dir, name string) *suite.Suite {
	t.Helper()
	s, err := suite.Load(context.Background(), name, suite.Options{FS: os.DirFS(dir), Env: machine})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// parse loads a suite from a text.
func parse(t testing.TB, text string) *suite.Suite {
	t.Helper()
	s, err := parseText(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parseText(text string) (*suite.Suite, error) {
	files := fstest.MapFS{"suite.yaml": &fstest.MapFile{Data: []byte(text)}}
	return suite.Load(context.Background(), "suite.yaml", suite.Options{FS: files, Env: machine})
}

func originsOf(s *suite.Suite) map[string]string {
	origins := map[string]string{}
	for i, a := range s.APIs {
		if origins[a.Name] = a.At; a.At == "" {
			origins[a.Name] = "http://127.0.0.1:" + strconv.Itoa(5000+i)
		}
	}
	return origins
}

// TestFixturesPlanTheseCases holds the IDs, their order, and what each case asks for.
func TestFixturesPlanTheseCases(t *testing.T) {
	for _, file := range fixtureFiles(t) {
		if filepath.Base(filepath.Dir(file)) == "parts" {
			continue // read by way of included.yaml
		}
		name, err := filepath.Rel(fixtures, file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			s := load(t, fixtures, name)
			var b strings.Builder
			for c := range s.Cases() {
				p, err := c.Resolve(originsOf(s))
				if err != nil {
					t.Fatal(err)
				}
				for i, step := range p.Steps {
					b.WriteString(c.StepID(i+1) + "\n    " + c.From + " " + string(step.Request.Client) + " " + step.Request.Method + " " + step.Request.URL + "\n")
				}
			}
			golden(t, "testdata/plan/"+strings.TrimSuffix(filepath.Base(name), ".yaml")+".txt", b.String())
		})
	}
}

func TestLoadReadsTheMachinesFiles(t *testing.T) {
	s, err := suite.Load(context.Background(), filepath.Join(fixtures, "included.yaml"), suite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "included" || s.Len() != 3 {
		t.Errorf("the suite is %q with %d cases", s.Name, s.Len())
	}
	var bases []string
	for _, f := range s.Files {
		bases = append(bases, filepath.Base(f))
	}
	if want := []string{"included.yaml", "apis.yaml", "login.yaml"}; !slices.Equal(bases, want) {
		t.Errorf("the files are %v, want %v, each once", bases, want)
	}
	if want := []string{"X-Api-Key", "X-Session"}; !slices.Equal(s.Redact, want) {
		t.Errorf("redacted are %v, want %v", s.Redact, want)
	}
}

func TestLoadSaysThatTheFileIsNotThere(t *testing.T) {
	_, err := suite.Load(context.Background(), filepath.Join(t.TempDir(), "none.yaml"), suite.Options{})
	if err == nil || !strings.Contains(err.Error(), "none.yaml: the file cannot be read: no such file or directory") {
		t.Errorf("the error is %v", err)
	}
}

func TestLoadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := suite.Load(ctx, filepath.Join(fixtures, "orders.yaml"), suite.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestAnAPIIsReadWhole(t *testing.T) {
	s := load(t, fixtures, "orders.yaml")
	api := s.APIs
	if api[0].URL != "http://127.0.0.1:8080" || api[0].At != "https://api.example.com" {
		t.Errorf("api is %+v", api[0])
	}
	if c := api[1].Command; !slices.Equal(c.Args, []string{"node", "orders/server.js", "--port", "${PORT}"}) || c.Env["PORT"] != "${PORT}" ||
		c.ReadyPath != "/healthz" || c.Within.String() != "10s" || c.Dir != "." {
		t.Errorf("shop is %+v", c)
	}
	if g := api[2].Server; g.Name != "express" || g.Config["credentials"] != true || g.Config["origin"] != "https://app.example.com" {
		t.Errorf("gate is %+v", g)
	}
	answers, err := api[3].AnswersAt(map[string]string{"sso": "https://sso.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	location, _ := answers[2].Headers.Get("Location")
	origin, _ := answers[2].Headers.Get("Access-Control-Allow-Origin")
	if location != "https://sso.example.org/orders" || origin != "${origin}" || answers[2].Status != 307 || answers[2].Delay.String() != "50ms" {
		t.Errorf("the third answer is %+v", answers[2])
	}
	if answers[3].Fault != "reset" || answers[0].Method != "OPTIONS" || answers[0].Path != "/orders" {
		t.Errorf("the answers are %+v", answers)
	}
}

func TestBytesAreKeptAsTheyAre(t *testing.T) {
	s := parse(t, `
suite: bytes
apis:
  a:
    answers:
      - headers: {X: {base64: "AP8kJHthfQ=="}, Y: 'a $${b} ${a} $'}
        body: {base64: "AP8kJHthfQ=="}
cases:
  - {name: a, from: null, request: {url: "${a}/", body: {base64: "AP8kJHthfQ=="}}, expect: {body: {base64: "AP8kJHthfQ=="}}}
`)
	const raw = "\x00\xff$${a}"
	origins := map[string]string{"a": "https://a.example"}
	answers, err := s.APIs[0].AnswersAt(origins)
	if err != nil {
		t.Fatal(err)
	}
	if string(answers[0].Body) != raw || answers[0].Headers[0].Value != raw || answers[0].Headers[1].Value != "a ${b} https://a.example $" {
		t.Errorf("the answer is %+v", answers[0])
	}
	for c := range s.Cases() {
		p, err := c.Resolve(origins)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Steps[0].Request.Body.Bytes; string(got) != raw {
			t.Errorf("the body is %q", got)
		}
		e, err := c.Expectations(origins)
		if err != nil {
			t.Fatal(err)
		}
		if how, _ := e[0].Body.Differs(raw); how != "" {
			t.Errorf("the expected body differs: %s", how)
		}
	}
}
