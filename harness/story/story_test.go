package story

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
)

var update = flag.Bool("update", false, "rewrite the stories in testdata")

// samples are whole Observations by the names of their stories in testdata.
func samples() map[string]probe.Observation {
	retried := sample.Failed()
	retried.Missing = []string{"the end of the request"}
	retried.Retried = "evidence was missing: the end of the request"
	retried.Disagreement = "the Standard predicts readable, script saw failed"
	retried.ReceiptsKnown, retried.Receipts, retried.Replay, retried.Step = false, nil, nil, 2
	cached := sample.Readable()
	cached.Exchanges = cached.Exchanges[1:]
	cached.Exchanges[0].FromCache, cached.Exchanges[0].Request.Raw, cached.Exchanges[0].Response.Raw = "disk", false, false
	cached.Exchanges[0].Cookies = probe.Cookies{}
	cached.Receipts = []probe.Receipt{}
	return map[string]probe.Observation{
		"readable": sample.Readable(), "redirected": sample.Redirected(), "blocked": sample.Blocked(), "failed": sample.Failed(),
		"timeout": sample.TimedOut(), "opaque": sample.Opaque(), "xhr": sample.XHR(), "retried": retried, "cached": cached,
		"no-verdict": sample.NoVerdict(errors.New("start the browser: no Chrome found")),
	}
}

func TestStoriesReadAsWritten(t *testing.T) {
	for name, o := range samples() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name+".txt")
			got := Line(o) + "\n\n" + Tell(o)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the story is not as in %s (-update rewrites it):\n%s", path, got)
			}
		})
	}
}

func TestStoriesAreDeterministic(t *testing.T) {
	for name, o := range samples() {
		for range 20 {
			if Tell(o) != Tell(samples()[name]) {
				t.Fatalf("%s is told in two ways", name)
			}
		}
	}
}

func TestLinesFitATerminal(t *testing.T) {
	for name, o := range samples() {
		for line := range strings.SplitSeq(Tell(o), "\n") {
			if n := utf8.RuneCountInString(line); n > width {
				t.Errorf("%s has a line of %d columns: %s", name, n, line)
			}
		}
	}
}

func TestEverySectionStandsInOrder(t *testing.T) {
	at := -1
	for _, title := range []string{"script:", "wire:", "browser:", "server:", "without a browser:", "missing:", "retried:", "disagreement:"} {
		i := strings.Index("\n"+Tell(samples()["retried"]), "\n"+title+"\n")
		if i <= at {
			t.Errorf("%q stands at %d, after %d", title, i, at)
		}
		at = i
	}
}
