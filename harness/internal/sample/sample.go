// Package sample has Observations for tests of what is made of them: each is
// whole and consistent, as an engine would deliver it, and new at every call, so
// that a test may change it. Nothing but tests uses it.
package sample

import (
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// The parties of every sample.
const (
	From   = "https://app.example.com"
	URL    = "https://api.example.com/orders/1"
	OldURL = "https://api.example.com/old/1"
)

// Readable is a preflighted PUT with a cookie whose answer script read: header
// x-total is exposed, x-secret is not; cookie "sid" was sent, "strict" withheld, "odd" refused.
func Readable() probe.Observation {
	o := begin(probe.Readable, "script read status 200 and a body of 11 bytes")
	o.Page = probe.Page{
		Settled: true, Type: fetch.CORSResponse, Status: 200, StatusText: "OK", URL: URL,
		Headers: fetch.HeaderList{{Name: "content-type", Value: "application/json"}, {Name: "x-total", Value: "10"}},
		Body:    probe.ReadBody{Text: `{"ok":true}`, Size: 11, Whole: true},
	}
	o.Exchanges = []probe.Exchange{preflight(), actual()}
	o.Receipts = receipts(o.Exchanges)
	o.Replay = &probe.Replay{
		Status: 200, Proto: "HTTP/2.0", Headers: fetch.HeaderList{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"ok":true}`),
	}
	return o
}

// Redirected is Readable after a redirect from OldURL, with a preflight for each hop.
func Redirected() probe.Observation {
	o := Readable()
	o.Request.URL, o.Page.Redirected = OldURL, true
	first, second, hop := preflight(), preflight(), actual()
	first.ID, first.Request.URL = "3.0", OldURL
	hop.ID, hop.Role, hop.Request.URL, hop.Cookies = "1.0", probe.RedirectHop, OldURL, probe.Cookies{}
	hop.Response = answer(307, fetch.HeaderList{{Name: "Location", Value: URL}, {Name: "Access-Control-Allow-Origin", Value: From}})
	o.Exchanges = []probe.Exchange{first, second, hop, actual()}
	o.Receipts = receipts(o.Exchanges)
	return o
}

// Blocked is a PUT whose preflight was answered with 405 and without Access-Control-Allow-Origin.
func Blocked() probe.Observation {
	o := begin(probe.Blocked, "the browser refused: PreflightMissingAllowOriginHeader")
	o.Page = failedToFetch()
	p, a := preflight(), actual()
	p.Response, p.Error = answer(405, fetch.HeaderList{{Name: "Allow", Value: "GET"}}), "net::ERR_FAILED"
	a.Request.Raw, a.Response, a.Cookies, a.Error = false, nil, probe.Cookies{}, "net::ERR_FAILED"
	o.Exchanges = []probe.Exchange{p, a}
	o.Blocked = &probe.Block{
		Code: "PreflightMissingAllowOriginHeader",
		Message: "Access to fetch at '" + URL + "' from origin '" + From + "' has been blocked by CORS policy: Response to preflight request " +
			"doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
	}
	o.Console = []string{o.Blocked.Message, "Failed to load resource: net::ERR_FAILED"}
	o.Receipts = receipts(o.Exchanges[:1])
	o.Replay = &probe.Replay{Status: 200, Proto: "HTTP/1.1"}
	return o
}

// Failed is a GET to a port where nobody listens.
func Failed() probe.Observation {
	o := begin(probe.Failed, "the network failed: net::ERR_CONNECTION_REFUSED")
	o.Request = probe.Request{URL: URL}
	o.Page = failedToFetch()
	x := actual()
	x.Request.Method, x.Request.Raw, x.Response, x.Cookies, x.Error = "GET", false, nil, probe.Cookies{}, "net::ERR_CONNECTION_REFUSED"
	o.Exchanges = []probe.Exchange{x}
	o.NetError = "net::ERR_CONNECTION_REFUSED"
	o.Replay = &probe.Replay{Error: "connection refused"}
	return o
}

// TimedOut is a GET that was never answered.
func TimedOut() probe.Observation {
	o := begin(probe.Timeout, "script got no answer before the timeout, and aborted")
	o.Request = probe.Request{URL: URL, Timeout: time.Second}
	o.Page = probe.Page{Error: &probe.ScriptError{Name: "AbortError", Message: "signal is aborted without reason"}}
	x := actual()
	x.Request.Headers = fetch.HeaderList{{Name: "Origin", Value: From}}
	x.Request.Method, x.Response, x.Cookies, x.Error = "GET", nil, probe.Cookies{}, "net::ERR_ABORTED"
	o.Exchanges = []probe.Exchange{x}
	o.Receipts = receipts(o.Exchanges)
	return o
}

// Opaque is a GET in no-cors mode, which needs no preflight.
func Opaque() probe.Observation {
	o := begin(probe.Opaque, `script got a filtered response of type "opaque": status 0, no headers, no body`)
	o.Request = probe.Request{URL: URL, Mode: fetch.NoCORS}
	o.Page = probe.Page{Settled: true, Type: fetch.Opaque, Body: probe.ReadBody{Whole: true}}
	x := actual()
	x.Request.Method, x.Request.Headers, x.Cookies.Sent = "GET", fetch.HeaderList{{Name: "Accept", Value: "*/*"}}, nil
	o.Exchanges = []probe.Exchange{x}
	o.Receipts = receipts(o.Exchanges)
	return o
}

// XHR is Readable as XMLHttpRequest with an upload listener sees it.
func XHR() probe.Observation {
	o := Readable()
	o.Request.Client, o.Request.UploadListener = probe.XHR, true
	o.Page.Type, o.Page.Redirected = "", false
	o.Page.Events = []string{"readystatechange 1", "loadstart", "upload.loadstart", "upload.loadend", "readystatechange 4", "load", "loadend"}
	return o
}

// NoVerdict is an Observation without one.
func NoVerdict(err error) probe.Observation {
	return probe.Observation{ProbeID: "sample", Step: 1, From: From, Request: probe.Request{URL: URL}, Err: err}
}
