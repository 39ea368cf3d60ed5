package suite_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/suite"
)

func TestReferencesAreFilledIn(t *testing.T) {
	values := func(name string) (string, bool) { return "<" + name + ">", name != "unknown" }
	cases := []struct{ text, want string }{
		{"", ""},
		{"plain", "plain"},
		{"${a}", "<a>"},
		{"x${a}y${b}z", "x<a>y<b>z"},
		{"$${a}", "${a}"},
		{"$$${a}", "$${a}"},
		{"$", "$"},
		{"$$", "$$"},
		{"a$b {c} $ {d}", "a$b {c} $ {d}"},
		{"${a}$", "<a>$"},
		{"${a}$${b}", "<a>${b}"},
		{"{${a}}", "{<a>}"},
		{"$${", "${"},
		{"$${unclosed ${a}", "${unclosed <a>"},
	}
	for _, c := range cases {
		kept, err := suite.Kept(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		got, err := suite.Expand(kept, values)
		if err != nil || got != c.want {
			t.Errorf("%q becomes %q (%v), want %q", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{"${", "a${b", "${}", "${a}${"} {
		if kept, err := suite.Kept(text); err == nil {
			t.Errorf("%q is taken as %q", text, kept)
		}
	}
	if got, err := suite.Expand("${unknown}", values); err == nil {
		t.Errorf("an unknown name becomes %q", got)
	}
}

func FuzzReferences(f *testing.F) {
	for _, seed := range []string{"", "${a}", "$${a}", "$$${a}$", "${", "${$}", "a}b{c$"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kept, err := suite.Kept(text)
		if err != nil || strings.Contains(text, "${$}") { // the loader refuses that name
			return
		}
		filled := 0
		got, err := suite.Expand(kept, func(string) (string, bool) { filled++; return "", true })
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if len(got) > len(text) {
			t.Errorf("%q grows to %q", text, got)
		}
		if filled == 0 && got != strings.ReplaceAll(text, "$${", "${") {
			t.Errorf("%q, which refers to nothing, becomes %q", text, got)
		}
	})
}

func TestACaseIsResolvedWithTheAPIsOrigins(t *testing.T) {
	s := parse(t, `
suite: s
apis: {a: {answers: []}, b: {url: "${env.API_URL}"}}
cases:
  - name: all places
    from: https://App.example.com:443
    cookies:
      - {name: own, value: "${from}"}
      - {api: a, name: theirs, value: "${env.TOKEN}"}
    request:
      url: ${a}/x?b=${b}
      headers: {X: ["${from}", "$${a}"]}
      body: {form: {k: "${b}"}}
      referrer: ${from}/page
    expect:
      url: ${a}/x
      body: {json: {"${a}": "${a}", b: 1.50}}
      headers: {l: ["${a}", "${b}"], c: {contains: "${from}"}, any: {any: true}}
      preflight: {requestHeaders: {origin: "${from}"}}
      actual: {requestHeaders: {origin: "${from}"}}
      received: {headers: {host: "${a}"}}
`)
	at := map[string]string{"a": "http://127.0.0.1:1", "b": "http://127.0.0.1:2"}
	for c := range s.Cases() {
		p, err := c.Resolve(at)
		if err != nil {
			t.Fatal(err)
		}
		r := p.Steps[0].Request
		same(t, "from", p.From, "https://app.example.com")
		same(t, "own cookie", p.Cookies[0].URL+" "+p.Cookies[0].Value, "https://app.example.com https://app.example.com")
		same(t, "the environment's text", p.Cookies[1].URL+" "+p.Cookies[1].Value, "http://127.0.0.1:1 ${api} $${x} 50$")
		same(t, "url", r.URL, "http://127.0.0.1:1/x?b=http://127.0.0.1:2")
		same(t, "headers", strings.Join(r.Headers.Values("X"), " "), "https://app.example.com ${a}")
		same(t, "form", r.Body.Form[0].Value, "http://127.0.0.1:2")
		same(t, "referrer", r.Referrer, "https://app.example.com/page")
		all, err := c.Expectations(at)
		if err != nil {
			t.Fatal(err)
		}
		e := all[0]
		same(t, "expected url", *e.URL, "http://127.0.0.1:1/x")
		same(t, "expected body", string(e.Body.(expect.JSON)), `{"${a}":"http://127.0.0.1:1","b":1.50}`)
		same(t, "expected lines", e.Headers[0].Value.Want(), `"http://127.0.0.1:1, http://127.0.0.1:2"`)
		same(t, "expected part", e.Headers[1].Value.Want(), `containing "https://app.example.com"`)
		if e.Headers[2].Value != nil {
			t.Errorf("any value is %v", e.Headers[2].Value)
		}
		for _, h := range []expect.Header{e.Preflight.RequestHeaders[0], e.Actual.RequestHeaders[0]} {
			same(t, "expected origin", h.Value.Want(), `"https://app.example.com"`)
		}
		same(t, "received", e.Received.Headers[0].Value.Want(), `"http://127.0.0.1:1"`)
		if c.Steps[0].Expect.Headers[1].Value.Want() == e.Headers[1].Value.Want() {
			t.Error("resolving changed the case")
		}
	}
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestResolveSaysWhatItDoesNotKnow(t *testing.T) {
	s := parse(t, head+`cases: [{name: a, from: null, request: {url: ["${api}/", "${from}/"]}, expect: {url: "${api}/"}}]`+"\n")
	var messages []string
	for c := range s.Cases() {
		_, err := c.Resolve(nil)
		messages = append(messages, err.Error())
		if _, err := c.Expectations(nil); err == nil {
			t.Error("the expectation was made without an origin")
		}
	}
	same(t, "no origin", messages[0], `suite.yaml:3:9: case a/api: no origin is given for the API "api"`)
	same(t, "not absolute", messages[1], `suite.yaml:3:9: case a/from: the URL "null/" is not absolute`)
}

func TestAPageCanStandAtAnAPI(t *testing.T) {
	s := parse(t, head+`cases: [{name: a, from: "${api}", request: {url: "${api}/"}}]`+"\n")
	if got := s.Origins(); len(got) != 1 || got[0] != "https://api.example.com" {
		t.Errorf("the pages are %v", got)
	}
}
