package expect

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Text says what a text should be: a header's value or a body. Package match
// makes one of a Gomega matcher.
type Text interface {
	// Want says in words what is wanted, as it follows "want".
	Want() string
	// Differs says how a text differs from what is wanted, in words that can be printed anywhere, or "" where it does
	// not differ. An error means that the expectation itself cannot be used.
	Differs(text string) (how string, err error)
}

// Exactly wants one text, byte for byte.
type Exactly string

// Want is part of [Text].
func (e Exactly) Want() string { return quote(string(e)) }

// Differs is part of [Text].
func (e Exactly) Differs(text string) (string, error) {
	if text == string(e) {
		return "", nil
	}
	return quote(text), nil
}

// Contains wants a text that has another one in it.
type Contains string

// Want is part of [Text].
func (c Contains) Want() string { return "containing " + quote(string(c)) }

// Differs is part of [Text].
func (c Contains) Differs(text string) (string, error) {
	if strings.Contains(text, string(c)) {
		return "", nil
	}
	return quote(text), nil
}

// Matches wants a text in which a regular expression matches somewhere; ^ and $ anchor it.
type Matches struct{ Pattern *regexp.Regexp }

// Want is part of [Text].
func (m Matches) Want() string {
	if m.Pattern == nil {
		return "matching no pattern"
	}
	return "matching " + strconv.Quote(m.Pattern.String())
}

// Differs is part of [Text].
func (m Matches) Differs(text string) (string, error) {
	switch {
	case m.Pattern == nil:
		return "", errors.New("the expectation has no pattern")
	case m.Pattern.MatchString(text):
		return "", nil
	}
	return quote(text), nil
}

// compare checks a text that is there and known; a nil want takes any.
func compare(name string, want Text, text string) Check {
	if want == nil {
		return decided(name, "present", quote(text), true)
	}
	how, err := want.Differs(text)
	switch {
	case err != nil:
		return undecided(name, want.Want(), fmt.Sprintf("%v", err))
	case how != "":
		return decided(name, want.Want(), how, false)
	}
	return decided(name, want.Want(), quote(text), true)
}
