package embedded_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

func newAPI(t *testing.T, rules ...embedded.Rule) *embedded.API {
	t.Helper()
	api, err := embedded.New(embedded.Config{Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// says is a rule that answers with a text.
func says(text string, when embedded.Match) embedded.Rule {
	return embedded.Rule{When: when, Answer: embedded.Answer{Body: []byte(text)}}
}

func headers(pairs ...string) fetch.HeaderList {
	var list fetch.HeaderList
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, fetch.Header{Name: pairs[i], Value: pairs[i+1]})
	}
	return list
}

func TestTheFirstRuleThatMatchesAnswers(t *testing.T) {
	api := newAPI(t,
		says("preflight", embedded.Match{Method: "OPTIONS", Path: "/orders"}),
		says("conditional", embedded.Match{Path: "/orders", Headers: map[string]string{"If-None-Match": `"1"`}}),
		says("searched", embedded.Match{Path: "/orders", Query: map[string]string{"q": "a b", "page": ""}}),
		says("orders", embedded.Match{Path: "/orders"}),
		says("encoded", embedded.Match{Path: "/a%2Fb"}),
		says("below", embedded.Match{Method: "GET", Path: "/static/*"}),
		says("with cookie", embedded.Match{Path: "/login", Headers: map[string]string{"cookie": "a=1; b=2"}}),
		says("some cookie", embedded.Match{Path: "/login", Headers: map[string]string{"cookie": ""}}),
		says("lower", embedded.Match{Method: "patch"}),
	)
	for _, tt := range []struct {
		request rawhttp.Request
		want    string
	}{
		{rawhttp.Request{Method: "OPTIONS", Target: "/orders"}, "preflight"},
		{rawhttp.Request{Method: "OPTIONS", Target: "/orders/1"}, ""},
		{rawhttp.Request{Method: "GET", Target: "/orders?x"}, "orders"},
		{rawhttp.Request{Method: "GET", Target: "http://api.test/orders"}, "orders"},
		{rawhttp.Request{Method: "GET", Target: "/Orders"}, ""},
		{rawhttp.Request{Method: "GET", Target: "/orders", Headers: headers("IF-NONE-MATCH", `"1"`)}, "conditional"},
		{rawhttp.Request{Method: "GET", Target: "/orders", Headers: headers("if-none-match", `"1"`, "if-none-match", `"2"`)}, "orders"},
		{rawhttp.Request{Method: "GET", Target: "/orders?page&q=x&q=a+b"}, "searched"},
		{rawhttp.Request{Method: "GET", Target: "/orders?page=7&q=a%20b"}, "searched"},
		{rawhttp.Request{Method: "GET", Target: "/orders?q=a+b"}, "orders"},
		{rawhttp.Request{Method: "GET", Target: "/orders?page=1&q=%zz"}, "orders"},
		{rawhttp.Request{Method: "GET", Target: "/a%2Fb"}, "encoded"},
		{rawhttp.Request{Method: "GET", Target: "/a/b"}, ""},
		{rawhttp.Request{Method: "GET", Target: "/static/"}, "below"},
		{rawhttp.Request{Method: "GET", Target: "/static/a/b?c"}, "below"},
		{rawhttp.Request{Method: "GET", Target: "/static"}, ""},
		{rawhttp.Request{Method: "POST", Target: "/static/a"}, ""},
		{rawhttp.Request{Method: "GET", Target: "/login", Headers: headers("cookie", "a=1", "cookie", "b=2")}, "with cookie"},
		{rawhttp.Request{Method: "GET", Target: "/login", Headers: headers("Cookie", "")}, "some cookie"},
		{rawhttp.Request{Method: "GET", Target: "/login"}, ""},
		{rawhttp.Request{Method: "patch", Target: "*"}, "lower"},
		{rawhttp.Request{Method: "PATCH", Target: "/"}, ""},
	} {
		got := api.Handle(t.Context(), &tt.request)
		if tt.want == "" {
			if got.Status != 404 {
				t.Errorf("%s %s: got %q, want 404", tt.request.Method, tt.request.Target, got.Body)
			}
		} else if string(got.Body) != tt.want {
			t.Errorf("%s %s %v: got %q, want %q", tt.request.Method, tt.request.Target, tt.request.Headers, got.Body, tt.want)
		}
	}
}

func TestTemplatesAreFilledInFromTheRequest(t *testing.T) {
	request := &rawhttp.Request{
		Method: "PUT", Target: "/", Body: []byte("the body"), BodySize: 8,
		Headers: headers("origin", "https://app.test", "X-Blank", "", "x-two", "1", "X-Two", "2", "x-bytes", "\xff\x01"),
	}
	empty := &rawhttp.Request{Method: "GET", Target: "/"}
	for _, tt := range []struct {
		template string
		want     string
		absent   string // "-": with an empty request the line is left out
	}{
		{"${origin}", "https://app.test", "-"},
		{"a${origin}b${origin}", "ahttps://app.testbhttps://app.test", "-"},
		{"${request.header.X-TWO}", "1, 2", "-"},
		{"${request.header.x-blank}", "", "-"},
		{"<${request.header.x-bytes}>", "<\xff\x01>", "-"},
		{"${request.body}", "the body", "-"},
		{"${request.header.x-none}", "-", "-"},
		{"${origin} ${request.header.x-none}", "-", "-"},
		{"", "", ""},
		{" \x00\t plain ", " \x00\t plain ", " \x00\t plain "},
		{"${sso}/orders${", "${sso}/orders${", "${sso}/orders${"},
		{"$origin ${Origin} ${ origin} ${request.header.} ${}", "$origin ${Origin} ${ origin} ${request.header.} ${}", "$origin ${Origin} ${ origin} ${request.header.} ${}"},
	} {
		api := newAPI(t, embedded.Rule{Answer: embedded.Answer{Headers: headers("X", tt.template)}})
		for r, want := range map[*rawhttp.Request]string{request: tt.want, empty: tt.absent} {
			got := api.Handle(t.Context(), r).Headers
			if want == "-" && len(got) != 0 || want != "-" && (len(got) != 1 || got[0].Value != want) {
				t.Errorf("%q for %s: got %q, want %q", tt.template, r.Method, got, want)
			}
		}
	}
}

func TestBodiesAreTemplatesToo(t *testing.T) {
	api := newAPI(t, says("${origin}|${request.body}|${x}\x00", embedded.Match{}))
	for want, r := range map[string]*rawhttp.Request{
		"a|b|${x}\x00": {Headers: headers("Origin", "a"), Body: []byte("b"), BodySize: 1},
		"||${x}\x00":   {},
	} {
		if got := api.Handle(t.Context(), r).Body; string(got) != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestALineBreakFromTheRequestStartsNoLine(t *testing.T) {
	api := newAPI(t, embedded.Rule{Answer: embedded.Answer{Headers: headers("X-Echo", "${request.body}")}})
	for _, body := range []string{"a\r\nSet-Cookie: b=c", "a\n", "a\r"} {
		got := api.Handle(t.Context(), &rawhttp.Request{Body: []byte(body), BodySize: int64(len(body))})
		if got.Status != 500 || !strings.Contains(string(got.Body), "X-Echo has a line break") || got.Headers.Has("X-Echo") {
			t.Errorf("%q: got %d %q", body, got.Status, got.Body)
		}
	}
}

func TestFuncAnswersWhereAnAnswerCannot(t *testing.T) {
	api := newAPI(t, embedded.Rule{When: embedded.Match{Path: "/f"}, Func: func(r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Status: 418, Body: []byte("${origin} " + r.Method)}
	}})
	if got := api.Handle(t.Context(), &rawhttp.Request{Method: "GET", Target: "/f"}); got.Status != 418 || string(got.Body) != "${origin} GET" {
		t.Errorf("got %d %q", got.Status, got.Body)
	}
}

func TestNoRuleIs404ThatListsTheRules(t *testing.T) {
	rules := []embedded.Rule{says("", embedded.Match{Method: "PUT", Path: "/orders", Headers: map[string]string{"b": "1", "a": ""}, Query: map[string]string{"q": ""}}), says("", embedded.Match{Path: "/x*"})}
	for range 60 {
		rules = append(rules, says("", embedded.Match{Method: "GET", Path: "/many"}))
	}
	got := newAPI(t, rules...).Handle(t.Context(), &rawhttp.Request{Method: "GET", Target: "/y?z"})
	want := "corsproof: no rule of this API is for GET /y; its rules are for:\n  PUT /orders, header a, header b=\"1\", query q\n  any method /x*\n" +
		strings.Repeat("  GET /many\n", 48) + "  and 12 more\n"
	if got.Status != 404 || string(got.Body) != want {
		t.Errorf("got %d %q", got.Status, got.Body)
	}
	for _, h := range got.Headers {
		if h.Name != "Content-Type" {
			t.Errorf("header %s", h.Name)
		}
	}
	if got := newAPI(t).Handle(t.Context(), &rawhttp.Request{Method: "GET", Target: "/"}); got.Status != 404 || !strings.Contains(string(got.Body), "it has none") {
		t.Errorf("without rules: %d %q", got.Status, got.Body)
	}
}

func TestHTTP2IsPassedOn(t *testing.T) {
	for _, want := range []bool{false, true} {
		api, err := embedded.New(embedded.Config{HTTP2: want})
		if err != nil || api.HTTP2() != want {
			t.Errorf("got %v, %v", api.HTTP2(), err)
		}
	}
}

func TestAnswersReachTheWireByteForByte(t *testing.T) {
	api := newAPI(t,
		embedded.Rule{When: embedded.Match{Path: "/odd"}, Answer: embedded.Answer{
			Status: 799, Reason: "Very Odd", Body: []byte("\x00${origin}"), Delay: time.Millisecond,
			Headers: headers("date", "d", "ACCESS-control-ALLOW-origin", " ${origin} ", "X", "", "x", "\x01\xff\x00", "X-None", "${request.header.none}", "X", ""),
		}},
		embedded.Rule{When: embedded.Match{Path: "/cut"}, Answer: embedded.Answer{Fault: rawhttp.Truncate, Headers: headers("Date", "d"), Body: []byte("0123")}},
	)
	s, err := rawhttp.Start(rawhttp.Config{Handler: api.Handle})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for request, want := range map[string]string{
		"GET /odd HTTP/1.1\r\nOrigin: https://a.test\r\nConnection: close\r\n\r\n": "HTTP/1.1 799 Very Odd\r\ndate: d\r\nACCESS-control-ALLOW-origin:  https://a.test \r\nX: \r\nx: \x01\xff\x00\r\nX: \r\nContent-Length: 15\r\n\r\n\x00https://a.test",
		"GET /cut HTTP/1.1\r\n\r\n": "HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 4\r\n\r\n01",
	} {
		if got := exchange(t, s.Addr(), request); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

// exchange sends a request on a connection of its own and returns all that comes back.
func exchange(t *testing.T, addr, request string) string {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if _, err := io.WriteString(nc, request); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(bufio.NewReader(nc))
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}
