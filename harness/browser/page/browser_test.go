package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/browser/chromium"
	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/process"
)

// report stands before the prober's script, in the place of a driver's binding.
const report = `<script>
const sent = fetch;
globalThis.` + page.Binding + ` = (text) => sent('/report', { method: 'POST', body: text });
</script>`

// inBrowser opens the prober's page in a browser, has drive run in it, and returns the first count results by their
// ids. api answers what is neither the page nor a report.
func inBrowser(t *testing.T, api http.HandlerFunc, drive string, count int) map[string]page.Result {
	t.Helper()
	binary, err := chromium.Find(os.Getenv("CORSPROOF_BROWSER"))
	if err != nil {
		t.Skip(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	reports := make(chan []byte, count)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case page.Path:
			_, body, _ := page.Serve(page.Path, nil)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(bytes.Replace(body, []byte("<script>"), []byte(report+"<script>"), 1))
			fmt.Fprintf(w, "<script>%s</script>", drive)
		case "/report":
			text, _ := io.ReadAll(r.Body)
			reports <- text
		default:
			api(w, r)
		}
	}))
	defer server.Close()
	defer startBrowser(t, ctx, binary, server.URL+page.Path)()
	results := map[string]page.Result{}
	for len(results) < count {
		select {
		case text := <-reports:
			list, err := page.ParseResults(string(text))
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				results[r.ID] = r
			}
		case <-ctx.Done():
			t.Fatalf("%d of %d results came: %+v", len(results), count, results)
		}
	}
	return results
}

// startBrowser returns what ends the browser.
func startBrowser(t *testing.T, ctx context.Context, binary chromium.Binary, url string) func() {
	t.Helper()
	profile, err := os.MkdirTemp("", "corsproof-page-")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"--headless=new", "--user-data-dir=" + profile, "--remote-debugging-port=0"}
	if os.Geteuid() == 0 || os.Getenv("CORSPROOF_NO_SANDBOX") != "" {
		args = append(args, "--no-sandbox")
	}
	for _, s := range chromium.Switches() {
		args = append(args, strings.TrimSuffix("--"+s[0]+"="+s[1], "="))
	}
	p, err := process.Start(ctx, process.Config{Path: binary.Path, Args: append(args, url), Remove: []string{profile}})
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := p.Stop(); err != nil {
			t.Error("stop the browser:", err)
		}
	}
}

// asked is the call that hands requests to the page; each "URL" is a path at the page's own origin.
func asked(t *testing.T, limit int, requests ...page.Request) string {
	t.Helper()
	text, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("corsproof(%s, %d);", text, limit)
}
