package expect_test

import (
	"testing"

	"github.com/corsproof/corsproof/harness/expect"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
)

func TestDetails(t *testing.T) {
	const owed = "NOT KNOWN: evidence is missing: the end of the request"
	outcome := func(o probe.Outcome) expect.Expectation { return expect.Expectation{Outcome: o} }
	withheld := func(c expect.Cookie) expect.Expectation {
		return expect.Expectation{Actual: &expect.Actual{CookiesWithheld: []expect.Cookie{c}}}
	}
	hidden := expect.Expectation{Hidden: []string{"X-Secret"}}
	const hiding = "on the wire, and not readable by script"
	for _, c := range []struct {
		name   string
		expect expect.Expectation
		o      probe.Observation
		want   expect.Check
	}{
		{"a failure without all evidence may be a block", outcome(probe.Blocked), incomplete(sample.Failed()),
			expect.Check{Name: "outcome", Want: "blocked", Got: owed, Undecided: true}},
		{"and its code is not known", expect.Expectation{BlockedBy: "X"}, incomplete(sample.Failed()),
			expect.Check{Name: "blockedBy", Want: `"X"`, Got: owed, Undecided: true}},
		{"but it was not readable", outcome(probe.Readable), incomplete(sample.Failed()),
			expect.Check{Name: "outcome", Want: "readable", Got: `failed with "net::ERR_CONNECTION_REFUSED"`}},
		{"a block stays one without all evidence", outcome(probe.Blocked), incomplete(sample.Blocked()),
			expect.Check{Name: "outcome", Want: "blocked", Got: `blocked by "PreflightMissingAllowOriginHeader"`, Pass: true}},
		{"a body that broke off failed without all evidence", outcome(probe.Failed), incomplete(brokenBody()),
			expect.Check{Name: "outcome", Want: "failed", Got: "failed", Pass: true}},
		{"a call that threw failed without all evidence", outcome(probe.Failed), incomplete(rejected()),
			expect.Check{Name: "outcome", Want: "failed", Got: `failed with "TypeError"`, Pass: true}},
		{"what failed has no status", expect.Expectation{Status: new(200)}, sample.Failed(),
			expect.Check{Name: "status", Want: "200", Got: `script got no response: failed with "net::ERR_CONNECTION_REFUSED"`}},
		{"one preflight is not counted", expect.Expectation{Preflight: &expect.Preflight{Status: new(204)}}, sample.Readable(),
			expect.Check{Name: "preflight.status", Want: "204", Got: "204", Pass: true}},
		{"a header that script read and nobody sent", hidden, readFromNowhere(),
			expect.Check{Name: "hidden x-secret", Want: hiding, Got: `not on the wire, yet script read "s"`}},
		{"a header that was not sent", expect.Expectation{Hidden: []string{"X-Other"}}, sample.Readable(),
			expect.Check{Name: "hidden x-other", Want: hiding, Got: "not on the wire"}},
		{"an answer that is not at hand", hidden, shown(""),
			expect.Check{Name: "hidden x-secret", Want: hiding, Got: "NOT KNOWN: the answer's lines on the wire are not at hand", Undecided: true}},
		{"an answer from the cache", hidden, shown("disk"),
			expect.Check{Name: "hidden x-secret", Want: hiding, Got: "NOT KNOWN: the answer's lines on the wire are not at hand: it came from the disk cache", Undecided: true}},
		{"a cookie for any reason", withheld(expect.Cookie{Name: "strict"}), sample.Readable(),
			expect.Check{Name: "actual cookie withheld strict", Want: "withheld", Got: "withheld: strict (SameSiteStrict)", Pass: true}},
		{"a cookie for two reasons, of which one is the browser's", withheld(expect.Cookie{Name: "strict", Reasons: []string{"SameSiteStrict", "SecureOnly"}}), sample.Readable(),
			expect.Check{Name: "actual cookie withheld strict", Want: "withheld because of SameSiteStrict, SecureOnly", Got: "withheld: strict (SameSiteStrict)"}},
		{"cookies without reasons and with odd names", expect.Expectation{Actual: &expect.Actual{CookiesSent: []string{"sid"}}}, oddCookies(),
			expect.Check{Name: "actual cookie sent sid", Want: "sent", Got: `sent: "", "a\"b", "a\x7f", "a b", sid`, Pass: true}},
		{"repeated lines are one value", expect.Expectation{Actual: &expect.Actual{RequestHeaders: []expect.Header{{Name: "x", Value: expect.Exactly("1, 2")}}}}, repeated(),
			expect.Check{Name: "actual request header x", Want: `"1, 2"`, Got: `"1, 2"`, Pass: true}},
		{"the final request counts, not the hop before it", expect.Expectation{Actual: &expect.Actual{CookiesSent: []string{"sid"}}}, sample.Redirected(),
			expect.Check{Name: "actual cookie sent sid", Want: "sent", Got: "sent: sid", Pass: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.expect.Evaluate(c.o); len(got) != 1 || got[0] != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func incomplete(o probe.Observation) probe.Observation {
	o.Missing = []string{"the end of the request"}
	return o
}

// rejected is a call that threw before anything was fetched.
func rejected() probe.Observation {
	o := sample.Failed()
	o.Page.Rejected, o.Exchanges, o.NetError = true, nil, ""
	return o
}

func readFromNowhere() probe.Observation {
	o := sample.Readable()
	o.Exchanges[1].Response.Headers[7].Name = "X-Other"
	o.Page.Headers = append(o.Page.Headers, fetch.Header{Name: "x-secret", Value: "s"})
	return o
}

// shown is an answer of which only the browser's view is known.
func shown(cache string) probe.Observation {
	o := sample.Readable()
	o.Exchanges[1].Response.Raw, o.Exchanges[1].FromCache = false, cache
	return o
}

func oddCookies() probe.Observation {
	o := sample.Readable()
	o.Exchanges[1].Cookies.Sent = []probe.CookieUse{{Name: ""}, {Name: `a"b`}, {Name: "a\x7f"}, {Name: "a b"}, {Name: "sid"}}
	return o
}

func repeated() probe.Observation {
	o := sample.Readable()
	o.Exchanges[1].Request.Headers = fetch.HeaderList{{Name: "X", Value: "1"}, {Name: "x", Value: "2"}}
	return o
}
