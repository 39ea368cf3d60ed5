package report

import (
	"time"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/replay"
	"github.com/corsproof/corsproof/harness/story"
)

// Case is what a Result needs to know about its case.
type Case struct {
	ID, Name string
	Step     int    // from 1 where the case has steps, else 0
	At       string // "file:line:col"
	Cookies  []probe.Cookie
	Again    bool // it did not pass when it was asked before: it is flaky where it passes now
}

// New makes a Result of what was observed and checked. Nothing is redacted yet: see [Redactor].
// Findings are for the caller to add.
func New(c Case, o probe.Observation, checks []expect.Check) Result {
	r := Result{
		ID: c.ID, Case: c.Name, Step: c.Step, At: c.At, From: o.From, Jar: jar(c.Cookies),
		Request: request(o.Request), Curl: replay.Command(o.Request, c.Cookies), Line: story.Line(o),
		Headers: map[string]Text{}, Exchanges: []Exchange{}, Checks: []Check{}, Findings: []Finding{},
	}
	for _, k := range checks {
		r.Checks = append(r.Checks, Check{Name: k.Name, Pass: k.Pass, Want: k.Want, Got: k.Got, At: k.At, Undecided: k.Undecided})
	}
	r.Verdict = verdict(o, checks)
	r.Flaky = c.Again && r.Verdict == Pass
	if r.Verdict != Pass || r.Flaky {
		r.Story = story.Tell(o)
	}
	if o.Err != nil {
		r.Problem = o.Err.Error()
		return r
	}
	r.page(o)
	r.network(o)
	r.Receipts, r.Replay = receipts(o), replayed(o.Replay)
	r.Missing, r.Retried, r.Disagreement, r.Deviations = o.Missing, o.Retried, o.Disagreement, o.Deviations
	r.Started, r.DurationMS = o.Started, milliseconds(o.Duration)
	return r
}

// verdict is fail also where a check is undecided: nobody showed that it holds.
func verdict(o probe.Observation, checks []expect.Check) Verdict {
	if o.Err != nil {
		return Error
	}
	for _, k := range checks {
		if !k.Pass {
			return Fail
		}
	}
	return Pass
}

func (r *Result) page(o probe.Observation) {
	p := o.Page
	r.Outcome, r.Why, r.Type, r.Status, r.Events = string(o.Outcome), o.Why, string(p.Type), p.Status, p.Events
	for _, h := range p.Headers {
		r.Headers[h.Name] = Text(h.Value)
	}
	r.Body, r.BodySize = p.Body.Text, p.Body.Size
	for _, e := range []*probe.ScriptError{p.Error, p.BodyError} {
		if e != nil && r.Error == nil {
			r.Error = &ScriptError{e.Name, e.Message}
		}
	}
}

func (r *Result) network(o probe.Observation) {
	for _, x := range o.Exchanges {
		r.Exchanges = append(r.Exchanges, exchange(x))
	}
	if b := o.Blocked; b != nil {
		r.Blocked = &Block{Code: b.Code, Parameter: Text(b.Parameter), Message: b.Message}
	}
	r.NetError, r.Console = o.NetError, o.Console
	r.Deciding = deciding(*r)
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

// NewFindings are findings as a report has them.
func NewFindings(list []diagnose.Finding) []Finding {
	out := make([]Finding, len(list))
	for i, f := range list {
		out[i] = Finding{Rule: f.Rule, Severity: string(f.Severity), Summary: f.Summary, Evidence: f.Evidence, Fix: f.Fix}
	}
	return out
}
