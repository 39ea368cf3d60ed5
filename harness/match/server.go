package match

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
)

// HaveReceived matches how many preflights and how many other requests the API itself received.
func HaveReceived(preflights, requests int) types.GomegaMatcher {
	claim := fmt.Sprintf("have been received as %d preflights and %d requests", preflights, requests)
	return that(claim, expect.Expectation{Received: &expect.Received{Preflights: &preflights, Requests: &requests}})
}

// HaveReceivedHeader matches where the API received a header with the last
// request that was no preflight, with that value if one is given: a string, a Gomega matcher, or an [expect.Text].
func HaveReceivedHeader(name string, value ...any) types.GomegaMatcher {
	return header("have been received with header %q", name, value, func(h expect.Header) expect.Expectation {
		return expect.Expectation{Received: &expect.Received{Headers: []expect.Header{h}}}
	})
}

// HaveReplayed matches the status that the same request gets without a browser.
func HaveReplayed(status int) types.GomegaMatcher {
	return that(fmt.Sprintf("have replayed with status %d", status), expect.Expectation{Replay: &expect.Replay{Status: &status}})
}
