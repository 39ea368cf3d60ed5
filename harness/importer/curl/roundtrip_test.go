package curl_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/curl"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/replay"
)

// TestReplaysCommandIsReadBack holds the two ends together: what replay writes for people to paste is what curl reads.
func TestReplaysCommandIsReadBack(t *testing.T) {
	csv := "text/csv"
	const url = "https://api.example.com/orders?a=1&b='2'"
	jar := []probe.Cookie{
		{URL: "https://api.example.com", Name: "sid", Value: "s1", SameSite: "None", Secure: true},
		{URL: "https://api.example.com", Name: "theme", Value: "a=b", SameSite: "None", Secure: true},
	}
	for name, c := range map[string]struct {
		request probe.Request
		jar     []probe.Cookie
	}{
		"a GET":                  {request: probe.Request{URL: url}},
		"a fragment":             {request: probe.Request{URL: "http://localhost:3000/#x"}},
		"methods":                {request: probe.Request{URL: url, Method: "patch"}},
		"HEAD":                   {request: probe.Request{URL: url, Method: "HEAD"}},
		"TRACE":                  {request: probe.Request{URL: url, Method: "TRACE"}},
		"headers":                {request: probe.Request{URL: url, Headers: list("X-A", "it's $x `y` \\ \"z\"", "X-Empty", "", "x-a", "2", "X-Latin", "Zürich", "User-Agent", "mine")}},
		"a header with a tab":    {request: probe.Request{URL: url, Headers: list("X-A", "a\tb")}},
		"cookies":                {request: probe.Request{URL: url, Credentials: fetch.Include}, jar: jar},
		"a text":                 {request: probe.Request{URL: url, Method: "POST", Body: &probe.Body{Text: "two\nlines\r\n'\x01é😀!"}}},
		"an empty text":          {request: probe.Request{URL: url, Method: "POST", Body: &probe.Body{}}},
		"a text that is a file":  {request: probe.Request{URL: url, Method: "PUT", Body: &probe.Body{Text: "@/etc/passwd"}}},
		"JSON":                   {request: probe.Request{URL: url, Method: "PUT", Headers: list("content-type", "application/json"), Body: &probe.Body{Text: `{"a":[1,{"b":"c"}]}`}}},
		"bytes":                  {request: probe.Request{URL: url, Method: "POST", Headers: list("Content-Type", "application/octet-stream"), Body: &probe.Body{Bytes: []byte("\xff\xfe\x01")}}},
		"a Blob":                 {request: probe.Request{URL: url, Method: "POST", Body: &probe.Body{Bytes: []byte("a,b"), Blob: &csv}}},
		"a form":                 {request: probe.Request{URL: url, Method: "POST", Body: &probe.Body{Form: []probe.Field{{Name: "a b", Value: "ä&="}, {Name: "a b", Value: ""}}}}},
		"a multipart form":       {request: probe.Request{URL: url, Method: "POST", Body: &probe.Body{Multipart: []probe.Field{{Name: "a", Value: "@x;y=\"z\""}, {Name: "b", Value: ""}}}}},
		"a body with GET":        {request: probe.Request{URL: url, Body: &probe.Body{Text: "x"}}},
		"redirects not followed": {request: probe.Request{URL: url, Redirect: fetch.ManualRedirect}},
		"user and password":      {request: probe.Request{URL: url, User: "ann", Password: "p:ss'"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := one(t, replay.Command(c.request, c.jar))
			if tool := sentBy(t, got.Tool.Probe(), nil); !reflect.DeepEqual(tool, sentBy(t, c.request, c.jar)) {
				t.Errorf("as the tool: got %+v\nwant %+v", tool, sentBy(t, c.request, c.jar))
			}
			if got.Tool.FollowRedirects != (c.request.Redirect == "") {
				t.Errorf("follows redirects: %t", got.Tool.FollowRedirects)
			}
			if len(got.Cookies) != len(c.jar) || len(c.jar) > 0 && !reflect.DeepEqual(got.Cookies, c.jar) {
				t.Errorf("cookies: got %+v", got.Cookies)
			}
			if page := sentBy(t, got.Request, got.Cookies); !reflect.DeepEqual(page, sentBy(t, c.request, c.jar)) {
				t.Errorf("as a page: got %+v\nwant %+v", page, sentBy(t, c.request, c.jar))
			}
		})
	}
}

func list(pairs ...string) fetch.HeaderList {
	var l fetch.HeaderList
	for i := 0; i < len(pairs); i += 2 {
		l = append(l, fetch.Header{Name: pairs[i], Value: pairs[i+1]})
	}
	return l
}

// onWire is a request without what only says how it is made.
type onWire struct {
	method, url, body string
	headers           map[string][]string
}

func sentBy(t *testing.T, r probe.Request, jar []probe.Cookie) onWire {
	t.Helper()
	body, contentType, err := replay.Encode(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	w := onWire{method: r.Method, headers: map[string][]string{}, body: string(body)}
	w.url, _, _ = strings.Cut(r.URL, "#")
	if w.method == "" {
		w.method = "GET"
	}
	for _, h := range r.Headers {
		name := strings.ToLower(h.Name)
		w.headers[name] = append(w.headers[name], h.Value)
	}
	if contentType != "" && !r.Headers.Has("Content-Type") {
		w.headers["content-type"] = []string{contentType}
	}
	if r.User != "" {
		w.headers["authorization"] = []string{importer.Basic{User: r.User, Password: r.Password}.Header()}
	}
	var cookies []string
	for _, c := range jar {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	if cookies != nil {
		w.headers["cookie"] = []string{strings.Join(cookies, "; ")}
	}
	if value := w.headers["content-type"]; value != nil && strings.HasPrefix(value[0], "multipart/") {
		m := boundary.FindStringSubmatch(value[0])
		w.body, w.headers["content-type"] = strings.ReplaceAll(w.body, m[1], "B"), []string{"multipart/form-data; boundary=B"}
	}
	return w
}

// FuzzCurl looks for texts that crash the parser, and for requests that are
// others after they were written as a command and read again.
func FuzzCurl(f *testing.F) {
	samples, err := filepath.Glob("../../../fixtures/curl/*.txt")
	if err != nil || len(samples) == 0 {
		f.Fatal("no samples", err)
	}
	for _, name := range samples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, args := range commands {
		f.Add("curl '" + strings.Join(args, "' '") + "'")
	}
	f.Fuzz(func(t *testing.T, text string) {
		requests, err := curl.Parse(text, curl.Config{ReadFile: readFile})
		if err != nil && err.Error() == "" {
			t.Error("an error without a message")
		}
		for _, r := range requests {
			if !writable(r.Request) {
				continue
			}
			printed := replay.Command(r.Request, r.Cookies)
			again, err := curl.Parse(printed, curl.Config{})
			if err != nil || len(again) != 1 {
				t.Fatalf("%q became\n%s\nwhich is read as %d requests, %v", text, printed, len(again), err)
			}
			if second := replay.Command(again[0].Request, again[0].Cookies); second != printed {
				t.Errorf("%q became\n%s\nand then\n%s", text, printed, second)
			}
		}
	})
}

// writable reports whether replay.Command has words for a request: it has none
// for a body without Content-Type, and does not keep curl from reading brackets in a URL as patterns.
func writable(r probe.Request) bool {
	if strings.ContainsAny(r.URL, `[]{}\`) {
		return false
	}
	return r.Body == nil || r.Body.Multipart != nil || r.Headers.Has("Content-Type")
}
