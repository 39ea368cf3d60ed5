package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/run"
)

func TestARunsExitCode(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	crash := &run.CrashError{Value: "no such thing"}
	for name, c := range map[string]struct {
		ctx  context.Context
		sum  report.Summary
		err  error
		want int
		says string
	}{
		"all passed":                      {t.Context(), report.Summary{Passed: 1}, nil, exitOK, ""},
		"a failure counts more than none": {t.Context(), report.Summary{Failed: 1, Errors: 1}, nil, exitFailed, ""},
		"without a verdict":               {t.Context(), report.Summary{Passed: 1, Errors: 1}, nil, exitEnvironment, ""},
		"what could not be written":       {t.Context(), report.Summary{Failed: 1}, fs.ErrClosed, exitEnvironment, "closed"},
		"a mistake of ours":               {t.Context(), report.Summary{Failed: 1}, errors.Join(crash, fs.ErrClosed), exitInternal, "internal error: no such thing"},
		"a mistake of ours at the end":    {over, report.Summary{}, fmt.Errorf("run: %w", crash), exitInternal, "internal error"},
		"interrupted":                     {over, report.Summary{Passed: 2}, fmt.Errorf("start: %w", context.Canceled), exitInterrupted, "what was finished is in the reports (2 results)"},
		"interrupted, and not written": {over, report.Summary{Passed: 2}, errors.Join(errors.Join(context.Canceled, nil), errors.Join(fs.ErrClosed)),
			exitInterrupted, "interrupted after 2 results, and: file already closed"},
	} {
		err := verdict(c.ctx, c.sum, c.err)
		if got := codeOf(err); got != c.want || c.says != "" && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
}

func TestAPanicIsAMistakeOfOursAndIsPrintedHarmlessly(t *testing.T) {
	var out bytes.Buffer
	code := Main(State{Args: []string{"version"}, Stdin: strings.NewReader(""), Stdout: panics{}, Stderr: &out})
	if code != exitInternal || !strings.Contains(out.String(), "corsproof: internal error: a\\x1b[31mb\ngoroutine") {
		t.Errorf("%d: %s", code, out.String())
	}
}

// panics is a writer that must not be written to.
type panics struct{ io.Writer }

func (panics) Write([]byte) (int, error) { panic("a\x1b[31mb") }
