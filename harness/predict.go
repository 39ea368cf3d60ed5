package harness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// predict applies the Fetch Standard to what was on the wire, and notes where
// it has something else happen to script than script saw, or something else
// sent than was. page are the headers of the page that asked.
func predict(o *probe.Observation, page fetch.HeaderList) {
	if fromCache(o) {
		return // what was on the wire is not what script was given
	}
	origin, err := fetch.ParseOrigin(o.From)
	if err != nil {
		return
	}
	r := o.Request.Standard(origin)
	if r.ReferrerPolicy == "" {
		r.ReferrerPolicy = fetch.ParseReferrerPolicy(page)
	}
	p := fetch.Predict(r, probe.StandardExchanges(o.Exchanges))
	complete := o.Step <= 1 && len(o.Missing) == 0 // a later step may find preflights in the cache
	known, unknown := fetch.Explain(o.Browser.Engine, append(p.Waived(comparable(o)), p.Differences(complete)...))
	for _, d := range known {
		o.Deviations = append(o.Deviations, d.ID)
	}
	if o.Disagreement = disagreement(o, p); o.Disagreement == "" && len(unknown) > 0 {
		o.Disagreement = unknown[0].Why
	}
}

func fromCache(o *probe.Observation) bool {
	return slices.ContainsFunc(o.Exchanges, func(x probe.Exchange) bool {
		return x.FromCache != "" || (x.Response != nil && x.Response.Status == 304)
	})
}

// disagreement compares what was predicted for script with what script saw, or
// returns "". A response that script got in spite of the prediction is left to [fetch.Prediction.Waived].
func disagreement(o *probe.Observation, p fetch.Prediction) string {
	if p.Outcome == fetch.OutcomeUnknown || o.Outcome == probe.Timeout || byAnotherPolicy(o.Blocked) || brokeOff(o, p) {
		return ""
	}
	got := comparable(o)
	if p.Outcome != got && len(p.Waived(got)) == 0 {
		return fmt.Sprintf("the Standard says %s%s, and script's outcome is %s", p.Outcome, because(p), o.Outcome)
	}
	if p.Outcome != fetch.OutcomeReadable || o.Outcome != probe.Readable {
		return ""
	}
	if got, want := names(o.Page.Headers), names(p.Exposed); got != want {
		return fmt.Sprintf("the Standard exposes the headers [%s], and script read [%s]", want, got)
	}
	return ""
}

// byAnotherPolicy reports a block that the prediction knows nothing of. Codes
// of the CORS protocol are in camel case; of the others only two are by what was on the wire.
func byAnotherPolicy(b *probe.Block) bool {
	return b != nil && b.Code == strings.ToLower(b.Code) && b.Code != "corp-not-same-origin" && b.Code != "corp-not-same-site"
}

// brokeOff reports a response that was good, but whose body broke: of that,
// XMLHttpRequest gives script nothing, where fetch() gives all but the body.
func brokeOff(o *probe.Observation, p fetch.Prediction) bool {
	if p.Outcome != fetch.OutcomeReadable || o.Request.Client != probe.XHR || o.Blocked != nil {
		return false
	}
	return o.NetError != "" && o.NetError != "net::ERR_FAILED"
}

// comparable is the outcome in the Standard's coarser terms: a network error is one, whatever its cause.
func comparable(o *probe.Observation) fetch.Outcome {
	switch {
	case o.Outcome == probe.Failed && o.Page.BodyError != nil:
		return fetch.OutcomeReadable // the response was there; its body broke
	case o.Outcome == probe.Failed:
		return fetch.OutcomeBlocked
	}
	return fetch.Outcome(o.Outcome)
}

func because(p fetch.Prediction) string {
	if len(p.Violations) == 0 {
		return ""
	}
	return " (" + p.Violations[0].Why + ")"
}

func names(list fetch.HeaderList) string {
	out := make([]string, len(list))
	for i, h := range list {
		out[i] = h.Name
	}
	return strings.Join(out, " ")
}
