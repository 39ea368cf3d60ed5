package importer_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"reflect"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/probe"
)

const url = "https://api.example.com/orders"

func list(pairs ...string) fetch.HeaderList {
	var l fetch.HeaderList
	for i := 0; i < len(pairs); i += 2 {
		l = append(l, fetch.Header{Name: pairs[i], Value: pairs[i+1]})
	}
	return l
}

func get(pairs ...string) importer.Imported {
	return importer.Translate(importer.ToolRequest{Method: "GET", URL: url, Headers: list(pairs...)}, nil)
}

// TestWhatScriptCannotSetIsSaid goes through the Standard's list.
func TestWhatScriptCannotSetIsSaid(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range []string{
		"Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers", "Access-Control-Request-Method", "Connection",
		"Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host", "Keep-Alive", "Origin", "Referer", "Set-Cookie",
		"TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "Sec-Anything", "proxy-anything",
	} {
		got := get(name, "x=y")
		if len(got.Request.Headers) != 0 || len(got.Impossible) != 1 {
			t.Errorf("%s: a page sends %v; impossible is %+v", name, got.Request.Headers, got.Impossible)
			continue
		}
		i := got.Impossible[0]
		if i.Header != name || i.Value != "x=y" || i.Why == "" || i.Instead == "" || strings.Contains(i.Why, "method") && !strings.HasPrefix(name, "Access-") {
			t.Errorf("%s: %+v", name, i)
		}
		seen[i.Why] = true
	}
	if len(seen) < 10 {
		t.Errorf("only %d reasons", len(seen))
	}
}

func TestWhatScriptCanSetStays(t *testing.T) {
	headers := list("Accept", "a/b", "User-Agent", "mine/1", "Authorization", "Bearer x", "X-HTTP-Method-Override", "PUT", "Content-Type", "text/plain",
		"Priority", "u=1", "Cache-Control", "no-cache", "X-Empty", "", "X-Two", "1", "x-two", "2")
	got := importer.Translate(importer.ToolRequest{Method: "PROPFIND", URL: url, Headers: headers}, nil)
	if !reflect.DeepEqual(got.Request.Headers, headers) || got.Request.Method != "PROPFIND" || got.Impossible != nil || got.Warnings != nil {
		t.Errorf("got %+v", got)
	}
	if got.Request.Credentials != "" {
		t.Errorf("credentials %q without any", got.Request.Credentials)
	}
}

func TestWhatFetchRefusesStaysAndIsSaid(t *testing.T) {
	for _, c := range []struct {
		tool importer.ToolRequest
		want string
	}{
		{importer.ToolRequest{Method: "trace"}, "trace"},
		{importer.ToolRequest{Method: "CONNECT"}, "CONNECT"},
		{importer.ToolRequest{Method: "get", Body: []byte{}}, "a body with GET"},
		{importer.ToolRequest{Method: "HEAD", Body: []byte("x")}, "a body with HEAD"},
		{importer.ToolRequest{Method: "GET", Headers: list("X Y", "1")}, "1"},
		{importer.ToolRequest{Method: "GET", Headers: list("X", "a\nb")}, "a\nb"},
		{importer.ToolRequest{Method: "GET", Headers: list("X", "…")}, "…"},
	} {
		c.tool.URL = url
		got := importer.Translate(c.tool, nil)
		if len(got.Impossible) != 1 || got.Impossible[0].Value != c.want {
			t.Errorf("%+v: %+v", c.tool, got.Impossible)
		}
		if got.Request.Method != c.tool.Method || len(got.Request.Headers) != len(c.tool.Headers) || (got.Request.Body == nil) != (c.tool.Body == nil) {
			t.Errorf("%+v: a page asks for %+v", c.tool, got.Request)
		}
	}
}

func TestABrowsersOwnHeadersAreLeftToIt(t *testing.T) {
	own := []string{"user-agent", "Mozilla/5.0", "accept", "*/*", "accept-language", "de", "priority", "u=1, i", "pragma", "no-cache",
		"cache-control", "no-cache", "if-none-match", `"1"`, "authority", "API.example.com", "sec-fetch-mode", "cors"}
	scripts := []string{"accept", "text/csv", "cache-control", "max-age=0", "authority", "other.example.com", "x-a", "1"}
	if got := get(append(own, scripts...)...); !reflect.DeepEqual(got.Request.Headers, list(scripts...)) || got.Impossible != nil || len(got.Warnings) != 1 {
		t.Errorf("got %+v", got)
	}
	if got := get("sec-ch-ua", "x", "host", "other.example.com"); len(got.Impossible) != 1 || got.Impossible[0].Header != "host" {
		t.Errorf("got %+v", got.Impossible)
	}
}

func TestWhereARequestCameFrom(t *testing.T) {
	for want, headers := range map[string][]string{
		"":                        {"Referer", "about:blank", "Origin", "nonsense"},
		"null":                    {"Origin", "null", "Referer", "https://a.test/"},
		"https://app.example.com": {"Referer", "https://a.test/", "origin", "https://app.example.com"},
		"http://localhost:3000":   {"referer", "http://localhost:3000/a?b"},
	} {
		if got := get(headers...).From; got != want {
			t.Errorf("%q: got %q, want %q", headers, got, want)
		}
	}
}

func TestUserAndPasswordLeaveTheURL(t *testing.T) {
	for raw, want := range map[string]importer.Imported{
		"https://ann:p%40%3Ass@api.example.com/a@b?c@d": {Tool: importer.ToolRequest{URL: "https://api.example.com/a@b?c@d", Basic: &importer.Basic{User: "ann", Password: "p@:ss"}}},
		"https://ann@api.example.com":                   {Tool: importer.ToolRequest{URL: "https://api.example.com", Basic: &importer.Basic{User: "ann"}}},
		"https://a@b:p%zz@api.example.com/":             {Tool: importer.ToolRequest{URL: "https://api.example.com/", Basic: &importer.Basic{User: "a@b", Password: "p%zz"}}},
		"https://:@api.example.com/":                    {Tool: importer.ToolRequest{URL: "https://api.example.com/"}},
	} {
		got, err := importer.FromURL(raw)
		if err != nil || got.Tool.URL != want.Tool.URL || got.Request.URL != want.Tool.URL || !reflect.DeepEqual(got.Tool.Basic, want.Tool.Basic) {
			t.Errorf("%s: got %+v, %v", raw, got, err)
		}
		if len(got.Impossible) != 1 || got.Impossible[0].Value != "user and password in the URL" {
			t.Errorf("%s: %+v", raw, got.Impossible)
		}
		if got.Request.Credentials != "" || (want.Tool.Basic != nil) != got.Request.Headers.Has("Authorization") {
			t.Errorf("%s: a page asks for %+v", raw, got.Request)
		}
	}
	kept := importer.Translate(importer.ToolRequest{Method: "GET", URL: "https://a:b@x.test/", Headers: list("Authorization", "Bearer x")}, nil)
	if value, _ := kept.Request.Headers.Get("Authorization"); value != "Bearer x" || kept.Tool.Basic != nil {
		t.Errorf("got %+v", kept)
	}
}

func TestABareURL(t *testing.T) {
	got, err := importer.FromURL("  https://api.example.com/a?b=1#c \n")
	if err != nil || got.Name != "GET https://api.example.com/a" || got.Request.URL != "https://api.example.com/a?b=1" ||
		got.Request.Method != "GET" || got.Tool.FollowRedirects || got.Pos != (importer.Pos{Line: 1, Col: 1}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for raw, want := range map[string]string{
		"":                    "1:1: the URL is empty",
		"api.example.com/a":   "write https:// or http:// before the host",
		"https://a b/":        "a URL has no spaces: write it as %20",
		"https://a/\tb":       "a URL has no control characters: write it as %09",
		"ftp://a/":            "neither http nor https",
		"https://[::1/":       "1:1: ",
		"https://a.test:port": "1:1: ",
	} {
		_, err := importer.FromURL(raw)
		var problem *importer.Problem
		if !errors.As(err, &problem) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", raw, err, want)
		}
	}
}

func TestBodies(t *testing.T) {
	form := &probe.Body{Form: []probe.Field{{Name: "a", Value: "b"}}}
	for name, c := range map[string]struct {
		tool     importer.ToolRequest
		form     *probe.Body
		want     *probe.Body
		wantType string
	}{
		"none":                {importer.ToolRequest{}, nil, nil, ""},
		"text of a type":      {importer.ToolRequest{Body: []byte("é"), Headers: list("content-type", "a/b")}, nil, &probe.Body{Text: "é"}, "a/b"},
		"no text":             {importer.ToolRequest{Body: []byte("\xff"), Headers: list("Content-Type", "a/b")}, nil, &probe.Body{Bytes: []byte("\xff")}, "a/b"},
		"text without a type": {importer.ToolRequest{Body: []byte("x")}, nil, &probe.Body{Bytes: []byte("x")}, ""},
		"empty":               {importer.ToolRequest{Body: []byte{}, Headers: list("Content-Type", "a/b")}, nil, &probe.Body{}, "a/b"},
		"a form":              {importer.ToolRequest{Body: []byte("a=b"), Headers: list("Content-Type", "application/x-www-form-urlencoded")}, form, form, ""},
	} {
		c.tool.Method, c.tool.URL = "POST", url
		got := importer.Translate(c.tool, c.form)
		value, _ := got.Request.Headers.Get("Content-Type")
		if !reflect.DeepEqual(got.Request.Body, c.want) || value != c.wantType {
			t.Errorf("%s: got %+v of the type %q", name, got.Request.Body, value)
		}
	}
}

func TestToolRequestsCanBeReplayed(t *testing.T) {
	tool := importer.ToolRequest{Method: "PUT", URL: url, Headers: list("Cookie", "a=b", "Host", "x"), Body: []byte("x"), FollowRedirects: true}
	want := probe.Request{Method: "PUT", URL: url, Headers: tool.Headers, Body: &probe.Body{Bytes: []byte("x")}, Redirect: fetch.Follow}
	if got := tool.Probe(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if got := (importer.ToolRequest{}).Probe(); got.Redirect != fetch.ManualRedirect || got.Body != nil {
		t.Errorf("got %+v", got)
	}
}

// TestMultipartIsReadByOthers has Go's own reader take the form apart.
func TestMultipartIsReadByOthers(t *testing.T) {
	parts := []importer.Part{
		{Name: "a", Content: []byte("1\r\n--corsproof-x\r\n")},
		{Name: "ä\"\r\n", Content: nil},
		{Name: "f", File: true, FileName: `q"uote.txt`, Type: "text/plain; charset=utf-8", Content: []byte("\xff\x00")},
		{Name: "g", File: true},
	}
	body, contentType, form := importer.Multipart(parts)
	if form != nil {
		t.Error("files are said to be fields")
	}
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for i, want := range []struct{ name, file, kind, content string }{
		{"a", "", "", "1\r\n--corsproof-x\r\n"}, {"ä%22%0D%0A", "", "", ""}, {"f", "q%22uote.txt", "text/plain; charset=utf-8", "\xff\x00"}, {"g", "", "", ""},
	} {
		p, err := r.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(p)
		if err != nil || p.FormName() != want.name || p.FileName() != want.file || p.Header.Get("Content-Type") != want.kind || string(content) != want.content {
			t.Errorf("part %d: got %q %q %v %q, %v", i, p.FormName(), p.FileName(), p.Header, content, err)
		}
	}
	if _, err := r.NextPart(); err != io.EOF {
		t.Errorf("after the last part: %v", err)
	}
}

func TestEqualFormsAreEqualBytes(t *testing.T) {
	fields := []importer.Part{{Name: "a", Content: []byte("1")}, {Name: "b", Content: []byte("2")}}
	one, _, form := importer.Multipart(fields)
	two, _, _ := importer.Multipart(fields)
	other, _, _ := importer.Multipart(fields[:1])
	if !bytes.Equal(one, two) || bytes.HasPrefix(other, one[:40]) {
		t.Error("the boundary does not depend on the parts, or on more than them")
	}
	if want := []probe.Field{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}}; form == nil || !reflect.DeepEqual(form.Multipart, want) {
		t.Errorf("got %+v", form)
	}
}
