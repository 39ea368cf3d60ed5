package cases_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/diagnose/cases"
	"github.com/corsproof/corsproof/harness/suite"
	"github.com/corsproof/corsproof/servers"
)

func TestEveryRuleHasCasesAndNearMisses(t *testing.T) {
	opts := suite.Options{FS: cases.Files(), Servers: servers.Names(), Parts: servers.PartNames()}
	for _, r := range diagnose.Rules() {
		opts.Rules = append(opts.Rules, r.ID)
	}
	for _, rule := range opts.Rules {
		t.Run(rule, func(t *testing.T) {
			s, err := suite.Load(t.Context(), cases.Suite(rule), opts)
			if err != nil {
				t.Fatal(err)
			}
			if s.Name != rule {
				t.Errorf("the suite is called %s", s.Name)
			}
			positive, near := count(s, rule)
			if positive == 0 || near == 0 {
				t.Errorf("%d cases of the rule and %d near misses", positive, near)
			}
			if !strings.Contains(cases.Example(rule), " "+rule+": ") {
				t.Error("the example does not show its finding: make rules")
			}
		})
	}
}

// count is how many of a suite's cases expect a rule, and how many another cause or none.
func count(s *suite.Suite, rule string) (positive, near int) {
	for c := range s.Cases() {
		for _, step := range c.Steps {
			switch {
			case step.Cause == rule || step.Finding == rule:
				positive++
			case step.Cause != "":
				near++
			}
		}
	}
	return positive, near
}

func TestEveryFolderIsARules(t *testing.T) {
	folders, err := fs.ReadDir(cases.Files(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if _, ok := diagnose.Lookup(f.Name()); !ok {
			t.Errorf("there is no rule %s", f.Name())
		}
	}
	if cases.Example("no-such-rule") != "" {
		t.Error("there is an example of every name")
	}
}
