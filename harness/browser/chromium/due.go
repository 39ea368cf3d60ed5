package chromium

import (
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// preflightDue reports that the Standard has a request preflighted, so that
// evidence without a preflight is incomplete, unless a cache can have answered it.
func preflightDue(from string, r probe.Request) bool {
	origin, err := fetch.ParseOrigin(from)
	if err != nil {
		return false
	}
	due, _ := fetch.NeedsPreflight(r.Standard(origin))
	return due
}
