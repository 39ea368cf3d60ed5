package match

import (
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/story"
)

// text is what an argument wants of a text: a string wants itself, a matcher what it matches.
func text(arg any) (expect.Text, error) {
	switch v := arg.(type) {
	case string:
		return expect.Exactly(v), nil
	case types.GomegaMatcher:
		return satisfying{v}, nil
	case expect.Text:
		return v, nil
	}
	return nil, fmt.Errorf("is a string, a Gomega matcher or an expect.Text, not %T", arg)
}

// satisfying wants what a matcher of Gomega's matches.
type satisfying struct{ matcher types.GomegaMatcher }

func (s satisfying) Want() string {
	name := fmt.Sprintf("%T", s.matcher)
	return "what " + name[strings.LastIndexByte(name, '.')+1:] + " matches"
}

// Differs gives the matcher's own message, in one line.
func (s satisfying) Differs(text string) (string, error) {
	ok, err := s.matcher.Match(text)
	switch {
	case err != nil:
		return "", errors.New(inLine(err.Error()))
	case ok:
		return "", nil
	}
	return inLine(s.matcher.FailureMessage(text)), nil
}

// inLine is a message of many lines as one, which can be printed anywhere.
func inLine(message string) string { return story.Plain(strings.Join(strings.Fields(message), " ")) }

// header is a matcher about a header: of its name, and of its value where one is given.
// claim has a %q for the name; of makes the expectation.
func header(claim, name string, value []any, of func(expect.Header) expect.Expectation) types.GomegaMatcher {
	h := expect.Header{Name: name}
	switch len(value) {
	case 0:
		return named("header", name, fmt.Sprintf(claim, name), of(h))
	case 1:
		t, err := text(value[0])
		if err != nil {
			return observed{misuse: fmt.Errorf("the value of header %q %w", name, err)}
		}
		h.Value = t
		return named("header", name, fmt.Sprintf(claim, name)+" as "+t.Want(), of(h))
	}
	return observed{misuse: fmt.Errorf("header %q has at most one value to match: several lines of a name are one value, joined by \", \"", name)}
}
