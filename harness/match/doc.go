// Package match has Gomega matchers for Observations: thin skins over package
// expect, with failure messages that tell the whole story.
//
//	Expect(seen).To(match.BeReadable())
//	Expect(seen).To(SatisfyAll(match.HaveStatus(200), match.ExposeHeader("X-Total", "10"), match.HaveSentPreflight()))
//	Expect(other).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
//
// Every matcher takes a [probe.Observation] or a pointer to one. Where there is
// no verdict, or the evidence that a matcher needs is missing, the assertion
// fails whichever way it points: To, NotTo and Not() alike. What is not known is never taken for false.
package match
