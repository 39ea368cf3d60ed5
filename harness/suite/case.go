package suite

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/probe"
)

// Case is one case of a suite, one combination of its matrix. What its fields refer to is shared among cases: it is not to be changed.
type Case struct {
	// ID is unique in the suite, readable, and stays the same as long as the case's name and the values of its matrix do:
	// "the-app-reads-an-order/https-app.example.com/xhr".
	ID   string
	Name string
	// From is the page's origin as its requests have it; "null" for an opaque one.
	From    string
	Cookies []probe.Cookie // their URL and Value may hold references
	Steps   []Step
	// Pos is where the case begins.
	Pos Position
}

// Step is one request of a case and what is expected of it.
type Step struct {
	// Request and Expect are as the suite has them: URL, header values, bodies and more may hold references, which
	// [Case.Resolve] and [Case.Expectations] fill in.
	Request probe.Request
	Expect  expect.Expectation
	// Finding is the rule that must find something, or "".
	Finding string
	// Cause is the rule that must be named first, [NoCause], or "".
	Cause      string
	Wait       time.Duration
	ClearCache bool
	// Pos is where the step begins.
	Pos Position

	places map[string]Position
	expect Position
}

// NoCause is the Cause of a step that no error and no warning may be found in.
const NoCause = "none"

// At is where the expectation stands that a check is about, by the name of the check; those of Finding and Cause are "finding" and "cause". For a name
// that stands for no single expectation it is the whole block.
func (s Step) At(check string) Position {
	if at, ok := s.places[check]; ok {
		return at
	}
	return s.expect
}

// StepID is the ID of a step, counted from 1: that of the case, with "#2" where the case has several.
func (c Case) StepID(step int) string {
	if len(c.Steps) < 2 {
		return c.ID
	}
	return c.ID + "#" + strconv.Itoa(step)
}

// Resolve returns the case as a probe. origins are those under which the browser reaches the APIs, by name. An error
// says for which API there is none, or which URL is not absolute.
func (c Case) Resolve(origins map[string]string) (probe.Probe, error) {
	x := expander{origins: origins, from: c.From}
	p := probe.Probe{ID: c.ID, From: c.From, Steps: make([]probe.Step, len(c.Steps))}
	for _, cookie := range c.Cookies {
		cookie.URL, cookie.Value = x.text(cookie.URL), x.text(cookie.Value)
		p.Cookies = append(p.Cookies, cookie)
	}
	for i, s := range c.Steps {
		p.Steps[i] = probe.Step{Wait: s.Wait, ClearCache: s.ClearCache, Request: x.request(s.Request)}
	}
	if err := errors.Join(x.errs...); err != nil {
		return probe.Probe{}, fmt.Errorf("%s: case %s: %w", c.Pos, c.ID, err)
	}
	return p, nil
}

// Expectations returns what is expected of each step. origins are as for [Case.Resolve].
func (c Case) Expectations(origins map[string]string) ([]expect.Expectation, error) {
	x := expander{origins: origins, from: c.From}
	list := make([]expect.Expectation, len(c.Steps))
	for i, s := range c.Steps {
		list[i] = x.expectation(s.Expect)
	}
	if err := errors.Join(x.errs...); err != nil {
		return nil, fmt.Errorf("%s: case %s: %w", c.Pos, c.ID, err)
	}
	return list, nil
}

// AnswersAt returns the API's answers with the references to APIs filled in; origins are as for [Case.Resolve]. What the embedded API
// fills in itself is still there.
func (a API) AnswersAt(origins map[string]string) ([]Answer, error) {
	x := expander{origins: origins, answers: true}
	list := make([]Answer, len(a.Answers))
	for i, answer := range a.Answers {
		headers := answer.Headers
		answer.Headers = nil
		for _, h := range headers {
			h.Value = x.text(h.Value)
			answer.Headers = append(answer.Headers, h)
		}
		if body := string(answer.Body); strings.Contains(body, "$") {
			answer.Body = []byte(x.text(body))
		}
		list[i] = answer
	}
	if err := errors.Join(x.errs...); err != nil {
		return nil, fmt.Errorf("api %s: %w", a.Name, err)
	}
	return list, nil
}
