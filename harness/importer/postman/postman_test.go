package postman_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/internal/goldentest"
	"github.com/corsproof/corsproof/harness/importer/postman"
)

var config = postman.Config{
	Environment: map[string]string{"host": "api.example.com", "user": "ann", "$guid": "guid-1"},
	ReadFile: func(name string) ([]byte, error) {
		if strings.HasPrefix(name, "/home/ann/") || strings.HasPrefix(name, `C:\Users\ann\`) {
			return []byte("content of " + name), nil
		}
		return nil, errors.New("no such file")
	},
}

func TestSamples(t *testing.T) {
	goldentest.Samples(t, "../../../fixtures/postman", ".json", func(data []byte) ([]importer.Imported, error) {
		return postman.Parse(data, config)
	})
}

// collection has one request, of that JSON.
func collection(request string) string {
	return `{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": [{"name": "r", "request": ` + request + `}]}`
}

func TestURLs(t *testing.T) {
	for url, want := range map[string]string{
		`"https://a.test"`:               "https://a.test",
		`"a.test/b"`:                     "http://a.test/b",
		`"https://a.test/é {x}?q=é\"#f"`: "https://a.test/%C3%A9%20%7Bx%7D?q=%C3%A9%22",
		`{"raw": "https://a.test/x?a=1&b=2", "query": [{"key": "a", "value": "1"}, {"key": "b", "value": "2", "disabled": true}]}`: "https://a.test/x?a=1",
		`{"raw": "https://a.test/x?a=1", "query": []}`: "https://a.test/x",
		`{"raw": "https://a.test/x?a=1"}`:              "https://a.test/x?a=1",
		`{"protocol": "https", "host": ["a", "test"], "port": "8443", "path": ["b", {"type": "string", "value": "c"}, ""]}`: "https://a.test:8443/b/c/",
		`{"host": "a.test"}`: "http://a.test",
		`{"raw": "https://a.test/:id/x:y/:gone", "variable": [{"key": "id", "value": "1"}]}`: "https://a.test/1/x:y/:gone",
		`{"raw": "https://:id/", "variable": [{"key": "id", "value": "a.test"}]}`:            "",
		`"{{host}}/x?y=1"`: "http://api.example.com/x?y=1",
	} {
		list, err := postman.Parse([]byte(collection(`{"url": `+url+`}`)), config)
		got := ""
		if len(list) == 1 {
			got = list[0].Request.URL
		}
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q and %v, want %q", url, got, err, want)
		}
	}
}

func TestVariables(t *testing.T) {
	doc := `{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"variable": [{"key": "a", "value": "collection"}, {"key": "b", "value": "collection"}, {"key": "host", "value": "collection"}],
		"item": [{"name": "f", "variable": [{"key": "b", "value": "folder {{a}}"}], "item": [
			{"name": "r", "request": {"url": "https://x.test", "header": [{"key": "X-{{a}}", "value": "{{ b }},{{host}},{{c}"}]}}]}]}`
	list, err := postman.Parse([]byte(doc), config)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	want := fetch.Header{Name: "X-collection", Value: "folder collection,api.example.com,{{c}"}
	if got := list[0].Request.Headers[0]; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestVariablesThatGrowWithoutEndAreRefused(t *testing.T) {
	for name, last := range map[string]string{"bytes": strings.Repeat("x", 100_000), "nothing": ""} {
		list := []string{`{"key": "v15", "value": "` + last + `"}`}
		for i := range 15 {
			list = append(list, fmt.Sprintf(`{"key": "v%d", "value": "{{v%d}}{{v%d}}{{v%d}}"}`, i, i+1, i+1, i+1))
		}
		doc := strings.Replace(collection(`{"url": "https://a.test/{{v0}}"}`), `"item"`, `"variable": [`+strings.Join(list, ",")+`], "item"`, 1)
		_, err := postman.Parse([]byte(doc), config)
		if err == nil || !strings.Contains(err.Error(), "grows without end") {
			t.Errorf("%s: got %.200v", name, err)
		}
	}
}

func TestFoldersTooDeepAreRefused(t *testing.T) {
	deep := strings.Repeat(`{"name": "f", "item": [`, 100) + strings.Repeat(`]}`, 100)
	_, err := postman.Parse([]byte(`{"info": {"schema": "/v2.1.0/"}, "item": [`+deep+`]}`), config)
	if err == nil || !strings.Contains(err.Error(), "more than 64 folders") {
		t.Error(err)
	}
}

func TestWithoutReadFileNoFileIsRead(t *testing.T) {
	_, err := postman.Parse([]byte(collection(`{"method": "POST", "url": "https://a.test", "body": {"mode": "file", "file": {"src": "/etc/hostname"}}}`)), postman.Config{Name: "shop.json"})
	var problem *importer.Problem
	if !errors.As(err, &problem) || problem.Name != "shop.json" || !strings.Contains(problem.Message, "cannot be read here") {
		t.Error(err)
	}
}

// FuzzPostman looks for files that crash the reader or name things that they do not have.
func FuzzPostman(f *testing.F) {
	err := fs.WalkDir(os.DirFS("../../../fixtures/postman"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join("../../../fixtures/postman", path))
		f.Add(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(collection(`{"url": {"raw": "https://a.test/:x", "variable": [{"key": "x", "value": "{{y}}"}]}, "auth": {"type": "apikey", "apikey": [{"key": "key"}]}}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := postman.Parse(data, config)
		if err == nil && len(list) == 0 {
			t.Error("neither a request nor an error")
		}
		for _, i := range list {
			if bad := importer.CheckURL(i.Request.URL); bad != nil {
				t.Errorf("%s: %v", i.Name, bad)
			}
			if !fetch.IsMethod(i.Request.Method) {
				t.Errorf("%s: the method %q", i.Name, i.Request.Method)
			}
			if i.Pos.Line == 0 {
				t.Errorf("%s stands nowhere", i.Name)
			}
		}
	})
}
