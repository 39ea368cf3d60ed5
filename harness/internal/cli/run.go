package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/run"
	"github.com/corsproof/corsproof/harness/suite"
)

// runOptions are the flags of run.
type runOptions struct {
	run.Config
	filters []string
	shard   string
	reports []string
	list    bool
	watch   bool
}

func runCommand(s State) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use: "run SUITE.yaml...", Short: "Ask the cases of suites, and say which are as expected",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError("run needs a suite's file; see corsproof run --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, files []string) error { return o.command(cmd.Context(), s, files) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.reports, "report", nil, "write a report: `FORMAT=FILE`, with json, junit, html, har, sarif, github or terminal; - is standard output (may be repeated)")
	f.StringArrayVar(&o.filters, "filter", nil, "only cases whose id or name has `TEXT` in it (may be repeated: any of them)")
	f.StringVar(&o.shard, "shard", "", "only a part of the cases: `N/OF`, such as 2/5")
	f.BoolVar(&o.list, "list", false, "print the ids of the cases and ask nothing")
	f.StringVar(&o.Browser, "browser", "", "path or name of the browser")
	f.StringArrayVar(&o.BrowserFlags, "browser-flag", nil, "add `--FLAG=VALUE` to the browser's command line (may be repeated)")
	f.IntVar(&o.Jobs, "jobs", 32, "how many cases are asked at a time")
	f.IntVar(&o.Retries, "retries", 0, "ask a case that did not pass again, so many times; one that passes then is reported as flaky")
	f.BoolVar(&o.FailFast, "fail-fast", false, "end with the first case that does not pass")
	serverFlag(cmd, &o.Server)
	f.BoolVar(&o.SkipMissing, "skip-missing", false, "leave out the cases that need a server which is not installed here or does not start, by name, instead of failing")
	f.BoolVar(&o.Explain, "explain", false, "tell the whole story of each case that does not pass, and ask the API of every case what tells causes apart (GET, HEAD, OPTIONS)")
	f.BoolVar(&o.watch, "watch", false, "run again whenever a file of the suite or of its servers changes")
	f.BoolVar(&o.ShowSecrets, "show-secrets", false, "leave Authorization, Cookie and the like in reports")
	return cmd
}

func (o runOptions) command(ctx context.Context, s State, files []string) error {
	if err := o.validate(); err != nil {
		return err
	}
	if o.watch {
		return o.watching(ctx, s, files)
	}
	return o.once(ctx, s, files)
}

func (o runOptions) validate() error {
	var errs []error
	if o.Jobs < 1 {
		errs = append(errs, fmt.Errorf("--jobs is %d: it must be 1 or more", o.Jobs))
	}
	if o.Retries < 0 {
		errs = append(errs, fmt.Errorf("--retries is %d: it must be 0 or more", o.Retries))
	}
	if o.shard != "" {
		_, err := run.ParseShard(o.shard)
		errs = append(errs, err)
	}
	errs = append(errs, knownServer(o.Server))
	if o.list && o.watch {
		errs = append(errs, errors.New("--list and --watch do not go together"))
	}
	_, err := parseReports(o.reports)
	if err := errors.Join(append(errs, err)...); err != nil {
		return usageError("%w", err)
	}
	return nil
}

// once loads the suites and runs them.
func (o runOptions) once(ctx context.Context, s State, files []string) error {
	suites, err := loadSuites(ctx, s, files)
	if err != nil {
		return err
	}
	selection := run.Selection{Filters: o.filters}
	if o.shard != "" {
		selection.Shard, _ = run.ParseShard(o.shard) // validated
	}
	plan, err := run.NewPlan(suites, selection)
	if err != nil {
		return usageError("%w", err)
	}
	if o.list {
		return list(s, plan)
	}
	if err := spare(o.reports, filesOf(suites)); err != nil {
		return err
	}
	advise(s, suites)
	if plan.Cases == 0 {
		fmt.Fprintln(s.Stderr, "corsproof: there is no case to ask: the suite, or this shard of it, has none")
	}
	out, err := openReports(s, o.reports, plan.Results, o.Explain)
	if err != nil {
		return err
	}
	o.Warn, o.LogDir = func(err error) { say(s, err) }, os.TempDir()
	sum, err := plan.Run(ctx, o.Config, out)
	return verdict(ctx, sum, errors.Join(err, out.close()))
}

// filesOf are all files that suites were read from.
func filesOf(suites []*suite.Suite) []string {
	var files []string
	for _, s := range suites {
		files = append(append(files, s.File), s.Files...)
	}
	return files
}

func list(s State, plan *run.Plan) error {
	for id := range plan.IDs() {
		if _, err := fmt.Fprintln(s.Stdout, printable.Text(id)); err != nil {
			return &exitError{code: exitEnvironment, err: fmt.Errorf("print the list: %w", err)}
		}
	}
	return nil
}

// verdict is a run's exit code. Where an expectation failed, that counts more than what had no verdict.
func verdict(ctx context.Context, sum report.Summary, err error) error {
	var crash *run.CrashError
	switch {
	case errors.As(err, &crash):
		return err
	case ctx.Err() != nil && beside(err) != nil:
		return &exitError{code: exitInterrupted, err: fmt.Errorf("interrupted after %s, and: %w", count(sum.Total(), "result"), beside(err))}
	case ctx.Err() != nil:
		return &exitError{code: exitInterrupted, err: fmt.Errorf("interrupted: what was finished is in the reports (%s)", count(sum.Total(), "result"))}
	case err != nil:
		return &exitError{code: exitEnvironment, err: err}
	case sum.Failed > 0:
		return &exitError{code: exitFailed}
	case sum.Errors > 0:
		return &exitError{code: exitEnvironment}
	}
	return nil
}

// beside is what of an error is no consequence of the context's end: what could not be written.
func beside(err error) error {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, one := range list.Unwrap() {
			rest = append(rest, beside(one))
		}
		return errors.Join(rest...)
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
