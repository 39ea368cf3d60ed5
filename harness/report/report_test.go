package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
	"github.com/corsproof/corsproof/harness/report/jsonreport"
)

func TestTextOutlivesJSON(t *testing.T) {
	for _, text := range []report.Text{"", "a", "é", "caf\xe9", "\xff\xfe\x00", "\u2028</script>", `{"base64":"x"}`} {
		data, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var back report.Text
		if err := json.Unmarshal(data, &back); err != nil || back != text {
			t.Errorf("%q became %s and then %q, %v", text, data, back, err)
		}
	}
	data, _ := json.Marshal(report.Text("caf\xe9"))
	if want := `{"text":"caf` + "\ufffd" + `","base64":"Y2Fm6Q=="}`; string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
}

func TestResultsOutliveJSON(t *testing.T) {
	for _, r := range reporttest.Results() {
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back report.Result
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		again, _ := json.Marshal(back)
		if string(again) != string(data) {
			t.Errorf("%s: got\n%s\nwant\n%s", r.ID, again, data)
		}
	}
}

func TestVerdicts(t *testing.T) {
	ok, no, unknown := expect.Check{Pass: true}, expect.Check{}, expect.Check{Undecided: true}
	for name, c := range map[string]struct {
		o      probe.Observation
		checks []expect.Check
		want   report.Verdict
	}{
		"nothing expected":   {sample.Readable(), nil, report.Pass},
		"all hold":           {sample.Readable(), []expect.Check{ok, ok}, report.Pass},
		"one does not hold":  {sample.Readable(), []expect.Check{ok, no}, report.Fail},
		"one is not decided": {sample.Readable(), []expect.Check{unknown}, report.Fail},
		"no observation":     {sample.NoVerdict(errors.New("x")), []expect.Check{no}, report.Error},
	} {
		r := report.New(report.Case{Again: true}, c.o, c.checks)
		if r.Verdict != c.want || r.Flaky != (c.want == report.Pass) {
			t.Errorf("%s: %s, flaky %v", name, r.Verdict, r.Flaky)
		}
	}
}

func TestTheDecidingHeaderIsFound(t *testing.T) {
	credentials := sample.Readable()
	credentials.Outcome, credentials.Blocked = probe.Blocked, &probe.Block{Code: "InvalidAllowCredentials"}
	method := sample.Readable()
	method.Outcome, method.Blocked = probe.Blocked, &probe.Block{Code: "MethodDisallowedByPreflightResponse"}
	for name, c := range map[string]struct {
		o    probe.Observation
		want *report.Deciding
	}{
		"readable":            {sample.Readable(), &report.Deciding{Exchange: 1, Header: "access-control-allow-origin"}},
		"preflight got a 405": {sample.Blocked(), &report.Deciding{Exchange: 0, Header: ":status"}},
		"credentials":         {credentials, &report.Deciding{Exchange: 1, Header: "access-control-allow-credentials"}},
		"method":              {method, &report.Deciding{Exchange: 0, Header: "access-control-allow-methods"}},
		"failed":              {sample.Failed(), nil},
		"opaque":              {sample.Opaque(), nil},
	} {
		if got := report.New(report.Case{}, c.o, nil).Deciding; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// secretive is an observation with secrets in each place that is not a body.
func secretive() report.Result {
	o := sample.Blocked()
	auth := fetch.HeaderList{
		{Name: "AUTHORIZATION", Value: "Bearer tok'en-1"}, {Name: "Proxy-Authorization", Value: "Basic proxy-2"},
		{Name: "Cookie", Value: "sid=cookie-3; t=x9"}, {Name: "Set-Cookie", Value: "sid=cookie-4; Path=/; Secure"}, {Name: "X-Key", Value: "key-5"},
	}
	u := "https://us-6:pw-7@api.example.com/"
	o.Request = probe.Request{Client: probe.XHR, Method: "POST", URL: u, Credentials: fetch.Include, Headers: auth, User: "user-8", Password: "password-9", Body: &probe.Body{Text: "body"}}
	o.Page.Headers = fetch.HeaderList{{Name: "x-key", Value: "key-5"}}
	o.Page.Error = &probe.ScriptError{Name: "TypeError", Message: "bad key-5"}
	for i := range o.Exchanges {
		o.Exchanges[i].Request.Headers, o.Exchanges[i].Request.URL = auth, u
		o.Exchanges[i].Response = &probe.ReceivedResponse{Status: 302, Headers: append(fetch.HeaderList{{Name: "Location", Value: u}}, auth...)}
	}
	o.Receipts = []probe.Receipt{{Method: "GET", URL: u, Headers: auth}}
	o.Replay = &probe.Replay{Status: 200, Headers: auth, Error: "no route with key-5"}
	o.Blocked.Message, o.Blocked.Parameter = "refused key-5 of "+u, "key-5"
	o.Console = []string{"fetch " + u + " with Bearer tok'en-1 and Cookie t=x9"}
	o.Why, o.Retried = "because of key-5", "key-5"
	r := report.New(report.Case{ID: "1", Cookies: []probe.Cookie{{URL: "https://api.example.com", Name: "jar", Value: "jar-10"}}}, o, []expect.Check{
		{Name: "actual request header cookie", Want: `"sid=cookie-3"`, Got: `"sid=cook… (10 bytes)`},
		{Name: "hidden x-key", Want: "hidden", Got: `script read "key…`},
		{Name: "blockedBy", Want: "key-5", Got: "tok'en-1"},
	})
	r.Findings = []report.Finding{{Summary: "key-5", Evidence: []string{"Authorization: Bearer tok'en-1"}, Fix: []string{"curl -u user-8:password-9"}}}
	return r
}

func TestSecretsAreNowhere(t *testing.T) {
	r := secretive()
	before, _ := json.Marshal(r)
	data, err := json.Marshal(report.Redactor{Names: []string{"x-key"}}.Redact(r))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"tok'", "en-1", "proxy-2", "cookie-3", "sid=cook", "x9", "cookie-4", "key-5", "key…", "us-6", "pw-7", "user-8", "password-9", "jar-10"} {
		if !strings.Contains(string(before), secret) {
			t.Errorf("the sample has no %q", secret)
		}
		if i := strings.Index(string(data), secret); i >= 0 {
			t.Errorf("%q is still there: …%s", secret, data[max(0, i-80):min(len(data), i+40)])
		}
	}
	for _, kept := range []string{"sid=[redacted]; t=[redacted]", "sid=[redacted]; Path=/; Secure", `-X POST`, "--data-raw body", "https://[redacted]@api.example.com/"} {
		if !strings.Contains(string(data), kept) {
			t.Errorf("%q is not there: %s", kept, data)
		}
	}
	if after, _ := json.Marshal(r); string(after) != string(before) {
		t.Error("Redact changed its argument")
	}
	again := report.Redactor{Names: []string{"x-key"}}
	if twice, _ := json.Marshal(again.Redact(again.Redact(r))); string(twice) != string(data) {
		t.Errorf("redacting twice is not redacting once:\n%s\n%s", twice, data)
	}
	if shown, _ := json.Marshal(report.Redactor{Show: true}.Redact(r)); string(shown) != string(before) {
		t.Error("Show redacts")
	}
}

func TestShortValuesDoNotTakeTheReportAlong(t *testing.T) {
	o := sample.Blocked()
	o.Exchanges[0].Request.Headers = fetch.HeaderList{{Name: "Cookie", Value: "a=1"}}
	r := report.Redactor{}.Redact(report.New(report.Case{}, o, []expect.Check{{Name: "status", Want: "201", Got: "none"}}))
	if r.Checks[0].Want != "201" || !strings.Contains(r.Story, "Cookie: a=[redacted]") {
		t.Errorf("%+v\n%s", r.Checks, r.Story)
	}
}

type recorder struct {
	calls string
	fail  string
}

func (r *recorder) call(name string) error {
	r.calls += name
	if name == r.fail {
		return errors.New(name + " fails")
	}
	return nil
}
func (r *recorder) Begin(report.Header) error  { return r.call("b") }
func (r *recorder) Result(report.Result) error { return r.call("r") }
func (r *recorder) End(report.Summary) error   { return r.call("e") }

func TestOneThatFailsDoesNotStopTheOthers(t *testing.T) {
	first, second, third := &recorder{fail: "b"}, &recorder{fail: "r"}, &recorder{}
	m := report.Multi(first, second, third)
	errs := []error{m.Begin(report.Header{}), m.Result(report.Result{}), m.Result(report.Result{}), m.End(report.Summary{})}
	if errs[0] == nil || errs[1] == nil || errs[2] != nil || errs[3] != nil {
		t.Errorf("errors: %v", errs)
	}
	if first.calls != "be" || second.calls != "bre" || third.calls != "brre" {
		t.Errorf("calls: %s %s %s", first.calls, second.calls, third.calls)
	}
}

func TestOneThatFailsInsideAnotherMultiLeavesItsNeighbours(t *testing.T) {
	var whole bytes.Buffer
	neighbour := jsonreport.New(&whole)
	m := report.Multi(report.Multi(jsonreport.New(broken{}), neighbour))
	errs := []error{m.Begin(report.Header{Version: report.Version}), m.Result(report.Result{ID: "a"}), m.End(report.Summary{})}
	if errs[0] == nil || errs[1] != nil || errs[2] != nil || !strings.Contains(whole.String(), `"id":"a"`) {
		t.Errorf("%v\n%s", errs, whole.String())
	}
}

// broken is a disk that takes nothing.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestTitleHasNoNumberOfAStepThatThereIsNot(t *testing.T) {
	for want, r := range map[string]report.Result{
		"reads (x#0)":          {Case: "reads", ID: "reads/x#0"},
		"reads (x), step 2":    {Case: "reads", ID: "reads/x#2", Step: 2},
		"reads (x#2#), step 1": {Case: "reads", ID: "reads/x#2##1", Step: 1},
	} {
		if got := r.Title(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	for at, want := range map[string]report.Place{
		"": {}, "a.yaml": {File: "a.yaml"}, "a.yaml:3": {File: "a.yaml", Line: 3}, "a.yaml:3:4": {File: "a.yaml", Line: 3, Column: 4},
		`C:\a.yaml:3:4`: {File: `C:\a.yaml`, Line: 3, Column: 4}, "a:1:2:3": {File: "a:1", Line: 2, Column: 3}, "a:x:3": {File: "a:x", Line: 3}, "a:0:0": {File: "a:0:0"},
	} {
		if got := report.ParsePlace(at); got != want {
			t.Errorf("%q: got %+v, want %+v", at, got, want)
		}
	}
}

func TestPrintableChangesOnlyWhatIsNot(t *testing.T) {
	for in, want := range map[string]string{`a\b"é`: `a\b"é`, "\x1b[31m\n": `\x1b[31m\n`, "\u202ea": `\u202ea`, "caf\xe9": `caf\xe9`, "\u2028": `\u2028`} {
		if got := printable.Text(in); got != want || printable.Text(got) != got {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
