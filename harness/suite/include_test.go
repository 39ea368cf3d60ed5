package suite_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/corsproof/corsproof/harness/suite"
)

func loadFiles(files map[string]string) (*suite.Suite, error) {
	all := fstest.MapFS{}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return suite.Load(context.Background(), "dir/suite.yaml", suite.Options{FS: all})
}

func TestIncludesAddAPIsAndCases(t *testing.T) {
	s, err := loadFiles(map[string]string{
		"dir/suite.yaml": `
suite: main
include: [sub/one.yaml, ../two.yaml]
thirdPartyCookies: block
apis: {main: {answers: []}, shared: {url: http://127.0.0.1:1, at: https://shared.example}}
defaults: {from: https://main.example}
cases: [{name: main, request: {url: "${one}/"}}]
`,
		"dir/sub/one.yaml": `
include: [../../two.yaml]
apis: {one: {answers: [{body: {file: body.txt}}]}, shared: {at: https://shared.example, url: "http://127.0.0.1:1"}}
defaults: {from: https://one.example}
cases: [{name: one, request: {url: "${main}/", method: POST, body: {file: body.txt}}}]
`,
		"dir/sub/body.txt": "hello",
		"two.yaml": `
suite: not the main one
thirdPartyCookies: block
cases: [{name: two, from: null, request: {url: "${shared}/"}}]
`,
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "name", s.Name+" "+s.ThirdPartyCookies, "main block")
	var got []string
	for c := range s.Cases() {
		got = append(got, c.ID+" "+c.From+" "+c.Pos.File)
	}
	same(t, "cases", strings.Join(got, "\n"), "main https://main.example dir/suite.yaml\none https://one.example dir/sub/one.yaml\ntwo null two.yaml")
	got = nil
	for _, a := range s.APIs {
		got = append(got, a.Name+" "+a.Pos.String())
	}
	same(t, "apis", strings.Join(got, "\n"), "main dir/suite.yaml:5:8\nshared dir/suite.yaml:5:29\none dir/sub/one.yaml:3:8")
	same(t, "body", string(s.APIs[2].Answers[0].Body), "hello")
	same(t, "files", strings.Join(s.Files, " "), "dir/suite.yaml dir/sub/one.yaml two.yaml dir/sub/body.txt")
}

func TestACaseOfAnyFileMakesASuite(t *testing.T) {
	s, err := loadFiles(map[string]string{
		"dir/suite.yaml": "suite: s\ninclude: [one.yaml]\napis: {a: {answers: []}}\n",
		"dir/one.yaml":   "cases: [{name: one, from: null, request: {url: \"${a}/\"}}]\n",
	})
	if err != nil || s.Len() != 1 {
		t.Errorf("%v", err)
	}
}

func TestIncludesHaveALimit(t *testing.T) {
	files := map[string]string{}
	for i := range 1100 {
		files[fmt.Sprintf("dir/%d.yaml", i)] = fmt.Sprintf("include: [%d.yaml]\n", i+1)
	}
	files["dir/suite.yaml"] = "suite: s\ninclude: [0.yaml]\n"
	_, err := loadFiles(files)
	if err == nil || !strings.Contains(err.Error(), "there are more than 1000 files") {
		t.Errorf("the error is %v", err)
	}
}
