package expect_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
)

// row proves that a member of an Expectation can fail: base satisfies it, and
// each mutant, in which one field says the opposite, does not.
type row struct {
	expect expect.Expectation
	base   func() probe.Observation
	// check is the name of the one check that it makes.
	check   string
	mutants []mutant
}

// mutant changes one field of an Observation. says is in the check's Got.
type mutant struct {
	name   string
	change func(*probe.Observation)
	says   string
	// undecided is true where the field is evidence, without which nothing can be said.
	undecided bool
}

func TestEveryMemberGoesRed(t *testing.T) {
	for _, r := range rows() {
		t.Run(r.check, func(t *testing.T) {
			if got := only(t, r, r.base()); !got.Pass || got.Undecided {
				t.Errorf("the base does not satisfy it: %+v", got)
			}
			for _, m := range r.mutants {
				t.Run(m.name, func(t *testing.T) { r.kill(t, m) })
			}
		})
	}
}

func (r row) kill(t *testing.T, m mutant) {
	t.Helper()
	o := r.base()
	m.change(&o)
	if d := sample.Differences(r.base(), o); len(d) != 1 {
		t.Errorf("a mutant changes one field, this one %q", d)
	}
	got := only(t, r, o)
	if got.Pass || got.Undecided != m.undecided {
		t.Errorf("the mutant survives: %+v", got)
	}
	if !strings.Contains(got.Got, m.says) || strings.Contains(got.Got, "NOT KNOWN") != m.undecided {
		t.Errorf("Got does not say %q: %s", m.says, got.Got)
	}
}

// only is the one check that a row makes.
func only(t *testing.T, r row, o probe.Observation) expect.Check {
	t.Helper()
	list := r.expect.Evaluate(o)
	if len(list) != 1 || list[0].Name != r.check || list[0].Want == "" || list[0].Got == "" || list[0].At != "" {
		t.Fatalf("want one check %q, got %+v", r.check, list)
	}
	return list[0]
}
