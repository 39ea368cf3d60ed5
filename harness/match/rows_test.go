package match_test

import (
	"regexp"

	"github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

func rows() []row {
	var list []row
	for _, group := range [][]row{outcomeRows(), responseRows(), exposureRows(), preflightRows(), requestRows(), cookieRows(), serverRows(), evidenceRows()} {
		list = append(list, group...)
	}
	return list
}

// missing is a mutant of every matcher that reads the wire.
var missing = mutant{"evidence is missing", func(o *probe.Observation) { o.Missing = []string{"raw headers of the request"} },
	"evidence is missing: raw headers of the request", true}

func outcomeRows() []row {
	becomes := func(outcome probe.Outcome) mutant {
		return mutant{"outcome " + string(outcome), func(o *probe.Observation) { o.Outcome = outcome }, "got " + string(outcome), false}
	}
	return []row{
		{"BeReadable", match.BeReadable(), sample.Readable, "be readable", []mutant{becomes(probe.Blocked), becomes(probe.Opaque), becomes(probe.Failed), becomes(probe.Timeout)}},
		{"BeOpaque", match.BeOpaque(), sample.Opaque, "be opaque", []mutant{becomes(probe.Readable), becomes(probe.Blocked)}},
		{"BeBlocked", match.BeBlocked(), sample.Blocked, "be blocked", []mutant{becomes(probe.Readable), becomes(probe.Failed), becomes(probe.Timeout)}},
		{"BeBlocked", match.BeBlocked(), unexplained, "be blocked", []mutant{{"failed without a reason", func(o *probe.Observation) { o.Outcome = probe.Failed }, "evidence is missing", true}}},
		{"BeBlockedBy", match.BeBlockedBy("PreflightMissingAllowOriginHeader"), sample.Blocked, `be blocked by "PreflightMissingAllowOriginHeader"`, []mutant{
			becomes(probe.Readable),
			{"another code", func(o *probe.Observation) { o.Blocked.Code = "PreflightInvalidStatus" }, `got "PreflightInvalidStatus"`, false},
			{"no code", func(o *probe.Observation) { o.Blocked = nil }, "got no block", false}}},
		{"HaveFailed", match.HaveFailed(), sample.Failed, "have failed", []mutant{becomes(probe.Blocked), becomes(probe.Readable), missing}},
		{"HaveFailedWith", match.HaveFailedWith("net::ERR_CONNECTION_REFUSED"), sample.Failed, `have failed with "net::ERR_CONNECTION_REFUSED"`, []mutant{
			becomes(probe.Blocked), missing,
			{"another error", func(o *probe.Observation) { o.NetError = "net::ERR_EMPTY_RESPONSE" }, `got "net::ERR_EMPTY_RESPONSE"`, false},
			{"no error", func(o *probe.Observation) { o.NetError = "" }, "got no network error", false}}},
		{"HaveTimedOut", match.HaveTimedOut(), sample.TimedOut, "have timed out", []mutant{becomes(probe.Failed), becomes(probe.Readable)}},
	}
}

// unexplained is blocked, for a reason that did not arrive.
func unexplained() probe.Observation {
	o := sample.Blocked()
	o.Blocked, o.Missing = nil, []string{"the end of the request"}
	return o
}

func responseRows() []row {
	other := mutant{"another body", func(o *probe.Observation) { o.Page.Body.Text = `{"ok":false}` }, "false", false}
	byXHR := mutant{"XMLHttpRequest", func(o *probe.Observation) { o.Request.Client = probe.XHR }, "XMLHttpRequest does not tell", true}
	partial := mutant{"not whole", func(o *probe.Observation) { o.Page.Body.Whole = false }, "the body is not at hand", true}
	return []row{
		{"HaveStatus", match.HaveStatus(200), sample.Readable, "have status 200", []mutant{
			{"another status", func(o *probe.Observation) { o.Page.Status = 404 }, "status: want 200, got 404", false}}},
		{"HaveStatus", match.HaveStatus(0), sample.Opaque, "have status 0", []mutant{
			{"no response", func(o *probe.Observation) { o.Page.Type = "" }, "script got no response", false}}},
		{"HaveType", match.HaveType(fetch.CORSResponse), sample.Readable, `have type "cors"`, []mutant{byXHR,
			{"another type", func(o *probe.Observation) { o.Page.Type = fetch.Basic }, "type: want cors, got basic", false}}},
		{"HaveBody", match.HaveBody(`{"ok":true}`), sample.Readable, "have as body ", []mutant{other,
			{"broken off", func(o *probe.Observation) { o.Page.BodyError = &probe.ScriptError{Name: "TypeError"} }, `reading it threw "TypeError"`, false}}},
		{"HaveBody", match.HaveBody(gomega.MatchJSON(`{"ok": true}`)), sample.Readable, "have as body what MatchJSONMatcher matches", []mutant{other, partial}},
		{"HaveBody", match.HaveBody(expect.JSON(`{"ok": true}`)), sample.Readable, "have as body the JSON value", []mutant{other, partial}},
		{"HaveBody", match.HaveBody(expect.Matches{Pattern: regexp.MustCompile("true")}), sample.Readable, "have as body matching ", []mutant{other, partial}},
		{"HaveRejectedWith", match.HaveRejectedWith("TypeError"), sample.Blocked, `have rejected with "TypeError"`, []mutant{
			{"another name", func(o *probe.Observation) { o.Page.Error.Name = "AbortError" }, `got "AbortError"`, false},
			{"none", func(o *probe.Observation) { o.Page.Error = nil }, "script caught none", false}}},
		{"HaveEvents", match.HaveEvents("upload.loadstart", "load"), sample.XHR, "have the events upload.loadstart, load", []mutant{
			{"one is dropped", func(o *probe.Observation) { o.Page.Events = o.Page.Events[:5] }, "got readystatechange 1, loadstart, upload.loadstart, upload.loadend, readystatechange 4", false},
			{"fetch", func(o *probe.Observation) { o.Request.Client = probe.Fetch }, "fetch() fires no events", true}}},
	}
}

func exposureRows() []row {
	value := mutant{"another value", func(o *probe.Observation) { o.Page.Headers[1].Value = "21" }, `21`, false}
	absent := mutant{"absent", func(o *probe.Observation) { o.Page.Headers = o.Page.Headers[:1] }, "got absent", false}
	return []row{
		{"ExposeHeader", match.ExposeHeader("X-Total"), sample.Readable, `expose header "X-Total"`, []mutant{absent}},
		{"ExposeHeader", match.ExposeHeader("X-Total", "10"), sample.Readable, `expose header "X-Total" as "10"`, []mutant{value, absent}},
		{"ExposeHeader", match.ExposeHeader("X-Total", gomega.HavePrefix("1")), sample.Readable, `expose header "X-Total" as what HavePrefixMatcher matches`, []mutant{absent,
			{"another value", func(o *probe.Observation) { o.Page.Headers[1].Value = "21" }, "Expected <string>: 21 to have prefix <string>: 1", false}}},
		{"HideHeader", match.HideHeader("X-Secret"), sample.Readable, `hide header "X-Secret"`, []mutant{missing,
			{"readable", func(o *probe.Observation) {
				o.Page.Headers = append(o.Page.Headers, fetch.Header{Name: "x-secret", Value: "s"})
			}, "on the wire, but script read", false},
			{"not sent", func(o *probe.Observation) { o.Exchanges[1].Response.Headers[7].Name = "X-Other" }, "got not on the wire", false},
			{"not raw", func(o *probe.Observation) { o.Exchanges[1].Response.Raw = false }, "the answer's lines on the wire are not at hand", true}}},
	}
}

func preflightRows() []row {
	skipped := mutant{"skipped", func(o *probe.Observation) { o.Exchanges = o.Exchanges[1:] }, "none", false}
	gone := mutant{"skipped", func(o *probe.Observation) { o.Exchanges = o.Exchanges[1:] }, "the browser sent no preflight request", false}
	unknown := mutant{"not raw", func(o *probe.Observation) { o.Exchanges[0].Request.Raw = false }, "the preflight request's lines on the wire are not at hand", true}
	return []row{
		{"HaveSentPreflight", match.HaveSentPreflight(), sample.Blocked, "have sent a preflight", []mutant{skipped, unknown, missing}},
		{"HaveSentNoPreflight", match.HaveSentNoPreflight(), sample.Failed, "have sent no preflight", []mutant{missing,
			{"sent", func(o *probe.Observation) { o.Exchanges = sample.Blocked().Exchanges }, "got sent", false},
			{"tried", func(o *probe.Observation) { o.Exchanges[0].Role = probe.Preflight }, "got tried: the preflight request never left the browser", false}}},
		{"HavePreflightStatus", match.HavePreflightStatus(405), sample.Blocked, "have preflight status 405", []mutant{gone, unknown, missing,
			{"another status", func(o *probe.Observation) { o.Exchanges[0].Response.Status = 204 }, "got 204", false}}},
		{"HavePreflightRequestHeader", match.HavePreflightRequestHeader("Access-Control-Request-Headers", "content-type,x-request-id"), sample.Blocked,
			`have preflight request header "Access-Control-Request-Headers" as "content-type,x-request-id"`, []mutant{gone, unknown, missing,
				{"another value", func(o *probe.Observation) { o.Exchanges[0].Request.Headers[3].Value = "content-type" }, `got "content-type"`, false}}},
		{"HavePreflightRequestHeader", match.HavePreflightRequestHeader("Origin"), sample.Blocked, `have preflight request header "Origin"`, []mutant{
			{"absent", func(o *probe.Observation) { o.Exchanges[0].Request.Headers[1].Name = "X" }, "got absent", false}}},
	}
}

func requestRows() []row {
	return []row{
		{"HaveSentHeader", match.HaveSentHeader("X-Request-ID"), sample.Readable, `have sent header "X-Request-ID"`, []mutant{noRequest, notRaw, missing,
			{"absent", func(o *probe.Observation) { o.Exchanges[1].Request.Headers[1].Name = "X" }, "got absent", false}}},
		{"HaveSentHeader", match.HaveSentHeader("X-Request-ID", gomega.Equal("1")), sample.Readable, `have sent header "X-Request-ID" as what EqualMatcher matches`, []mutant{
			{"another value", func(o *probe.Observation) { o.Exchanges[1].Request.Headers[1].Value = "2" }, "Expected <string>: 2 to equal <string>: 1", false}}},
		{"HaveSentHeader", match.HaveSentHeader("Origin"), sample.TimedOut, `have sent header "Origin"`, []mutant{
			{"it never left", func(o *probe.Observation) { o.Exchanges[0].Request.Raw = false }, "the actual request never left the browser", false}}},
		{"BeRedirected", match.BeRedirected(1), sample.Redirected, "be redirected 1 times", []mutant{missing,
			{"another hop", func(o *probe.Observation) { o.Exchanges = append(o.Exchanges, o.Exchanges[2]) }, "got 2", false}}},
	}
}

var (
	noRequest = mutant{"no request", func(o *probe.Observation) { o.Exchanges = o.Exchanges[:1] }, "the browser sent no actual request", false}
	notRaw    = mutant{"not raw", func(o *probe.Observation) { o.Exchanges[1].Request.Raw = false }, "the actual request's lines on the wire are not at hand", true}
)

func cookieRows() []row {
	return []row{
		{"HaveSentCookie", match.HaveSentCookie("sid"), sample.Readable, `have sent cookie "sid"`, []mutant{noRequest, notRaw, missing,
			{"not sent", func(o *probe.Observation) { o.Exchanges[1].Cookies.Sent = nil }, "got sent: none", false}}},
		{"HaveWithheldCookie", match.HaveWithheldCookie("strict"), sample.Readable, `have withheld cookie "strict"`, []mutant{noRequest, notRaw, missing,
			{"let through", func(o *probe.Observation) { o.Exchanges[1].Cookies.Withheld = nil }, "got withheld: none", false}}},
		{"HaveWithheldCookie", match.HaveWithheldCookie("strict", "SameSiteStrict"), sample.Readable, `have withheld cookie "strict" because of SameSiteStrict`, []mutant{
			{"another reason", func(o *probe.Observation) { o.Exchanges[1].Cookies.Withheld[0].Reasons[0] = "UserPreferences" }, "got withheld: strict (UserPreferences)", false}}},
		{"HaveRefusedCookie", match.HaveRefusedCookie("odd"), sample.Readable, `have refused cookie "odd"`, []mutant{noRequest, missing,
			{"stored", func(o *probe.Observation) { o.Exchanges[1].Cookies.Refused = nil }, "got refused: none", false},
			{"not raw", func(o *probe.Observation) { o.Exchanges[1].Response.Raw = false }, "the answer's lines on the wire are not at hand", true}}},
		{"HaveRefusedCookie", match.HaveRefusedCookie("odd", "SameSiteNoneInsecure"), sample.Readable, `have refused cookie "odd" because of SameSiteNoneInsecure`, []mutant{
			{"another reason", func(o *probe.Observation) { o.Exchanges[1].Cookies.Refused[0].Reasons[0] = "SecureOnly" }, "got refused: odd (SecureOnly)", false}}},
	}
}

func serverRows() []row {
	unknown := mutant{"nobody looked", func(o *probe.Observation) { o.ReceiptsKnown = false }, "nobody of ours could see", true}
	return []row{
		{"HaveReceived", match.HaveReceived(1, 1), sample.Readable, "have been received as 1 preflights and 1 requests", []mutant{unknown,
			{"no request", func(o *probe.Observation) { o.Receipts = o.Receipts[:1] }, "received.requests: want 1, got 0", false},
			{"no preflight", func(o *probe.Observation) { o.Receipts = o.Receipts[1:] }, "received.preflights: want 1, got 0", false}}},
		{"HaveReceivedHeader", match.HaveReceivedHeader("Cookie", "sid=s1"), sample.Readable, `have been received with header "Cookie" as "sid=s1"`, []mutant{unknown,
			{"another value", func(o *probe.Observation) { o.Receipts[1].Headers[2].Value = "sid=s2" }, `got "sid=s2"`, false},
			{"absent", func(o *probe.Observation) { o.Receipts[1].Headers = o.Receipts[1].Headers[:2] }, "got absent", false},
			{"no request", func(o *probe.Observation) { o.Receipts = o.Receipts[:1] }, "the API received no request", false}}},
		{"HaveReplayed", match.HaveReplayed(200), sample.Readable, "have replayed with status 200", []mutant{
			{"another status", func(o *probe.Observation) { o.Replay.Status = 500 }, "got 500", false},
			{"no answer", func(o *probe.Observation) { o.Replay.Error = "refused" }, "got no answer", false},
			{"not sent", func(o *probe.Observation) { o.Replay = nil }, "the request was not sent without a browser", true}}},
	}
}

func evidenceRows() []row {
	return []row{
		{"AgreeWithStandard", match.AgreeWithStandard(), sample.Readable, "agree with the Fetch Standard", []mutant{missing,
			{"the Standard says otherwise", func(o *probe.Observation) { o.Disagreement = "predicts blocked" }, "predicts blocked", false}}},
		{"HaveCompleteEvidence", match.HaveCompleteEvidence(), sample.Readable, "have complete evidence", []mutant{
			{"evidence is missing", func(o *probe.Observation) { o.Missing = []string{"the preflight"} }, "got missing: the preflight", false}}},
	}
}
