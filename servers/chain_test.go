package servers_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/replay"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/between"
)

// echo is an API that allows the origin that it is told, and says what it received.
func echo(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
	w.Header().Set("Vary", "Origin")
	body, _ := io.ReadAll(r.Body)
	_, _ = io.WriteString(w, r.Method+" "+r.URL.Path+" "+r.Header.Get("Origin")+" "+r.Header.Get("X-Forwarded-Proto")+" "+string(body))
}

// started is the origin of that API behind parts.
func started(t *testing.T, parts ...servers.Part) string {
	t.Helper()
	s, err := servers.Chain(&target.Handler{Handler: http.HandlerFunc(echo)}, parts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s.URL()
}

type answer struct {
	status  int
	headers http.Header
	body    string
}

// ask sends a request; headers are "Name: value".
func ask(t *testing.T, method, url, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

const allowOrigin, origin = "Access-Control-Allow-Origin", "Origin: https://a.example"

func TestEachPartDoesWhatItsNameSays(t *testing.T) {
	settings := func(name string, value any) map[string]any { return map[string]any{name: value} }
	for _, c := range []struct {
		part   servers.Part
		method string
		send   []string
		body   string
		status int
		header string // of the answer, and its values, "" for none
		want   []string
		text   string // the answer's body has it
	}{
		{servers.Part{Name: "strip-origin"}, "GET", []string{origin}, "", 200, allowOrigin, nil, "GET /x  "},
		{servers.Part{Name: "strip-cors"}, "GET", []string{origin}, "", 200, allowOrigin, nil, "GET /x https://a.example"},
		{servers.Part{Name: "double-cors"}, "GET", []string{origin}, "", 200, allowOrigin, []string{"https://a.example", "https://a.example"}, ""},
		{servers.Part{Name: "double-cors"}, "GET", nil, "", 200, allowOrigin, nil, ""},
		{servers.Part{Name: "tls-terminator"}, "GET", nil, "", 200, "", nil, "GET /x  https"},
		{servers.Part{Name: "https-redirect"}, "GET", []string{"X-Forwarded-Proto: https"}, "", 200, "", nil, ""},
		{servers.Part{Name: "slash-redirect"}, "OPTIONS", []string{origin}, "", 301, "Location", []string{"/x/"}, ""},
		{servers.Part{Name: "login-redirect"}, "GET", []string{origin}, "", 302, "Location", []string{"/login"}, ""},
		{servers.Part{Name: "login-redirect", Config: settings("to", "https://login.example/")}, "GET", nil, "", 302, "Location", []string{"https://login.example/"}, ""},
		{servers.Part{Name: "login-redirect"}, "GET", []string{"Cookie: sid=1"}, "", 200, "", nil, "GET /x"},
		{servers.Part{Name: "auth"}, "OPTIONS", []string{origin}, "", 401, allowOrigin, nil, "who are you?"},
		{servers.Part{Name: "auth"}, "GET", []string{"Authorization: Bearer x"}, "", 200, "", nil, "GET /x"},
		{servers.Part{Name: "rate-limit", Config: settings("requests", 0)}, "GET", []string{origin}, "", 429, allowOrigin, nil, "too many"},
		{servers.Part{Name: "rate-limit"}, "GET", nil, "", 200, "", nil, "GET /x"},
		{servers.Part{Name: "size-limit", Config: settings("bytes", 3)}, "POST", []string{origin}, "four", 413, allowOrigin, nil, "too large"},
		{servers.Part{Name: "size-limit", Config: settings("bytes", 4)}, "POST", nil, "four", 200, "", nil, "four"},
		{servers.Part{Name: "login-redirect", Config: settings("to", "http://login.example/x")}, "GET", []string{"Host: login.example"}, "", 200, "", nil, "GET /x"},
		{servers.Part{Name: "cache"}, "POST", []string{origin}, "", 200, "X-Cache", nil, "POST /x"},
	} {
		t.Run(c.part.Name+" "+c.method, func(t *testing.T) {
			got := ask(t, c.method, started(t, c.part)+"/x", c.body, c.send...)
			if got.status != c.status || !strings.Contains(got.body, c.text) {
				t.Errorf("got %d %q, want %d with %q", got.status, got.body, c.status, c.text)
			}
			if values := got.headers.Values(c.header); strings.Join(values, "|") != strings.Join(c.want, "|") {
				t.Errorf("%s: got %q, want %q", c.header, values, c.want)
			}
		})
	}
}

func TestACacheWithoutVaryGivesOneOriginTheAnswerOfAnother(t *testing.T) {
	api := started(t, servers.Part{Name: "cache"})
	first := ask(t, "GET", api+"/x", "", origin)
	second := ask(t, "GET", api+"/x", "", "Origin: https://b.example")
	if first.headers.Get("X-Cache") != "MISS" || second.headers.Get("X-Cache") != "HIT" || second.headers.Get(allowOrigin) != "https://a.example" {
		t.Errorf("first %v, second %v", first.headers, second.headers)
	}
	if other := ask(t, "GET", api+"/x?y", "", "Origin: https://b.example"); other.headers.Get("X-Cache") != "MISS" {
		t.Errorf("another query is another URL: %v", other.headers)
	}
}

func TestACacheKeepsNothingThatIsPrivate(t *testing.T) {
	for _, control := range []string{"private, max-age=60", "max-age=60, No-Store", `private="x"`} {
		api := &target.Handler{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", control) })}
		s, err := servers.Chain(api, []servers.Part{{Name: "cache"}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		ask(t, "GET", s.URL()+"/x", "")
		if again := ask(t, "GET", s.URL()+"/x", ""); again.headers.Get("X-Cache") != "MISS" {
			t.Errorf("%s: kept", control)
		}
	}
}

func TestASizeLimitCountsWhatHasNoLength(t *testing.T) {
	api := started(t, servers.Part{Name: "size-limit", Config: map[string]any{"bytes": 4}})
	for body, want := range map[string]int{"four": 200, "fives": 413} {
		r, err := http.NewRequestWithContext(t.Context(), "POST", api+"/x", io.NopCloser(strings.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%d bytes, chunked: %d, want %d", len(body), response.StatusCode, want)
		}
	}
}

// TestPartsStandInTheOrderInWhichARequestPassesThem tells two orders of the same parts apart.
func TestPartsStandInTheOrderInWhichARequestPassesThem(t *testing.T) {
	terminator, redirect := servers.Part{Name: "tls-terminator"}, servers.Part{Name: "https-redirect"}
	if got := ask(t, "GET", started(t, terminator, redirect)+"/x", ""); got.status != 200 {
		t.Errorf("a redirect behind the terminator knows that the request came by https: %d", got.status)
	}
	if got := ask(t, "GET", started(t, redirect, terminator)+"/x", ""); got.status != 301 {
		t.Errorf("a redirect before the terminator does not: %d", got.status)
	}
}

func TestMistakesInPartsAreAllReported(t *testing.T) {
	_, err := servers.Chain(target.Running("http://127.0.0.1:1"), []servers.Part{
		{Name: "strip-orign"}, {Name: "rate-limit", Config: map[string]any{"requests": -1}}, {Name: "auth", Config: map[string]any{"x": 1}},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`"strip-orign"; did you mean "strip-origin"?`, "requests is -1", `there is no setting "x"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}

// broken cannot start.
type broken struct{ target.Server }

func (broken) Start(context.Context) error {
	return &target.MissingError{What: "nothing is here", How: "install it"}
}

func (broken) Close() error { return nil }

func TestAChainWhoseAPIDoesNotStartLeavesNothing(t *testing.T) {
	s, err := servers.Chain(broken{}, []servers.Part{{Name: "auth"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err == nil || s.URL() != "" {
		t.Errorf("%v, %q", err, s.URL())
	}
}

func TestEachPartSaysWhatItIs(t *testing.T) {
	for _, name := range between.Names() {
		if between.What(name) == "" {
			t.Errorf("%s says nothing", name)
		}
	}
}

func TestWhatReachesTheAPIItselfIsKnown(t *testing.T) {
	s, err := servers.Chain(&target.Handler{Handler: http.HandlerFunc(echo)}, []servers.Part{{Name: "strip-origin"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	inner, log := s.(target.Layered).Inner()
	ask(t, "GET", s.URL()+"/orders", "", "Origin: https://app.example.com", "User-Agent: "+replay.FollowUpAgent)
	ask(t, "GET", s.URL()+"/orders", "", "Origin: https://app.example.com")
	if list := log.Since(0); len(list) != 1 || list[0].Headers.Has("Origin") {
		t.Errorf("received %+v", list)
	}
	if got := ask(t, "GET", inner+"/orders", "", "Origin: https://app.example.com"); got.headers.Get("Access-Control-Allow-Origin") != "https://app.example.com" {
		t.Errorf("past what stands before it: %+v", got)
	}
	alone, _ := servers.Chain(&target.Handler{Handler: http.HandlerFunc(echo)}, nil)
	if at, _ := alone.(target.Layered).Inner(); at != "" {
		t.Errorf("nothing stands before it, and it is at %s", at)
	}
}
