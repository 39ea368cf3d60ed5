package harness

import (
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

const apiURL = "https://api.example.com/x"

// simpleGET is what Chromium shows of a GET that script could read, and that no preflight preceded.
func simpleGET(headers ...fetch.Header) probe.Observation {
	origin := fetch.HeaderList{{Name: "Origin", Value: app}}
	read := fetch.HeaderList{{Name: "content-type", Value: "text/plain"}}
	return probe.Observation{
		Step: 1, From: app, Request: probe.Request{URL: apiURL, Headers: headers}, Outcome: probe.Readable,
		Page: probe.Page{Type: fetch.CORSResponse, Status: 200, Headers: read},
		Exchanges: []probe.Exchange{{
			Role: probe.Actual, Request: probe.SentRequest{Method: "GET", URL: apiURL, Headers: origin, Raw: true},
			Response: &probe.ReceivedResponse{Status: 200, Raw: true,
				Headers: append(fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: "*"}}, read...)},
		}},
		Browser: probe.Browser{Engine: "chromium"},
	}
}

func preflightTo(url string) probe.Exchange {
	return probe.Exchange{Role: probe.Preflight, Request: probe.SentRequest{Method: "OPTIONS", URL: url, Raw: true},
		Response: &probe.ReceivedResponse{Status: 204, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: "*"}}}}
}

func TestPredictionAgainstObservation(t *testing.T) {
	saveData, custom := fetch.Header{Name: "Save-Data", Value: "on"}, fetch.Header{Name: "X-A", Value: "1"}
	noCORS := func(o *probe.Observation) {
		o.Outcome, o.Page.Type, o.Page.Headers = probe.Opaque, fetch.Opaque, nil
		o.Request.Method, o.Request.Mode = "POST", fetch.NoCORS
	}
	for name, c := range map[string]struct {
		seen       probe.Observation
		change     func(*probe.Observation)
		page       fetch.HeaderList
		disagree   string // a part
		deviations []string
	}{
		"they agree":                            {seen: simpleGET()},
		"a known missing preflight":             {seen: simpleGET(saveData), deviations: []string{"chromium-client-hints-safelisted"}},
		"in a browser that is not known for it": {seen: simpleGET(saveData), change: func(o *probe.Observation) { o.Browser.Engine = "other" }, disagree: "needs a preflight"},
		"a missing preflight":                   {seen: simpleGET(custom), disagree: "needs a preflight"},
		"both":                                  {seen: simpleGET(saveData, custom), disagree: "X-A is not CORS-safelisted", deviations: []string{"chromium-client-hints-safelisted"}},
		"in a later step, which may know it":    {seen: simpleGET(custom), change: func(o *probe.Observation) { o.Step = 2 }},
		"where evidence is missing":             {seen: simpleGET(custom), change: func(o *probe.Observation) { o.Missing = []string{"the preflight"} }},
		"of a request that did not leave":       {seen: simpleGET(custom), change: func(o *probe.Observation) { o.Exchanges[0].Request.Raw = false }},
		"a preflight too many":                  {seen: simpleGET(), change: func(o *probe.Observation) { o.Exchanges = slices.Insert(o.Exchanges, 0, preflightTo(apiURL)) }, disagree: "needs no preflight"},
		"a known preflight too many":            {seen: simpleGET(fetch.Header{Name: "Range", Value: "bytes=0-99999999999999999999"}), change: func(o *probe.Observation) { o.Exchanges = slices.Insert(o.Exchanges, 0, preflightTo(apiURL)) }, deviations: []string{"chromium-long-range"}},
		"another Origin":                        {seen: simpleGET(), change: func(o *probe.Observation) { o.Exchanges[0].Request.Headers[0].Value = "null" }, disagree: `sends "Origin: https://app.example.com"`},
		"an Origin that the policy hides":       {seen: simpleGET(), change: func(o *probe.Observation) { noCORS(o); o.Request.ReferrerPolicy = fetch.NoReferrer }, deviations: []string{"chromium-origin-despite-referrer-policy"}},
		"an Origin that the page's hides":       {seen: simpleGET(), change: noCORS, page: fetch.HeaderList{{Name: "Referrer-Policy", Value: "no-referrer"}}, deviations: []string{"chromium-origin-despite-referrer-policy"}},
		"the same where neither hides it":       {seen: simpleGET(), change: noCORS},
		"another outcome comes first":           {seen: simpleGET(custom), change: func(o *probe.Observation) { o.Outcome = probe.Blocked }, disagree: "script's outcome is blocked"},
		"a waived check that nobody knows of":   {seen: simpleGET(), change: func(o *probe.Observation) { o.Exchanges[0].Response.Headers = nil }, disagree: "script's outcome is readable"},
		"a header that is not exposed":          {seen: simpleGET(), change: func(o *probe.Observation) { o.Page.Headers = nil }, disagree: "exposes the headers"},
		"an answer from the cache":              {seen: simpleGET(custom), change: func(o *probe.Observation) { o.Exchanges[0].FromCache = "disk" }},
	} {
		o := c.seen
		if c.change != nil {
			c.change(&o)
		}
		predict(&o, c.page)
		if (c.disagree == "") != (o.Disagreement == "") || !strings.Contains(o.Disagreement, c.disagree) || !slices.Equal(o.Deviations, c.deviations) {
			t.Errorf("%s: disagreement %q, deviations %q; want %q, %q", name, o.Disagreement, o.Deviations, c.disagree, c.deviations)
		}
	}
}
