package jsonreport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/corsproof/corsproof/harness/report"
)

// Writer is a [report.Reporter]. Each result is one line and one Write.
// Whatever was written, End makes it valid JSON.
//
// Where a write fails, as on a full disk, a file is cut to its last whole result; End ends that
// if there is room, and says that it is incomplete. What is no file stays as it is, and gets no more.
type Writer struct {
	to    io.Writer
	begun bool
	any   bool
	lost  bool // a result could not be written, and is not there
	cut   bool // half of something stands at the end, and stays there
}

// New writes to to, which it does not close.
func New(to io.Writer) *Writer { return &Writer{to: to} }

// Begin writes what stands before the results.
func (w *Writer) Begin(h report.Header) error {
	head, err := line(h)
	if err != nil {
		return err
	}
	err = w.write(append(bytes.TrimSuffix(head, []byte("}")), ",\n\"results\": ["...))
	w.begun = err == nil
	return err
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
	if err := w.write(append([]byte(before), text...)); err != nil {
		w.lost = true
		return err
	}
	w.any = true
	return nil
}

// End writes the summary.
func (w *Writer) End(s report.Summary) error {
	if !w.begun {
		if err := w.Begin(report.Header{Version: report.Version}); err != nil {
			return err
		}
	}
	s.Incomplete = s.Incomplete || w.lost
	text, err := line(s)
	if err != nil {
		return err
	}
	return w.write(fmt.Appendf(nil, "\n],\n\"duration_ms\": %d,\n\"summary\": %s}\n", s.Duration.Milliseconds(), text))
}

func (w *Writer) write(text []byte) error {
	if w.cut {
		return errors.New("write the json report: it was cut before")
	}
	n, err := w.to.Write(text)
	if err == nil {
		return nil
	}
	w.cut = n > 0 && !w.takeBack(n)
	return fmt.Errorf("write the json report: %w", err)
}

// takeBack cuts off the last n bytes, in a file.
func (w *Writer) takeBack(n int) bool {
	f, ok := w.to.(interface {
		io.Seeker
		Truncate(size int64) error
	})
	if !ok {
		return false
	}
	start, err := f.Seek(-int64(n), io.SeekCurrent)
	return err == nil && f.Truncate(start) == nil
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
