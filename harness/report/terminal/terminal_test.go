package terminal_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
	"github.com/corsproof/corsproof/harness/report/terminal"
)

// clock goes on by step at each look.
func clock(step time.Duration) func() time.Time {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(step)
		return now
	}
}

func TestGolden(t *testing.T) {
	for name, c := range map[string]terminal.Config{
		"plain.txt":   {},
		"tty.txt":     {TTY: true, Color: true, Total: len(reporttest.Results())},
		"explain.txt": {Explain: true},
	} {
		var b bytes.Buffer
		c.To, c.Now = &b, clock(100*time.Millisecond)
		reporttest.Write(t, terminal.New(c))
		reporttest.Golden(t, name, b.Bytes())
	}
}

func TestNothingFromOutsideControlsTheTerminal(t *testing.T) {
	for _, explain := range []bool{false, true} {
		var b bytes.Buffer
		reporttest.Write(t, terminal.New(terminal.Config{To: &b, Explain: explain}))
		if bad := regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f]|[\x{80}-\x{9f}\x{2028}-\x{202e}\x{2066}-\x{2069}]`).FindString(b.String()); bad != "" {
			t.Errorf("it has %q", bad)
		}
	}
}

func TestTheBarFitsAndIsRedrawnTenTimesASecond(t *testing.T) {
	for _, width := range []int{1, 10, 20, 40, 80, 200} {
		var b bytes.Buffer
		w := terminal.New(terminal.Config{To: &b, TTY: true, Width: width, Total: 1000, Now: clock(time.Millisecond)})
		if err := w.Begin(report.Header{}); err != nil {
			t.Fatal(err)
		}
		for range 1000 {
			if err := w.Result(report.Result{Verdict: report.Pass}); err != nil {
				t.Fatal(err)
			}
		}
		bars := strings.Split(b.String(), "\r\x1b[K")
		if len(bars) < 5 || len(bars) > 12 {
			t.Errorf("width %d: %d bars in a second", width, len(bars))
		}
		for _, bar := range bars[1:] {
			if len(bar) >= width {
				t.Errorf("width %d: %q", width, bar)
			}
		}
	}
}

func TestWhereItIsNoTerminalEachCaseHasAPlainLine(t *testing.T) {
	var b bytes.Buffer
	reporttest.Write(t, terminal.New(terminal.Config{To: &b, Total: 3}))
	for _, r := range reporttest.Results() {
		if !strings.Contains(b.String(), " "+r.Title()+"\n") {
			t.Errorf("no line for %s", r.ID)
		}
	}
}
