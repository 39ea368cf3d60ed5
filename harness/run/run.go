package run

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/suite"
)

// ahead is how many cases may be asked before the one whose result is due:
// enough that a slow one holds nobody up, and few enough to keep in memory.
const ahead = 512

// Run asks all cases of the plan and gives their results to the reporter, in order. The report is begun and ended whatever
// happens, and holds what was finished. The error tells what ended the run early (the context's own, a browser that is not there)
// and what could not be written; a case without a verdict is no error of the run's.
func (p *Plan) Run(ctx context.Context, cfg Config, to report.Reporter) (report.Summary, error) {
	r := &runner{plan: p, cfg: cfg, to: to, started: time.Now()}
	var ended error
	for _, part := range p.parts {
		if part.cases == 0 {
			continue
		}
		if ended = r.part(ctx, part); ended != nil {
			break
		}
	}
	if errors.Is(ended, errStopped) {
		ended = nil
	}
	r.begin(report.Browser{}) // where nothing else has
	r.sum.Duration = time.Since(r.started)
	r.note(to.End(r.sum))
	return r.sum, errors.Join(ended, r.written)
}

// errStopped ends a run that is to end with the first case that does not pass.
var errStopped = errors.New("a case did not pass")

// runner is a run under way. Only one goroutine uses it.
type runner struct {
	plan    *Plan
	cfg     Config
	to      report.Reporter
	started time.Time
	begun   bool
	sum     report.Summary
	written error // what could not be written
}

// note keeps an error of the reporter's: the run goes on for what other reports there are.
func (r *runner) note(err error) { r.written = errors.Join(r.written, err) }

func (r *runner) begin(b report.Browser) {
	if r.begun {
		return
	}
	r.begun = true
	r.note(r.to.Begin(report.Header{Version: report.Version, Suite: r.plan.Name(), Browser: b, Started: r.started}))
}

// part runs one suite's cases.
func (r *runner) part(ctx context.Context, p part) (err error) {
	w, err := start(ctx, p, r.cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.harness.Close()) }()
	for _, name := range slices.Sorted(maps.Keys(w.missing)) {
		r.cfg.warn(fmt.Errorf("%w; cases that need it have no verdict", w.missing[name]))
	}
	b, err := w.harness.Browser(ctx)
	if err != nil {
		return err
	}
	r.begin(report.NewBrowser(b))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	asker := &asker{world: w, prefix: p.prefix, retries: r.cfg.Retries}
	redact := report.Redactor{Names: p.Redact, Show: r.cfg.ShowSecrets}
	for list := range inOrder(ctx, r.cfg.jobs(), r.plan.selected(p), asker.ask) {
		for _, result := range list {
			r.sum.Add(result)
			r.note(r.to.Result(redact.Redact(result)))
			if r.cfg.FailFast && result.Verdict != report.Pass {
				stop(errStopped)
			}
		}
		if context.Cause(ctx) == errStopped {
			break
		}
	}
	return context.Cause(ctx)
}

// pending is where the results of one case will be.
type pending chan []report.Result

type task struct {
	suite.Case
	done pending
}

// inOrder asks cases side by side and yields what each came to, in their own order; nothing for one that the context ended. It
// returns when nobody works on its behalf any more.
func inOrder(ctx context.Context, jobs int, cases func(func(suite.Case) bool), ask func(context.Context, suite.Case) []report.Result) func(func([]report.Result) bool) {
	return func(yield func([]report.Result) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()
		tasks, due := make(chan task), make(chan pending, ahead)
		workers.Go(func() { hand(ctx, cases, tasks, due) })
		for range jobs {
			workers.Go(func() {
				for t := range tasks {
					t.done <- ask(ctx, t.Case)
				}
			})
		}
		for done := range due {
			if !yield(<-done) {
				return
			}
		}
	}
}

// hand gives cases to who asks them, and their results' places to who waits for them.
func hand(ctx context.Context, cases func(func(suite.Case) bool), tasks chan<- task, due chan<- pending) {
	defer close(due)
	defer close(tasks)
	for c := range cases {
		t := task{Case: c, done: make(pending, 1)}
		select {
		case tasks <- t:
		case <-ctx.Done():
			return
		}
		select {
		case due <- t.done:
		case <-ctx.Done():
			return
		}
	}
}
