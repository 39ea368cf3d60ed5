package terminal

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/report"
)

// Config says how to write. Its zero value but for To writes plain lines.
type Config struct {
	To io.Writer
	// TTY is true where To is a terminal: there is a bar then, and cases that pass have no line of their own.
	TTY bool
	// Color allows colours. The caller knows of NO_COLOR.
	Color bool
	// Width of the terminal in columns; 0 means 80. Only the bar cares: lines that are to be copied are not broken.
	Width int
	// Total is how many results will come; 0 where that is not known.
	Total int
	// Explain tells the whole story of each case that did not pass.
	Explain bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Writer is a [report.Reporter].
type Writer struct {
	c     Config
	sum   report.Summary
	begun time.Time
	drawn time.Time
	bar   bool // a bar stands on the terminal's last line
	// configs are those that were written out.
	configs report.Told
}

// New reports to c.To, which it does not close.
func New(c Config) *Writer {
	c.Width = cmp.Or(c.Width, 80)
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Writer{c: c, configs: report.Told{}}
}

// Begin says what is asked, and whom.
func (w *Writer) Begin(h report.Header) error {
	w.begun = w.c.Now()
	b := h.Browser
	text := printable.Text(strings.TrimSpace(h.Suite + " in " + b.Name + " " + b.Version))
	if b.Flavour != "" && !strings.EqualFold(b.Flavour, b.Name) {
		text += " (" + printable.Text(b.Flavour) + ")"
	}
	if b.ThirdPartyCookies != "" {
		text += ", third-party cookies: " + printable.Text(b.ThirdPartyCookies)
	}
	return w.write(text + "\n" + w.redraw(true))
}

// Result tells of one result, in one Write.
func (w *Writer) Result(r report.Result) error {
	w.sum.Add(r)
	text := w.told(r)
	if text != "" {
		return w.write(w.erase() + text + w.redraw(true))
	}
	return w.write(w.redraw(false))
}

func (w *Writer) told(r report.Result) string {
	switch {
	case r.Verdict != report.Pass || r.Flaky:
		return w.trouble(r)
	case w.c.Explain && warned(r):
		var b strings.Builder
		b.WriteString(w.paint(yellow, "ok    ") + r.Title() + "\n")
		w.findings(&b, r)
		return b.String()
	case w.c.TTY:
		return ""
	}
	return w.paint(green, "ok    ") + r.Title() + "\n"
}

// End writes the summary.
func (w *Writer) End(s report.Summary) error {
	counts := []string{fmt.Sprintf("%d passed", s.Passed)}
	for _, c := range []struct {
		n           int
		word, color string
	}{{s.Failed, "failed", red}, {s.Errors, "without a verdict", red}, {s.Flaky, "of the passed flaky", yellow}, {s.Skipped, "skipped", yellow}} {
		if c.n > 0 {
			counts = append(counts, w.paint(c.color, fmt.Sprintf("%d %s", c.n, c.word)))
		}
	}
	text := strings.Join(counts, ", ")
	if s.Total() == s.Passed {
		text = w.paint(green, text)
	}
	if s.Duration > 0 {
		text += fmt.Sprintf(" in %s", s.Duration.Round(10*time.Millisecond))
	}
	return w.write(w.erase() + text + "\n")
}

func (w *Writer) write(text string) error {
	if text == "" {
		return nil
	}
	if _, err := io.WriteString(w.c.To, text); err != nil {
		return fmt.Errorf("write to the terminal: %w", err)
	}
	return nil
}
