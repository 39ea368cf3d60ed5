package jsonreport

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/corsproof/corsproof/harness/report"
)

// Read gives to each its results in order, as they are read: no more than one
// is in memory. The header is what stood before the results. It is an error if
// the text is no whole report of this version; what was read until then has been given.
func Read(from io.Reader, each func(report.Header, report.Result) error) (report.Header, report.Summary, error) {
	r := reader{in: json.NewDecoder(from), each: each}
	if err := r.report(); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return r.header, r.summary, fmt.Errorf("read the json report at byte %d: %w", r.in.InputOffset(), err)
	}
	return r.header, r.summary, nil
}

type reader struct {
	in      *json.Decoder
	each    func(report.Header, report.Result) error
	header  report.Header
	summary report.Summary
}

func (r *reader) report() error {
	if err := r.delim('{'); err != nil {
		return err
	}
	ended := false
	for r.in.More() {
		t, err := r.in.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		ended = ended || name == "summary"
		if err := r.member(name); err != nil {
			return err
		}
	}
	if err := r.delim('}'); err != nil {
		return err
	}
	if !ended {
		return errors.New("it has no summary: is it a report of corsproof?")
	}
	if _, err := r.in.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands after the report")
	}
	return nil
}

func (r *reader) member(name string) error {
	switch name {
	case "version":
		err := r.in.Decode(&r.header.Version)
		if err == nil && r.header.Version != report.Version {
			err = fmt.Errorf("it has version %d, and this corsproof reads version %d", r.header.Version, report.Version)
		}
		return err
	case "suite":
		return r.in.Decode(&r.header.Suite)
	case "browser":
		return r.in.Decode(&r.header.Browser)
	case "started":
		return r.in.Decode(&r.header.Started)
	case "shard":
		return r.in.Decode(&r.header.Shard)
	case "planned":
		return r.in.Decode(&r.header.Planned)
	case "results":
		return r.results()
	case "summary":
		d := r.summary.Duration
		err := r.in.Decode(&r.summary)
		r.summary.Duration = d
		return err
	case "duration_ms":
		var ms float64
		err := r.in.Decode(&ms)
		r.summary.Duration = time.Duration(ms * float64(time.Millisecond))
		return err
	}
	var other json.RawMessage
	return r.in.Decode(&other)
}

func (r *reader) results() error {
	if r.header.Version == 0 {
		return errors.New("no version stands before its results: is it a report of corsproof?")
	}
	if err := r.delim('['); err != nil {
		return err
	}
	for r.in.More() {
		var res report.Result
		if err := r.in.Decode(&res); err != nil {
			return err
		}
		if err := r.each(r.header, res); err != nil {
			return err
		}
	}
	return r.delim(']')
}

func (r *reader) delim(want json.Delim) error {
	t, err := r.in.Token()
	if err == nil && t != want {
		err = fmt.Errorf("it has %v where %v belongs", t, want)
	}
	return err
}
