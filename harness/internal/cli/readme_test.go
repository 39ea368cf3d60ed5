package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/suite"
)

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestTheReadmesSuitesCanBeRead loads what a newcomer copies first.
func TestTheReadmesSuitesCanBeRead(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(suite:.*?)```").FindAllStringSubmatch(readme(t), -1)
	if len(blocks) == 0 {
		t.Fatal("the README shows no suite")
	}
	for _, b := range blocks {
		fs := fstest.MapFS{"readme.yaml": {Data: []byte(b[1])}}
		if _, err := suite.Load(t.Context(), "readme.yaml", suite.Options{FS: fs}); err != nil {
			t.Error(err)
		}
	}
}

// TestTheReadmesCommandsExist looks each command and each of its flags up.
func TestTheReadmesCommandsExist(t *testing.T) {
	top := root(State{Env: func(string) (string, bool) { return "", false }})
	top.InitDefaultCompletionCmd()
	calls := regexp.MustCompile(`corsproof ((?:run|repro|merge|[a-z]+)\b)([^\n]*)`).FindAllStringSubmatch(readme(t), -1)
	known := 0
	for _, call := range calls {
		cmd := commandOf(top, call[1])
		if cmd == nil {
			if regexp.MustCompile("`corsproof " + call[1] + "\\b").MatchString(readme(t)) {
				t.Errorf("there is no command corsproof %s", call[1])
			}
			continue
		}
		known++
		ours, _, _ := strings.Cut(call[2], " -- ") // what follows is curl's
		for _, flag := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(ours, -1) {
			if cmd.Flags().Lookup(flag[1]) == nil {
				t.Errorf("corsproof %s has no flag --%s", call[1], flag[1])
			}
		}
	}
	if known < 10 {
		t.Errorf("only %d commands were found in the README", known)
	}
}

func commandOf(top *cobra.Command, name string) *cobra.Command {
	for _, c := range top.Commands() {
		if c.Name() == name {
			return c
		}
	}
	return nil
}
