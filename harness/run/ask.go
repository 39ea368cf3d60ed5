package run

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/suite"
)

// asker puts single cases to a suite's browser. It is safe for concurrent use.
type asker struct {
	world    *world
	probe    func(context.Context, probe.Probe) []probe.Observation   // the harness's
	followUp func(context.Context, []probe.FollowUp) []probe.FollowUp // the harness's
	explain  bool                                                     // ask about what went as expected, too
	prefix   string
	retries  int
}

// ask returns a result for each step of a case, or for those that were finished before the context ended.
func (a *asker) ask(ctx context.Context, c suite.Case) []report.Result {
	list, passed := a.once(ctx, c, false)
	for n := 0; n < a.retries && !passed && ctx.Err() == nil; n++ {
		var again []report.Result
		if again, passed = a.once(ctx, c, true); len(again) == len(c.Steps) {
			list = again
		}
	}
	return list
}

// once asks a case once. passed is true where each step did; the list has fewer where the context ended.
func (a *asker) once(ctx context.Context, c suite.Case, again bool) (list []report.Result, passed bool) {
	p, wanted, err := a.resolve(c)
	var seen []probe.Observation
	steps := c.Steps
	if err == nil {
		seen = a.probe(ctx, p)
		steps = steps[:min(finished(ctx, seen), len(steps))]
	}
	passed = err == nil && len(steps) == len(c.Steps)
	for i, step := range steps {
		o := probe.Observation{ProbeID: c.ID, Step: i + 1, From: c.From, Request: step.Request, Err: err}
		var expected expect.Expectation
		if err == nil {
			o, expected = seen[i], wanted[i]
		}
		checks := expected.Evaluate(o)
		if o.Err == nil && a.asksAfterwards(step, checks) {
			asked := a.inquire(ctx, o)
			switch {
			case ctx.Err() == nil:
				o = asked
			case step.Finding != "" || step.Cause != "":
				return list, false // what was not answered any more decides nothing
			}
		}
		r := a.result(c, i, o, seen[:min(i, len(seen))], expected.Outcome, checks, p.Cookies, again)
		passed = passed && r.Verdict == report.Pass
		list = append(list, r)
	}
	return list, passed
}

// finished is how many steps, from the first, the run's end left whole: it takes verdicts away, and replays.
func finished(ctx context.Context, seen []probe.Observation) int {
	if ctx.Err() == nil {
		return len(seen)
	}
	for i, o := range seen {
		if o.Err != nil || o.Replay != nil && o.Replay.Error != "" {
			return i
		}
	}
	return len(seen)
}

func (a *asker) resolve(c suite.Case) (probe.Probe, []expect.Expectation, error) {
	p, err := c.Resolve(a.world.origins)
	if err != nil {
		return p, nil, a.world.why(err)
	}
	p.ID = a.prefix + c.ID
	wanted, err := c.Expectations(a.world.origins)
	return p, wanted, a.world.why(err)
}

// asksAfterwards reports a step whose cause is wanted, or that did not go as expected.
func (a *asker) asksAfterwards(step suite.Step, checks []expect.Check) bool {
	return a.explain || step.Finding != "" || step.Cause != "" || failed(checks)
}

func failed(checks []expect.Check) bool {
	return slices.ContainsFunc(checks, func(k expect.Check) bool { return !k.Pass })
}

// inquire asks the API what tells causes apart.
func (a *asker) inquire(ctx context.Context, o probe.Observation) probe.Observation {
	return diagnose.Inquire(o, func(list []probe.FollowUp) []probe.FollowUp { return a.followUp(ctx, list) })
}

// result judges one step, by its checks and what rules find. i counts from 0; before are the earlier steps.
func (a *asker) result(c suite.Case, i int, o probe.Observation, before []probe.Observation, wanted probe.Outcome, checks []expect.Check, jar []probe.Cookie, again bool) report.Result {
	step := c.Steps[i]
	about := report.Case{ID: a.prefix + c.StepID(i+1), Name: c.Name, At: step.Pos.String(), Cookies: jar, Again: again}
	if len(c.Steps) > 1 {
		about.Step = i + 1
	}
	findings := diagnose.Find(o, wantedHeaders(checks)...)
	if failed(checks) || o.Page.Status == 401 || o.Page.Status == 403 {
		findings = withLost(findings, o, before)
	}
	if o.Err == nil {
		checks = append(checks, named(step, findings)...)
	}
	for k := range checks {
		checks[k].At = step.At(checks[k].Name).String()
	}
	r := report.New(about, o, checks)
	switch passed := r.Verdict == report.Pass; {
	case outside(wanted):
		findings = aboutOutsiders(findings, o, passed)
	case passed && step.Expect.Actual != nil:
		findings = aboutCookies(findings, *step.Expect.Actual)
	}
	r.Findings = append(r.Findings, report.Configured(findings, a.world.serverAt)...)
	return r
}

// withLost puts the cookies that earlier steps lost behind what is an error.
func withLost(findings []diagnose.Finding, o probe.Observation, before []probe.Observation) []diagnose.Finding {
	i := slices.IndexFunc(findings, func(f diagnose.Finding) bool { return f.Severity != diagnose.Error })
	if i < 0 {
		i = len(findings)
	}
	return slices.Insert(findings, i, diagnose.Lost(o, before)...)
}

// wantedHeaders are the headers that script was to read, and did not read as it should.
func wantedHeaders(checks []expect.Check) []string {
	var names []string
	for _, k := range checks {
		if name, ok := strings.CutPrefix(k.Name, "header "); ok && !k.Pass {
			names = append(names, name)
		}
	}
	return names
}

// outside reports an outcome that is expected of a page which is to stay outside.
func outside(wanted probe.Outcome) bool {
	return wanted != "" && wanted != probe.Readable
}

// aboutOutsiders are findings about a page that is to stay outside: nothing in them opens the API to it. Where all went as expected
// they only explain; where the page reads all the same, the first says what lets it in.
func aboutOutsiders(findings []diagnose.Finding, o probe.Observation, passed bool) []diagnose.Finding {
	if passed {
		return diagnose.AsNotes(findings)
	}
	list := slices.Clone(findings)
	for i := range list {
		list[i].ForgetNeed()
		if list[i].Rule != diagnose.OverlyPermissive {
			list[i].Fix = nil
		}
	}
	return slices.Concat(diagnose.LetIn(o), list)
}

// aboutCookies are findings of a step that passed: about cookies that are meant to stay behind they only explain.
func aboutCookies(findings []diagnose.Finding, wanted expect.Actual) []diagnose.Finding {
	meant := map[string]bool{"cookie-withheld": len(wanted.CookiesWithheld) > 0, "cookie-refused": len(wanted.CookiesRefused) > 0}
	var list, notes []diagnose.Finding
	for _, f := range findings {
		if meant[f.Rule] {
			notes = append(notes, f)
		} else {
			list = append(list, f)
		}
	}
	return append(list, diagnose.AsNotes(notes)...)
}

// named checks what a step expects of the findings.
func named(step suite.Step, findings []diagnose.Finding) []expect.Check {
	var checks []expect.Check
	if step.Finding != "" {
		checks = append(checks, found(step.Finding, findings))
	}
	if step.Cause != "" {
		first := suite.NoCause
		if len(findings) > 0 && findings[0].Severity != diagnose.Note {
			first = findings[0].Rule
		}
		checks = append(checks, expect.Check{Name: "cause", Want: fmt.Sprintf("%q", step.Cause), Got: fmt.Sprintf("%q", first), Pass: first == step.Cause})
	}
	return checks
}

// found checks that a rule found something.
func found(rule string, findings []diagnose.Finding) expect.Check {
	k := expect.Check{Name: "finding", Want: fmt.Sprintf("%q", rule), Got: "no finding"}
	var rules []string
	for _, f := range findings {
		k.Pass = k.Pass || f.Rule == rule
		rules = append(rules, fmt.Sprintf("%q", f.Rule))
	}
	if len(rules) > 0 {
		k.Got = strings.Join(rules, ", ")
	}
	return k
}
