package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/repro"
)

// compared is a comparison of pages with these observations: the first is the app's, the second an unrelated one's.
func compared(t *testing.T, status int, seen ...probe.Observation) repro.Comparison {
	t.Helper()
	request, err := importer.FromURL("https://api.example.com/x")
	if err != nil {
		t.Fatal(err)
	}
	c := repro.Comparison{Imported: request, Tool: probe.Replay{Status: status}}
	for i, o := range seen {
		o.Request, o.From = request.Request, []string{"https://app.example.com", repro.Stranger}[i]
		p := repro.Page{From: o.From, Stranger: i == 1, Seen: o}
		p.Findings = []diagnose.Finding{{Rule: "r", Severity: diagnose.Error, Summary: "s", Fix: []string{"open it"}}}
		c.Pages = append(c.Pages, p)
	}
	return c
}

// recorder keeps a report's results.
type recorder struct{ results []report.Result }

func (r *recorder) Begin(report.Header) error { return nil }
func (r *recorder) Result(x report.Result) error {
	r.results = append(r.results, x)
	return nil
}
func (r *recorder) End(report.Summary) error { return nil }

func tell(t *testing.T, list ...repro.Comparison) (code int, text string, results []report.Result) {
	t.Helper()
	var screen bytes.Buffer
	kept := &recorder{}
	s := State{Stdout: &screen, Width: 80, Env: func(string) (string, bool) { return "", false }}
	told := newTelling(s, &outputs{Reporter: kept}, reproOptions{})
	for _, c := range list {
		if err := told.comparison(c); err != nil {
			t.Fatal(err)
		}
	}
	return codeOf(told.verdict(t.Context(), told.end())), screen.String(), kept.results
}

var (
	readable = probe.Observation{Outcome: probe.Readable, Page: probe.Page{Status: 200}}
	blocked  = probe.Observation{Outcome: probe.Blocked}
	noAnswer = probe.Observation{Err: errors.New("the browser died")}
)

func TestExitCodesOfRepro(t *testing.T) {
	for _, c := range []struct {
		about string
		pages [][]probe.Observation
		want  int
	}{
		{"all read", [][]probe.Observation{{readable, readable}}, exitOK},
		{"a stranger is blocked", [][]probe.Observation{{readable, blocked}}, exitOK},
		{"a stranger has no verdict", [][]probe.Observation{{readable, noAnswer}}, exitOK},
		{"the app is blocked", [][]probe.Observation{{blocked, readable}}, exitFailed},
		{"the app has no verdict", [][]probe.Observation{{noAnswer, blocked}}, exitEnvironment},
		{"blocked counts more than no verdict", [][]probe.Observation{{blocked, blocked}, {noAnswer, blocked}}, exitFailed},
	} {
		var list []repro.Comparison
		for _, pages := range c.pages {
			list = append(list, compared(t, 200, pages...))
		}
		if got, _, _ := tell(t, list...); got != c.want {
			t.Errorf("%s: exit code %d, want %d", c.about, got, c.want)
		}
	}
}

func TestAStrangersFindingsHaveNothingToMend(t *testing.T) {
	_, _, results := tell(t, compared(t, 200, blocked, blocked))
	if f := results[0].Findings[0]; f.Severity != "error" || len(f.Fix) != 1 {
		t.Errorf("the app's: %+v", f)
	}
	if f := results[1].Findings[0]; f.Severity != "note" || len(f.Fix) != 0 {
		t.Errorf("the stranger's: %+v", f)
	}
}

func TestWhatTheToolSawIsToldWithoutAVerdictOfThePage(t *testing.T) {
	if _, text, _ := tell(t, compared(t, 204, noAnswer)); !strings.Contains(text, "204") || !strings.Contains(text, "the browser died") {
		t.Error(text)
	}
}

func TestWhatASavedSuiteDemands(t *testing.T) {
	for _, c := range []struct {
		about string
		tool  int
		pages []probe.Observation
		want  []string // outcome and status
	}{
		{"what the page read", 301, []probe.Observation{readable, blocked}, []string{"readable 200", "blocked 0"}},
		{"what the tool got", 201, []probe.Observation{blocked, readable}, []string{"readable 201", "readable 200"}},
		{"no redirect, which fetch() follows", 302, []probe.Observation{blocked}, []string{"readable 0"}},
		{"nothing of a page without a verdict", 200, []probe.Observation{blocked, noAnswer}, []string{"readable 200"}},
	} {
		d, _ := draft([]repro.Comparison{compared(t, c.tool, c.pages...)})
		var got []string
		for _, k := range d.Cases {
			got = append(got, string(k.Outcome)+" "+statusText(k.Status))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.about, got, c.want)
		}
	}
}

func statusText(status int) string { return toolOutcome(&report.Replay{Status: status, Error: "0"}) }

func TestEachSecretHasOneVariable(t *testing.T) {
	v := &variables{}
	for _, c := range [][3]string{
		{"X-Api-Key", "1", "CORSPROOF_X_API_KEY"}, {"X_Api-Key", "1", "CORSPROOF_X_API_KEY"}, {"X_Api-Key", "2", "CORSPROOF_X_API_KEY_2"},
		{"X-Api-Key", "3", "CORSPROOF_X_API_KEY_3"}, {"X-Api-Key", "2", "CORSPROOF_X_API_KEY_2"}, {"X-Api-Key", "1", "CORSPROOF_X_API_KEY"},
		{"Accept", "1", ""},
	} {
		if got := v.secret("header", c[0], c[1]); got != c[2] {
			t.Errorf("%s: %s: got %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestSecretsAreNotTold(t *testing.T) {
	c := compared(t, 200, blocked)
	c.Imported.Request.Headers = fetch.HeaderList{{Name: "apikey", Value: "VALUE1"}, {Name: "Accept", Value: "a"}}
	c.Pages[0].Seen.Request = c.Imported.Request
	c.Tool.Headers = fetch.HeaderList{{Name: "X-Session-Id", Value: "VALUE2"}}
	c.Tool.Error = "VALUE2"
	_, text, results := tell(t, c)
	if strings.Contains(text+results[0].Story+results[0].Curl, "VALUE") {
		t.Errorf("%s\n%+v", text, results[0])
	}
}

func TestReproStopsWaitingForItsInput(t *testing.T) {
	for _, args := range [][]string{{"repro", "-"}, {"repro", "--", "curl", "http://127.0.0.1:1", "-d", "@-"}} {
		in, typing := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		var told bytes.Buffer
		s := State{Args: args, Stdin: in, Stdout: io.Discard, Stderr: &told, Env: func(string) (string, bool) { return "", false }}
		done := make(chan int)
		go func() { done <- execute(ctx, s) }()
		cancel()
		if code := <-done; code != exitInterrupted || told.String() != "corsproof: interrupted\n" {
			t.Errorf("%q: exit code %d, %s", args, code, told.String())
		}
		if err := typing.Close(); err != nil {
			t.Error(err)
		}
	}
}
