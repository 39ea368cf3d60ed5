package embedded

import (
	"errors"
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

// RuleError is a mistake in a rule.
type RuleError struct {
	Rule   int    // the rule's index, from 0
	When   Match  // which requests it is for
	Field  string // "when.path", "status", "reason", "headers", "delay", "fault", "func"
	Reason string // what is wrong, and what would be right
}

// Error names the rule, counting from 1, and what is wrong with it.
func (e *RuleError) Error() string {
	return fmt.Sprintf("rule %d (%s): %s: %s", e.Rule+1, e.When, e.Field, e.Reason)
}

// checkRules returns every mistake as a joined list of *RuleError.
func checkRules(rules []Rule) error {
	var errs []error
	for i, rule := range rules {
		report := func(field, format string, args ...any) {
			errs = append(errs, &RuleError{i, rule.When, field, fmt.Sprintf(format, args...)})
		}
		checkMatch(rule.When, report)
		if rule.Func == nil {
			checkAnswer(&rule.Answer, report)
		} else if !rule.Answer.isZero() {
			report("func", "there is an answer as well: give one of them")
		}
	}
	return errors.Join(errs...)
}

type reporter func(field, format string, args ...any)

func checkMatch(m Match, report reporter) {
	if m.Path != "" && m.Path[0] != '/' && m.Path[0] != '*' {
		report("when.path", "%q starts with no slash: write /%s", m.Path, m.Path)
	}
	if strings.Contains(m.Path, "?") {
		report("when.path", "%q has a query: put its parameters under query", m.Path)
	}
}

func checkAnswer(a *Answer, report reporter) {
	if a.Status != 0 && (a.Status < 100 || a.Status > 999) {
		report("status", "%d is not within 100 to 999", a.Status)
	}
	if strings.ContainsAny(a.Reason, "\r\n") {
		report("reason", "%q has a line break", a.Reason)
	}
	if a.Delay < 0 {
		report("delay", "%v is negative", a.Delay)
	}
	if !a.Fault.Known() {
		report("fault", "%q is none: there are reset, truncate, hang and garbage", a.Fault)
	}
	if a.Fault == rawhttp.Truncate && a.Status != 0 && !rawhttp.HasBody(a.Status) {
		report("fault", "an answer with status %d has no body that could be cut short", a.Status)
	}
	checkHeaders(a.Headers, report)
}

func checkHeaders(headers fetch.HeaderList, report reporter) {
	for _, h := range headers {
		if h.Name == "" {
			report("headers", "a header with value %q has no name", h.Value)
		}
		if strings.ContainsAny(h.Name, "\x00\r\n") {
			report("headers", "name %q holds NUL or a line break", h.Name)
		}
		if strings.ContainsAny(h.Value, "\r\n") {
			report("headers", "the value of %s, %q, has a line break, which would start another line: give a list of values for several lines", h.Name, h.Value)
		}
	}
}
