// Package run puts suites to a browser: it plans which cases to ask, starts
// the servers under test and a browser for each suite, asks many cases at a
// time, and hands on results in the order of the suite while they come.
//
//	plan, err := run.NewPlan(suites, run.Selection{Filters: []string{"preflight"}})
//	sum, err := plan.Run(ctx, run.Config{Jobs: 8}, reporter)
//
// However a run ends, what was finished has been reported, and the report has been ended.
package run
