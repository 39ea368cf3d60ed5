package postman_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/importer/internal/goldentest"
	"github.com/corsproof/corsproof/harness/importer/postman"
)

func TestAuthorization(t *testing.T) {
	for auth, want := range map[string]string{
		`{"type": "apikey", "apikey": [{"key": "key", "value": "k"}, {"key": "value", "value": "a&b"}, {"key": "in", "value": "query"}]}`:         "tool     GET https://a.test?k=a%26b follow\n",
		`{"type": "apikey", "apikey": [{"key": "key", "value": "X-K"}, {"key": "value", "value": "{{user}}"}, {"key": "in", "value": "header"}]}`: "\n         X-K: ann\n",
		`{"type": "apikey", "apikey": []}`: "warning  the API key has no name",
		`{"type": "oauth2", "oauth2": [{"key": "accessToken", "value": "t"}, {"key": "addTokenTo", "value": "queryParams"}]}`: "tool     GET https://a.test?access_token=t follow\n",
		`{"type": "oauth2", "oauth2": [{"key": "accessToken", "value": "t"}]}`:                                                "Authorization: Bearer t\n",
		`{"type": "oauth2", "oauth2": [{"key": "accessToken", "value": "t"}, {"key": "headerPrefix", "value": ""}]}`:          "Authorization: t\n",
		`{"type": "basic", "basic": [{"key": "username", "value": "{{user}}"}]}`:                                              "basic \"ann\" \"\"\n",
		`{"type": "bearer", "bearer": null}`:                                                                                  "warning  the bearer token is empty",
		`{"type": "basic", "basic": []}`:                                                                                      "warning  there is neither user nor password",
		`{"type": "hawk"}`:                                                                                                    `authorization of the type "hawk" is not imported`,
		`{"type": "noauth"}`:                                                                                                  "tool     GET https://a.test follow\npage",
		`null`:                                                                                                                "tool     GET https://a.test follow\npage",
		`{"type": 1}`:                                                                                                         `authorization of the type "1" is not imported`,
		`{"type": []}`:                                                                                                        "a JSON array cannot stand here",
		`{"type": "bearer", "bearer": [{"value": [1]}]}`:                                                                      "a JSON array cannot stand here",
	} {
		got := goldentest.Text(postman.Parse([]byte(collection(`{"url": "https://a.test", "auth": `+auth+`}`)), config))
		if !strings.Contains(got, want) {
			t.Errorf("%s: got\n%s\nwant %q", auth, got, want)
		}
	}
	got := goldentest.Text(postman.Parse([]byte(collection(`{"url": "https://a.test?x", "header": [{"key": "authorization", "value": "old"}],
		"auth": {"type": "apikey", "apikey": [{"key": "key", "value": "k"}, {"key": "in", "value": "query"}]}}`)), config))
	if !strings.Contains(got, "https://a.test?x&k= follow\n         authorization: old\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestBodies(t *testing.T) {
	for body, want := range map[string]string{
		`{"mode": "urlencoded", "urlencoded": "a={{user}}&b"}`:                        `text "a=ann&b"`,
		`{"mode": "urlencoded", "urlencoded": [{"key": "{{user}}", "value": 1}]}`:     `form [{"ann" "1"}]`,
		`{"mode": "urlencoded", "urlencoded": []}`:                                    "form []",
		`{"mode": "urlencoded"}`:                                                      `text ""`,
		`{"mode": "formdata", "formdata": [{"key": "a", "value": "{{user}}"}]}`:       `multipart [{"a" "ann"}]`,
		`{"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": []}]}`: "no file is chosen for the field a",
		`{"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": "/home/ann/x", "fileName": "{{user}}.txt", "contentType": "a/b"}]}`: `filename=\"ann.txt\"\r\nContent-Type: a/b\r\n\r\ncontent of /home/ann/x`,
		`{"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": ["gone"]}]}`:                                                        "the file gone cannot be read: no such file",
		`{"mode": "formdata", "formdata": [{"key": "a", "value": {}}]}`:                                                                            "a JSON object cannot stand here",
		`{"mode": "file", "file": {"content": "inline {{user}}"}}`:                                                                                 `bytes "inline ann"`,
		`{"mode": "file", "file": {}}`: "no file is chosen for the body",
		`{"mode": "file"}`:             "no file is chosen for the body",
		`{"mode": "graphql", "graphql": {"query": "{a<b}", "operationName": "Q", "variables": {"x": "{{user}}"}}}`: `text "{\"query\":\"{a<b}\",\"operationName\":\"Q\",\"variables\":{\"x\":\"ann\"}}"`,
		`{"mode": "graphql", "graphql": {"query": "{a}"}}`:                                                         `\"variables\":{}}"`,
		`{"mode": "raw", "raw": "x", "options": {"raw": {"language": "html"}}}`:                                    "Content-Type: text/html\n",
		`{"mode": "raw", "raw": "x", "options": {"raw": {"language": "unheard-of"}}}`:                              `bytes "x"`,
		`{"mode": "raw", "raw": ""}`: "page     POST https://a.test\n\n",
		`{"mode": "none"}`:           "page     POST https://a.test\n\n",
		`null`:                       "page     POST https://a.test\n\n",
		`[]`:                         "a JSON array cannot stand here",
	} {
		got := goldentest.Text(postman.Parse([]byte(collection(`{"method": "POST", "url": "https://a.test", "body": `+body+`}`)), config))
		if !strings.Contains(got, want) {
			t.Errorf("%s: got\n%s\nwant %q", body, got, want)
		}
	}
}

func TestAFormUnderAnotherNameIsBytes(t *testing.T) {
	for body, want := range map[string]string{
		`{"mode": "formdata", "formdata": [{"key": "a", "value": "b"}]}`:     `text "--corsproof-`,
		`{"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "b"}]}`: `text "a=b"`,
	} {
		got := goldentest.Text(postman.Parse([]byte(collection(`{"method": "POST", "url": "https://a.test", "header": [{"key": "Content-Type", "value": "a/b"}], "body": `+body+`}`)), config))
		if !strings.Contains(got, want) || strings.Count(got, "Content-Type: a/b\n") != 2 {
			t.Errorf("%s: got\n%s\nwant %q", body, got, want)
		}
	}
}

func TestScripts(t *testing.T) {
	for event, want := range map[string]string{
		`[{"listen": "prerequest", "script": {"exec": "pm.x()"}}]`:                            "not run: the pre-request script of this request",
		`[{"listen": "test", "script": {"exec": ["", "pm.x()"]}}]`:                            "not run: the tests of this request",
		`[{"listen": "other", "script": {"exec": ["x"]}}]`:                                    `not run: the script "other" of this request`,
		`[{"listen": "test", "disabled": true, "script": {"exec": ["x"]}}]`:                   "",
		`[{"listen": "test", "script": {"exec": ["", " ", "\t", "\r"]}}, {"listen": "test"}]`: "",
		`[{"listen": "test", "script": {"exec": []}}]`:                                        "",
	} {
		doc := strings.Replace(collection(`{"url": "https://a.test"}`), `"name": "r"`, `"name": "r", "event": `+event, 1)
		list, err := postman.Parse([]byte(doc), config)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if got := strings.Join(list[0].Warnings, "\n"); got != want {
			t.Errorf("%s: got %q, want %q", event, got, want)
		}
	}
}

func TestOtherFormats(t *testing.T) {
	for doc, want := range map[string]string{
		`{"info": {"schema": "https://schema.getpostman.com/json/collection/v9.0.0/collection.json"}}`: "of an unknown format",
		`{"info": {"name": "x"}}`: "there is no info.schema",
		`{"log": {}}`:             "this is a HAR",
		`[]`:                      "this is no Postman collection",
		`"x"`:                     "this is no Postman collection",
		``:                        "unexpected end of JSON input",
		`{} {}`:                   "this is no JSON",
		`{"info": {"schema": "/v2.1.0/"}, "item": [{"name": []}, {"name": "n"}, 1, null]}`: "a JSON array cannot stand here",
		`{"info": {"schema": "/v2.1.0/"}, "item": {}}`:                                     "there is no request in this collection",
	} {
		_, err := postman.Parse([]byte(doc), config)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", doc, err, want)
		}
	}
}
