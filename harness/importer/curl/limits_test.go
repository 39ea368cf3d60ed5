package curl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/importer/curl"
)

func TestLimits(t *testing.T) {
	if list, err := curl.Parse("curl"+strings.Repeat(" a.test", 100), curl.Config{}); err != nil || len(list) != 100 {
		t.Errorf("100 URLs are %d requests, %v", len(list), err)
	}
	if _, err := curl.Parse("curl"+strings.Repeat(" a.test", 101), curl.Config{}); err == nil || !strings.Contains(err.Error(), "more than 100 URLs") {
		t.Errorf("101 URLs: %v", err)
	}
	for name, text := range map[string]string{
		"options":   "curl a" + strings.Repeat(" --bad", 5000),
		"variables": "curl a" + strings.Repeat(" $x", 5000),
		"commands":  strings.Repeat("curl $x\n", 5000),
		"URLs":      strings.Repeat("curl b://a\n", 5000),
	} {
		_, err := curl.Parse(text, curl.Config{})
		if n := strings.Count(fmt.Sprint(err), "^\n"); n < 50 || n > 150 {
			t.Errorf("%s: %d problems, want about 100", name, n)
		}
	}
	_, err := curl.Parse("curl a --"+strings.Repeat("x", 100_000), curl.Config{})
	if err == nil || len(err.Error()) > 1000 {
		t.Errorf("a long option makes a message of %d bytes", len(fmt.Sprint(err)))
	}
}

func TestOtherCommandsAreQuotedShortly(t *testing.T) {
	for other, want := range map[string]string{
		"echo " + strings.Repeat("é", 100): "not run: echo " + strings.Repeat("é", 55) + "…",
		"echo 'two\nlines'":                "not run: echo 'two…",
	} {
		if got := one(t, other+"\ncurl a.test").Warnings; len(got) != 1 || got[0] != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAFormUnderAnotherNameIsText(t *testing.T) {
	got := one(t, "curl a.test -F b=c -H 'Content-Type: multipart/mixed'").Request
	value, _ := got.Headers.Get("Content-Type")
	if !strings.HasPrefix(value, "multipart/mixed; boundary=corsproof-") || !strings.HasPrefix(got.Body.Text, "--corsproof-") {
		t.Errorf("got %+v, %+v", got.Headers, got.Body)
	}
}
