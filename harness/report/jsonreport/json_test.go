package jsonreport_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
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

// shard is a report of a part, whose run was to have so many results.
func shard(t *testing.T, index, of, planned int, results []report.Result) string {
	t.Helper()
	var b bytes.Buffer
	w := jsonreport.New(&b)
	h := reporttest.Header()
	h.Shard, h.Planned = &report.Shard{Index: index, Of: of}, planned
	sum := report.Summary{Incomplete: len(results) < planned}
	errs := []error{w.Begin(h)}
	for _, r := range results {
		sum.Add(r)
		errs = append(errs, w.Result(r))
	}
	if err := errors.Join(append(errs, w.End(sum))...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWhatIsMissingOfTheWholeIsSaidAndTheRestMerged(t *testing.T) {
	all := reporttest.Results()
	first, second := shard(t, 1, 3, 2, all[:2]), shard(t, 2, 3, 3, all[2:5])
	cut := shard(t, 3, 3, len(all), all[5:])
	lost := strings.Replace(shard(t, 3, 3, 0, all[5:6]), `"summary": {"passed":0`, `"summary": {"passed":7`, 1)
	for name, c := range map[string]struct {
		texts []string
		total int
		want  string
	}{
		"all":                       {[]string{first, second, shard(t, 3, 3, 0, nil)}, 5, ""},
		"one is missing":            {[]string{first, second}, 5, "no report is of shard 3/3: its results are missing"},
		"two are":                   {[]string{second}, 3, "no report is of shard 1/3, 3/3"},
		"one was interrupted":       {[]string{first, second, cut}, len(all), "c.json is incomplete: it has 6 of 11 results; run that again"},
		"one says more than it has": {[]string{first, second, lost}, 6, "c.json is incomplete: it has 1 of 8 results"},
	} {
		got, sum, err := merge(c.texts...)
		var wrong *jsonreport.InputError
		if (err == nil) != (c.want == "") || errors.As(err, &wrong) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if sum.Total() != c.total || sum.Incomplete != (c.want != "") || strings.Contains(got, `"shard"`) || strings.Contains(got, `"planned"`) {
			t.Errorf("%s: %+v\n%s", name, sum, got)
		}
		if _, _, again := merge(got); (again == nil) != (c.want == "") {
			t.Errorf("%s, merged once more: %v", name, again)
		}
	}
}

func TestShardsOfDifferentWholesAreNotMerged(t *testing.T) {
	all := reporttest.Results()
	_, _, err := merge(shard(t, 1, 2, 1, all[:1]), shard(t, 1, 2, 0, nil), shard(t, 2, 3, 1, all[1:2]))
	var wrong *jsonreport.InputError
	if !errors.As(err, &wrong) {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"a.json and b.json are both shard 1/2", "c.json is a shard of 3, and others are shards of 2"} {
		if !strings.Contains(wrong.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
}

func TestAReporterThatFailsIsNoMistakeInTheReports(t *testing.T) {
	list := []jsonreport.Report{{Name: "a.json", Text: strings.NewReader(written(t, reporttest.Results()))}}
	_, err := jsonreport.Merge(jsonreport.New(&full{left: 300}), list)
	var wrong *jsonreport.InputError
	if !errors.Is(err, io.ErrShortWrite) || errors.As(err, &wrong) {
		t.Errorf("%v", err)
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

// full is a disk, or a pipe, that takes so many bytes more.
type full struct {
	left int
	text []byte
}

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.left)
	f.text, f.left = append(f.text, p[:n]...), f.left-n
	if n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

// fullFile is a file on a full disk, written from its end on.
type fullFile struct{ full }

func (f *fullFile) Seek(offset int64, _ int) (int64, error) { return int64(len(f.text)) + offset, nil }

func (f *fullFile) Truncate(size int64) error {
	f.left += len(f.text) - int(size)
	f.text = f.text[:size]
	return nil
}

// writeOn writes all results whatever happens, and returns the first error.
func writeOn(to io.Writer) (first error) {
	w := jsonreport.New(to)
	sum := report.Summary{}
	errs := []error{w.Begin(reporttest.Header())}
	for _, r := range reporttest.Results() {
		sum.Add(r)
		errs = append(errs, w.Result(r))
	}
	for _, err := range append(errs, w.End(sum)) {
		if first == nil {
			first = err
		}
	}
	return first
}

func TestAFileOnAFullDiskHasItsWholeResults(t *testing.T) {
	whole := len(written(t, reporttest.Results())) - 1000
	some := 0
	for room := 400; room < whole; room += 311 {
		f := &fullFile{full{left: room}}
		if err := writeOn(f); !errors.Is(err, io.ErrShortWrite) {
			t.Fatalf("%d bytes: %v", room, err)
		}
		n := 0
		_, sum, err := jsonreport.Read(bytes.NewReader(f.text), func(report.Header, report.Result) error { n++; return nil })
		switch {
		case err != nil && !strings.HasSuffix(string(f.text), "}"):
			t.Errorf("%d bytes: it is neither ended nor at the end of a result: %v", room, err)
		case err == nil && n > 0:
			some++
		}
		if err == nil && (!sum.Incomplete || sum.Total() <= n) {
			t.Errorf("%d bytes: %d results, %+v", room, n, sum)
		}
	}
	if some < 20 {
		t.Errorf("only %d files are whole", some)
	}
}

func TestAPipeThatIsCutGetsNoMore(t *testing.T) {
	f := &full{left: 1000}
	w := jsonreport.New(f)
	err := errors.Join(w.Begin(reporttest.Header()), w.Result(reporttest.Results()[0]))
	f.left = 1 << 20 // there is room again, but half a result stands there
	if again := errors.Join(w.Result(reporttest.Results()[1]), w.End(report.Summary{})); err == nil || again == nil || len(f.text) != 1000 {
		t.Errorf("%v, %v, %d bytes", err, again, len(f.text))
	}
}

func TestARealFileIsCutToItsLastResult(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "o.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := writeOn(&halfWritten{File: f}); !errors.Is(err, io.ErrShortWrite) {
		t.Fatal(err)
	}
	text, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	if _, sum, err := jsonreport.Read(bytes.NewReader(text), func(report.Header, report.Result) error { return nil }); err != nil || !sum.Incomplete {
		t.Errorf("%v, %+v\n%s", err, sum, text)
	}
}

// halfWritten is a file whose third write fails in the middle.
type halfWritten struct {
	*os.File
	writes int
}

func (h *halfWritten) Write(p []byte) (int, error) {
	if h.writes++; h.writes != 3 {
		return h.File.Write(p)
	}
	n, _ := h.File.Write(p[:len(p)/2])
	return n, io.ErrShortWrite
}
