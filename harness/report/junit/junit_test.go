package junit_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	gojunit "github.com/joshdk/go-junit"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
	"github.com/corsproof/corsproof/harness/report/junit"
)

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	reporttest.Write(t, junit.New(&b))
	reporttest.Golden(t, "orders.xml", b.Bytes())
}

func TestAThirdPartyReadsWhatWasWritten(t *testing.T) {
	var b bytes.Buffer
	reporttest.Write(t, junit.New(&b))
	suites, err := gojunit.Ingest(b.Bytes())
	if err != nil || len(suites) != 1 {
		t.Fatalf("%d suites, %v", len(suites), err)
	}
	results := reporttest.Results()
	if s := suites[0]; s.Name != "orders" || len(s.Tests) != len(results) || s.Totals.Failed != 5 || s.Totals.Error != 1 || s.Properties["browser"] != "Chrome 156.0.0.0" {
		t.Errorf("got %+v", s)
	}
	status := map[report.Verdict]gojunit.Status{report.Pass: gojunit.StatusPassed, report.Fail: gojunit.StatusFailed, report.Error: gojunit.StatusError}
	for i, r := range results {
		got := suites[0].Tests[i]
		if got.Name != r.Title() || got.Status != status[r.Verdict] || !strings.Contains(got.SystemOut, r.Line[:20]) {
			t.Errorf("%s: got %+v", r.ID, got)
		}
		if r.Verdict != report.Pass && !strings.Contains(got.Error.Error(), r.Story[:20]) {
			t.Errorf("%s: its failure does not tell its story: %v", r.ID, got.Error)
		}
	}
}

func TestTemporaryFilesGo(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var b bytes.Buffer
	reporttest.Write(t, junit.New(&b))
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestARunThatNeverBeganIsAReport(t *testing.T) {
	var b bytes.Buffer
	if err := junit.New(&b).End(report.Summary{}); err != nil {
		t.Fatal(err)
	}
	if _, err := gojunit.Ingest(b.Bytes()); err != nil {
		t.Errorf("%v\n%s", err, b.String())
	}
}
