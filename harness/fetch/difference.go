package fetch

import "fmt"

// Kind says in what a browser differs from the Standard.
type Kind string

// The kinds.
const (
	// WaivedCheck: a check fails, and script gets the response all the same.
	WaivedCheck Kind = "waived check"
	// PreflightNotSent: the request was sent without the preflight that it needs.
	PreflightNotSent Kind = "preflight not sent"
	// PreflightSent: there was a preflight for a request that needs none.
	PreflightSent Kind = "preflight sent"
	// RequestHeader: the request's Origin header is another one.
	RequestHeader Kind = "request header"
)

// Difference is one thing that a browser did otherwise than the Standard says.
type Difference struct {
	Kind Kind
	// Why is a sentence for people.
	Why string
	// Violation is the check that was waived, of WaivedCheck.
	Violation Violation
	// Reason is the one for which the preflight was due, of PreflightNotSent: each is a difference of its own.
	Reason Reason
	// Hop is the request that it is about.
	Hop Hop
}

// Waived lists the checks that a browser waived: all violations, where what
// happened to script is that it got a response, and none otherwise.
func (p Prediction) Waived(observed Outcome) []Difference {
	if p.Outcome != OutcomeBlocked || observed != OutcomeReadable && observed != OutcomeOpaque {
		return nil
	}
	list := make([]Difference, len(p.Violations))
	for i, v := range p.Violations {
		list[i] = Difference{Kind: WaivedCheck, Violation: v, Hop: p.hopTo(v.URL),
			Why: fmt.Sprintf("the Standard says %s (%s), and script's outcome is %s", OutcomeBlocked, v.Why, observed)}
	}
	return list
}

// hopTo is the last request to a URL, or the zero Hop.
func (p Prediction) hopTo(url string) Hop {
	var last Hop
	for _, hop := range p.Hops {
		if hop.URL == url {
			last = hop
		}
	}
	return last
}

// Differences lists where the browser did not send what the Standard has it
// send. complete says that the wire has every preflight that was sent, and that
// no CORS-preflight cache from before can have spared one; where it is false, none is missed.
func (p Prediction) Differences(complete bool) []Difference {
	var list []Difference
	cached := map[string]bool{} // URLs whose preflights later hops may have found in the cache
	for _, hop := range p.Hops {
		if complete && !cached[hop.URL] {
			list = append(list, hop.preflightNotSent()...)
		}
		list = append(list, hop.preflightSent()...)
		list = append(list, hop.originDiffers()...)
		cached[hop.URL] = cached[hop.URL] || hop.Preflight.Sent
	}
	return list
}

func (hop Hop) preflightNotSent() []Difference {
	if !hop.Sent || hop.Preflight.Sent {
		return nil
	}
	var list []Difference
	for _, r := range hop.Preflight.Reasons {
		list = append(list, Difference{Kind: PreflightNotSent, Reason: r, Hop: hop,
			Why: fmt.Sprintf("the Standard needs a preflight for %s (%s), and none was sent", hop.URL, r.Why)})
	}
	return list
}

func (hop Hop) preflightSent() []Difference {
	if !hop.Preflight.Sent || hop.Preflight.Needed {
		return nil
	}
	return []Difference{{Kind: PreflightSent, Hop: hop, Why: "the Standard needs no preflight for " + hop.URL + ", and one was sent"}}
}

func (hop Hop) originDiffers() []Difference {
	if !hop.Sent || hop.OriginSent == hop.OriginDue {
		return nil
	}
	return []Difference{{Kind: RequestHeader, Hop: hop,
		Why: fmt.Sprintf("the Standard sends %s to %s, and %s was sent", originLine(hop.OriginDue), hop.URL, originLine(hop.OriginSent))}}
}

func originLine(value string) string {
	if value == "" {
		return "no Origin header"
	}
	return fmt.Sprintf("\"Origin: %s\"", value)
}

// header is the request header that a preflight did not ask for, or the zero Header where the difference is another.
func (d Difference) header() Header {
	switch {
	case d.Kind == PreflightNotSent && d.Reason.Trigger == HeaderTrigger:
		return d.Reason.Header
	case d.Kind == WaivedCheck && d.Violation.Step == HeaderNotAllowed:
		value, _ := d.Hop.Request.Headers.Get(d.Violation.Want)
		return Header{d.Violation.Want, value}
	default:
		return Header{}
	}
}
