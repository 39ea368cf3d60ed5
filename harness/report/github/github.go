package github

import (
	"fmt"
	"io"
	"strings"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/report"
)

// Writer is a [report.Reporter]: a line for each result that failed, has no verdict (errors) or is flaky (a warning).
type Writer struct{ to io.Writer }

// New writes to to, which it does not close. GitHub reads the job's standard output.
func New(to io.Writer) *Writer { return &Writer{to} }

// Begin writes nothing.
func (w *Writer) Begin(report.Header) error { return nil }

// Result writes at most one command, in one Write.
func (w *Writer) Result(r report.Result) error {
	switch {
	case r.Verdict != report.Pass:
		return w.command("error", r)
	case r.Flaky:
		return w.command("warning", r)
	}
	return nil
}

// End writes nothing: the terminal's summary stands beside this.
func (w *Writer) End(report.Summary) error { return nil }

func (w *Writer) command(level string, r report.Result) error {
	place := r.Place()
	var properties []string
	if place.File != "" {
		properties = append(properties, "file="+property(place.File))
	}
	if place.Line > 0 {
		properties = append(properties, fmt.Sprintf("line=%d", place.Line))
	}
	if place.Column > 0 {
		properties = append(properties, fmt.Sprintf("col=%d", place.Column))
	}
	properties = append(properties, "title="+property(r.Title()))
	if _, err := fmt.Fprintf(w.to, "::%s %s::%s\n", level, strings.Join(properties, ","), data(message(r))); err != nil {
		return fmt.Errorf("write the github annotations: %w", err)
	}
	return nil
}

func message(r report.Result) string {
	var list []string
	if r.Flaky {
		list = append(list, "flaky: it did not pass at first")
	}
	for _, k := range r.Failed() {
		list = append(list, k.String())
	}
	list = append(list, printable.Text(r.Line))
	for _, f := range r.Findings {
		list = append(list, printable.Text(f.Rule+": "+f.Summary))
		for _, fix := range f.Fix {
			list = append(list, printable.Text("fix: "+fix))
		}
	}
	return strings.Join(list, "\n")
}

// data escapes a message. https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes the value of a property, where colons and commas have a meaning too.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
