package run

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/suite"
)

// numbered are so many cases, and how many of them were taken.
func numbered(n int, taken *atomic.Int64) iter.Seq[suite.Case] {
	return func(yield func(suite.Case) bool) {
		for i := range n {
			taken.Add(1)
			if !yield(suite.Case{ID: fmt.Sprint(i)}) {
				return
			}
		}
	}
}

func answered(c suite.Case) []report.Result { return []report.Result{{ID: c.ID}} }

// endsAlone reports goroutines of this package's that are left when the test ends.
func endsAlone(t *testing.T) {
	t.Cleanup(func() {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		if text := string(stacks); strings.Contains(text, "run.hand(") || strings.Contains(text, "run.inOrder.func1.") {
			t.Errorf("somebody works on:\n%s", text)
		}
	})
}

func TestResultsComeInTheCasesOrder(t *testing.T) {
	endsAlone(t)
	var taken atomic.Int64
	ask := func(_ context.Context, c suite.Case) []report.Result {
		for range rand.IntN(50) {
			runtime.Gosched()
		}
		return answered(c)
	}
	n := 0
	for list, err := range inOrder(t.Context(), 8, numbered(2000, &taken), ask) {
		if err != nil || len(list) != 1 || list[0].ID != fmt.Sprint(n) {
			t.Fatalf("%v, %v in the place of %d", list, err, n)
		}
		n++
	}
	if n != 2000 {
		t.Errorf("%d results", n)
	}
}

func TestASlowCaseHoldsUpNoOthersButNotAllAreAsked(t *testing.T) {
	endsAlone(t)
	var taken atomic.Int64
	last, free := make(chan struct{}), make(chan struct{})
	ask := func(_ context.Context, c suite.Case) []report.Result {
		switch c.ID {
		case "0":
			<-free
		case fmt.Sprint(ahead):
			close(last) // as many as may be ahead of the first have been asked
		}
		return answered(c)
	}
	go func() { <-last; close(free) }()
	for range inOrder(t.Context(), 2, numbered(10*ahead, &taken), ask) {
		if n := taken.Load(); n > ahead+10 {
			t.Errorf("%d cases were taken before the first was finished", n)
		}
		break
	}
}

func TestTheEndOfTheContextLosesNothingThatIsFinished(t *testing.T) {
	endsAlone(t)
	for range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		var taken, finished atomic.Int64
		ask := func(ctx context.Context, c suite.Case) []report.Result {
			if c.ID == "5" {
				cancel()
			}
			if ctx.Err() != nil && c.ID != "5" {
				return nil
			}
			finished.Add(1)
			return answered(c)
		}
		got := int64(0)
		for list, err := range inOrder(ctx, 4, numbered(1000, &taken), ask) {
			got += int64(len(list))
			if err != nil {
				t.Fatal(err)
			}
		}
		if got != finished.Load() || taken.Load() == 1000 {
			t.Fatalf("%d of %d finished results, %d cases taken", got, finished.Load(), taken.Load())
		}
		cancel()
	}
}

func TestAPanicIsAnErrorInItsCasesPlace(t *testing.T) {
	endsAlone(t)
	var taken atomic.Int64
	ask := func(_ context.Context, c suite.Case) []report.Result {
		if c.ID == "3" {
			panic("no such thing")
		}
		return answered(c)
	}
	var before []string
	var crash *CrashError
	for list, err := range inOrder(t.Context(), 2, numbered(100, &taken), ask) {
		if errors.As(err, &crash) {
			break
		}
		before = append(before, list[0].ID)
	}
	if !slices.Equal(before, []string{"0", "1", "2"}) || crash == nil || !strings.Contains(crash.Error(), "internal error: no such thing\ngoroutine") {
		t.Errorf("after %v: %v", before, crash)
	}
}
