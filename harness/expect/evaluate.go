package expect

import (
	"slices"
	"strconv"

	"github.com/corsproof/corsproof/harness/probe"
)

// Evaluate checks each member that expects something, in the order of
// [Expectation]'s fields. Where the Observation holds no verdict there is exactly one
// check, called "verdict", which fails, whatever is expected.
func (e Expectation) Evaluate(o probe.Observation) []Check {
	if why := noVerdict(o); why != "" {
		return []Check{undecided("verdict", "a verdict", why)}
	}
	return slices.Concat(
		e.outcome(o), e.response(o), e.body(o), e.exposure(o), e.Preflight.checks(o), e.Actual.checks(o), e.redirects(o),
		e.reason(o), e.events(o), e.Received.checks(o), e.Replay.checks(o), e.witnesses(o),
	)
}

// noVerdict says why nothing is known, or "".
func noVerdict(o probe.Observation) string {
	switch {
	case o.Err != nil:
		return "there is no verdict: " + strconv.Quote(o.Err.Error())
	case o.Outcome == "":
		return "the observation is empty: it has no outcome"
	}
	return ""
}
