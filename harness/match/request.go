package match

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
)

// HaveSentHeader matches where the request itself (the last one, after redirects) carried a header when it left the
// browser, with that value if one is given: a string, a Gomega matcher, or an [expect.Text].
func HaveSentHeader(name string, value ...any) types.GomegaMatcher {
	return header("have sent header %q", name, value, func(h expect.Header) expect.Expectation {
		return expect.Expectation{Actual: &expect.Actual{RequestHeaders: []expect.Header{h}}}
	})
}

// BeRedirected matches where the browser followed this many redirects.
func BeRedirected(hops int) types.GomegaMatcher {
	return that(fmt.Sprintf("be redirected %d times", hops), expect.Expectation{Redirects: &hops})
}
