// Package expect compares what is expected of one step of a probe with what
// was observed: [Expectation.Evaluate] gives one [Check] for each member. It is
// pure: values in, values out, and no assertion library.
//
// It never guesses. Where the evidence that a member needs is missing, its
// check fails, is Undecided, and Got says what is not known, and why.
package expect
