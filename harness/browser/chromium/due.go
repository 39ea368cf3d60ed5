package chromium

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// preflightDue reports that the Standard has a request preflighted, and
// Chromium does too, so that evidence without a preflight is incomplete, unless a cache can have answered it.
func preflightDue(from string, r probe.Request) bool {
	origin, err := fetch.ParseOrigin(from)
	if err != nil {
		return false
	}
	asked := r.Standard(origin)
	asked.Headers = slices.DeleteFunc(slices.Clone(asked.Headers), func(h fetch.Header) bool {
		return slices.Contains(unasked, strings.ToLower(h.Name))
	})
	// An upload without a body has no events, so Chromium does not look whether anybody listens.
	asked.UploadListener = asked.UploadListener && r.Body != nil && !bodiless(r.Method)
	due, _ := fetch.NeedsPreflight(asked)
	return due
}

// unasked are the headers, in lower case, that Chromium may send without a
// preflight where the Standard has one: those that it sets itself now and then
// (services/network/public/cpp/cors/cors.cc, IsCorsSafelistedHeader), and User-Agent, script's value of which it drops.
var unasked = []string{
	"device-memory", "downlink", "dpr", "ect", "intervention", "rtt", "save-data", "user-agent", "viewport-width", "width",
}

// bodiless reports a method with which XMLHttpRequest leaves the body out.
func bodiless(method string) bool {
	method = fetch.NormalizeMethod(method)
	return method == "" || method == "GET" || method == "HEAD"
}
