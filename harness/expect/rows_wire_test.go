package expect_test

import (
	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
)

var (
	notSent     = mutant{"it never left the browser", func(o *probe.Observation) { o.Exchanges[0].Request.Raw = false }, "lines on the wire are not at hand", true}
	noPreflight = mutant{"no preflight", func(o *probe.Observation) { o.Exchanges = o.Exchanges[1:] }, "no", false}
)

func preflightRows() []row {
	of := func(p expect.Preflight) expect.Expectation { return expect.Expectation{Preflight: &p} }
	return []row{
		{of(expect.Preflight{Sent: new(true)}), sample.Blocked, "preflight", []mutant{
			{"skipped", func(o *probe.Observation) { o.Exchanges = o.Exchanges[1:] }, "none", false}, notSent, missing}},
		{of(expect.Preflight{Sent: new(true)}), unansweredPreflight, "preflight", []mutant{
			{"it never left the browser", func(o *probe.Observation) { o.Exchanges[0].Request.Raw = false }, `tried: the preflight request never left the browser: "net::ERR_X"`, false}}},
		{of(expect.Preflight{Sent: new(false)}), simple, "preflight", []mutant{
			{"sent", func(o *probe.Observation) { o.Exchanges = sample.Readable().Exchanges }, "sent", false}, missing}},
		{of(expect.Preflight{Sent: new(false)}), sample.Failed, "preflight", []mutant{
			{"tried", func(o *probe.Observation) { o.Exchanges[0].Role = probe.Preflight }, `tried: the preflight request never left the browser: "net::ERR_CONNECTION_REFUSED"`, false}}},
		{of(expect.Preflight{Status: new(405)}), sample.Blocked, "preflight.status", []mutant{
			{"another status", func(o *probe.Observation) { o.Exchanges[0].Response.Status = 204 }, "204", false},
			{"no answer", func(o *probe.Observation) { o.Exchanges[0].Response = nil }, `the preflight request got no answer: "net::ERR_FAILED"`, false},
			noPreflight, notSent, missing}},
		{of(expect.Preflight{Status: new(204)}), sample.Redirected, "preflight.status", []mutant{
			{"the last one's", func(o *probe.Observation) { o.Exchanges[1].Response.Status = 403 }, "403 (the last of 2 preflights)", false}}},
		{of(expect.Preflight{RequestHeaders: []expect.Header{{Name: "Access-Control-Request-Method", Value: expect.Exactly("PUT")}}}), sample.Blocked,
			"preflight request header access-control-request-method", []mutant{
				{"another value", func(o *probe.Observation) { o.Exchanges[0].Request.Headers[2].Value = "DELETE" }, `"DELETE"`, false},
				{"absent", func(o *probe.Observation) { o.Exchanges[0].Request.Headers[2].Name = "X" }, "absent", false},
				noPreflight, notSent, missing}},
		{of(expect.Preflight{ResponseHeaders: []expect.Header{{Name: "allow", Value: expect.Exactly("GET")}}}), sample.Blocked, "preflight response header allow", []mutant{
			{"another value", func(o *probe.Observation) { o.Exchanges[0].Response.Headers[0].Value = "PUT" }, `"PUT"`, false},
			{"absent", func(o *probe.Observation) { o.Exchanges[0].Response.Headers = nil }, "absent", false},
			{"not raw", func(o *probe.Observation) { o.Exchanges[0].Response.Raw = false }, "the answer's lines on the wire are not at hand", true},
			noPreflight, notSent, missing}},
		{of(expect.Preflight{Count: new(1)}), sample.Blocked, "preflight.count", []mutant{
			{"another one", func(o *probe.Observation) { o.Exchanges = append(o.Exchanges, o.Exchanges[0]) }, "2", false},
			{"none", func(o *probe.Observation) { o.Exchanges = o.Exchanges[1:] }, "0", false}, notSent, missing}},
	}
}

// simple is Readable without its preflight.
func simple() probe.Observation {
	o := sample.Readable()
	o.Exchanges = o.Exchanges[1:]
	return o
}

func unansweredPreflight() probe.Observation {
	o := sample.Blocked()
	o.Exchanges[0].Response, o.Exchanges[0].Error = nil, "net::ERR_X"
	return o
}

func actualRows() []row {
	of := func(a expect.Actual) expect.Expectation { return expect.Expectation{Actual: &a} }
	unknown := mutant{"not raw", func(o *probe.Observation) { o.Exchanges[1].Request.Raw = false }, "lines on the wire are not at hand", true}
	none := mutant{"no request", func(o *probe.Observation) { o.Exchanges = o.Exchanges[:1] }, "the browser sent no actual request", false}
	return []row{
		{of(expect.Actual{Sent: new(true)}), sample.Readable, "actual", []mutant{none, unknown, missing}},
		{of(expect.Actual{Sent: new(true)}), sample.TimedOut, "actual", []mutant{
			{"it never left the browser", func(o *probe.Observation) { o.Exchanges[0].Request.Raw = false }, `the actual request never left the browser: "net::ERR_ABORTED"`, false}}},
		{of(expect.Actual{Sent: new(false)}), sample.Blocked, "actual", []mutant{
			{"let through", func(o *probe.Observation) { o.Exchanges[1].Request.Raw = true }, "sent", false}, missing}},
		{of(expect.Actual{Sent: new(false)}), fromCache, "actual", []mutant{
			{"over the network", func(o *probe.Observation) { o.Exchanges[1].Request.Raw = true }, "sent", false}}},
		{of(expect.Actual{RequestHeaders: []expect.Header{{Name: "Cookie", Value: expect.Exactly("sid=s1")}}}), sample.Readable, "actual request header cookie", []mutant{
			{"another value", func(o *probe.Observation) { o.Exchanges[1].Request.Headers[2].Value = "sid=s2" }, `"sid=s2"`, false},
			{"absent", func(o *probe.Observation) { o.Exchanges[1].Request.Headers = o.Exchanges[1].Request.Headers[:2] }, "absent", false},
			none, unknown, missing}},
		{of(expect.Actual{Absent: []string{"Authorization"}}), sample.Readable, "actual absent authorization", []mutant{
			{"sent", func(o *probe.Observation) {
				o.Exchanges[1].Request.Headers = append(o.Exchanges[1].Request.Headers, fetch.Header{Name: "authorization", Value: "x"})
			}, `sent as "x"`, false},
			none, unknown, missing}},
	}
}

func fromCache() probe.Observation {
	o := sample.Readable()
	o.Exchanges[1].FromCache, o.Exchanges[1].Request.Raw = "disk", false
	return o
}

func cookieRows() []row {
	of := func(a expect.Actual) expect.Expectation { return expect.Expectation{Actual: &a} }
	unknown := mutant{"not raw", func(o *probe.Observation) { o.Exchanges[1].Request.Raw = false }, "lines on the wire are not at hand", true}
	return []row{
		{of(expect.Actual{CookiesSent: []string{"sid"}}), sample.Readable, "actual cookie sent sid", []mutant{
			{"not sent", func(o *probe.Observation) { o.Exchanges[1].Cookies.Sent = nil }, "sent: none", false},
			{"another one", func(o *probe.Observation) { o.Exchanges[1].Cookies.Sent[0].Name = "SID\x00" }, `sent: "SID\x00"`, false}, unknown, missing}},
		{of(expect.Actual{CookiesWithheld: []expect.Cookie{{Name: "strict", Reasons: []string{"SameSiteStrict"}}}}), sample.Readable, "actual cookie withheld strict", []mutant{
			{"let through", func(o *probe.Observation) { o.Exchanges[1].Cookies.Withheld = nil }, "withheld: none", false},
			{"another reason", func(o *probe.Observation) { o.Exchanges[1].Cookies.Withheld[0].Reasons[0] = "SecureOnly" }, "strict (SecureOnly)", false},
			{"another one", func(o *probe.Observation) { o.Exchanges[1].Cookies.Withheld[0].Name = "lax" }, "lax (SameSiteStrict)", false}, unknown, missing}},
		{of(expect.Actual{CookiesWithheld: []expect.Cookie{{Name: "strict"}}}), sample.Readable, "actual cookie withheld strict", []mutant{
			{"let through", func(o *probe.Observation) { o.Exchanges[1].Cookies.Withheld = nil }, "withheld: none", false}}},
		{of(expect.Actual{CookiesRefused: []expect.Cookie{{Name: "odd", Reasons: []string{"SameSiteNoneInsecure"}}}}), sample.Readable, "actual cookie refused odd", []mutant{
			{"stored", func(o *probe.Observation) { o.Exchanges[1].Cookies.Refused = nil }, "refused: none", false},
			{"another reason", func(o *probe.Observation) { o.Exchanges[1].Cookies.Refused[0].Reasons = nil }, "refused: odd", false},
			{"no answer", func(o *probe.Observation) { o.Exchanges[1].Response = nil }, "got no answer", false},
			{"not raw", func(o *probe.Observation) { o.Exchanges[1].Response.Raw = false }, "the answer's lines on the wire are not at hand", true}, missing}},
	}
}

func serverRows() []row {
	of := func(r expect.Received) expect.Expectation { return expect.Expectation{Received: &r} }
	unknown := mutant{"nobody looked", func(o *probe.Observation) { o.ReceiptsKnown = false }, "nobody of ours could see", true}
	again := mutant{"silently sent again", func(o *probe.Observation) { o.Receipts = append(o.Receipts, o.Receipts...) }, "2", false}
	return []row{
		{of(expect.Received{Preflights: new(1)}), sample.Readable, "received.preflights", []mutant{again, unknown,
			{"no preflight", func(o *probe.Observation) { o.Receipts[0].Method = "GET" }, "0", false}}},
		{of(expect.Received{Requests: new(1)}), sample.Readable, "received.requests", []mutant{again, unknown,
			{"none", func(o *probe.Observation) { o.Receipts = o.Receipts[:1] }, "0", false}}},
		{of(expect.Received{Headers: []expect.Header{{Name: "cookie", Value: expect.Exactly("sid=s1")}}}), sample.Readable, "received header cookie", []mutant{unknown,
			{"another value", func(o *probe.Observation) { o.Receipts[1].Headers[2].Value = "sid=s2" }, `"sid=s2"`, false},
			{"absent", func(o *probe.Observation) { o.Receipts[1].Headers = o.Receipts[1].Headers[:2] }, "absent", false},
			{"no request", func(o *probe.Observation) { o.Receipts = o.Receipts[:1] }, "the API received no request", false}}},
		{expect.Expectation{Replay: &expect.Replay{Status: new(200)}}, sample.Readable, "replay.status", []mutant{
			{"another status", func(o *probe.Observation) { o.Replay.Status = 500 }, "500", false},
			{"no answer", func(o *probe.Observation) { o.Replay.Error = "refused" }, `no answer: "refused"`, false},
			{"not sent", func(o *probe.Observation) { o.Replay = nil }, "the request was not sent without a browser", true}}},
	}
}

func witnessRows() []row {
	return []row{
		{expect.Expectation{Predicted: true}, sample.Readable, "prediction", []mutant{missing,
			{"the Standard says otherwise", func(o *probe.Observation) { o.Disagreement = "predicts blocked" }, `"predicts blocked"`, false}}},
		{expect.Expectation{Complete: true}, sample.Readable, "evidence", []mutant{
			{"evidence is missing", func(o *probe.Observation) { o.Missing = []string{"the preflight"} }, "missing: the preflight", false}}},
	}
}
