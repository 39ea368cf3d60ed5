package report

import (
	"errors"
	"time"
)

// Summary counts results by verdict. A flaky one is passed too.
type Summary struct {
	Passed int `json:"passed"`
	Failed int `json:"failed"`
	Errors int `json:"errors"`
	Flaky  int `json:"flaky,omitempty"`
	// Skipped is how many results were left out, since a server that they need is not installed or does not start.
	Skipped int `json:"skipped,omitempty"`
	// Incomplete is true where results are missing: the run was cut short, or a shard is not there.
	Incomplete bool `json:"incomplete,omitempty"`
	// Duration is the whole run's; the JSON has it beside the summary.
	Duration time.Duration `json:"-"`
}

// Add counts a result.
func (s *Summary) Add(r Result) {
	switch r.Verdict {
	case Pass:
		s.Passed++
	case Fail:
		s.Failed++
	default:
		s.Errors++
	}
	if r.Flaky {
		s.Flaky++
	}
}

// Total is how many results were counted.
func (s Summary) Total() int { return s.Passed + s.Failed + s.Errors }

// Reporter writes a report while results come: Begin once, Result for each,
// then End once, whatever went wrong between, so that what was finished can be
// read. Its methods are called by one goroutine at a time. No Reporter keeps results.
type Reporter interface {
	Begin(Header) error
	Result(Result) error
	End(Summary) error
}

// Multi reports to all of them. One that fails gets no more results, and is
// still ended; the others go on, also those of a Multi among them. Each error is returned once, joined with others of the same call.
func Multi(reporters ...Reporter) Reporter {
	m := &multi{}
	for _, r := range reporters {
		if inner, ok := r.(*multi); ok {
			m.reporters = append(m.reporters, inner.reporters...)
		} else {
			m.reporters = append(m.reporters, r)
		}
	}
	m.failed = make([]bool, len(m.reporters))
	return m
}

type multi struct {
	reporters []Reporter
	failed    []bool
}

func (m *multi) Begin(h Header) error {
	return m.each(func(r Reporter) error { return r.Begin(h) })
}

func (m *multi) Result(res Result) error {
	return m.each(func(r Reporter) error { return r.Result(res) })
}

func (m *multi) End(s Summary) error {
	var errs []error
	for i, r := range m.reporters {
		if err := r.End(s); err != nil && !m.failed[i] {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (m *multi) each(do func(Reporter) error) error {
	var errs []error
	for i, r := range m.reporters {
		if m.failed[i] {
			continue
		}
		if err := do(r); err != nil {
			m.failed[i] = true
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
