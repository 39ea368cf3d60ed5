package main

import (
	"testing"

	"github.com/corsproof/corsproof/harness/probe"
)

func TestWhatWasSentIsNotSaidToBeNeverSent(t *testing.T) {
	sent := probe.SentRequest{Method: "GET", Raw: true}
	for want, x := range map[string]probe.Exchange{
		"never sent":                            {Error: "net::ERR_FAILED"},
		"no answer":                             {Request: sent},
		"no answer: net::ERR_EMPTY_RESPONSE":    {Request: sent, Error: "net::ERR_EMPTY_RESPONSE"},
		"204, no Access-Control-Allow-* at all": {Request: sent, Response: &probe.ReceivedResponse{Status: 204}},
	} {
		if got := answer(x); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
