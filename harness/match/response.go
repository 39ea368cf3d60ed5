package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
)

// HaveStatus matches the status that script read; an opaque response's is 0.
func HaveStatus(status int) types.GomegaMatcher {
	return that(fmt.Sprintf("have status %d", status), expect.Expectation{Status: &status})
}

// HaveType matches the response's type. XMLHttpRequest has none, so there is nothing to assert of it.
// https://fetch.spec.whatwg.org/#concept-response-type
func HaveType(t fetch.ResponseType) types.GomegaMatcher {
	return named("response type", string(t), fmt.Sprintf("have type %q", t), expect.Expectation{Type: t})
}

// HaveBody matches the body that script read: a string is the whole body, and
// otherwise a Gomega matcher or an [expect.Text] such as [expect.JSON] takes it as a string.
// A body of which the text is not at hand can only be compared with a string.
func HaveBody(want any) types.GomegaMatcher {
	t, err := text(want)
	if err != nil {
		return observed{misuse: fmt.Errorf("the body to match %w", err)}
	}
	return that("have as body "+t.Want(), expect.Expectation{Body: t})
}

// HaveRejectedWith matches the name of the exception that script caught ("TypeError",
// "AbortError"), from the call or from reading the body.
func HaveRejectedWith(errorName string) types.GomegaMatcher {
	return named("error", errorName, fmt.Sprintf("have rejected with %q", errorName), expect.Expectation{Error: errorName})
}

// HaveEvents matches where XMLHttpRequest's events fired in this order, with or without others between them.
// Those of its upload begin with "upload.", and readystatechange ends with the state: "readystatechange 4".
func HaveEvents(names ...string) types.GomegaMatcher {
	if len(names) == 0 || slices.Contains(names, "") {
		return observed{misuse: errors.New("say which events to match: there is none, or an empty one")}
	}
	return that("have the events "+strings.Join(names, ", "), expect.Expectation{Events: names})
}
