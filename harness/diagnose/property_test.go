package diagnose_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// FuzzFind makes Observations of all kinds, likely and impossible ones, and
// holds for each what must hold for all.
func FuzzFind(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed, "X-A", "v\x00\u202e\xff")
	}
	f.Fuzz(func(t *testing.T, seed uint64, name, value string) {
		o := invent(rand.New(rand.NewPCG(seed, 1)), name, value)
		found := diagnose.Find(o, name, "ETag", "Set-Cookie")
		for i, finding := range found {
			hold(t, o, finding)
			if i > 0 && rank(found[i-1]) > rank(finding) {
				t.Errorf("a %s stands before a %s", found[i-1].Severity, finding.Severity)
			}
		}
		if o.Err == nil && len(found) == 0 && (o.Outcome == probe.Blocked || o.Outcome == probe.Failed || o.Outcome == probe.Timeout) {
			t.Errorf("nothing is said of what failed: %+v", o)
		}
	})
}

func rank(f diagnose.Finding) int {
	return strings.Index("error warning note", f.Severity)
}

// hold checks what is true of every finding.
func hold(t *testing.T, o probe.Observation, f diagnose.Finding) {
	t.Helper()
	if _, ok := diagnose.Lookup(f.Rule); !ok || f.Summary == "" || len(f.Fix) == 0 {
		t.Errorf("incomplete: %+v", f)
	}
	if f.Severity == diagnose.Error && (o.Outcome == probe.Readable || o.Outcome == probe.Opaque) {
		t.Errorf("an error where script got an answer: %+v", f)
	}
	for _, text := range append(append([]string{f.Summary}, f.Evidence...), f.Fix...) {
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("not printable: %q", text)
		}
	}
	for _, fix := range f.Fix {
		if strings.Contains(fix, "Allow-Origin: null") || o.Request.Credentials == fetch.Include && strings.Contains(fix, "Allow-Origin: *") {
			t.Errorf("a fix that is worse than the error: %s", fix)
		}
	}
}

// invent makes an Observation by chance.
func invent(r *rand.Rand, name, value string) probe.Observation {
	o := probe.Observation{
		Step: 1 + r.IntN(2), From: pick(r, app, "http://localhost:3000", "null", value),
		Outcome: pick(r, probe.Readable, probe.Readable, probe.Opaque, probe.Blocked, probe.Blocked, probe.Failed, probe.Timeout),
		Browser: probe.Browser{Engine: pick(r, "chromium", "firefox", "")},
		Request: probe.Request{
			Client: pick(r, probe.Fetch, probe.XHR), Method: pick(r, "", "PUT", "patch", "TRACE", value), URL: pick(r, orders, "/orders", "ftp://x/", value),
			Headers: fetch.HeaderList{{Name: name, Value: value}, {Name: "Authorization", Value: "x"}}[:r.IntN(3)],
			Mode:    pick(r, "", fetch.CORS, fetch.NoCORS, fetch.SameOriginMode), Credentials: pick(r, "", fetch.Omit, fetch.Include),
			Redirect: pick(r, "", fetch.ErrorRedirect, fetch.ManualRedirect),
		},
		NetError:      pick(r, "", "", "net::ERR_FAILED", "net::ERR_CONNECTION_RESET", "net::ERR_NAME_NOT_RESOLVED", value),
		ReceiptsKnown: r.IntN(2) == 0,
		Page:          probe.Page{Settled: true, Rejected: r.IntN(9) == 0, Type: pick(r, fetch.CORSResponse, fetch.Opaque, fetch.OpaqueRedirect)},
	}
	if o.Outcome != probe.Readable {
		o.Page.Error = &probe.ScriptError{Name: "TypeError", Message: value}
	}
	if o.Outcome == probe.Blocked {
		o.Blocked = &probe.Block{Code: pick(r, append(probe.BlockCodes, value)...), Parameter: value}
	}
	if r.IntN(2) == 0 {
		o.Replay = &probe.Replay{Status: pick(r, 200, 401, 500), Headers: responseHeaders(r, name, value), Error: pick(r, "", value)}
	}
	for range r.IntN(4) {
		o.Exchanges = append(o.Exchanges, inventExchange(r, name, value))
	}
	for range r.IntN(3) {
		o.Receipts = append(o.Receipts, probe.Receipt{Method: pick(r, "OPTIONS", "PUT", value), URL: orders, Headers: lines("Origin: x", "Access-Control-Request-Method: PUT")[:r.IntN(3)]})
	}
	return o
}

func inventExchange(r *rand.Rand, name, value string) probe.Exchange {
	x := answered(pick(r, probe.Preflight, probe.Actual, probe.Actual, probe.RedirectHop), pick(r, "OPTIONS", "PUT", "GET"),
		pick(r, orders, orders, "https://other.test/x", app+"/x", value), pick(r, 0, 200, 204, 302, 401, 403, 404, 405, 500, 999))
	x.Response.Headers, x.Request.Raw, x.FromCache = responseHeaders(r, name, value), r.IntN(3) > 0, pick(r, "", "", "", "disk", "service-worker")
	if r.IntN(4) == 0 {
		x.Response = nil
	}
	use := []probe.CookieUse{{Name: value, Reasons: []string{pick(r, "SchemefulSameSiteLax", "NotOnPath", value)}}, {}}
	x.Cookies = probe.Cookies{Withheld: use[:r.IntN(3)], Refused: use[:r.IntN(3)]}
	return x
}

func responseHeaders(r *rand.Rand, name, value string) fetch.HeaderList {
	var list fetch.HeaderList
	for _, n := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
		"Access-Control-Expose-Headers", "Location", "Vary", "Server", "Cross-Origin-Resource-Policy", "Age", "Set-Cookie", "Cache-Control", "Date", "ETag", name} {
		for range r.IntN(5) / 2 {
			list = append(list, fetch.Header{Name: n, Value: pick(r, "*", app, app+"/", "null", "true", "a;b", "Origin", "same-origin", "/login?x", "https://u:p@other.test/", orders, "sid=1; Partitioned", "sid=; Max-Age=0", "s-maxage=600", value)})
		}
	}
	return list
}

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

// Whatever an API answers to what is asked afterwards, what is found is whole, and not much is asked.
func TestAnyAnswersAfterwards(t *testing.T) {
	const most = 80
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		asked := 0
		o := diagnose.Inquire(invent(r, "X-A", "v"), func(list []probe.FollowUp) []probe.FollowUp {
			asked += len(list)
			for i := range list {
				f := &list[i]
				f.Answer = probe.Replay{Status: pick(r, 200, 204, 403, 405, 500, 0), Headers: responseHeaders(r, "X-A", "v"), Body: []byte(pick(r, "", "x", "origin not allowed"))}
				if f.Watched = r.IntN(2) == 0; f.Watched && r.IntN(2) == 0 {
					f.Arrived = &probe.Receipt{Method: f.Request.Method, URL: f.Request.URL}
				}
			}
			return list
		})
		if asked > most {
			t.Errorf("seed %d: %d questions", seed, asked)
		}
		for _, f := range diagnose.Find(o) {
			hold(t, o, f)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
