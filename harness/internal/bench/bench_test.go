package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/suite"
)

func TestAFigureIsOneLine(t *testing.T) {
	for _, c := range []struct {
		figure Figure
		want   string
	}{
		{Figure{Name: "a", Value: "2.00 times", Target: "at least 1"}, "bench a: 2.00 times (target at least 1)"},
		{Figure{Name: "a", Target: "at least 1", Skipped: "there is no Node.js here"}, "bench a: skipped: there is no Node.js here (target at least 1)"},
		{Figure{Name: "a", Value: "2.00 times"}, "bench a: 2.00 times"},
	} {
		if got := c.figure.String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestAQuickFigureMeetsNoTargetThatIsAboutMore(t *testing.T) {
	f := Figure{Name: "a", Value: "10 cases", Target: "100 cases", Met: true}
	if got := f.roughIf(false); got != f {
		t.Errorf("%+v", got)
	}
	if got := f.roughIf(true); got.Met || got.Skipped == "" || !strings.Contains(got.String(), "10 cases (target 100 cases)") {
		t.Errorf("%+v", got)
	}
	if got := (Figure{Skipped: "no peak here"}).roughIf(true); got.Skipped != "no peak here" {
		t.Errorf("%+v", got)
	}
}

func TestThePartOfTheFailingSuiteIsAFifth(t *testing.T) {
	file := filepath.Join(t.TempDir(), "suite.yaml")
	if err := os.WriteFile(file, failingSuite(50), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := suite.Load(t.Context(), file, suite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string]int{}
	for c := range s.Cases() {
		methods[c.Steps[0].Request.Method]++
	}
	if methods["PUT"] != 40 || methods["DELETE"] != 10 {
		t.Errorf("%v", methods)
	}
}

func TestWithoutThePeerItsFiguresAreSkippedAndNamed(t *testing.T) {
	cfg := Config{Peer: Peer{Missing: "there is no Node.js here"}}
	for _, p := range parts {
		if !p.wanted("playwright") {
			continue
		}
		var shown []string
		err := p.run(t.Context(), cfg, func(f Figure) {
			shown = append(shown, f.Name)
			if f.Skipped != cfg.Peer.Missing || f.Target == "" {
				t.Errorf("%s", f)
			}
		})
		if got, want := strings.Join(shown, " "), strings.Join(p.figures, " "); got != want || err != nil {
			t.Errorf("shown %q, %v; want %q", got, err, want)
		}
	}
}

func TestEachPartIsWantedByItsFiguresNames(t *testing.T) {
	for _, c := range []struct {
		only string
		want int
	}{{"", len(parts)}, {"cold", 1}, {"memory-peak", 1}, {"playwright", 2}, {"nothing of that name", 0}} {
		n := 0
		for _, p := range parts {
			if p.wanted(c.only) {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%q: %d parts, want %d", c.only, n, c.want)
		}
	}
}
