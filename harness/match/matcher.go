package match

import (
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/story"
)

// observed matches an Observation of which all checks of an expectation pass.
type observed struct {
	// claim follows "expected the observation to" or "not to".
	claim       string
	expectation expect.Expectation
	// misuse is why the matcher cannot be used, as it was made.
	misuse error
}

func that(claim string, e expect.Expectation) types.GomegaMatcher {
	return observed{claim: claim, expectation: e}
}

// named is a matcher about something that has a name. Without the name it would
// expect less than it says, or nothing at all, so it is refused.
func named(what, name, claim string, e expect.Expectation) types.GomegaMatcher {
	if name == "" {
		return observed{misuse: fmt.Errorf("say which %s to match: it is empty", what)}
	}
	return that(claim, e)
}

// Match is part of Gomega's matcher. It gives an error where nothing can be said either way.
func (m observed) Match(actual any) (bool, error) {
	if m.misuse != nil {
		return false, m.misuse
	}
	o, err := observation(actual)
	if err != nil {
		return false, fmt.Errorf("cannot expect anything to %s: %w", m.claim, err)
	}
	all := true
	for _, c := range m.expectation.Evaluate(o) {
		if c.Undecided {
			return false, unknown{what: fmt.Sprintf("cannot expect the observation to %s, or not to; %s: %s", m.claim, story.Plain(c.Name), c.Got), o: o}
		}
		all = all && c.Pass
	}
	return all, nil
}

// FailureMessage is part of Gomega's matcher: what was expected in one line, and the story.
func (m observed) FailureMessage(actual any) string {
	return m.message("to", actual, func(c expect.Check) string {
		if c.Pass {
			return ""
		}
		return fmt.Sprintf("; %s: want %s, got %s", story.Plain(c.Name), c.Want, c.Got)
	})
}

// NegatedFailureMessage is part of Gomega's matcher, as FailureMessage.
func (m observed) NegatedFailureMessage(actual any) string {
	return m.message("not to", actual, func(c expect.Check) string { return fmt.Sprintf("; %s: got %s", story.Plain(c.Name), c.Got) })
}

func (m observed) message(to string, actual any, of func(expect.Check) string) string {
	o, err := observation(actual)
	if err != nil {
		return err.Error()
	}
	line := fmt.Sprintf("expected the observation %s %s", to, m.claim)
	for _, c := range m.expectation.Evaluate(o) {
		line += of(c)
	}
	return line + "\n" + tell(o) + cause(o, m.expectation.Outcome == "" || m.expectation.Outcome == probe.Readable)
}

// observation takes what an assertion is about.
func observation(actual any) (probe.Observation, error) {
	switch o := actual.(type) {
	case probe.Observation:
		return o, nil
	case *probe.Observation:
		if o != nil {
			return *o, nil
		}
		return probe.Observation{}, errors.New("it is a nil *probe.Observation")
	}
	return probe.Observation{}, fmt.Errorf("the matchers of package match take a probe.Observation, as Fetch and XHR return it, not %T", actual)
}

// unknown is the error where nothing can be said either way. It tells the story, and wraps why there is no verdict.
type unknown struct {
	what string
	o    probe.Observation
}

func (u unknown) Error() string { return u.what + "\n" + tell(u.o) }

func (u unknown) Unwrap() error { return u.o.Err }

// tell is the story, indented.
func tell(o probe.Observation) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(story.Tell(o), "\n"), "\n", "\n  ")
}

// cause is the first finding about what script did not get, if there is one; how to open the API only where it is to be open.
func cause(o probe.Observation, open bool) string {
	found := diagnose.Find(o)
	if len(found) == 0 || found[0].Severity == diagnose.Note {
		return ""
	}
	text := "\n\n  " + found[0].Rule + ": " + found[0].Summary
	if !open {
		return text
	}
	for _, fix := range found[0].Fix {
		text += "\n  fix: " + fix
	}
	return text
}
