// Package reporttest has results of every kind, and compares reports with
// golden files, for the tests of report formats.
package reporttest

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/report"
)

var update = flag.Bool("update", false, "write the golden files")

// Header is the head of every report.
func Header() report.Header {
	return report.Header{
		Version: report.Version, Suite: "orders", Started: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		Browser: report.Browser{Name: "Chrome", Version: "156.0.0.0", Flavour: "chromium", ThirdPartyCookies: "allow"},
	}
}

// Write reports Results, redacted.
func Write(t testing.TB, to report.Reporter) {
	t.Helper()
	WriteThese(t, to, Results())
}

// WriteThese reports these results, redacted, and their summary.
func WriteThese(t testing.TB, to report.Reporter, results []report.Result) {
	t.Helper()
	sum := report.Summary{Duration: 1500 * time.Millisecond}
	errs := []error{to.Begin(Header())}
	for _, r := range results {
		sum.Add(r)
		errs = append(errs, to.Result(report.Redactor{}.Redact(r)))
	}
	if err := errors.Join(append(errs, to.End(sum))...); err != nil {
		t.Fatal(err)
	}
}

// Results are of every outcome and verdict.
func Results() []report.Result {
	yes := expect.Check{Name: "outcome", Pass: true, Want: "readable", Got: "readable", At: "orders.yaml:20:16"}
	no := expect.Check{Name: "outcome", Want: "readable", Got: "blocked", At: "orders.yaml:30:16"}
	blocked := result("blocked", "the preflight is refused", sample.Blocked(), no,
		expect.Check{Name: "status", Want: "200", Got: "none", At: "orders.yaml:31:15"})
	blocked.Findings = []report.Finding{{
		Rule: "options-not-routed", Severity: "error", Summary: "The API answers OPTIONS with 405.",
		Evidence: []string{"the preflight got 405 Method Not Allowed", "its answer says Allow: GET"},
		Fix:      []string{"Answer OPTIONS on /orders/1 with 204 and the Access-Control headers."},
	}}
	first := result("session/1", "two steps", sample.Readable(), yes)
	second := result("session/2", "two steps", sample.Redirected(), yes)
	first.Step, second.Step = 1, 2
	flaky := sample.XHR()
	flaky.Retried = "evidence was missing: the end of the request"
	return told([]report.Result{
		result("readable", "the app reads an order", sample.Readable(), yes),
		result("opaque", "no-cors", sample.Opaque(), expect.Check{Name: "outcome", Pass: true, Want: "opaque", Got: "opaque", At: "orders.yaml:40:16"}),
		blocked,
		result("unauthorized", "the answer is 401 without CORS headers", unauthorized(), no),
		result("failed", "nobody listens", sample.Failed(), no),
		result("timeout", "nobody answers", sample.TimedOut(), no),
		first, second,
		report.New(report.Case{ID: "error", Name: "no browser", At: "orders.yaml:50:5"}, sample.NoVerdict(errors.New("start the browser: no Chrome found")), nil),
		report.New(report.Case{ID: "flaky", Name: "passes at last", At: "orders.yaml:60:5", Again: true}, flaky, []expect.Check{yes}),
		result("hostile", Hostile, hostile(), no),
	})
}

// told gives each story that there is a text of its own, so that golden files do not change with how stories are told.
func told(list []report.Result) []report.Result {
	for i := range list {
		if list[i].Story != "" {
			list[i].Story = "script:\n  saw what " + list[i].Case + " says\nwire:\n  → 200\n"
		}
	}
	return list
}

func result(id, name string, o probe.Observation, checks ...expect.Check) report.Result {
	c := report.Case{ID: id, Name: name, At: "orders.yaml:12:5"}
	c.Cookies = []probe.Cookie{{URL: "https://api.example.com", Name: "sid", Value: "s1-secret", SameSite: "None", Secure: true}}
	return report.New(c, o, checks)
}

// unauthorized is a GET whose 401 has no header that lets script read it.
func unauthorized() probe.Observation {
	o := sample.Blocked()
	o.Request = probe.Request{URL: sample.URL, Credentials: fetch.Include}
	x := o.Exchanges[1]
	x.Request.Method, x.Request.Raw = "GET", true
	x.Response = &probe.ReceivedResponse{Status: 401, Protocol: "http/1.1", Raw: true, Headers: fetch.HeaderList{
		{Name: "WWW-Authenticate", Value: "Bearer"}, {Name: "X-Bytes", Value: "caf\xe9"},
	}}
	o.Exchanges = []probe.Exchange{x}
	o.Blocked = &probe.Block{Code: "MissingAllowOriginHeader", Message: "No 'Access-Control-Allow-Origin' header is present on the requested resource."}
	o.Console = []string{o.Blocked.Message}
	o.Replay = &probe.Replay{Status: 401, Proto: "HTTP/1.1", Headers: x.Response.Headers, Body: []byte("who are you?\n")}
	return o
}

// Hostile is text that does harm where it is written without care: markup, terminal codes, workflow commands, bidirectional controls.
const Hostile = "</script><script>document.title='owned'</script><!--<img src=x onerror=\"document.title='owned'\">" +
	"{{constructor.constructor('document.title=1')()}}${document.title=2}]]>\u2028\u202egnp.exe\u2069\x1b[31m\x00\r\n::error::owned,a:b%"

func hostile() probe.Observation {
	o := sample.Blocked()
	o.Exchanges[0].Response.Headers = append(o.Exchanges[0].Response.Headers, fetch.Header{Name: "X-Hostile", Value: Hostile},
		fetch.Header{Name: "<img src=x onerror=document.title=3>", Value: "\"' onmouseover=document.title=4 x='"})
	o.Page.Error.Message, o.Blocked.Message, o.Blocked.Parameter = Hostile, Hostile, Hostile
	o.Console = []string{Hostile}
	o.Replay = &probe.Replay{Status: 200, Body: []byte(Hostile), Headers: fetch.HeaderList{{Name: "X-Hostile", Value: Hostile}}}
	return o
}

// Golden compares with testdata/NAME of the package under test.
func Golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) == string(want) {
		return
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	around := func(text []byte) []byte { return text[max(0, min(at-60, len(text))):min(at+200, len(text))] }
	t.Errorf("the report is not as in %s from byte %d on (-update rewrites it); got\n…%s…\nwant\n…%s…", path, at, around(got), around(want))
}
