package cases_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/diagnose/cases"
)

var update = flag.Bool("update", false, "write the rules' reference")

const (
	readme     = "../README.md"
	begin, end = "<!-- rules: begin -->\n", "<!-- rules: end -->\n"
)

func TestTheReferenceSaysWhatTheRulesDo(t *testing.T) {
	was, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(was), begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatalf("%s has no place for the rules: put the lines %q and %q there", readme, begin, end)
	}
	now := before + begin + reference() + end + after
	if *update {
		if err := os.WriteFile(readme, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now != string(was) {
		t.Error("harness/diagnose/README.md is stale: make rules")
	}
}

// reference is a table of all rules, and a section for each.
func reference() string {
	var b strings.Builder
	b.WriteString("\n| rule | severity | |\n| --- | --- | --- |\n")
	for _, r := range diagnose.Rules() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.ID, r.ID, r.Severity, r.Title)
	}
	for _, r := range diagnose.Rules() {
		fmt.Fprintf(&b, "\n### %s\n\n%s. %s\n\n[The Standard](%s)", r.ID, escaped(r.Title), escaped(r.Explanation), r.Clause)
		if len(r.Codes) > 0 {
			fmt.Fprintf(&b, "; the browser says `%s`", strings.Join(r.Codes, "`, `"))
		}
		fmt.Fprintf(&b, "; [cases](cases/%s)\n\n```\n%s```\n", cases.Suite(r.ID), cases.Example(r.ID))
	}
	b.WriteString("\n")
	return b.String()
}

// escaped keeps Markdown from reading * and _ as emphasis.
func escaped(text string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`).Replace(text)
}
