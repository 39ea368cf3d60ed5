package match

import (
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
)

// AgreeWithStandard matches where the Fetch Standard, applied to what was on the wire, predicts what script saw.
func AgreeWithStandard() types.GomegaMatcher {
	return that("agree with the Fetch Standard", expect.Expectation{Predicted: true})
}

// HaveCompleteEvidence matches where the browser delivered all evidence that it announced.
func HaveCompleteEvidence() types.GomegaMatcher {
	return that("have complete evidence", expect.Expectation{Complete: true})
}
