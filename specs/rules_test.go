package specs

// What the rules of diagnosis say, proved by the suites of harness/diagnose/cases: a rule speaks where its cause is at work, is
// silent where something else is that looks like it, and its example is what the browser and the servers came to.

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/diagnose/cases"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/run"
	"github.com/corsproof/corsproof/harness/suite"
)

var update = flag.Bool("update", false, "write the rules' examples in harness/diagnose/cases")

var _ = Describe("A rule of diagnosis", Label("rules"), func() {
	for _, rule := range diagnose.Rules() {
		It(rule.ID+" speaks of its cases and of no others", func(ctx SpecContext) {
			s, err := suite.Load(ctx, cases.Suite(rule.ID), suite.Options{FS: cases.Files()})
			Expect(err).NotTo(HaveOccurred())
			results := runAll(ctx, s)
			first := -1
			for i, step := range steps(s) {
				r := results[i]
				if !speaks(step, rule.ID) {
					Expect(r.Findings).NotTo(ContainElement(HaveField("Rule", rule.ID)), r.Title())
				} else if first < 0 {
					first = i
				}
			}
			expectExample(rule.ID, example(results[first], rule.ID))
		})
	}
})

// speaks reports whether a step expects a finding of the rule.
func speaks(step suite.Step, rule string) bool { return step.Cause == rule || step.Finding == rule }

func steps(s *suite.Suite) []suite.Step {
	var list []suite.Step
	for c := range s.Cases() {
		list = append(list, c.Steps...)
	}
	return list
}

// runAll runs a suite, and expects that each step passes.
func runAll(ctx context.Context, s *suite.Suite) []report.Result {
	GinkgoHelper()
	plan, err := run.NewPlan([]*suite.Suite{s}, run.Selection{})
	Expect(err).NotTo(HaveOccurred())
	kept := &keeping{}
	_, err = plan.Run(ctx, run.Config{Warn: func(err error) { AddReportEntry("warning", err.Error()) }}, kept)
	Expect(err).NotTo(HaveOccurred())
	Expect(kept.results).To(HaveLen(plan.Results))
	for _, r := range kept.results {
		Expect(r.Verdict).To(Equal(report.Pass), "%s: %v\n%s", r.Title(), r.Failed(), r.Story)
	}
	return kept.results
}

// keeping is a reporter that keeps the results.
type keeping struct{ results []report.Result }

func (*keeping) Begin(report.Header) error { return nil }

func (k *keeping) Result(r report.Result) error {
	k.results = append(k.results, r)
	return nil
}

func (*keeping) End(report.Summary) error { return nil }

// expectExample compares a rule's example with what is kept of it, or writes it.
func expectExample(rule, got string) {
	GinkgoHelper()
	if *update {
		Expect(os.WriteFile(filepath.Join("../harness/diagnose/cases", rule, "example.txt"), []byte(got), 0o644)).To(Succeed())
		return
	}
	Expect(got).To(Equal(cases.Example(rule)), "make rules writes it")
}

// example tells a result as people see it, with the rule's finding.
func example(r report.Result, rule string) string {
	var b strings.Builder
	b.WriteString(r.Line + "\n\n")
	for _, x := range r.Exchanges {
		if x.Request.Provisional && x.Response == nil {
			continue
		}
		fmt.Fprintf(&b, "> %s %s\n%s", x.Request.Method, x.Request.URL, written("> ", slices.DeleteFunc(x.Request.Headers, isDull)))
		if x.Response == nil {
			fmt.Fprintf(&b, "< no answer\n\n")
			continue
		}
		fmt.Fprintf(&b, "< %d%s\n%s\n", x.Response.Status, stored(x), written("< ", slices.DeleteFunc(x.Response.Headers, isOurs)))
	}
	i := slices.IndexFunc(r.Findings, func(f report.Finding) bool { return f.Rule == rule })
	f := r.Findings[i]
	fmt.Fprintf(&b, "%s %s: %s\n", f.Severity, f.Rule, f.Summary)
	for _, text := range f.Evidence {
		b.WriteString("  evidence: " + text + "\n")
	}
	for _, text := range f.Fix {
		b.WriteString("  fix: " + text + "\n")
	}
	return b.String()
}

func written(before string, headers report.Lines) string {
	var b strings.Builder
	for _, h := range headers {
		fmt.Fprintf(&b, "%s%s: %s\n", before, h[0], h[1])
	}
	return b.String()
}

func stored(x report.Exchange) string {
	if x.FromCache == "" {
		return ""
	}
	return " (from the browser's cache)"
}

// isDull reports a request's header that CORS does not look at.
func isDull(h [2]report.Text) bool {
	return !slices.Contains([]string{"origin", "access-control-request-method", "access-control-request-headers", "authorization", "cookie"}, strings.ToLower(string(h[0])))
}

// isOurs reports a header that the embedded API adds to what is scripted.
func isOurs(h [2]report.Text) bool {
	return slices.Contains([]string{"date", "content-length", "connection"}, strings.ToLower(string(h[0])))
}
