package suite_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/suite"
)

// TestDraftsTakeSecretsFromTheEnvironment has a secret in each place that can have one, and reads the draft back with the environment set.
func TestDraftsTakeSecretsFromTheEnvironment(t *testing.T) {
	const api, key = "https://api.example.com", `to${p} "secret": 1`
	form := fetch.HeaderList{{Name: "Content-Type", Value: "application/x-www-form-urlencoded; charset=utf-8"}}
	for _, request := range []probe.Request{
		{URL: api + "/x?page=1&api%5Fkey=k%20ey&empty=", Headers: fetch.HeaderList{{Name: "X-Key", Value: key}, {Name: "X-Key", Value: "two"}, {Name: "Accept", Value: "a"}}},
		{URL: "https://elsewhere.example/?key=" + "k%20ey"},
		{URL: api, Body: &probe.Body{Form: []probe.Field{{Name: "key", Value: key}, {Name: "page", Value: "1"}}}},
		{URL: api, Body: &probe.Body{Multipart: []probe.Field{{Name: "key", Value: key}}}},
		{URL: api, Headers: form, Body: &probe.Body{Text: "page=1&key=k%20ey&${x}"}},
		{URL: api, Headers: form, Body: &probe.Body{Text: `{"a": "b=c&d"}`}},
	} {
		env := map[string]string{}
		secret := func(place suite.DraftPlace, name, value string) string {
			if !strings.Contains(strings.ToLower(name), "key") {
				return ""
			}
			variable := fmt.Sprint("V", len(env))
			env[variable] = value
			return variable
		}
		request.Method, request.Client = "POST", probe.Fetch
		d := suite.Draft{Name: "d", Redact: []string{"X-Key", "X-Other"}, APIs: []suite.DraftAPI{{Name: "api", URL: api}}, Secret: secret, Cases: []suite.DraftCase{{
			Name: "c", From: []string{"http://localhost:3000"}, Request: request, Outcome: probe.Readable,
			Cookies: []probe.Cookie{{URL: api, Name: "key", Value: "crumbs"}},
		}}}
		text := d.YAML()
		for _, value := range []string{"k%20ey", "secret", "two", "crumbs"} {
			if strings.Contains(string(text), value) {
				t.Errorf("%s is in the draft:\n%s", value, text)
			}
		}
		s, err := suite.Load(t.Context(), "draft.yaml", suite.Options{
			FS: fstest.MapFS{"draft.yaml": {Data: text}}, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(s.Redact, d.Redact) {
			t.Errorf("redact is %q", s.Redact)
		}
		for c := range s.Cases() {
			p, err := c.Resolve(map[string]string{"api": api})
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Steps[0].Request; !reflect.DeepEqual(got, request) || p.Cookies[0].Value != "crumbs" {
				t.Errorf("got\n%+v (body %+v), cookies %+v, want\n%+v (body %+v)\n%s", got, got.Body, p.Cookies, request, request.Body, text)
			}
		}
	}
}
