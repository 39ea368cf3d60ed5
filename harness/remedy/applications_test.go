package remedy_test

import (
	"go/format"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/remedy"
)

// applications are the servers whose configuration is a program.
var applications = []string{
	"express", "fastapi", "flask", "spring", "spring-security", "go", "rscors", "chi", "gin", "echo", "fiber", "gorilla", "vite",
}

var policies = map[string]remedy.Policy{
	"full":       policy,
	"one origin": {Origins: []string{"https://app.example.com"}},
	"no headers": {Origins: []string{"https://app.example.com"}, Methods: []string{"DELETE"}, Credentials: true},
	"exposing":   {Origins: []string{"https://a.example", "https://b.example"}, Expose: []string{"X-A", "X-B"}},
}

func TestApplicationsHaveATextForEveryPolicy(t *testing.T) {
	for _, server := range applications {
		for name, p := range policies {
			r, err := remedy.For(server, "", p)
			if err != nil {
				t.Fatalf("%s, %s: %v", server, name, err)
			}
			if r.Title == "" || r.Note == "" || len(r.Parts) == 0 {
				t.Errorf("%s, %s: %+v", server, name, r)
			}
			var text strings.Builder
			for _, part := range r.Parts {
				if part.Place == "" || part.Text == "" {
					t.Errorf("%s, %s: a part without place or text: %+v", server, name, part)
				}
				text.WriteString(part.Text)
			}
			names(t, server+", "+name, text.String(), p)
		}
	}
}

// names checks that a text names all that a policy names, and nothing in its place.
func names(t *testing.T, name, text string, p remedy.Policy) {
	t.Helper()
	for _, origin := range p.Origins {
		if !strings.Contains(text, strings.TrimPrefix(strings.TrimPrefix(origin, "https://"), "http://")) {
			t.Errorf("%s: %s is not in\n%s", name, origin, text)
		}
	}
	for _, word := range slices.Concat(p.Methods, p.Headers, p.Expose) {
		if !strings.Contains(text, word) {
			t.Errorf("%s: %s is not in\n%s", name, word, text)
		}
	}
	for _, wrong := range []string{`"*"`, "'*'", "<no value>"} {
		if strings.Contains(text, wrong) {
			t.Errorf("%s: %s is in\n%s", name, wrong, text)
		}
	}
}

func TestNamesAreWrittenAsTheServerReadsThem(t *testing.T) {
	awkward := remedy.Policy{
		Origins: []string{"http://[::1]:3000"}, Methods: []string{"A!#$%&'*+-.^_`|~Z"}, Headers: []string{"x-a!#$%&'*+-.^_`|~z"},
	}
	for server, want := range map[string][]string{
		"express": {`"http://[::1]:3000"`, `"A!#$%&'*+-.^_` + "`" + `|~Z"`},
		"fastapi": {`"http://[::1]:3000"`, `"x-a!#$%&'*+-.^_` + "`" + `|~z"`},
		"spring":  {`"http://[::1]:3000"`, `"x-a!#$%&'*+-.^_` + "`" + `|~z"`},
		"flask":   {`r"http://\[::1\]:3000\Z"`, `r"x-a!#\$%&'\*\+-\.\^_` + "`" + `\|~z\Z"`},
	} {
		r, err := remedy.For(server, "", awkward)
		if err != nil {
			t.Errorf("%s: %v", server, err)
			continue
		}
		for _, text := range want {
			if !strings.Contains(r.Parts[0].Text, text) {
				t.Errorf("%s: %s is not in\n%s", server, text, r.Parts[0].Text)
			}
		}
	}
}

func TestMethodsThatAServerWritesInCapitalsAreRefused(t *testing.T) {
	for _, server := range []string{"flask", "chi", "gin", "gorilla"} {
		_, err := remedy.For(server, "", remedy.Policy{Origins: policy.Origins, Methods: []string{"PUT", "patch"}})
		if err == nil || err.Error() != `no configuration can be written for `+server+`: its configuration cannot say "patch": it knows methods in capitals alone` {
			t.Error(server, err)
		}
	}
}

func TestHeadersThatChiCutsAreRefused(t *testing.T) {
	_, err := remedy.For("chi", "", remedy.Policy{Origins: policy.Origins, Headers: []string{"x-a_b.c", "x$y"}})
	if err == nil || err.Error() != `no configuration can be written for chi: its configuration cannot say "x$y": it drops '$', and allows another header` {
		t.Error(err)
	}
}

// An empty list means any header, or some, to these.
func TestNoHeadersAreNoHeaders(t *testing.T) {
	for _, server := range []string{"rscors", "chi", "echo", "fiber"} {
		r, err := remedy.For(server, "", remedy.Policy{Origins: policy.Origins})
		if err != nil || !strings.Contains(r.Parts[1].Text, `[]string{"Origin"}`) {
			t.Errorf("%s: %v\n%v", server, err, r.Parts)
		}
	}
}

func TestGoIsFormatted(t *testing.T) {
	for _, server := range []string{"go", "rscors", "chi", "gin", "echo", "fiber", "gorilla"} {
		for name, p := range policies {
			r, err := remedy.For(server, "", p)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range r.Parts {
				if strings.HasSuffix(part.Place, "among the imports") {
					continue
				}
				formatted, err := format.Source([]byte(part.Text))
				if err != nil || strings.TrimSuffix(string(formatted), "\n") != part.Text {
					t.Errorf("%s, %s: %v\n%s", server, name, err, part.Text)
				}
			}
		}
	}
}

func TestFastAPIIsWrappedWholeForErrorsAlone(t *testing.T) {
	for rule, want := range map[string]string{
		"": "app.add_middleware(\n    CORSMiddleware,\n    allow_origins=", "missing-allow-origin-on-error": "\napp = CORSMiddleware(\n    app,\n    allow_origins=",
	} {
		r, err := remedy.For("fastapi", rule, policy)
		if err != nil || !strings.Contains(r.Parts[0].Text, want) || r.Title != "FastAPI and Starlette with CORSMiddleware" {
			t.Errorf("%q: %v\n%+v", rule, err, r)
		}
	}
}
