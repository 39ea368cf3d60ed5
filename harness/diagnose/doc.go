// Package diagnose names the cause of what happened to script. [Find] applies
// a table of rules to one Observation: each rule is data, and a pure function
// of what the witnesses saw. The first finding is the cause; what contributes, and what would fail next, follows.
//
// A rule is right or silent: where the evidence does not decide, a finding
// says what is not known and what would tell.
package diagnose
