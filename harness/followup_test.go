package harness

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/replay"
	"github.com/corsproof/corsproof/harness/target"
)

// stripping is an API that allows every origin, behind a proxy that takes Origin away. It implements target.Layered.
type stripping struct {
	api, proxy target.Handler
	log        rawhttp.Log
}

func (s *stripping) Start(ctx context.Context) error {
	s.api.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() == replay.FollowUpAgent {
			s.log.Add(probe.Receipt{Method: r.Method, URL: r.URL.String(), Headers: received(r)})
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		fmt.Fprint(w, r.Host)
	})
	if err := s.api.Start(ctx); err != nil {
		return err
	}
	to, err := url.Parse(s.api.URL())
	if err != nil {
		return err
	}
	s.proxy.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
		r.Out.Header.Del("Origin")
	}}
	return s.proxy.Start(ctx)
}

func received(r *http.Request) (list fetch.HeaderList) {
	for name, values := range r.Header {
		list = append(list, fetch.Header{Name: name, Value: strings.Join(values, ", ")})
	}
	return list
}

func (s *stripping) URL() string { return s.proxy.URL() }

func (s *stripping) Close() error {
	if err := s.proxy.Close(); err != nil {
		return err
	}
	return s.api.Close()
}

func (s *stripping) Inner() (string, *rawhttp.Log) { return s.api.URL(), &s.log }

func TestFollowUpsSeeWhatStandsBeforeAnAPI(t *testing.T) {
	h := start(t, Config{APIs: map[string]API{"api": {At: "https://api.example.com", Server: &stripping{}}, "bare": {Handler: http.HandlerFunc(allow)}}})
	ask := probe.FollowUp{Request: probe.Request{Method: "GET", URL: "https://api.example.com/orders",
		Headers: fetch.HeaderList{{Name: "Origin", Value: app}, {Name: "User-Agent", Value: "script's own"}}}}
	past := ask
	past.Inner = true
	answers := h.FollowUp(t.Context(), []probe.FollowUp{ask, past})
	through, past := answers[0], answers[1]
	if !through.Watched || through.Arrived == nil || through.Arrived.Headers.Has("Origin") || through.Answer.Headers.Has("Access-Control-Allow-Origin") {
		t.Errorf("through the proxy: %+v", through)
	}
	if value, _ := past.Answer.Headers.Get("Access-Control-Allow-Origin"); value != app || string(past.Answer.Body) != "api.example.com" {
		t.Errorf("past the proxy: %+v", past.Answer)
	}
	if n := h.sites.find("https://api.example.com").log.Len(); n != 0 {
		t.Errorf("%d receipts are left of what no page sent", n)
	}
	past.Request.URL = h.API("bare").URL("/")
	if got := h.FollowUp(t.Context(), []probe.FollowUp{past})[0]; got.Answer.Error == "" {
		t.Errorf("nothing stands before it: %+v", got.Answer)
	}
}

func TestTheLibraryNamesTheCause(t *testing.T) {
	h := start(t, Config{Origins: []Origin{{URL: app}}, APIs: map[string]API{"api": {At: "https://api.example.com", Server: &stripping{}}}})
	found := h.Diagnose(t.Context(), h.From(app).Fetch(t.Context(), probe.Request{URL: "https://api.example.com/orders"}))
	if len(found) == 0 || found[0].Rule != "origin-stripped" {
		t.Errorf("%+v", found)
	}
}
