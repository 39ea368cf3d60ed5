package match

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/nearest"
	"github.com/corsproof/corsproof/harness/probe"
)

// BeReadable matches where script could read the response: its body and at least the safelisted headers.
func BeReadable() types.GomegaMatcher {
	return that("be readable", expect.Expectation{Outcome: probe.Readable})
}

// BeOpaque matches where script got a filtered response that says nothing: in mode no-cors, or of a redirect
// that was not followed. https://fetch.spec.whatwg.org/#concept-filtered-response-opaque
func BeOpaque() types.GomegaMatcher {
	return that("be opaque", expect.Expectation{Outcome: probe.Opaque})
}

// BeBlocked matches where the browser refused on policy: CORS, local network access, mixed content, CSP, CORP.
func BeBlocked() types.GomegaMatcher {
	return that("be blocked", expect.Expectation{Outcome: probe.Blocked})
}

// BeBlockedBy matches where the browser blocked and gave this code as the reason ("MissingAllowOriginHeader").
// [probe.BlockCodes] has those that are known; a code that is one of them but for a slip is a mistake, and any other may be new.
func BeBlockedBy(code string) types.GomegaMatcher {
	for _, known := range probe.BlockCodes {
		if d := nearest.Distance(code, known); code != "" && d > 0 && d <= 2 && !slices.Contains(probe.BlockCodes, code) {
			return observed{misuse: fmt.Errorf("there is no code %q; did you mean %q? (see probe.BlockCodes)", code, known)}
		}
	}
	return named("code", code, fmt.Sprintf("be blocked by %q", code), expect.Expectation{Outcome: probe.Blocked, BlockedBy: code})
}

// HaveFailed matches where the network failed, or script's own call.
func HaveFailed() types.GomegaMatcher {
	return that("have failed", expect.Expectation{Outcome: probe.Failed})
}

// HaveFailedWith matches where the request failed with this network error ("net::ERR_CONNECTION_REFUSED").
func HaveFailedWith(netError string) types.GomegaMatcher {
	return named("network error", netError, fmt.Sprintf("have failed with %q", netError), expect.Expectation{Outcome: probe.Failed, NetError: netError})
}

// HaveTimedOut matches where script got no answer in time.
func HaveTimedOut() types.GomegaMatcher {
	return that("have timed out", expect.Expectation{Outcome: probe.Timeout})
}
