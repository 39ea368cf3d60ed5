package run

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/suite"
)

// Run asks all cases of the plan and gives their results to the reporter, in order. The report is begun and ended whatever
// happens, a panic too, and holds what was finished. The error tells what ended the run early (the context's own, a browser that
// is not there, a [CrashError]) and what could not be written; a case without a verdict is no error of the run's.
func (p *Plan) Run(ctx context.Context, cfg Config, to report.Reporter) (sum report.Summary, err error) {
	r := &runner{plan: p, cfg: cfg, to: to, started: time.Now()}
	defer func() {
		r.end()
		sum, err = r.sum, errors.Join(err, r.written)
	}()
	for _, part := range p.parts {
		if part.cases == 0 {
			continue
		}
		if err := r.part(ctx, part); errors.Is(err, errStopped) {
			break
		} else if err != nil {
			return r.sum, err
		}
	}
	return r.sum, nil
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
	h := report.Header{Version: report.Version, Suite: r.plan.Name(), Browser: r.plan.browser(b), Started: r.started, Planned: r.plan.Results}
	if shard := r.plan.selection.Shard; shard.Of > 0 {
		h.Shard = &report.Shard{Index: shard.Index, Of: shard.Of}
	}
	r.note(r.to.Begin(h))
}

func (r *runner) end() {
	r.begin(report.Browser{}) // where nothing else has
	r.sum.Duration, r.sum.Incomplete = time.Since(r.started), r.sum.Total()+r.sum.Skipped < r.plan.Results
	r.note(r.to.End(r.sum))
}

// browser is what the header says of the suites' browsers, given one of them. Where suites differ in third-party cookies it
// names each setting, and no flags, which differ with them.
func (p *Plan) browser(b report.Browser) report.Browser {
	var settings []string
	for _, part := range p.parts {
		settings = append(settings, part.ThirdPartyCookies)
	}
	slices.Sort(settings)
	if settings = slices.Compact(settings); len(settings) > 1 && b.Name != "" {
		b.ThirdPartyCookies, b.Flags = strings.Join(settings, ", "), nil
	}
	return b
}

// part runs one suite's cases.
func (r *runner) part(ctx context.Context, p part) (err error) {
	w, err := start(ctx, p, r.cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.ended(w.harness.Close())) }()
	cases := r.plan.selected(p)
	if r.cfg.SkipMissing {
		cases = r.without(w, p, cases)
	}
	for _, name := range slices.Sorted(maps.Keys(w.missing)) {
		if !r.cfg.SkipMissing || !isDown(w.missing[name]) {
			r.cfg.warn(fmt.Errorf("some cases have no verdict: %w", w.missing[name]))
		}
	}
	b, err := w.harness.Browser(ctx)
	if err != nil {
		return err
	}
	r.begin(report.NewBrowser(b))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	asker := &asker{world: w, probe: w.harness.Probe, followUp: w.harness.FollowUp, explain: r.cfg.Explain, prefix: p.prefix, retries: r.cfg.Retries}
	redact := report.Redactor{Names: p.Redact, Show: r.cfg.ShowSecrets}
	for list, err := range inOrder(ctx, r.cfg.jobs(), cases, asker.ask) {
		if err != nil {
			return err
		}
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

// ended warns of servers that ended by themselves, and returns what else an error says about the end of a suite's world.
func (r *runner) ended(err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, one := range several.Unwrap() {
			rest = append(rest, r.ended(one))
		}
		return errors.Join(rest...)
	}
	if isDown(err) {
		r.cfg.warn(err)
		return nil
	}
	return err
}

// without leaves out the cases that need a server which is not installed or does not start, and says so by name.
func (r *runner) without(w *world, p part, cases iter.Seq[suite.Case]) iter.Seq[suite.Case] {
	if !w.anyDown() {
		return cases
	}
	left := map[string]bool{}
	skipped := map[string][]string{} // by the reason
	for c := range cases {
		if err := w.lacks(c); err != nil {
			left[c.ID] = true
			why, _, _ := strings.Cut(err.Error(), "\n") // what a broken server printed follows
			skipped[why] = append(skipped[why], p.prefix+c.ID)
			r.sum.Skipped += len(c.Steps)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(skipped)) {
		r.cfg.warn(fmt.Errorf("%s; skipped: %s", why, strings.Join(skipped[why], ", ")))
	}
	return func(yield func(suite.Case) bool) {
		for c := range cases {
			if !left[c.ID] && !yield(c) {
				return
			}
		}
	}
}
