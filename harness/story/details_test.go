package story

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
)

func TestDetails(t *testing.T) {
	blob := "text/csv"
	for _, c := range []struct {
		name   string
		change func(*probe.Observation)
		want   string
	}{
		{"repeated lines stay apart", func(o *probe.Observation) { header(o, "Access-Control-Allow-Origin", "*") },
			"      Access-Control-Allow-Origin: https://app.example.com\n      Access-Control-Allow-Origin: *\n"},
		{"an empty value is seen", func(o *probe.Observation) { header(o, "Access-Control-Allow-Origin", "") }, "Access-Control-Allow-Origin: \"\"\n"},
		{"a control byte is seen", func(o *probe.Observation) { header(o, "Vary", "a\x00b") }, `Vary: "a\x00b"`},
		{"a blank at the end is seen", func(o *probe.Observation) { header(o, "Vary", "a ") }, `Vary: "a "`},
		{"a long value is cut", func(o *probe.Observation) { header(o, "Vary", strings.Repeat("é", 3000)) }, `é"… (6000 bytes)`},
		{"many lines are cut", func(o *probe.Observation) {
			for i := range 60 {
				header(o, "Vary", fmt.Sprint(i))
			}
		}, "… and "},
		{"an answer that was cut off", func(o *probe.Observation) { o.Exchanges[1].Error = "net::ERR_X" }, "→ ended with net::ERR_X"},
		{"nothing was sent", func(o *probe.Observation) { o.Exchanges = nil }, "the browser sent nothing"},
		{"a message of the browser is wrapped, and whole", func(o *probe.Observation) { o.Console = []string{strings.Repeat("word ", 50) + "end"} }, "word end\n"},
		{"a message is told once", func(o *probe.Observation) {
			o.Blocked, o.Console = &probe.Block{Code: "C", Message: "message"}, []string{"message"}
		}, "browser:\n  code C\n  message\nserver:"},
		{"a body that is no text", func(o *probe.Observation) { o.Page.Body = probe.ReadBody{Size: 9, SHA256: "abc"} }, "body (9 bytes) with SHA-256 abc\n"},
		{"a body that was too large", func(o *probe.Observation) { o.Page.Body = probe.ReadBody{Size: 9, Cut: true} }, "body (more than 9 bytes)\n"},
		{"a body that broke off", func(o *probe.Observation) {
			o.Page.BodyError = &probe.ScriptError{Name: "TypeError", Message: "network error"}
		},
			"reading the body threw TypeError: network error\n"},
		{"a long body is cut", func(o *probe.Observation) { o.Page.Body.Text = strings.Repeat("a", 500) }, "aaa`…\n"},
		{"a body with lines", func(o *probe.Observation) { o.Page.Body.Text = "a\nb" }, `: "a\nb"`},
		{"a call that threw", func(o *probe.Observation) {
			o.Page = probe.Page{Settled: true, Rejected: true, Error: &probe.ScriptError{Name: "TypeError", Message: "forbidden"}}
		}, "the call itself threw TypeError: forbidden\n"},
		{"a Blob", func(o *probe.Observation) { o.Request.Body = &probe.Body{Blob: &blob, Bytes: []byte("a,b")} }, "body: a Blob of 3 bytes, type text/csv\n"},
		{"bytes", func(o *probe.Observation) { o.Request.Body = &probe.Body{Bytes: []byte("a")} }, "body: 1 byte\n"},
		{"a form", func(o *probe.Observation) { o.Request.Body = &probe.Body{Form: []probe.Field{{Name: "a"}}} }, "body: URLSearchParams of 1 field\n"},
		{"a multipart form", func(o *probe.Observation) { o.Request.Body = &probe.Body{Multipart: make([]probe.Field, 2)} }, "body: FormData of 2 fields\n"},
		{"a password is not told", func(o *probe.Observation) { o.Request.User, o.Request.Password = "alice", "secret" }, "user: alice, password given\n"},
		{"a replay without an answer", func(o *probe.Observation) { o.Replay = &probe.Replay{Error: "refused"} }, "without a browser:\n  no answer: refused\n"},
		{"a received body", func(o *probe.Observation) { o.Receipts[1].BodySize = 7 }, ", a body of 7 bytes\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := sample.Readable()
			c.change(&o)
			if got := Tell(o); !strings.Contains(got, c.want) {
				t.Errorf("want %q in\n%s", c.want, got)
			}
			if strings.Contains(Tell(o), "secret") {
				t.Error("the password is told")
			}
		})
	}
}

// header adds a line to the final answer, after the first one.
func header(o *probe.Observation, name, value string) {
	r := o.Exchanges[1].Response
	r.Headers = append(fetch.HeaderList{r.Headers[0], {Name: name, Value: value}}, r.Headers[1:]...)
}

func TestLinesSayTheReason(t *testing.T) {
	truncated := sample.Readable()
	truncated.Outcome, truncated.Page.BodyError = probe.Failed, &probe.ScriptError{Name: "TypeError"}
	threw := sample.Failed()
	threw.NetError = ""
	redirect := sample.Opaque()
	redirect.Page.Type = fetch.OpaqueRedirect
	for want, o := range map[string]probe.Observation{
		"readable 200: PUT ":                                sample.Readable(),
		"opaque: GET ":                                      sample.Opaque(),
		"opaque opaqueredirect: GET ":                       redirect,
		"blocked PreflightMissingAllowOriginHeader: PUT ":   sample.Blocked(),
		"failed net::ERR_CONNECTION_REFUSED: GET ":          sample.Failed(),
		"failed TypeError: GET ":                            threw,
		"failed TypeError: PUT ":                            truncated,
		"timeout: GET ":                                     sample.TimedOut(),
		"no outcome: GET  from ":                            {},
		"no verdict: GET https://api.example.com/orders/1 ": sample.NoVerdict(errors.New("boom")),
	} {
		if got := Line(o); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want it to begin with %q", got, want)
		}
	}
}

func TestRedactIsAskedForEveryHeader(t *testing.T) {
	o := sample.Redirected()
	asked := map[string]bool{}
	teller := Teller{Redact: func(name, value string) string {
		asked[name] = true
		return "REDACTED"
	}}
	text := teller.Tell(o)
	for _, secret := range []string{"sid=s1", "odd=1", "X-Request-ID: 1", "application/json"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is told", secret)
		}
		if !strings.Contains(Tell(o), secret) {
			t.Errorf("%q is not told without redaction either", secret)
		}
	}
	for _, name := range []string{"Cookie", "Set-Cookie", "X-Request-ID", "content-type", "Origin", "Location"} {
		if !asked[name] {
			t.Errorf("Redact was not asked about %s", name)
		}
	}
}

func TestPlainEscapesWhatIsNotPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"":                 "",
		`say "yes"`:        `say "yes"`,
		"naïve 日本":         "naïve 日本",
		"a\x1b[31mb":       `a\x1b[31mb`,
		"a\r\nb\tc":        `a\r\nb\tc`,
		"\xff\u202e\u009b": `\xff\u202e\u009b`,
		`a\b`:              `a\\b`,
		`a\"b`:             `a\\"b`,
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestHugeObservationsAreToldInBounds(t *testing.T) {
	o := sample.Readable()
	long, r := strings.Repeat("v", 5000), o.Exchanges[1].Response
	for range 10_000 {
		r.Headers = append(r.Headers, fetch.Header{Name: "Vary", Value: long})
		o.Console = append(o.Console, "message")
		o.Receipts = append(o.Receipts, o.Receipts[0])
	}
	for range 200 {
		o.Exchanges = append(o.Exchanges, o.Exchanges[0])
		o.Page.Events = append(o.Page.Events, "progress")
	}
	if n := len(Tell(o)); n > 300_000 {
		t.Errorf("the story has %d bytes", n)
	}
}
