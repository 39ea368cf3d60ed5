package match_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

// row proves that a matcher can fail: base satisfies it, and each mutant, in
// which one field says the opposite, does not.
type row struct {
	constructor string // the function that makes the matcher
	matcher     types.GomegaMatcher
	base        func() probe.Observation
	claim       string // follows "expected the observation to"
	mutants     []mutant
}

// mutant changes one field of an Observation. says stands in the first line of the message.
type mutant struct {
	name   string
	change func(*probe.Observation)
	says   string
	// undecided is true where the field is evidence, without which both To and NotTo fail.
	undecided bool
}

func TestEveryMatcherGoesRed(t *testing.T) {
	for _, r := range rows() {
		t.Run(r.constructor+": "+r.claim, func(t *testing.T) {
			r.passes(t)
			for _, m := range r.mutants {
				t.Run(m.name, func(t *testing.T) { r.kill(t, m) })
			}
		})
	}
}

// passes takes the base: To passes, NotTo fails and says so.
func (r row) passes(t *testing.T) {
	t.Helper()
	o := r.base()
	for _, actual := range []any{o, &o} {
		if got := failures(func(g gomega.Gomega) { g.Expect(actual).To(r.matcher) }); got != "" {
			t.Errorf("the base does not satisfy it: %s", got)
		}
		got := failures(func(g gomega.Gomega) { g.Expect(actual).NotTo(r.matcher) })
		wantMessage(t, got, "expected the observation not to "+r.claim)
		wantMessage(t, failures(func(g gomega.Gomega) { g.Expect(actual).To(gomega.Not(r.matcher)) }), "expected the observation not to "+r.claim)
	}
}

func (r row) kill(t *testing.T, m mutant) {
	t.Helper()
	o := r.base()
	m.change(&o)
	if d := sample.Differences(r.base(), o); len(d) != 1 {
		t.Errorf("a mutant changes one field, this one %q", d)
	}
	to := failures(func(g gomega.Gomega) { g.Expect(o).To(r.matcher) })
	notTo := failures(func(g gomega.Gomega) { g.Expect(o).NotTo(r.matcher) })
	if m.undecided {
		wantMessage(t, to, "NOT KNOWN: ", m.says)
		wantMessage(t, notTo, "NOT KNOWN: ", m.says)
		return
	}
	wantMessage(t, to, "expected the observation to "+r.claim, m.says)
	if notTo != "" {
		t.Errorf("the negation of a mutant fails: %s", notTo)
	}
}

// wantMessage wants words in the first line, and after it the story, indented.
func wantMessage(t *testing.T, message string, words ...string) {
	t.Helper()
	first, rest, _ := strings.Cut(message, "\n")
	for _, w := range words {
		if !strings.Contains(first, w) {
			t.Errorf("%q is not in the first line:\n%s", w, message)
		}
	}
	if !strings.HasPrefix(rest, "  script:\n") {
		t.Errorf("the story does not follow:\n%s", message)
	}
	for _, section := range []string{"  wire:", "  browser:", "  server:", "  without a browser:"} {
		if !strings.Contains(rest, "\n"+section+"\n") {
			t.Errorf("the story has no %q:\n%s", section, message)
		}
	}
}

// failures are the messages of the assertions that fail.
func failures(assert func(gomega.Gomega)) string {
	var list []string
	assert(gomega.NewGomega(func(message string, _ ...int) { list = append(list, message) }))
	return strings.Join(list, "\n")
}

func TestWithoutAVerdictEveryAssertionFails(t *testing.T) {
	cause := errors.New("no browser was found")
	for _, r := range rows() {
		for want, o := range map[string]probe.Observation{cause.Error(): sample.NoVerdict(cause), "it has no outcome": {}} {
			for name, m := range map[string]types.GomegaMatcher{"the matcher": r.matcher, "Not": gomega.Not(r.matcher), "Or": gomega.Or(r.matcher, gomega.Not(r.matcher))} {
				for _, got := range []string{
					failures(func(g gomega.Gomega) { g.Expect(o).To(m) }), failures(func(g gomega.Gomega) { g.Expect(o).NotTo(m) }),
				} {
					if !strings.Contains(got, want) {
						t.Errorf("%s of %s: got %q, want it to say %q", name, r.constructor, got, want)
					}
				}
			}
		}
		if _, err := r.matcher.Match(sample.NoVerdict(cause)); !errors.Is(err, cause) {
			t.Errorf("%s hides the cause: %v", r.constructor, err)
		}
	}
}

func TestOtherTypesAreRefused(t *testing.T) {
	for _, r := range rows() {
		for want, actual := range map[string]any{
			"not []probe.Observation": []probe.Observation{sample.Readable()}, "not <nil>": nil, "not int": 200, "a nil *probe.Observation": (*probe.Observation)(nil),
		} {
			for _, got := range []string{
				failures(func(g gomega.Gomega) { g.Expect(actual).To(r.matcher) }), failures(func(g gomega.Gomega) { g.Expect(actual).NotTo(r.matcher) }),
			} {
				if !strings.Contains(got, want) {
					t.Errorf("%s: got %q, want it to say %q", r.constructor, got, want)
				}
			}
		}
	}
}

func TestMisuseIsSaid(t *testing.T) {
	for want, m := range map[string]types.GomegaMatcher{
		"say which code to match":                                          match.BeBlockedBy(""),
		"say which network error to match":                                 match.HaveFailedWith(""),
		"say which response type to match":                                 match.HaveType(""),
		"say which error to match":                                         match.HaveRejectedWith(""),
		"say which events to match":                                        match.HaveEvents(),
		"or an empty one":                                                  match.HaveEvents("load", ""),
		"say which header to match":                                        match.ExposeHeader(""),
		"say which header to match: it is empty":                           match.HideHeader(""),
		"say which cookie to match":                                        match.HaveSentCookie(""),
		"say which cookie to match:":                                       match.HaveWithheldCookie("", "x"),
		"say which cookie to match: ":                                      match.HaveRefusedCookie(""),
		`header "X" has at most one value to match`:                        match.HaveSentHeader("X", "a", "b"),
		`the value of header "X" is a string, a Gomega matcher`:            match.HaveReceivedHeader("X", 10),
		"the body to match is a string, a Gomega matcher":                  match.HaveBody([]byte("x")),
		"the body to match is a string, a Gomega matcher or an expect.Tex": match.HaveBody(nil),
	} {
		for _, got := range []string{
			failures(func(g gomega.Gomega) { g.Expect(sample.Readable()).To(m) }), failures(func(g gomega.Gomega) { g.Expect(sample.Readable()).NotTo(m) }),
		} {
			if !strings.Contains(got, want) {
				t.Errorf("got %q, want it to say %q", got, want)
			}
		}
	}
}

func TestAMatcherThatCannotBeAppliedDecidesNothing(t *testing.T) {
	m := match.ExposeHeader("X-Total", gomega.BeNumerically(">", 5))
	for _, got := range []string{
		failures(func(g gomega.Gomega) { g.Expect(sample.Readable()).To(m) }), failures(func(g gomega.Gomega) { g.Expect(sample.Readable()).NotTo(m) }),
	} {
		wantMessage(t, got, "NOT KNOWN", "Expected a number")
	}
}

func TestMessagesCannotGarbleATerminal(t *testing.T) {
	o := sample.Readable()
	o.Page.Headers[1].Value = "\x1b[31m\r\n\u202e"
	for _, m := range []types.GomegaMatcher{
		match.ExposeHeader("X-Total", "10"), match.ExposeHeader("X-Total", gomega.HavePrefix("1")), match.ExposeHeader("X-Total", gomega.And(gomega.HaveLen(2))),
	} {
		got := failures(func(g gomega.Gomega) { g.Expect(o).To(m) })
		wantMessage(t, got, "expected the observation to expose header")
		if strings.ContainsAny(got, "\x1b\r\u202e") {
			t.Errorf("%q", got)
		}
	}
}
