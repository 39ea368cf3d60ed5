package github_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/github"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
)

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	reporttest.Write(t, github.New(&b))
	reporttest.Golden(t, "orders.txt", b.Bytes())
}

func TestEachTroubleIsOneCommandAndNothingElseIs(t *testing.T) {
	var b bytes.Buffer
	reporttest.Write(t, github.New(&b))
	want := 0
	for _, r := range reporttest.Results() {
		if r.Verdict != report.Pass || r.Flaky {
			want++
		}
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	for _, l := range lines {
		if !strings.HasPrefix(l, "::error file=orders.yaml,line=") && !strings.HasPrefix(l, "::warning file=orders.yaml,line=") {
			t.Errorf("no command: %s", l)
		}
	}
}

func TestPropertiesAreEscaped(t *testing.T) {
	var b bytes.Buffer
	err := github.New(&b).Result(report.Result{ID: "a:b,c\n100%", Case: "a:b,c\n100%", At: "dir,x/c:d.yaml:3:4", Line: "50%\r", Verdict: report.Error})
	want := `::error file=dir%2Cx/c%3Ad.yaml,line=3,col=4,title=a%3Ab%2Cc\n100%25::50%25\r` + "\n"
	if err != nil || b.String() != want {
		t.Errorf("got %q, %v\nwant %q", b.String(), err, want)
	}
}
