package harness

import (
	"strings"
	"testing"
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
