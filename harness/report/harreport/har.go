package harreport

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/corsproof/corsproof/harness/report"
)

// Writer is a [report.Reporter].
type Writer struct {
	to    io.Writer
	head  report.Header
	begun bool
	any   bool
}

// New writes to to, which it does not close.
func New(to io.Writer) *Writer { return &Writer{to: to} }

type product struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Begin writes the log's head.
func (w *Writer) Begin(h report.Header) error {
	w.head, w.begun = h, true
	head, err := json.Marshal(struct {
		Version string  `json:"version"`
		Creator product `json:"creator"`
		Browser product `json:"browser"`
		Comment string  `json:"comment"`
	}{"1.2", product{"corsproof", fmt.Sprint(h.Version)}, product{h.Browser.Name, h.Browser.Version}, h.Suite})
	if err != nil {
		return fmt.Errorf("write the har report: %w", err)
	}
	return w.write(fmt.Appendf(nil, "{\"log\": %s,\n\"entries\": [", head[:len(head)-1]))
}

// Result writes an entry for each exchange, and one for a request that made none.
func (w *Writer) Result(r report.Result) error {
	for _, e := range entries(w.head, r) {
		text, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("write the har report: %w", err)
		}
		before := ",\n"
		if !w.any {
			before = "\n"
		}
		w.any = true
		if err := w.write(append([]byte(before), text...)); err != nil {
			return err
		}
	}
	return nil
}

// End closes the log.
func (w *Writer) End(report.Summary) error {
	if !w.begun {
		if err := w.Begin(report.Header{Version: report.Version}); err != nil {
			return err
		}
	}
	return w.write([]byte("\n]}}\n"))
}

func (w *Writer) write(text []byte) error {
	if _, err := w.to.Write(text); err != nil {
		return fmt.Errorf("write the har report: %w", err)
	}
	return nil
}
