package expect_test

import (
	"regexp"
	"strings"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
)

func rows() []row {
	var list []row
	for _, topic := range [][]row{outcomeRows(), responseRows(), bodyRows(), exposureRows(), preflightRows(), actualRows(), cookieRows(), serverRows(), witnessRows()} {
		list = append(list, topic...)
	}
	return list
}

// missing is a mutant of every check that reads the wire.
var missing = mutant{"evidence is missing", func(o *probe.Observation) { o.Missing = []string{"raw headers of the request"} },
	"evidence is missing: raw headers of the request", true}

func outcomeRows() []row {
	becomes := func(outcome probe.Outcome, says string) mutant {
		return mutant{"outcome " + string(outcome), func(o *probe.Observation) { o.Outcome = outcome }, says, false}
	}
	return []row{
		{expect.Expectation{Outcome: probe.Readable}, sample.Readable, "outcome", []mutant{becomes(probe.Blocked, "blocked"), becomes(probe.Opaque, "opaque")}},
		{expect.Expectation{Outcome: probe.Opaque}, sample.Opaque, "outcome", []mutant{becomes(probe.Readable, "readable")}},
		{expect.Expectation{Outcome: probe.Blocked}, sample.Blocked, "outcome", []mutant{becomes(probe.Failed, `failed with "TypeError"`), becomes(probe.Readable, "readable")}},
		{expect.Expectation{Outcome: probe.Failed}, sample.Failed, "outcome", []mutant{becomes(probe.Blocked, "blocked"), missing}},
		{expect.Expectation{Outcome: probe.Timeout}, sample.TimedOut, "outcome", []mutant{becomes(probe.Failed, `failed with "AbortError"`)}},
		{expect.Expectation{BlockedBy: "PreflightMissingAllowOriginHeader"}, sample.Blocked, "blockedBy", []mutant{
			{"another code", func(o *probe.Observation) { o.Blocked.Code = "MissingAllowOriginHeader" }, `"MissingAllowOriginHeader"`, false},
			{"no code", func(o *probe.Observation) { o.Blocked = nil }, "no block: blocked", false},
		}},
		{expect.Expectation{NetError: "net::ERR_CONNECTION_REFUSED"}, sample.Failed, "netError", []mutant{
			{"another error", func(o *probe.Observation) { o.NetError = "net::ERR_EMPTY_RESPONSE" }, `"net::ERR_EMPTY_RESPONSE"`, false},
			{"no error", func(o *probe.Observation) { o.NetError = "" }, `no network error: failed with "TypeError"`, false},
			missing,
		}},
		{expect.Expectation{Error: "TypeError"}, sample.Failed, "error", []mutant{
			{"another name", func(o *probe.Observation) { o.Page.Error.Name = "AbortError" }, `"AbortError"`, false},
			{"none", func(o *probe.Observation) { o.Page.Error = nil }, "script caught none", false},
		}},
		{expect.Expectation{Error: "TypeError"}, brokenBody, "error", []mutant{
			{"another name", func(o *probe.Observation) { o.Page.BodyError.Name = "AbortError" }, `"AbortError"`, false},
			{"none", func(o *probe.Observation) { o.Page.BodyError = nil }, "script caught none", false},
		}},
	}
}

func brokenBody() probe.Observation {
	o := sample.Readable()
	o.Outcome, o.Page.BodyError = probe.Failed, &probe.ScriptError{Name: "TypeError", Message: "network error"}
	return o
}

func responseRows() []row {
	byXHR := mutant{"XMLHttpRequest", func(o *probe.Observation) { o.Request.Client = probe.XHR }, "XMLHttpRequest does not tell", true}
	return []row{
		{expect.Expectation{Type: fetch.CORSResponse}, sample.Readable, "type", []mutant{
			{"another type", func(o *probe.Observation) { o.Page.Type = fetch.Basic }, "basic", false}, byXHR}},
		{expect.Expectation{Status: new(200)}, sample.Readable, "status", []mutant{
			{"another status", func(o *probe.Observation) { o.Page.Status = 404 }, "404", false}}},
		{expect.Expectation{Status: new(0)}, sample.Opaque, "status", []mutant{
			{"no response", func(o *probe.Observation) { o.Page.Type = "" }, "script got no response: opaque", false}}},
		{expect.Expectation{StatusText: new("OK")}, sample.Readable, "statusText", []mutant{
			{"another text", func(o *probe.Observation) { o.Page.StatusText = "Ok\x1b" }, `"Ok\x1b"`, false}}},
		{expect.Expectation{URL: new(sample.URL)}, sample.Readable, "url", []mutant{
			{"another url", func(o *probe.Observation) { o.Page.URL += "/" }, sample.URL + "/", false}}},
		{expect.Expectation{Redirected: new(true)}, sample.Redirected, "redirected", []mutant{
			{"not redirected", func(o *probe.Observation) { o.Page.Redirected = false }, "false", false}, byXHR}},
		{expect.Expectation{Redirected: new(false)}, sample.Readable, "redirected", []mutant{
			{"redirected", func(o *probe.Observation) { o.Page.Redirected = true }, "true", false}}},
		{expect.Expectation{Events: []string{"upload.loadstart", "load"}}, sample.XHR, "events", []mutant{
			{"one is dropped", func(o *probe.Observation) { o.Page.Events = o.Page.Events[:5] }, "readystatechange 4", false},
			{"one has another name", func(o *probe.Observation) { o.Page.Events[2] = "loadstart" }, "loadstart, loadstart", false},
			{"none", func(o *probe.Observation) { o.Page.Events = nil }, "none", false},
			{"fetch", func(o *probe.Observation) { o.Request.Client = probe.Fetch }, "fetch() fires no events", true},
		}},
		{expect.Expectation{Redirects: new(1)}, sample.Redirected, "redirects", []mutant{
			{"another hop", func(o *probe.Observation) { o.Exchanges = append(o.Exchanges, o.Exchanges[2]) }, "2", false},
			{"no hop", func(o *probe.Observation) { o.Exchanges[2].Role = probe.Actual }, "0", false}, missing}},
	}
}

func bodyRows() []row {
	other := mutant{"another body", func(o *probe.Observation) { o.Page.Body.Text = `{"ok":false}` }, "false", false}
	partial := mutant{"not whole", func(o *probe.Observation) { o.Page.Body.Whole = false }, "the body is not at hand as a text: 11 bytes", true}
	return []row{
		{expect.Expectation{Body: expect.Exactly(`{"ok":true}`)}, sample.Readable, "body", []mutant{other,
			{"broken off", func(o *probe.Observation) { o.Page.BodyError = &probe.ScriptError{Name: "TypeError"} }, `reading it threw "TypeError"`, false},
			{"no end in time", func(o *probe.Observation) { o.Page.Settled = false }, "did not end before the timeout", false}}},
		{expect.Expectation{Body: expect.Exactly("")}, sample.Opaque, "body", []mutant{
			{"no response", func(o *probe.Observation) { o.Page.Type = "" }, "script got no response", false}}},
		{expect.Expectation{Body: expect.Contains("true")}, sample.Readable, "body", []mutant{other}},
		{expect.Expectation{Body: expect.Matches{Pattern: regexp.MustCompile(`^\{.*true\}$`)}}, sample.Readable, "body", []mutant{other, partial}},
		{expect.Expectation{Body: expect.JSON(` {"ok": true} `)}, sample.Readable, "body", []mutant{
			{"another value", func(o *probe.Observation) { o.Page.Body.Text = `{"ok":false}` }, `$["ok"]: want "true", got "false"`, false},
			{"no JSON", func(o *probe.Observation) { o.Page.Body.Text = `<html>` }, "no JSON: ", false}, partial}},
		{expect.Expectation{Body: expect.Exactly(long)}, largeBody, "body", []mutant{
			{"another hash", func(o *probe.Observation) { o.Page.Body.SHA256 = "00" }, "with SHA-256 00", false},
			{"another size", func(o *probe.Observation) { o.Page.Body.Size++ }, "100001 bytes", false},
			{"no hash at hand", func(o *probe.Observation) { o.Page.Body.SHA256 = "" }, "100000 bytes, which script could not read as bytes", true},
			{"cut", func(o *probe.Observation) { o.Page.Body.Cut = true }, "reading stopped after 100000 bytes", true}}},
		{expect.Expectation{Body: expect.Contains("aaaa")}, largeBody, "body", []mutant{
			{"no text at hand", func(o *probe.Observation) { o.Page.Body.Text = "" }, "not at hand as a text: 100000 bytes", true}}},
	}
}

// long is more than an engine keeps of a body.
var long = strings.Repeat("a", 100_000)

func largeBody() probe.Observation {
	o := sample.Readable()
	o.Page.Body = probe.ReadBody{Text: long[:65536], Size: 100_000, SHA256: "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"}
	return o
}

func exposureRows() []row {
	return []row{
		{expect.Expectation{Headers: []expect.Header{{Name: "X-Total", Value: expect.Exactly("10")}}}, sample.Readable, "header x-total", []mutant{
			{"another value", func(o *probe.Observation) { o.Page.Headers[1].Value = "11" }, `"11"`, false},
			{"absent", func(o *probe.Observation) { o.Page.Headers = o.Page.Headers[:1] }, "absent", false}}},
		{expect.Expectation{Headers: []expect.Header{{Name: "X-Total"}}}, sample.Readable, "header x-total", []mutant{
			{"absent", func(o *probe.Observation) { o.Page.Headers = o.Page.Headers[:1] }, "absent", false}}},
		{expect.Expectation{Hidden: []string{"X-Secret"}}, sample.Readable, "hidden x-secret", []mutant{
			{"readable", func(o *probe.Observation) {
				o.Page.Headers = append(o.Page.Headers, fetch.Header{Name: "x-secret", Value: "s"})
			}, `on the wire, but script read "s"`, false},
			{"not sent", func(o *probe.Observation) { o.Exchanges[1].Response.Headers[7].Name = "X-Other" }, "not on the wire", false},
			{"no answer", func(o *probe.Observation) { o.Exchanges[1].Response = nil }, "the actual request got no answer", false},
			{"no request", func(o *probe.Observation) { o.Exchanges = o.Exchanges[:1] }, "the browser sent no actual request", false},
			{"not raw", func(o *probe.Observation) { o.Exchanges[1].Response.Raw = false }, "the answer's lines on the wire are not at hand", true},
			missing,
		}},
	}
}
