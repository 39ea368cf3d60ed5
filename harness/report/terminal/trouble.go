package terminal

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/report"
)

// Colours of ECMA-48, as every terminal has them.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	faint  = "2"
)

func (w *Writer) paint(color, text string) string {
	if !w.c.Color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

const indent = "      "

// trouble tells of a case that failed, has no verdict, or is flaky.
func (w *Writer) trouble(r report.Result) string {
	var b strings.Builder
	line := func(text string) { b.WriteString(indent + text + "\n") }
	b.WriteString(w.label(r) + r.Title() + "\n")
	if r.At != "" {
		line(w.paint(faint, printable.Text(r.At)))
	}
	line(printable.Text(r.Line))
	for _, k := range failed(r) {
		text := w.paint(red, "x ") + k.String()
		if k.At != "" {
			text += w.paint(faint, " at "+printable.Text(k.At))
		}
		line(text)
	}
	w.findings(&b, r)
	if w.c.Explain {
		for text := range strings.SplitSeq(strings.TrimSuffix(r.Story, "\n"), "\n") {
			line(printable.Text(text))
		}
	}
	return b.String()
}

// findings tells what rules say: of the first, which is the cause, with what shows it.
func (w *Writer) findings(b *strings.Builder, r report.Result) {
	for i, f := range r.Findings {
		label := printable.Text(f.Severity + " " + f.Rule)
		text := w.folded(label+": "+printable.Text(f.Summary), indent+"  ")
		b.WriteString(indent + w.paint(yellow, label) + strings.TrimPrefix(text, label) + "\n")
		for _, e := range f.Evidence {
			if i == 0 {
				b.WriteString(indent + "  " + w.folded("evidence: "+printable.Text(e), indent+"    ") + "\n")
			}
		}
		for _, fix := range f.Fix {
			b.WriteString(indent + "  " + w.folded("fix: "+printable.Text(fix), indent+"    ") + "\n")
		}
		if f.Config != nil {
			for _, text := range w.configs.Lines(*f.Config, r.Title()) {
				b.WriteString(w.configLine(printable.Text(text)))
			}
		}
	}
}

// configLine is a line of a configuration: what is to be pasted stands behind four blanks, and is not broken.
func (w *Writer) configLine(text string) string {
	if strings.HasPrefix(text, "    ") {
		return indent + "  " + text + "\n"
	}
	return indent + "  " + w.folded(text, indent+"    ") + "\n"
}

// folded breaks a text at blanks where it meets a terminal's edge, and begins further lines so. What goes elsewhere stays in one line,
// to be searched.
func (w *Writer) folded(text, begin string) string {
	if !w.c.TTY {
		return text
	}
	lead := text[:len(text)-len(strings.TrimLeft(text, " "))]
	return lead + strings.Join(printable.Wrap(text, w.c.Width-len(begin)), "\n"+begin)
}

// warned reports a result that passed, and of which something grave was found all the same.
func warned(r report.Result) bool {
	return slices.ContainsFunc(r.Findings, func(f report.Finding) bool { return f.Severity != "note" })
}

// failed are the checks that say more than the line before them: without a verdict there is only one, and it says the same.
func failed(r report.Result) []report.Check {
	if r.Verdict == report.Error {
		return nil
	}
	return r.Failed()
}

func (w *Writer) label(r report.Result) string {
	switch r.Verdict {
	case report.Pass:
		return w.paint(yellow, "flaky ")
	case report.Fail:
		return w.paint(red, "FAIL  ")
	}
	return w.paint(red, "ERROR ")
}
