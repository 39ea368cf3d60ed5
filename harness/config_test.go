package harness

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

func TestWhatCouldNotBeHeededIsRefused(t *testing.T) {
	handler := http.NotFoundHandler()
	raw := func(context.Context, *rawhttp.Request) *rawhttp.Response { return nil }
	api := func(a API) Config { return Config{APIs: map[string]API{"api": a}} }
	both := func(page, a string) Config {
		return Config{Origins: []Origin{{URL: app, AddressSpace: page}}, APIs: map[string]API{"api": {At: app + ":443", Handler: handler, AddressSpace: a}}}
	}
	for name, c := range map[string]struct {
		cfg  Config
		want string // "" for what is heeded
	}{
		"the address space of a page at an API":      {both("public", ""), "origin https://app.example.com: api api sits there"},
		"two address spaces of one place":            {both("public", "local"), "set the API's AddressSpace alone"},
		"one address space, said twice":              {both("public", "public"), ""},
		"an API's address space alone":               {both("", "public"), ""},
		"headers of the opaque page":                 {Config{Origins: []Origin{{URL: "null", Headers: fetch.HeaderList{{Name: "X-A", Value: "1"}}}}}, "origin null: its one page"},
		"the opaque page":                            {Config{Origins: []Origin{{URL: "null"}}}, ""},
		"HTTP/2 without TLS":                         {api(API{At: "http://api.example.com", Raw: raw, HTTP2: true}), "over TLS only"},
		"HTTP/2 where it listens":                    {api(API{Raw: raw, HTTP2: true}), "over TLS only"},
		"HTTP/2 over TLS":                            {api(API{At: "https://api.example.com", Raw: raw, HTTP2: true}), ""},
		"the address space of a server elsewhere":    {api(API{URL: "http://127.0.0.1:1", AddressSpace: "local"}), "leave AddressSpace empty"},
		"the address space of a server under a name": {api(API{At: app, URL: "http://127.0.0.1:1", AddressSpace: "local"}), ""},
	} {
		err := c.cfg.validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestReplaysMayGoToTheAPIsThatTheUserGave(t *testing.T) {
	cfg := Config{APIs: map[string]API{"a": {URL: "https://API.example.com"}, "six": {URL: "http://[::1]:8080"}, "own": {Handler: http.NotFoundHandler()}}}
	for hostPort, want := range map[string]bool{
		"api.example.com:443": true, "api.example.com:8443": true, "[::1]:8080": true, "example.com:443": false, ":443": false,
	} {
		if got := cfg.hasAPIAt(hostPort); got != want {
			t.Errorf("%s: %v", hostPort, got)
		}
	}
}
