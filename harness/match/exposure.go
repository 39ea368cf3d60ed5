package match

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
)

// ExposeHeader matches where script can read a response header, with that value if one is given: a string, a
// Gomega matcher, or an [expect.Text]. https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
func ExposeHeader(name string, value ...any) types.GomegaMatcher {
	return header("expose header %q", name, value, func(h expect.Header) expect.Expectation {
		return expect.Expectation{Headers: []expect.Header{h}}
	})
}

// HideHeader matches where the final response had a header on the wire that script cannot read. A header that
// was never sent is not hidden.
func HideHeader(name string) types.GomegaMatcher {
	return named("header", name, fmt.Sprintf("hide header %q", name), expect.Expectation{Hidden: []string{name}})
}
