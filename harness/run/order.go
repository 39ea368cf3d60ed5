package run

import (
	"context"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/suite"
)

// ahead is how many cases may be asked before the one whose result is due:
// enough that a slow one holds nobody up, and few enough to keep in memory.
const ahead = 512

// CrashError is a panic while a case was asked: a mistake of corsproof's own.
type CrashError struct {
	Value any
	Stack []byte
}

func (e *CrashError) Error() string { return fmt.Sprintf("internal error: %v\n%s", e.Value, e.Stack) }

// asking puts one case, and returns its results: those of the steps that the context left time for.
type asking func(context.Context, suite.Case) []report.Result

// answer is what one case came to. err is nil, or a *CrashError.
type answer struct {
	list []report.Result
	err  error
}

// pending is where the answer of one case will be. It has room for it.
type pending chan answer

type task struct {
	suite.Case
	done pending
}

// inOrder asks cases side by side and yields what each came to, in their own order; nothing for one that the context ended, and
// a *CrashError in the place of one that panicked. It returns when nobody works on its behalf any more.
func inOrder(ctx context.Context, jobs int, cases iter.Seq[suite.Case], ask asking) iter.Seq2[[]report.Result, error] {
	return func(yield func([]report.Result, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()
		tasks, due := make(chan task), make(chan pending, ahead)
		workers.Go(func() { hand(ctx, cases, tasks, due) })
		for range jobs {
			workers.Go(func() {
				for t := range tasks {
					t.done <- ask.one(ctx, t.Case)
				}
			})
		}
		for done := range due {
			if a := <-done; !yield(a.list, a.err) {
				return
			}
		}
	}
}

// one asks one case, and survives it.
func (ask asking) one(ctx context.Context, c suite.Case) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{err: &CrashError{Value: r, Stack: debug.Stack()}}
		}
	}()
	return answer{list: ask(ctx, c)}
}

// hand gives the answers' places to who waits for them, and cases to who asks them. A place comes first: what was asked is waited for.
func hand(ctx context.Context, cases iter.Seq[suite.Case], tasks chan<- task, due chan<- pending) {
	defer close(due)
	defer close(tasks)
	for c := range cases {
		t := task{Case: c, done: make(pending, 1)}
		select {
		case due <- t.done:
		case <-ctx.Done():
			return
		}
		select {
		case tasks <- t:
		case <-ctx.Done():
			t.done <- answer{}
			return
		}
	}
}
