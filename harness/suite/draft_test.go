package suite_test

import (
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/suite"
)

// TestDraftsAreReadAsTheyWereMeant writes requests with all that YAML and references could garble, and reads them back.
func TestDraftsAreReadAsTheyWereMeant(t *testing.T) {
	const api = "https://api.example.com"
	hostile := []string{"", "plain", "true", "no", "1", "1e3", "~", "null", " a ", "a: b", "- x", "#", "'", `"`, `\n`, "a\nb", "\t", "${api}", "$${x}", "$", "é😀", "{a: b}", "[x]", "*a", "&a", "!t", "%", "@", "`", "a #b", "a:"}
	for _, value := range hostile {
		for _, b := range []*probe.Body{nil, {Text: value}, {Bytes: []byte(value + "\xff")}, {Form: []probe.Field{{Name: "k", Value: value}, {Name: "k", Value: "2"}, {Name: "K", Value: "3"}}},
			{Multipart: []probe.Field{{Name: "k", Value: value}}}} {
			want := probe.Request{
				Client: probe.Fetch, Method: "PUT", URL: api + "/x?q=${y}", Credentials: fetch.Include, Body: b,
				Headers: fetch.HeaderList{{Name: "X-A", Value: value}, {Name: "X-a", Value: "2"}, {Name: "X-B", Value: value}},
			}
			d := suite.Draft{Name: "a draft: " + value, APIs: []suite.DraftAPI{{Name: "api", URL: api}}, Cases: []suite.DraftCase{{
				Name: "case " + value, Comment: "for people", From: []string{"http://localhost:3000"}, Request: want, Outcome: probe.Readable, Status: 200,
				Cookies: []probe.Cookie{{URL: api, Name: "sid", Value: "v" + value, SameSite: "None", Secure: true}},
			}}}
			got := loadDraft(t, d)
			want.Headers = fetch.HeaderList{{Name: "X-A", Value: value}, {Name: "X-A", Value: "2"}, {Name: "X-B", Value: value}}
			if r := got.Steps[0].Request; !reflect.DeepEqual(r, want) {
				t.Errorf("%q: got\n%+v (body %+v), want\n%+v (body %+v)\n%s", value, r, r.Body, want, want.Body, d.YAML())
			}
			if c := got.Cookies; len(c) != 1 || c[0].Value != "v"+value || c[0].URL != api {
				t.Errorf("%q: cookies %+v", value, c)
			}
		}
	}
}

func loadDraft(t *testing.T, d suite.Draft) probe.Probe {
	t.Helper()
	fs := fstest.MapFS{"draft.yaml": {Data: d.YAML()}}
	s, err := suite.Load(t.Context(), "draft.yaml", suite.Options{FS: fs})
	if err != nil {
		t.Fatalf("%v\n%s", err, d.YAML())
	}
	for c := range s.Cases() {
		p, err := c.Resolve(map[string]string{"api": "https://api.example.com"})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	t.Fatal("no case")
	return probe.Probe{}
}
