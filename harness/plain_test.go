package harness

import (
	"net/http"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/probe"
)

func TestAPlainBrowserIsRefusedWhatItCannotFindAllAtOnce(t *testing.T) {
	_, err := Start(t.Context(), Config{
		PlainBrowser: true, ThirdPartyCookies: "block", Origins: []Origin{{URL: "https://app.example.com"}},
		APIs: map[string]API{"api": {At: "https://api.example.com", URL: "http://127.0.0.1:1"}},
	})
	if err == nil {
		t.Fatal("started")
	}
	for _, want := range []string{"leave Origins empty", "api api: PlainBrowser finds no named origins", "leave ThirdPartyCookies empty"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
}

func TestAPlainBrowserIsNotSentToAnOriginThatIsNoAPIs(t *testing.T) {
	h := start(t, Config{PlainBrowser: true, APIs: map[string]API{"api": {Handler: http.HandlerFunc(allow)}}})
	for _, from := range []string{app, "null", "http://127.0.0.1:1"} {
		o := h.From(from).Fetch(t.Context(), probe.Request{URL: h.API("api").URL("/")})
		if o.Err == nil || !strings.Contains(o.Err.Error(), "from "+from+": PlainBrowser finds no named origins") {
			t.Errorf("from %s: %v", from, o.Err)
		}
	}
	own := h.API("api").Origin()
	for _, from := range []string{own, strings.Replace(own, "127.0.0.1", "localhost", 1)} {
		o := h.From(from).Fetch(t.Context(), probe.Request{URL: h.API("api").URL("/")})
		if o.Err != nil || o.Outcome != probe.Readable {
			t.Errorf("from %s: %v %s", from, o.Err, o.Outcome)
		}
	}
}
