package cli

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/suite"
)

// advise prints what a suite asks for and a browser silently does otherwise. It is no mistake: it may be what is tested.
func advise(s State, suites []*suite.Suite) {
	said := map[string]bool{}
	for _, loaded := range suites {
		for c := range loaded.Cases() {
			for _, step := range c.Steps {
				for _, h := range step.Request.Headers {
					line := fmt.Sprintf("%s: script cannot set the header %s, and the browser drops it without a word", step.Pos, h.Name)
					if fetch.IsForbiddenRequestHeader(h.Name, h.Value) && !said[line] {
						said[line] = true
						fmt.Fprintf(s.Stderr, "corsproof: %s\n", printable.Text(line+instead(h.Name)))
					}
				}
			}
		}
	}
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
