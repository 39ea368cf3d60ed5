package run

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/suite"
)

// fake is an asker whose browser is that function.
func fake(retries int, browser func(probe.Probe) []probe.Observation) *asker {
	return &asker{
		world: &world{origins: map[string]string{"api": "https://api.example.com"}, missing: map[string]error{}},
		probe: func(_ context.Context, p probe.Probe) []probe.Observation { return browser(p) },
		followUp: func(_ context.Context, list []probe.FollowUp) []probe.FollowUp {
			for i := range list {
				list[i].Answer.Error = "nobody answers"
			}
			return list
		},
		retries: retries,
	}
}

// caseOf is the only case of a suite with those lines.
func caseOf(t *testing.T, lines string) suite.Case {
	t.Helper()
	s := load(t, "suite: one\napis: {api: {at: https://api.example.com, answers: []}}\ncases:\n  - name: one\n    from: https://app.example.com\n"+lines)
	for c := range s.Cases() {
		return c
	}
	return suite.Case{}
}

const three = `    steps:
      - {request: {url: "${api}/1"}, expect: {outcome: readable}}
      - {request: {url: "${api}/2"}, expect: {outcome: readable}}
      - {request: {url: "${api}/3"}, expect: {outcome: readable}}
`

func TestWhereTheRunEndsFinishedStepsStay(t *testing.T) {
	cut := probe.Observation{Err: context.Canceled}
	half := sample.Blocked() // its replay was under way
	half.Replay = &probe.Replay{Error: context.Canceled.Error()}
	for _, c := range []struct {
		name string
		seen []probe.Observation
		want int
	}{
		{"the first was cut", []probe.Observation{cut, cut, cut}, 0},
		{"the last was cut", []probe.Observation{sample.Readable(), sample.Readable(), cut}, 2},
		{"a replay was cut", []probe.Observation{sample.Readable(), half, cut}, 1},
		{"all were finished", []probe.Observation{sample.Readable(), sample.Readable(), sample.Readable()}, 3},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		a := fake(2, func(probe.Probe) []probe.Observation { cancel(); return c.seen })
		list := a.ask(ctx, caseOf(t, three))
		if len(list) != c.want {
			t.Errorf("%s: %d results", c.name, len(list))
		}
		for _, r := range list {
			if r.Verdict != report.Pass {
				t.Errorf("%s: %s is %s", c.name, r.ID, r.Verdict)
			}
		}
	}
}

func TestAFailedReplayIsNoEndOfTheRun(t *testing.T) {
	gone := sample.Failed()
	gone.Replay = &probe.Replay{Error: "connection refused"}
	a := fake(0, func(probe.Probe) []probe.Observation { return []probe.Observation{gone} })
	list := a.ask(t.Context(), caseOf(t, "    request: {url: \"${api}/\"}\n    expect: {outcome: failed}\n"))
	if len(list) != 1 || list[0].Verdict != report.Pass {
		t.Errorf("%+v", list)
	}
}

func TestACaseIsAskedAgainUntilItPasses(t *testing.T) {
	asked := 0
	a := fake(3, func(probe.Probe) []probe.Observation {
		if asked++; asked < 3 {
			return []probe.Observation{sample.Blocked()}
		}
		return []probe.Observation{sample.Readable()}
	})
	list := a.ask(t.Context(), caseOf(t, "    request: {url: \"${api}/\"}\n    expect: {outcome: readable}\n"))
	if asked != 3 || len(list) != 1 || !list[0].Flaky {
		t.Errorf("asked %d times: %+v", asked, list)
	}
}

func TestAnAttemptThatTheRunEndsCutTakesNothingBack(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	a := fake(3, func(probe.Probe) []probe.Observation {
		if asked++; asked == 2 {
			cancel()
			return []probe.Observation{sample.Readable(), {Err: context.Canceled}, {Err: context.Canceled}}
		}
		return []probe.Observation{sample.Readable(), sample.Readable(), sample.Blocked()}
	})
	if list := a.ask(ctx, caseOf(t, three)); len(list) != 3 || list[2].Verdict != report.Fail {
		t.Errorf("%d results", len(list))
	}
}

func TestACaseWhoseAPIIsMissingHasNoVerdict(t *testing.T) {
	a := fake(0, nil)
	delete(a.world.origins, "api")
	a.world.missing["api"] = errors.New("it did not start")
	list := a.ask(t.Context(), caseOf(t, three))
	if len(list) != 3 || list[2].Verdict != report.Error || !strings.Contains(list[2].Problem, "it did not start") {
		t.Errorf("%+v", list)
	}
}

func TestOnlyWhatIsAsExpectedHasNothingToMend(t *testing.T) {
	blocked := sample.Blocked()
	blocked.Exchanges[0].Response = &probe.ReceivedResponse{Status: 401, Raw: true, Headers: fetch.HeaderList{}}
	if len(diagnose.Find(blocked)) == 0 {
		t.Fatal("there is no finding to look at")
	}
	a := fake(0, func(probe.Probe) []probe.Observation { return []probe.Observation{blocked} })
	for expected, want := range map[string]struct {
		verdict      report.Verdict
		fixes, notes bool
	}{
		"{outcome: blocked}":                           {report.Pass, false, true},
		"{outcome: blocked, preflight: {status: 204}}": {report.Fail, false, false}, // how to let the page in is not said
		"{outcome: readable}":                          {report.Fail, true, false},
	} {
		r := a.ask(t.Context(), caseOf(t, "    request: {url: \"${api}/\"}\n    expect: "+expected+"\n"))[0]
		fixes, notes := 0, 0
		for _, f := range r.Findings {
			fixes += len(f.Fix)
			if f.Severity == string(diagnose.Note) {
				notes++
			}
		}
		if r.Verdict != want.verdict || (fixes > 0) != want.fixes || (notes == len(r.Findings)) != want.notes {
			t.Errorf("%s: %s with %d fixes: %+v", expected, r.Verdict, fixes, r.Findings)
		}
	}
}

func TestACookieThatIsMeantToStayBehindIsNotMended(t *testing.T) {
	read := sample.Readable()
	read.From, read.Request.Credentials = "https://app.example.com", fetch.Include
	read.Exchanges[len(read.Exchanges)-1].Cookies = probe.Cookies{Withheld: []probe.CookieUse{{Name: "sid", Reasons: []string{"SchemefulSameSiteLax"}}}}
	a := fake(0, func(probe.Probe) []probe.Observation { return []probe.Observation{read} })
	a.world.servers = map[string]report.Servers{"https://api.example.com": {API: "express"}}
	for expected, mends := range map[string]bool{"{outcome: readable}": true, "{actual: {cookies: {withheld: [sid]}}}": false} {
		r := a.ask(t.Context(), caseOf(t, "    request: {url: \"${api}/\", credentials: include}\n    expect: "+expected+"\n"))[0]
		mended := false
		for _, f := range r.Findings {
			mended = mended || f.Rule == "cookie-withheld" && f.Config != nil && strings.Contains(f.Config.Parts[0].Text, `sameSite: "none"`)
		}
		if r.Verdict != report.Pass || mended != mends {
			t.Errorf("%s: %s, %+v", expected, r.Verdict, r.Findings)
		}
	}
}

func TestACauseThatTheRunEndsCutIsNone(t *testing.T) {
	for expected, want := range map[string]int{"{outcome: readable}": 1, "{outcome: blocked, cause: origin-not-allowed}": 0} {
		ctx, cancel := context.WithCancel(t.Context())
		bare := sample.Blocked()
		bare.Exchanges[0].Response = &probe.ReceivedResponse{Status: 204, Raw: true, Headers: fetch.HeaderList{{Name: "Vary", Value: "Origin"}}}
		a := fake(0, func(probe.Probe) []probe.Observation { return []probe.Observation{bare} })
		a.followUp = func(_ context.Context, list []probe.FollowUp) []probe.FollowUp {
			cancel()
			for i := range list { // some were answered, and would name a cause
				list[i].Answer = probe.Replay{Status: 200, Headers: fetch.HeaderList{{Name: "Vary", Value: "Origin"}}}
			}
			return list
		}
		list := a.ask(ctx, caseOf(t, "    request: {url: \"${api}/\"}\n    expect: "+expected+"\n"))
		if len(list) != want {
			t.Fatalf("%s: %d results", expected, len(list))
		}
		if want > 0 && (list[0].Verdict != report.Fail || list[0].Findings[0].Rule == "origin-not-allowed") {
			t.Errorf("%s: %s, %+v", expected, list[0].Verdict, list[0].Findings)
		}
	}
}

func TestNothingIsOpenedToAPageThatIsToStayOutside(t *testing.T) {
	read := sample.Readable()
	read.Request.Credentials = fetch.Include
	a := fake(0, func(probe.Probe) []probe.Observation { return []probe.Observation{read} })
	a.world.servers = map[string]report.Servers{"https://api.example.com": {API: "nginx"}}
	a.followUp = func(_ context.Context, list []probe.FollowUp) []probe.FollowUp { // an API that reflects whatever origin asks
		for i, f := range list {
			from, _ := f.Request.Headers.Get("Origin")
			list[i].Answer = probe.Replay{Status: 200, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: from}, {Name: "Access-Control-Allow-Credentials", Value: "true"}}}
		}
		return list
	}
	r := a.ask(t.Context(), caseOf(t, "    request: {url: \"${api}/\"}\n    expect: {outcome: blocked}\n"))[0]
	if r.Verdict != report.Fail || len(r.Findings) < 2 || r.Findings[0].Rule != diagnose.OverlyPermissive || !strings.Contains(r.Findings[0].Summary, "https://app.example.com") {
		t.Fatalf("%s: %+v", r.Verdict, r.Findings)
	}
	for _, f := range r.Findings {
		if f.Config != nil || strings.Contains(strings.Join(f.Fix, "\n"), "https://app.example.com") {
			t.Errorf("%+v opens the API", f)
		}
	}
}

func TestTheCauseIsAskedForWhereItIsNotAsExpected(t *testing.T) {
	bare := sample.Blocked()
	bare.Exchanges[0].Response = &probe.ReceivedResponse{Status: 204, Raw: true, Headers: fetch.HeaderList{{Name: "Vary", Value: "Origin"}}}
	asked := 0
	a := fake(0, func(probe.Probe) []probe.Observation { return []probe.Observation{bare} })
	a.followUp = func(_ context.Context, list []probe.FollowUp) []probe.FollowUp {
		asked += len(list)
		for i, f := range list {
			list[i].Answer = probe.Replay{Status: 200, Headers: fetch.HeaderList{{Name: "Vary", Value: "Origin"}}}
			if f.Inner {
				list[i].Answer.Error = "nothing between"
			}
		}
		return list
	}
	for expected, want := range map[string]struct {
		verdict report.Verdict
		asks    bool
	}{
		"{outcome: blocked}":                                             {report.Pass, false},
		"{outcome: readable}":                                            {report.Fail, true},
		"{outcome: blocked, cause: origin-not-allowed}":                  {report.Pass, true},
		"{outcome: blocked, finding: origin-not-allowed}":                {report.Pass, true},
		"{outcome: blocked, cause: missing-allow-origin-on-preflight}":   {report.Fail, true},
		"{outcome: blocked, finding: missing-allow-origin-on-preflight}": {report.Fail, true},
	} {
		asked = 0
		r := a.ask(t.Context(), caseOf(t, "    request: {url: \"${api}/\"}\n    expect: "+expected+"\n"))[0]
		if r.Verdict != want.verdict || asked > 0 != want.asks {
			t.Errorf("%s: %s, asked %d: %+v", expected, r.Verdict, asked, r.Checks)
		}
	}
	a.explain, asked = true, 0
	if a.ask(t.Context(), caseOf(t, "    request: {url: \"${api}/\"}\n    expect: {outcome: blocked}\n")); asked == 0 {
		t.Error("asked nothing, though everything is to be explained")
	}
}

func TestAStepThatLacksACookieSaysWhichStepLostIt(t *testing.T) {
	login, me := sample.Readable(), sample.Readable()
	login.Request.Credentials, me.Request.Credentials = fetch.Include, fetch.Include
	login.Step, me.Step = 1, 2
	login.Exchanges = append([]probe.Exchange(nil), login.Exchanges...)
	login.Exchanges[len(login.Exchanges)-1].Cookies.Refused = []probe.CookieUse{{Name: "token", Reasons: []string{"SchemefulSameSiteLax"}}}
	a := fake(0, func(probe.Probe) []probe.Observation { return []probe.Observation{login, me} })
	list := a.ask(t.Context(), caseOf(t, `    steps:
      - {request: {url: "${api}/login", credentials: include}, expect: {outcome: readable}}
      - {request: {url: "${api}/me", credentials: include}, expect: {outcome: readable, status: 599}}
`))
	if len(list) != 2 || list[1].Verdict != report.Fail || list[1].Findings[0].Rule != "cookie-refused" || !strings.Contains(list[1].Findings[0].Summary, "step 1") {
		t.Errorf("%+v", list)
	}
}
