package jsonreport

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/corsproof/corsproof/harness/report"
)

// Report is a file to merge: its name, for messages, and its text.
type Report struct {
	Name string
	Text io.Reader
}

// Merge writes the results of all reports to to, in the order of the reports, and their summary. The shards run
// side by side: the header is the first report's, and the whole lasts as long as the longest.
//
// An error is an [InputError] if a report cannot be read, if two results have the same id and step, or if suite, browser
// or the browser's settings differ; otherwise a shard is missing, a report is incomplete, or the Reporter failed. All that is
// wrong is listed. What could be merged has been written then, and ended; the summary says that it is incomplete.
func Merge(to report.Reporter, reports []Report) (report.Summary, error) {
	m := merger{to: to, seen: map[string]string{}}
	for _, r := range reports {
		m.read(r)
	}
	if !m.begun {
		m.written(to.Begin(report.Header{Version: report.Version}))
	}
	m.missing()
	m.sum.Incomplete = len(m.wrong)+len(m.lacking) > 0
	m.written(to.End(m.sum))
	all := append(m.lacking, m.failed...)
	if len(m.wrong) > 0 {
		all = append([]error{&InputError{errors.Join(m.wrong...)}}, all...)
	}
	return m.sum, errors.Join(all...)
}

// InputError says what is wrong with the reports that are to be merged: they are none, or do not belong together.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }

func (e *InputError) Unwrap() error { return e.Err }

type merger struct {
	to     report.Reporter
	first  report.Header // of the report named from
	from   string
	begun  bool
	shards shards
	seen   map[string]string
	sum    report.Summary

	wrong, lacking, failed []error // reports that are no parts of one whole, what is missing of it, what could not be written
}

func (m *merger) differ(format string, args ...any) {
	m.wrong = append(m.wrong, fmt.Errorf(format, args...))
}

func (m *merger) written(err error) {
	if err != nil {
		m.failed = append(m.failed, err)
	}
}

func (m *merger) read(r Report) {
	n := 0
	head, sum, err := Read(r.Text, func(h report.Header, res report.Result) error {
		n++
		m.begin(h, r.Name)
		m.result(r.Name, res)
		return nil
	})
	if err != nil {
		m.differ("%s: %w", r.Name, err)
		return
	}
	m.begin(head, r.Name)
	m.sum.Duration = max(m.sum.Duration, sum.Duration)
	m.compare(r.Name, head)
	m.sum.Skipped += sum.Skipped
	if planned := max(head.Planned-sum.Skipped, sum.Total()); n < planned {
		m.lacking = append(m.lacking, fmt.Errorf("%s is incomplete: it has %d of %d results; run that again", r.Name, n, planned))
	} else if sum.Incomplete {
		m.lacking = append(m.lacking, fmt.Errorf("%s is incomplete: run that again", r.Name))
	}
}

// begin writes the head of the whole, which is no shard.
func (m *merger) begin(h report.Header, name string) {
	if m.begun {
		return
	}
	m.begun, m.first, m.from = true, h, name
	h.Shard, h.Planned = nil, 0
	m.written(m.to.Begin(h))
}

func (m *merger) result(name string, r report.Result) {
	key := fmt.Sprintf("%s\x00%d", r.ID, r.Step)
	if before, ok := m.seen[key]; ok {
		m.differ("%s and %s both have a result %q: give each shard its own cases", before, name, r.ID)
		return
	}
	m.seen[key] = name
	m.sum.Add(r)
	m.written(m.to.Result(r))
}

func (m *merger) compare(name string, h report.Header) {
	browser := func(b report.Browser) string {
		return strings.Join([]string{b.Name, b.Version, b.Flavour}, " ")
	}
	for _, f := range []struct{ what, a, b string }{
		{"suite", m.first.Suite, h.Suite},
		{"browser", browser(m.first.Browser), browser(h.Browser)},
		{"thirdPartyCookies", m.first.Browser.ThirdPartyCookies, h.Browser.ThirdPartyCookies},
		{"browser's flags", strings.Join(m.first.Browser.LastingFlags(), " "), strings.Join(h.Browser.LastingFlags(), " ")},
	} {
		if f.a != f.b {
			m.differ("the %s differs: %s has %q, %s has %q", f.what, m.from, f.a, name, f.b)
		}
	}
	if h.Shard != nil {
		m.shard(name, *h.Shard)
	}
}
