package match

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
)

// HaveSentPreflight matches where a CORS-preflight request left the browser.
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
func HaveSentPreflight() types.GomegaMatcher {
	return that("have sent a preflight", expect.Expectation{Preflight: &expect.Preflight{Sent: new(true)}})
}

// HaveSentNoPreflight matches where the browser did not even try to send a preflight: none was needed, or its
// cache answered. It is stricter than the negation of HaveSentPreflight, which a failed connection also satisfies.
func HaveSentNoPreflight() types.GomegaMatcher {
	return that("have sent no preflight", expect.Expectation{Preflight: &expect.Preflight{Sent: new(false)}})
}

// HavePreflightStatus matches the status of the answer to the last preflight.
func HavePreflightStatus(status int) types.GomegaMatcher {
	return that(fmt.Sprintf("have preflight status %d", status), expect.Expectation{Preflight: &expect.Preflight{Status: &status}})
}

// HavePreflightRequestHeader matches a header of the last preflight, with that value if one is given: a string, a
// Gomega matcher, or an [expect.Text].
func HavePreflightRequestHeader(name string, value ...any) types.GomegaMatcher {
	return header("have preflight request header %q", name, value, func(h expect.Header) expect.Expectation {
		return expect.Expectation{Preflight: &expect.Preflight{RequestHeaders: []expect.Header{h}}}
	})
}
