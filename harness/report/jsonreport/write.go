package jsonreport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/corsproof/corsproof/harness/report"
)

// Writer is a [report.Reporter]. Each result is one line and one Write.
// Whatever was written, End makes it valid JSON.
type Writer struct {
	to    io.Writer
	begun bool
	any   bool
}

// New writes to to, which it does not close.
func New(to io.Writer) *Writer { return &Writer{to: to} }

// Begin writes what stands before the results.
func (w *Writer) Begin(h report.Header) error {
	head, err := line(h)
	if err != nil {
		return err
	}
	w.begun = true
	return w.write(append(bytes.TrimSuffix(head, []byte("}")), ",\n\"results\": ["...))
}

// Result writes one result.
func (w *Writer) Result(r report.Result) error {
	text, err := line(r)
	if err != nil {
		return err
	}
	before := ",\n"
	if !w.any {
		before = "\n"
	}
	w.any = true
	return w.write(append([]byte(before), text...))
}

// End writes the summary.
func (w *Writer) End(s report.Summary) error {
	if !w.begun {
		if err := w.Begin(report.Header{Version: report.Version}); err != nil {
			return err
		}
	}
	text, err := line(s)
	if err != nil {
		return err
	}
	return w.write(fmt.Appendf(nil, "\n],\n\"duration_ms\": %d,\n\"summary\": %s}\n", s.Duration.Milliseconds(), text))
}

func (w *Writer) write(text []byte) error {
	if _, err := w.to.Write(text); err != nil {
		return fmt.Errorf("write the json report: %w", err)
	}
	return nil
}

func line(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write the json report: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
