package har_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/har"
	"github.com/corsproof/corsproof/harness/importer/internal/goldentest"
)

func TestSamples(t *testing.T) {
	goldentest.Samples(t, "../../../fixtures/har", ".har", func(data []byte) ([]importer.Imported, error) {
		return har.Parse(data, har.Config{})
	})
}

// names are the names of what was imported.
func names(list []importer.Imported) string {
	var all []string
	for _, i := range list {
		all = append(all, i.Name)
	}
	return strings.Join(all, ", ")
}

func TestAssetsAreReadWhenAskedFor(t *testing.T) {
	data, err := os.ReadFile("../../../fixtures/har/assets-only.har")
	if err != nil {
		t.Fatal(err)
	}
	list, err := har.Parse(data, har.Config{Assets: true})
	if got, want := names(list), "GET https://app.example.com/, GET https://app.example.com/a.png"; got != want || err != nil {
		t.Errorf("got %s and %v, want %s", got, err, want)
	}
}

func TestWhatIsScripts(t *testing.T) {
	for entry, want := range map[string]bool{
		`{"_resourceType": "xhr", "request": {"method": "GET", "url": "https://a.test/x.js"}}`:                                                  true,
		`{"_resourceType": "eventsource", "request": {"method": "GET", "url": "https://a.test/"}}`:                                              true,
		`{"_resourceType": "font", "request": {"method": "GET", "url": "https://a.test/"}}`:                                                     false,
		`{"request": {"method": "GET", "url": "https://a.test/x.js", "headers": [{"name": "sec-fetch-dest", "value": "empty"}]}}`:               true,
		`{"request": {"method": "GET", "url": "https://a.test/", "headers": [{"name": "sec-fetch-dest", "value": "iframe"}]}}`:                  false,
		`{"request": {"method": "GET", "url": "https://a.test/x.css?y"}}`:                                                                       false,
		`{"request": {"method": "POST", "url": "https://a.test/x.css"}}`:                                                                        true,
		`{"request": {"method": "GET", "url": "https://a.test/x"}, "response": {"content": {"mimeType": "Font/woff2"}}}`:                        false,
		`{"request": {"method": "GET", "url": "https://a.test/x"}, "response": {"content": {"mimeType": "text/html"}}}`:                         true,
		`{"request": {"method": "OPTIONS", "url": "https://a.test/x"}}`:                                                                         true,
		`{"request": {"method": "OPTIONS", "url": "https://a.test/x", "headers": [{"name": "access-control-request-method", "value": "PUT"}]}}`: false,
		`{"request": {"method": "GET", "url": "chrome-extension://abc/x"}}`:                                                                     false,
	} {
		list, err := har.Parse([]byte(`{"log": {"entries": [`+entry+`]}}`), har.Config{})
		if got := len(list) == 1; got != want || (err == nil) != want {
			t.Errorf("%s: %t, %v", entry, got, err)
		}
	}
}

func TestARedirectIsOneRequest(t *testing.T) {
	entry := func(url, redirect string) string {
		return fmt.Sprintf(`{"request": {"method": "GET", "url": %q}, "response": {"redirectURL": %q}}`, url, redirect)
	}
	data := `{"log": {"entries": [` + strings.Join([]string{
		entry("https://a.test/1", "2"), entry("https://a.test/2", "https://b.test/3"), entry("https://b.test/3", ""), entry("https://a.test/2", ""),
	}, ",") + `]}}`
	list, err := har.Parse([]byte(data), har.Config{})
	if got, want := names(list), "GET https://a.test/1, GET https://a.test/2"; got != want || err != nil {
		t.Errorf("got %s and %v, want %s", got, err, want)
	}
}

func TestPlacesInOneLongLine(t *testing.T) {
	const n = 500
	var entries []string
	for range n {
		entries = append(entries, `{"request": {"method": "GET", "url": "https://a.test/é"}, "response": {"content": {"text": "`+strings.Repeat("x", 1000)+`"}}}`)
	}
	begin := `{"log": {"entries": [`
	list, err := har.Parse([]byte("\ufeff"+begin+strings.Join(entries, ",")+`]}}`), har.Config{})
	if err != nil || len(list) != n {
		t.Fatal(len(list), err)
	}
	step := len([]rune(entries[0])) + 1
	for i, r := range list {
		if want := (importer.Pos{Line: 1, Col: len(begin) + 1 + i*step}); r.Pos != want {
			t.Fatalf("request %d stands at %s, want %s", i, r.Pos, want)
		}
	}
}
