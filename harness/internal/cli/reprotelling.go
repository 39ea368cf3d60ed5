package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/repro"
)

// telling prints comparisons as they come, and keeps what --save needs.
type telling struct {
	to          io.Writer // for people; reports have places of their own
	view        view
	out         *outputs
	showSecrets bool
	server      string // in whose words fixes are; empty: of the one that shows
	started     time.Time
	begun       bool
	planned     int // results
	sum         report.Summary
	blocked     bool  // a page that should read the answer could not
	undecided   bool  // of such a page there is no verdict
	count       int   // of comparisons
	written     error // what reports could not write: the others go on
	keep        bool
	seen        []repro.Comparison // where keep is true
}

func newTelling(s State, out *outputs, o reproOptions) *telling {
	t := &telling{to: s.Stdout, out: out, showSecrets: o.showSecrets, server: o.server, keep: o.save != "", started: time.Now()}
	t.view = view{width: s.Width, color: s.color()}
	if out.screenTaken {
		t.to, t.view.color = s.Stderr, false
	}
	return t
}

func (t *telling) note(err error) { t.written = errors.Join(t.written, err) }

func (t *telling) begin(b report.Browser) {
	if t.begun {
		return
	}
	t.begun = true
	t.note(t.out.Begin(report.Header{Version: report.Version, Suite: "repro", Browser: b, Started: t.started, Planned: t.planned}))
}

// end ends the reports, whatever ended the comparing, and returns what could not be written.
func (t *telling) end() error {
	t.begin(report.Browser{}) // where nothing else has
	t.sum.Duration, t.sum.Incomplete = time.Since(t.started), t.sum.Total() < t.planned
	t.note(t.out.End(t.sum))
	t.note(t.out.close())
	return t.written
}

func (t *telling) comparison(c repro.Comparison) error {
	if t.count++; t.count == 1 {
		t.begin(report.NewBrowser(c.Browser))
		fmt.Fprintf(t.to, "Asked %s %s.\n", c.Browser.Name, c.Browser.Version)
	}
	if t.keep {
		t.seen = append(t.seen, c)
	}
	text := t.view.request(c.Imported)
	for _, p := range c.Pages {
		redact := report.Redactor{Names: secretHeaders(c, p), Show: t.showSecrets}
		r := redact.Redact(t.result(c, p))
		text += t.view.page(r, redact.Redact(tool(c)).Replay, p)
		if !p.Stranger {
			t.blocked = t.blocked || p.Seen.Err == nil && !p.Readable()
			t.undecided = t.undecided || p.Seen.Err != nil
		}
		t.sum.Add(r)
		t.note(t.out.Result(r))
	}
	if _, err := fmt.Fprint(t.to, text); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// result is what a page came to as a report has it: it is expected to read the answer.
func (t *telling) result(c repro.Comparison, p repro.Page) report.Result {
	id := fmt.Sprintf("%d/%s", t.count, strings.TrimPrefix(p.From, "https://"))
	checks := expect.Expectation{Outcome: probe.Readable}.Evaluate(p.Seen)
	findings := p.Findings
	if p.Stranger { // nobody knows whether it should
		checks, findings = nil, diagnose.AsNotes(findings)
	}
	r := report.New(report.Case{ID: id, Name: c.Imported.Name, Cookies: c.Imported.Cookies}, p.Seen, checks)
	r.Findings = append(r.Findings, report.Configured(findings, func(string) report.Servers { return report.Servers{API: t.server, Before: t.server} })...)
	return r
}

// tool is a result of what the tool saw alone: it is known also where a page has no verdict.
func tool(c repro.Comparison) report.Result {
	seen := probe.Observation{Request: c.Imported.Request, Replay: &c.Tool}
	return report.New(report.Case{Cookies: c.Imported.Cookies}, seen, nil)
}

// secretHeaders are the names of headers that were sent or received and are likely to have secrets in them.
func secretHeaders(c repro.Comparison, p repro.Page) []string {
	lists := []fetch.HeaderList{c.Imported.Tool.Headers, c.Imported.Request.Headers, c.Tool.Headers, p.Seen.Page.Headers}
	for _, x := range p.Seen.Exchanges {
		lists = append(lists, x.Request.Headers)
		if x.Response != nil {
			lists = append(lists, x.Response.Headers)
		}
	}
	var names []string
	for _, h := range slices.Concat(lists...) {
		if repro.IsSecret(h.Name) && !slices.Contains(names, h.Name) {
			names = append(names, h.Name)
		}
	}
	return names
}

// verdict is the exit code. As in run, a page that could not read counts more than one without a verdict.
func (t *telling) verdict(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return interrupted()
	case err != nil:
		return classified(err)
	case t.blocked:
		return &exitError{code: exitFailed}
	case t.undecided:
		return &exitError{code: exitEnvironment}
	}
	return nil
}
