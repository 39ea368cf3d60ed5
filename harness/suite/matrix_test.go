package suite_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/suite"
)

const head = "suite: s\napis: {api: {at: https://api.example.com, url: http://127.0.0.1:1}}\n"

func ids(s *suite.Suite) []string {
	var list []string
	for c := range s.Cases() {
		list = append(list, c.ID)
	}
	return list
}

func TestMatricesExpandInAStableOrder(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string
	}{
		{"one value is no axis", `
  - {name: a b, from: [null], request: {url: "${api}/", method: GET}}`, []string{"a-b"}},
		{"later fields change first, however they are written", `
  - name: a
    request: {method: [GET, PUT], url: "${api}/", client: [xhr, fetch]}
    from: [null, "http://localhost:3000"]`, []string{
			"a/null/xhr/GET", "a/null/xhr/PUT", "a/null/fetch/GET", "a/null/fetch/PUT",
			"a/http-localhost-3000/xhr/GET", "a/http-localhost-3000/xhr/PUT", "a/http-localhost-3000/fetch/GET", "a/http-localhost-3000/fetch/PUT"}},
		{"cookies and steps vary too", `
  - name: a
    from: null
    cookies: [{api: api, name: [x, y], secure: [true, false]}]
    steps: [{request: {url: "${api}/"}, wait: [1s, 2s]}]`, []string{
			"a/x/true/1s", "a/x/true/2s", "a/x/false/1s", "a/x/false/2s", "a/y/true/1s", "a/y/true/2s", "a/y/false/1s", "a/y/false/2s"}},
		{"names that look the same are numbered", `
  - {name: A b!, from: null, request: {url: "${api}/"}}
  - {name: a  B, from: null, request: {url: ["${api}/x", "${api}/x/"]}}
  - {name: "!", from: null, request: {url: "${api}/"}}
  - {name: Ünïcode 日本, from: null, request: {url: "${api}/", method: [GET, get]}}`, []string{
			"a-b", "a-b~2/api-x", "a-b~2/api-x~2", "empty", "ünïcode-日本/GET", "ünïcode-日本/get"}},
		{"long names and values are cut", `
  - {name: ` + strings.Repeat("n", 200) + `, from: null, request: {url: "${api}/", body: [` + strings.Repeat("b", 200) + `x, ` + strings.Repeat("b", 200) + `y]}}`, []string{
			strings.Repeat("n", 80) + "/" + strings.Repeat("b", 40), strings.Repeat("n", 80) + "/" + strings.Repeat("b", 40) + "~2"}},
		{"several header lines and form fields are no matrix", `
  - {name: a, from: null, request: {url: "${api}/", headers: {X: [a, b]}, body: {form: {k: [c, d]}}}}`, []string{"a"}},
		{"a matrix in the defaults is one of each case", `
  - {name: a, from: null, request: {url: "${api}/"}}
  - {name: b, from: null, request: {url: "${api}/", mode: cors}}
defaults: {request: {mode: [no-cors, same-origin]}}`, []string{"a/no-cors", "a/same-origin", "b"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := parse(t, head+"cases:"+c.text+"\n")
			if got := ids(s); !slices.Equal(got, c.want) {
				t.Errorf("the cases are\n%q, want\n%q", got, c.want)
			}
			if !slices.Equal(ids(s), ids(s)) || s.Len() != len(c.want) {
				t.Errorf("Len is %d, and the second time the cases are %q", s.Len(), ids(s))
			}
		})
	}
}

func TestEachCombinationHasItsValues(t *testing.T) {
	s := parse(t, head+`cases:
  - name: a
    from: [https://a.example, https://b.example]
    cookies: [{api: api, name: c, value: ["1", "2"]}]
    request: {url: "${api}/", body: [text, {base64: AA==}], keepalive: [true, false]}
`)
	seen := map[string]bool{}
	for c := range s.Cases() {
		r := c.Steps[0].Request
		seen[fmt.Sprint(c.From, c.Cookies[0].Value, r.Body.Text, r.Body.Bytes, r.Keepalive)] = true
		want := fmt.Sprintf("a/%s/%s/text/%v", strings.Replace(c.From, "://", "-", 1), c.Cookies[0].Value, r.Keepalive)
		if r.Body.Bytes != nil {
			want = strings.Replace(want, "/text/", "/base64-AA/", 1)
		}
		if c.ID != want {
			t.Errorf("the ID of %v is %s, want %s", c, c.ID, want)
		}
	}
	if len(seen) != 16 {
		t.Errorf("there are %d combinations, want 16", len(seen))
	}
}

func TestACaseCanBeChangedWithoutTheNext(t *testing.T) {
	s := parse(t, head+`cases: [{name: a, from: null, cookies: [{api: api, name: c}], request: {url: "${api}/", client: [fetch, xhr]}}]`+"\n")
	for c := range s.Cases() {
		if c.Steps[0].Request.Method != "" || c.Cookies[0].Name != "c" {
			t.Errorf("%s has what was written into the case before it", c.ID)
		}
		c.Steps[0].Request.Method, c.Cookies[0].Name = "PUT", "d"
	}
}

func TestCasesCanBeLeftEarly(t *testing.T) {
	s := parse(t, head+`cases: [{name: a, from: null, request: {url: "${api}/", client: [fetch, xhr]}}, {name: b, from: null, request: {url: "${api}/"}}]`+"\n")
	n := 0
	for range s.Cases() {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d cases after the break", n)
	}
}

func TestMatricesHaveALimitTogether(t *testing.T) {
	hundred := strings.TrimSuffix(strings.Repeat("GET, ", 100), ", ")
	one := fmt.Sprintf("  - {name: a, from: null, request: {url: \"${api}/\", method: [%s], user: [%s], client: [%s]}}\n", hundred, hundred, strings.TrimSuffix(strings.Repeat("xhr, ", 10), ", "))
	if _, err := parseText(head + "cases:\n" + strings.Repeat(one, 10)); err != nil {
		t.Errorf("1,000,000 cases are refused: %v", err)
	}
	_, err := parseText(head + "cases:\n" + strings.Repeat(one, 10) + "  - {name: b, from: null, request: {url: \"${api}/\"}}\n")
	if err == nil || !strings.Contains(err.Error(), "suite.yaml:14:5: with this case the suite has more than 1000000") {
		t.Errorf("1,000,001 cases: %v", err)
	}
}

// manyCases is a suite of 100,000 cases in a few lines.
func manyCases() string {
	numbers := make([]string, 50)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("/orders/%d", i)
	}
	return head + fmt.Sprintf(`
defaults: {request: {headers: {X-Request-ID: "1"}, credentials: include}, expect: {outcome: readable, headers: {content-type: application/json}}}
cases:
  - name: the app reads orders
    from: [%s]
    request: {url: ["${api}%s"], method: [GET, PUT, POST, PATCH, DELETE], client: [fetch, xhr]}
    expect: {status: 200, preflight: {requestHeaders: {origin: "${from}"}}}
`, origins(200), strings.Join(numbers, `", "${api}`))
}

func origins(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("https://app%d.example.com", i)
	}
	return strings.Join(list, ", ")
}

func TestCasesAreMadeOneAtATime(t *testing.T) {
	s := parse(t, manyCases())
	if s.Len() != 100_000 {
		t.Fatalf("there are %d cases", s.Len())
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	for c := range s.Cases() {
		if n++; n == 50_000 {
			runtime.GC()
			runtime.ReadMemStats(&now)
		}
		runtime.KeepAlive(c)
	}
	if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("half-way through, %d bytes more are in use", grown)
	}
}

// BenchmarkLoadAndPlan100000Cases loads a suite, and makes all its cases with probes and expectations. Its limits: 2 s and 300 MB.
func BenchmarkLoadAndPlan100000Cases(b *testing.B) {
	text := manyCases()
	at := map[string]string{"api": "https://api.example.com"}
	b.ReportAllocs()
	for b.Loop() {
		s := parse(b, text)
		for c := range s.Cases() {
			if _, err := c.Resolve(at); err != nil {
				b.Fatal(err)
			}
			if _, err := c.Expectations(at); err != nil {
				b.Fatal(err)
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "MB-of-the-system")
}
