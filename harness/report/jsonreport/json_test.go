package jsonreport_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
	"github.com/corsproof/corsproof/harness/report/jsonreport"
)

func written(t *testing.T, results []report.Result) string {
	t.Helper()
	var b bytes.Buffer
	reporttest.WriteThese(t, jsonreport.New(&b), results)
	return b.String()
}

func TestGolden(t *testing.T) {
	reporttest.Golden(t, "orders.json", []byte(written(t, reporttest.Results())))
}

func TestWhatWasReadIsWhatWasWritten(t *testing.T) {
	for _, results := range [][]report.Result{nil, reporttest.Results()[:1], reporttest.Results()} {
		text := written(t, results)
		var back []report.Result
		h, sum, err := jsonreport.Read(strings.NewReader(text), func(_ report.Header, r report.Result) error {
			back = append(back, r)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		w := jsonreport.New(&b)
		errs := []error{w.Begin(h)}
		for _, r := range back {
			errs = append(errs, w.Result(r))
		}
		if err := errors.Join(append(errs, w.End(sum))...); err != nil || b.String() != text {
			t.Errorf("%v\n%s", err, b.String())
		}
	}
}

func TestEndMakesItValidWhereverTheRunStopped(t *testing.T) {
	for n := range 3 {
		var b bytes.Buffer
		w := jsonreport.New(&b)
		if n > 0 {
			_ = w.Begin(reporttest.Header())
		}
		if n > 1 {
			_ = w.Result(reporttest.Results()[0])
		}
		if err := w.End(report.Summary{}); err != nil || !json.Valid(b.Bytes()) {
			t.Errorf("after %d calls: %v\n%s", n, err, b.String())
		}
	}
}

func TestWhatIsNoReportIsAnError(t *testing.T) {
	whole := written(t, reporttest.Results()[:2])
	for name, c := range map[string]struct{ text, want string }{
		"empty":         {"", "unexpected EOF"},
		"cut":           {whole[:len(whole)-80], "unexpected EOF"},
		"other":         {`{"a": 1}`, "no summary"},
		"list":          {`[]`, "it has [ where { belongs"},
		"other version": {`{"version": 2}`, "version 2"},
		"no version":    {`{"results": []}`, "no version"},
		"two":           {whole + whole, "after the report"},
	} {
		_, _, err := jsonreport.Read(strings.NewReader(c.text), func(report.Header, report.Result) error { return nil })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func merge(texts ...string) (string, report.Summary, error) {
	var list []jsonreport.Report
	for i, text := range texts {
		list = append(list, jsonreport.Report{Name: string(rune('a'+i)) + ".json", Text: strings.NewReader(text)})
	}
	var b bytes.Buffer
	sum, err := jsonreport.Merge(jsonreport.New(&b), list)
	return b.String(), sum, err
}

func TestMergedShardsAreTheWhole(t *testing.T) {
	all := reporttest.Results()
	got, sum, err := merge(written(t, all[:4]), written(t, all[4:4]), written(t, all[4:]))
	if want := written(t, all); err != nil || got != want || sum.Total() != len(all) {
		t.Errorf("%v, %+v\n%s", err, sum, got)
	}
}

func TestWhatCannotBeMergedIsListed(t *testing.T) {
	all := reporttest.Results()
	other := strings.NewReplacer(`"suite":"orders"`, `"suite":"users"`, `"version":"156.0.0.0"`, `"version":"157.0.0.0"`).Replace(written(t, all[1:2]))
	got, _, err := merge(written(t, all[:1]), written(t, all[:1]), other, "{")
	if err == nil || !json.Valid([]byte(got)) {
		t.Fatalf("%v\n%s", err, got)
	}
	for _, want := range []string{`a.json and b.json both have a result "readable"`, `the suite differs: a.json has "orders", c.json has "users"`,
		`the browser differs: a.json has "Chrome 156.0.0.0 chromium", c.json has "Chrome 157.0.0.0 chromium"`, "d.json: read the json report"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestADiskThatIsFullIsAnError(t *testing.T) {
	w := jsonreport.New(&full{left: 300})
	err := errors.Join(w.Begin(reporttest.Header()), w.Result(reporttest.Results()[0]))
	if !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}
