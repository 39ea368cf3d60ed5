package sample

import (
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

func begin(outcome probe.Outcome, why string) probe.Observation {
	return probe.Observation{
		ProbeID: "sample", Step: 1, From: From, Outcome: outcome, Why: why,
		Request: probe.Request{
			Method: "PUT", URL: URL, Credentials: fetch.Include, Headers: fetch.HeaderList{{Name: "X-Request-ID", Value: "1"}},
			Body: &probe.Body{Text: `{"a":1}`},
		},
		Receipts: []probe.Receipt{}, ReceiptsKnown: true,
		Browser: probe.Browser{Name: "Chrome", Version: "156.0.0.0", Flavour: "chromium", ThirdPartyCookies: "allow"},
		Started: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), Duration: 5 * time.Millisecond,
	}
}

func failedToFetch() probe.Page {
	return probe.Page{Settled: true, Error: &probe.ScriptError{Name: "TypeError", Message: "Failed to fetch"}}
}

func preflight() probe.Exchange {
	return probe.Exchange{
		ID: "2.0", For: "1.0", Role: probe.Preflight,
		Request: probe.SentRequest{Method: "OPTIONS", URL: URL, Raw: true, Headers: fetch.HeaderList{
			{Name: "Accept", Value: "*/*"}, {Name: "Origin", Value: From}, {Name: "Access-Control-Request-Method", Value: "PUT"},
			{Name: "Access-Control-Request-Headers", Value: "content-type,x-request-id"},
		}},
		Response: answer(204, fetch.HeaderList{
			{Name: "Access-Control-Allow-Origin", Value: From}, {Name: "Access-Control-Allow-Credentials", Value: "true"},
			{Name: "Access-Control-Allow-Methods", Value: "PUT"}, {Name: "Access-Control-Allow-Headers", Value: "content-type, x-request-id"},
		}),
	}
}

func actual() probe.Exchange {
	return probe.Exchange{
		ID: "1.1", Role: probe.Actual,
		Request: probe.SentRequest{Method: "PUT", URL: URL, Raw: true, Headers: fetch.HeaderList{
			{Name: "Origin", Value: From}, {Name: "X-Request-ID", Value: "1"}, {Name: "Cookie", Value: "sid=s1"},
		}},
		Response: answer(200, fetch.HeaderList{
			{Name: "Access-Control-Allow-Origin", Value: From}, {Name: "Access-Control-Allow-Credentials", Value: "true"},
			{Name: "Access-Control-Expose-Headers", Value: "X-Total"}, {Name: "Vary", Value: "Origin"}, {Name: "Vary", Value: "Accept"},
			{Name: "Content-Type", Value: "application/json"}, {Name: "X-Total", Value: "10"}, {Name: "X-Secret", Value: "s"},
			{Name: "Set-Cookie", Value: "odd=1; SameSite=None"},
		}),
		Cookies: probe.Cookies{
			Sent:     []probe.CookieUse{{Name: "sid"}},
			Withheld: []probe.CookieUse{{Name: "strict", Reasons: []string{"SameSiteStrict"}}},
			Refused:  []probe.CookieUse{{Name: "odd", Reasons: []string{"SameSiteNoneInsecure"}}},
		},
	}
}

func answer(status int, headers fetch.HeaderList) *probe.ReceivedResponse {
	return &probe.ReceivedResponse{Status: status, Protocol: "h2", Headers: headers, Raw: true, RemoteAddr: "127.0.0.1:40000"}
}

func receipts(sent []probe.Exchange) []probe.Receipt {
	list := make([]probe.Receipt, len(sent))
	for i, x := range sent {
		list[i] = probe.Receipt{
			Method: x.Request.Method, URL: x.Request.URL, Proto: "HTTP/2.0", Seq: uint64(i + 1),
			Headers: append(fetch.HeaderList(nil), x.Request.Headers...),
		}
	}
	return list
}
