package suite_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/suite"
)

func TestAProblemIsRenderedWithItsLine(t *testing.T) {
	long := strings.Repeat("ab ", 60)
	cases := []struct {
		name    string
		problem suite.Problem
		want    string
	}{
		{"a caret stands under the column", suite.Problem{File: "a.yaml", Line: 3, Col: 5, What: "wrong", Source: "    moed: cors"},
			"a.yaml:3:5: wrong\n    3 |     moed: cors\n      |     ^\n"},
		{"the hint stands beside the caret", suite.Problem{File: "a.yaml", Line: 12345, Col: 1, What: "wrong", Hint: "do this", Source: "x"},
			"a.yaml:12345:1: wrong\n12345 | x\n      | ^ do this\n"},
		{"tabs are kept before the caret", suite.Problem{File: "a.yaml", Line: 1, Col: 4, What: "wrong", Source: "\t\té b"},
			"a.yaml:1:4: wrong\n    1 | \t\té b\n      | \t\t ^\n"},
		{"nothing reaches the terminal as a command", suite.Problem{File: "a.yaml", Line: 1, Col: 2, What: "wrong", Source: "a\x1b[31mb\u202e"},
			"a.yaml:1:2: wrong\n    1 | a�[31mb�\n      |  ^\n"},
		{"nor does a file's name", suite.Problem{File: "a\x1b[31m\n.yaml", What: "wrong"}, "a�[31m�.yaml: wrong\n"},
		{"a long line is cut around the column", suite.Problem{File: "a.yaml", Line: 1, Col: 100, What: "wrong", Source: long},
			"a.yaml:1:100: wrong\n    1 | …" + long[49:148] + "\n      | " + strings.Repeat(" ", 51) + "^\n"},
		{"a long line is cut after its beginning", suite.Problem{File: "a.yaml", Line: 1, Col: 2, What: "wrong", Source: long},
			"a.yaml:1:2: wrong\n    1 | " + long[:100] + "…\n      |  ^\n"},
		{"a column beyond the line", suite.Problem{File: "a.yaml", Line: 1, Col: 99, What: "wrong", Source: "x"},
			"a.yaml:1:99: wrong\n    1 | x\n      |  ^\n"},
		{"a whole file has no line", suite.Problem{File: "a.yaml", What: "wrong", Hint: "do this"}, "a.yaml: wrong\n      do this\n"},
		{"nor need it have a hint", suite.Problem{File: "a.yaml", What: "wrong"}, "a.yaml: wrong\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := c.problem.Render()
			if c.name == "a long line is cut around the column" {
				got = strings.Replace(got, "…\n", "\n", 1) // whether more follows is no matter here
			}
			same(t, "rendered", got, c.want)
		})
	}
}

func TestProblemsAreFoundInAnError(t *testing.T) {
	one := &suite.Problem{File: "a.yaml", What: "wrong"}
	if got := suite.Problems(one); len(got) != 1 || got[0] != one {
		t.Errorf("a problem alone gives %v", got)
	}
	if got := suite.Problems(errors.New("other")); got != nil {
		t.Errorf("another error gives %v", got)
	}
	if got := suite.Problems(nil); got != nil {
		t.Errorf("no error gives %v", got)
	}
}

func TestAProblemSaysTheWayToItsPlace(t *testing.T) {
	_, err := parseText(head + `cases:
  - name: a
    from: null
    request: {url: "${api}/", headers: {"x.y": [a, {b: c}]}, mode: [cors, crs], method: "A B"}
  - name: b
    from: null
    request: {url: "${api}/"}
    steps: [{request: {url: x}}]
`)
	ways := map[string]string{}
	for _, p := range suite.Problems(err) {
		ways[p.Path] = p.What
	}
	for _, want := range []string{`cases[0].request.headers["x.y"][1]`, "cases[0].request.mode[1]", "cases[0].request.method", "cases[1]", "cases[1].steps[0].request.url"} {
		if ways[want] == "" {
			t.Errorf("there is no problem at %s: %v", want, ways)
		}
	}
}

func TestTooManyProblemsAreCounted(t *testing.T) {
	_, err := parseText(head + "cases:\n" + strings.Repeat("  - {x: y}\n", 2000))
	list := suite.Problems(err)
	if len(list) != 1001 {
		t.Fatalf("%d problems", len(list))
	}
	if last := list[1000].Error(); !strings.HasPrefix(last, "suite.yaml: and ") {
		t.Errorf("the last is %s", last)
	}
}
