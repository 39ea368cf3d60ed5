package main

import (
	"context"
	"fmt"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
	"github.com/corsproof/corsproof/servers/express"
)

const page = "https://app.example.com"

type stage struct {
	apis map[string]harness.API
	list []scene
}

// allScenes are the scenes that can be played here. With a *target.MissingError the stage lacks only Express.
func allScenes(ctx context.Context) (stage, error) {
	api, err := embedded.New(embedded.Config{Rules: rules})
	if err != nil {
		return stage{}, fmt.Errorf("the scripted API: %w", err)
	}
	s := stage{
		apis: map[string]harness.API{"api": {At: "https://api.example.com", Raw: api.Handle}},
		list: onTheScriptedAPI(),
	}
	if _, err := express.Version(ctx); err != nil {
		return s, err
	}
	for _, fixture := range []string{"preflight-401", "errors-without-headers", "wildcard-credentials", "good"} {
		s.apis["express-"+fixture] = harness.API{
			At: "https://" + fixture + ".example.com", Server: express.New(express.Config{Fixture: fixture}),
		}
	}
	s.list = append(s.list, onExpress()...)
	return s, nil
}

func lines(pairs ...string) fetch.HeaderList {
	var list fetch.HeaderList
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, fetch.Header{Name: pairs[i], Value: pairs[i+1]})
	}
	return list
}

var order = []byte(`{"order":1}`)

// rules are three routes: without CORS, with half of it, and with all of it.
var rules = []embedded.Rule{
	{When: embedded.Match{Path: "/none"}, Answer: embedded.Answer{Body: order}},
	{When: embedded.Match{Path: "/half", Method: "OPTIONS"}, Answer: embedded.Answer{Status: 204, Headers: lines("Access-Control-Allow-Origin", page)}},
	{When: embedded.Match{Path: "/half"}, Answer: embedded.Answer{Headers: lines("Access-Control-Allow-Origin", page), Body: order}},
	{When: embedded.Match{Path: "/full", Method: "OPTIONS"}, Answer: embedded.Answer{Status: 204, Headers: lines(
		"Access-Control-Allow-Origin", page, "Access-Control-Allow-Methods", "PUT", "Access-Control-Allow-Headers", "content-type")}},
	{When: embedded.Match{Path: "/full"}, Answer: embedded.Answer{Headers: lines("Access-Control-Allow-Origin", page, "Vary", "Origin"), Body: order}},
}

var putJSON = probe.Request{
	Method: "PUT", Headers: lines("Content-Type", "application/json"), Body: &probe.Body{Text: `{"a":1}`},
}

func onTheScriptedAPI() []scene {
	return []scene{
		{title: "On an API that is scripted here", setup: "no CORS", api: "api", path: "/none", cause: "missing-allow-origin"},
		{setup: "Allow-Origin added", api: "api", path: "/half",
			lesson: "a GET needs no more than Access-Control-Allow-Origin"},
		{setup: "the same for a PUT", api: "api", path: "/half", ask: putJSON, cause: "method-not-allowed"},
		{setup: "preflight answered in full", api: "api", path: "/full", ask: putJSON,
			lesson: "both answers carry what they must"},
	}
}

func onExpress() []scene {
	authorized := probe.Request{Headers: lines("Authorization", "Bearer t")}
	withCookies := probe.Request{Credentials: fetch.Include}
	return []scene{
		{title: "On the real Express", setup: "authentication before cors()", api: "express-preflight-401", path: "/orders/1", ask: authorized,
			cause: "preflight-status"},
		{setup: "cors() first", api: "express-good", path: "/orders/1", ask: authorized,
			lesson: "cors() answers the preflight before anybody asks who it is"},
		{setup: "errors made before cors()", api: "express-errors-without-headers", path: "/status/429", cause: "missing-allow-origin-on-error"},
		{setup: "errors made behind cors()", api: "express-good", path: "/status/429",
			lesson: "now script can read the 429, and say so"},
		{setup: "origin: '*' with credentials", api: "express-wildcard-credentials", path: "/orders/1", ask: withCookies,
			cause: "wildcard-with-credentials"},
		{setup: "an allow-list with credentials", api: "express-good", path: "/orders/1", ask: withCookies,
			lesson: "the page's own origin is sent back, and Access-Control-Allow-Credentials: true"},
	}
}
