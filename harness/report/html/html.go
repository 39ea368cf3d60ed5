package html

import (
	"fmt"
	"io"

	"github.com/corsproof/corsproof/harness/report"
)

// chunk is how many results stand together: all that is kept in memory, here and, unpacked, in the page.
const chunk = 100

// Writer is a [report.Reporter].
type Writer struct {
	to      io.Writer
	begun   bool
	rows    []row
	details []report.Result
}

// New writes to to, which it does not close.
func New(to io.Writer) *Writer { return &Writer{to: to} }

// row is what the list shows of a result, and what it is filtered by.
type row struct {
	Title   string   `json:"title"`
	Line    string   `json:"line"`
	Verdict string   `json:"verdict"`
	Flaky   bool     `json:"flaky"`
	Outcome string   `json:"outcome"`
	From    string   `json:"from"`
	Rules   []string `json:"rules"`
	At      string   `json:"at"`
}

// Begin writes the page's head.
func (w *Writer) Begin(h report.Header) error {
	w.begun = true
	if err := w.write([]byte(top(h.Suite))); err != nil {
		return err
	}
	h.Browser.Flags = h.Browser.LastingFlags() // the others are long, and mean nothing to a reader
	return w.data("head", h)
}

// Result writes once so many results have come together.
func (w *Writer) Result(r report.Result) error {
	x := row{
		Title: r.Title(), Line: r.Line, Verdict: string(r.Verdict), Flaky: r.Flaky, Outcome: r.Outcome, From: r.From, At: r.At, Rules: []string{},
	}
	for _, f := range r.Findings {
		x.Rules = append(x.Rules, f.Rule)
	}
	w.rows, w.details = append(w.rows, x), append(w.details, short(r))
	if len(w.rows) < chunk {
		return nil
	}
	return w.flush()
}

// End writes what is left. Even without it what was written can be opened.
func (w *Writer) End(s report.Summary) error {
	if !w.begun {
		if err := w.Begin(report.Header{Version: report.Version}); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.data("end", map[string]any{"duration_ms": s.Duration.Milliseconds()}); err != nil {
		return err
	}
	return w.write([]byte("</body>\n</html>\n"))
}

func (w *Writer) flush() error {
	if len(w.rows) == 0 {
		return nil
	}
	if err := w.data("rows", w.rows); err != nil {
		return err
	}
	err := w.data("details", w.details)
	w.rows, w.details = nil, nil
	return err
}

func (w *Writer) data(kind string, v any) error {
	text, err := encode(v)
	if err != nil {
		return fmt.Errorf("write the html report: %w", err)
	}
	return w.write(fmt.Appendf(nil, "<script type=\"application/json\" class=\"%s\">%s</script>\n", kind, text))
}

func (w *Writer) write(text []byte) error {
	if _, err := w.to.Write(text); err != nil {
		return fmt.Errorf("write the html report: %w", err)
	}
	return nil
}
