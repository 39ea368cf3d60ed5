package cli

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/suite"
)

// advise prints what a suite asks for and a browser silently does otherwise, and which cases pass whatever happens. It is no mistake: it may
// be what is tested.
func advise(s State, suites []*suite.Suite) {
	said := map[string]bool{}
	say := func(line, more string) {
		if !said[line] {
			said[line] = true
			fmt.Fprintf(s.Stderr, "corsproof: %s\n", printable.Text(line+more))
		}
	}
	for _, loaded := range suites {
		for c := range loaded.Cases() {
			if !slices.ContainsFunc(c.Steps, expectsSomething) {
				say(fmt.Sprintf("%s: the case %q expects nothing, and passes whatever happens", c.Pos, c.Name), "; `expect: {outcome: readable}` would do")
			}
			for _, step := range c.Steps {
				for _, h := range step.Request.Headers {
					if fetch.IsForbiddenRequestHeader(h.Name, h.Value) {
						say(fmt.Sprintf("%s: script cannot set the header %s, and the browser drops it without a word", step.Pos, h.Name), instead(h.Name))
					}
				}
			}
		}
	}
}

func expectsSomething(step suite.Step) bool {
	return step.Finding != "" || step.Cause != "" || !reflect.DeepEqual(step.Expect, expect.Expectation{})
}

// instead is what to write for some headers.
func instead(name string) string {
	switch strings.ToLower(name) {
	case "cookie":
		return "; `cookies` puts cookies into the jar"
	case "origin", "referer":
		return "; `from` decides it"
	case "host":
		return "; the URL decides it"
	}
	return ""
}
