package diagnose_test

import (
	"errors"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

const (
	app    = "https://app.example.com"
	orders = "https://api.example.com/orders"
	acao   = "Access-Control-Allow-Origin: "
	acac   = "Access-Control-Allow-Credentials: true"
)

func lines(headers ...string) fetch.HeaderList {
	var list fetch.HeaderList
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		list = append(list, fetch.Header{Name: name, Value: strings.TrimPrefix(value, " ")})
	}
	return list
}

// answered is an exchange that left the browser and was answered.
func answered(role probe.Role, method, url string, status int, headers ...string) probe.Exchange {
	return probe.Exchange{
		Role:     role,
		Request:  probe.SentRequest{Method: method, URL: url, Raw: true, Headers: lines("Origin: " + app)},
		Response: &probe.ReceivedResponse{Status: status, Headers: lines(headers...), Raw: true},
	}
}

func preflight(status int, headers ...string) probe.Exchange {
	return answered(probe.Preflight, "OPTIONS", orders, status, headers...)
}

func actual(method string, status int, headers ...string) probe.Exchange {
	return answered(probe.Actual, method, orders, status, headers...)
}

// unsent is a request that waited for its preflight in vain.
func unsent(method string) probe.Exchange {
	return probe.Exchange{Role: probe.Actual, Request: probe.SentRequest{Method: method, URL: orders}}
}

// blocked is what a page of app saw when the browser refused, for that reason.
func blocked(code string, r probe.Request, exchanges ...probe.Exchange) probe.Observation {
	o := failed("", r, exchanges...)
	o.Outcome = probe.Blocked
	if code != "" {
		o.Blocked = &probe.Block{Code: code}
	}
	return o
}

func failed(netError string, r probe.Request, exchanges ...probe.Exchange) probe.Observation {
	if r.URL == "" {
		r.URL = orders
	}
	return probe.Observation{
		Step: 1, From: app, Request: r, Exchanges: exchanges, Outcome: probe.Failed, NetError: netError, Browser: probe.Browser{Engine: "chromium"},
		Page: probe.Page{Settled: true, Error: &probe.ScriptError{Name: "TypeError", Message: "Failed to fetch"}},
	}
}

// readable is what a page of app saw that could read the last of the exchanges.
func readable(r probe.Request, exchanges ...probe.Exchange) probe.Observation {
	o := failed("", r, exchanges...)
	response := exchanges[len(exchanges)-1].Response
	o.Outcome = probe.Readable
	o.Page = probe.Page{Settled: true, Type: fetch.CORSResponse, Status: response.Status,
		Headers: fetch.Exposed(r.Credentials == fetch.Include, response.Headers, fetch.CORSResponse)}
	return o
}

func from(origin string, o probe.Observation) probe.Observation {
	o.From = origin
	return o
}

func replayed(status int, o probe.Observation, headers ...string) probe.Observation {
	o.Replay = &probe.Replay{Status: status, Headers: lines(headers...)}
	return o
}

func received(o probe.Observation, methods ...string) probe.Observation {
	o.ReceiptsKnown = true
	for _, m := range methods {
		r := probe.Receipt{Method: m, URL: orders}
		if m == "OPTIONS" {
			r.Headers = lines("Origin: "+app, "Access-Control-Request-Method: PUT")
		}
		o.Receipts = append(o.Receipts, r)
	}
	return o
}

func put(headers ...string) probe.Request {
	return probe.Request{Method: "PUT", Headers: lines(headers...)}
}

func get(credentials fetch.CredentialsMode) probe.Request {
	return probe.Request{Credentials: credentials}
}

var errNoBrowser = errors.New("no browser")
