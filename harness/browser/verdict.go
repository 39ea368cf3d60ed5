package browser

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Decide sets an Observation's Outcome, and Why, from the evidence it holds:
// what script saw, the browser's own reason, and the network's error. Every
// engine decides by this one function.
func Decide(o *probe.Observation) {
	o.Outcome, o.Why = decide(o)
}

func decide(o *probe.Observation) (probe.Outcome, string) {
	p := o.Page
	switch {
	case !p.Settled:
		return probe.Timeout, "script got no answer before the timeout, and aborted"
	case p.Error != nil:
		return rejected(o)
	case p.Type == fetch.Opaque || p.Type == fetch.OpaqueRedirect:
		return probe.Opaque, fmt.Sprintf("script got a filtered response of type %q: status 0, no headers, no body", p.Type)
	case p.Type == fetch.ErrorResponse:
		return probe.Failed, "script got a response of type \"error\""
	case p.BodyError != nil:
		return probe.Failed, fmt.Sprintf("script got status %d and headers, but reading the body failed: %s%s", p.Status, p.BodyError.Message, because(o.NetError))
	default:
		return probe.Readable, fmt.Sprintf("script read status %d and a body of %d bytes", p.Status, p.Body.Size)
	}
}

// rejected tells a block from a failure: both look the same to script, so the
// browser's own evidence decides.
func rejected(o *probe.Observation) (probe.Outcome, string) {
	switch {
	case o.Page.Rejected:
		return probe.Failed, "the call itself threw, and nothing was fetched: " + o.Page.Error.Message
	case o.Blocked != nil:
		return probe.Blocked, "the browser refused: " + o.Blocked.Code
	case o.NetError != "":
		return probe.Failed, "the network failed: " + o.NetError
	case integrity(o) != "":
		return probe.Failed, "the integrity check failed: " + integrity(o)
	default:
		return probe.Failed, "the browser gave no reason; script saw: " + o.Page.Error.Message
	}
}

// integrity is the console's line about an integrity check, which is all that Chromium tells of one: the response
// counts as loaded. https://www.w3.org/TR/sri-2/#does-response-match-metadatalist
func integrity(o *probe.Observation) string {
	first := ""
	for _, line := range o.Console {
		if first == "" && strings.Contains(line, "integrity") {
			first = line
		}
		if strings.Contains(line, "integrity checks failed") {
			return first // of two lines it is the one that says how
		}
	}
	return ""
}

func because(netError string) string {
	if netError == "" {
		return ""
	}
	return " (" + netError + ")"
}
