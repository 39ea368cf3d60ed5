package jsonreport

import (
	"errors"
	"fmt"
	"io"
	"slices"
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
// It is an error if two results have the same id and step, or if suite, browser or
// the browser's settings differ; all such mistakes are listed. What could be merged has been written then, and ended.
func Merge(to report.Reporter, reports []Report) (report.Summary, error) {
	m := merger{to: to, seen: map[string]string{}}
	for _, r := range reports {
		m.read(r)
		if m.broken {
			break
		}
	}
	if !m.begun && !m.broken {
		m.note(to.Begin(report.Header{Version: report.Version}))
	}
	m.note(to.End(m.sum))
	return m.sum, errors.Join(m.errs...)
}

type merger struct {
	to     report.Reporter
	first  report.Header // of the report named from
	from   string
	begun  bool
	broken bool // the Reporter failed
	seen   map[string]string
	sum    report.Summary
	errs   []error
}

func (m *merger) note(err error) {
	if err != nil {
		m.errs = append(m.errs, err)
	}
}

func (m *merger) read(r Report) {
	head, sum, err := Read(r.Text, func(h report.Header, res report.Result) error {
		if err := m.begin(h, r.Name); err != nil {
			return err
		}
		return m.result(r.Name, res)
	})
	if err != nil {
		m.note(fmt.Errorf("%s: %w", r.Name, err))
		return
	}
	if err := m.begin(head, r.Name); err != nil {
		m.note(err)
		return
	}
	m.sum.Duration = max(m.sum.Duration, sum.Duration)
	m.compare(r.Name, head)
}

func (m *merger) begin(h report.Header, name string) error {
	if m.begun {
		return nil
	}
	m.begun, m.first, m.from = true, h, name
	err := m.to.Begin(h)
	m.broken = err != nil
	return err
}

func (m *merger) result(name string, r report.Result) error {
	key := fmt.Sprintf("%s\x00%d", r.ID, r.Step)
	if before, ok := m.seen[key]; ok {
		m.note(fmt.Errorf("%s and %s both have a result %q: give each shard its own cases", before, name, r.ID))
		return nil
	}
	m.seen[key] = name
	m.sum.Add(r)
	err := m.to.Result(r)
	m.broken = err != nil
	return err
}

func (m *merger) compare(name string, h report.Header) {
	browser := func(b report.Browser) string {
		return strings.Join([]string{b.Name, b.Version, b.Flavour}, " ")
	}
	for _, f := range []struct{ what, a, b string }{
		{"suite", m.first.Suite, h.Suite},
		{"browser", browser(m.first.Browser), browser(h.Browser)},
		{"thirdPartyCookies", m.first.Browser.ThirdPartyCookies, h.Browser.ThirdPartyCookies},
		{"browser's flags", lasting(m.first.Browser.Flags), lasting(h.Browser.Flags)},
	} {
		if f.a != f.b {
			m.note(fmt.Errorf("the %s differs: %s has %q, %s has %q", f.what, m.from, f.a, name, f.b))
		}
	}
}

// ownOfRun are flags whose values are each run's own: the addresses where it serves names, and its key.
var ownOfRun = []string{"--host-resolver-rules=", "--ignore-certificate-errors-spki-list=", "--ip-address-space-overrides="}

// lasting are the flags that are the same in each run of a suite.
func lasting(flags []string) string {
	kept := slices.DeleteFunc(slices.Clone(flags), func(flag string) bool {
		return slices.ContainsFunc(ownOfRun, func(prefix string) bool { return strings.HasPrefix(flag, prefix) })
	})
	return strings.Join(kept, " ")
}
