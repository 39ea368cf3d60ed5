package suite_test

import (
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/suite"
)

// TestEveryCheckHasAPlaceOfItsOwn evaluates what everything.yaml expects: each check must stand at a place that no other stands at, and not at
// that of the whole block.
func TestEveryCheckHasAPlaceOfItsOwn(t *testing.T) {
	s := load(t, fixtures, everything)
	checks := 0
	for c := range s.Cases() {
		all, err := c.Expectations(originsOf(s))
		if err != nil {
			t.Fatal(err)
		}
		for i, step := range c.Steps {
			block := step.At("no check of this name")
			places := map[suite.Position]string{}
			for _, check := range all[i].Evaluate(observed) {
				checks++
				at := step.At(check.Name)
				if other := places[at]; other != "" || at == block || at.Line == 0 {
					t.Errorf("%s: %q is at %s, as is %q; the block is at %s", c.ID, check.Name, at, other, block)
				}
				places[at] = check.Name
			}
		}
		if c.Name == "one request" && c.Steps[0].At("finding").String() != everything+":85:16" {
			t.Errorf("the finding is at %s", c.Steps[0].At("finding"))
		}
	}
	if checks < 40 {
		t.Errorf("only %d checks were looked at", checks)
	}
}

// observed has a preflight, an answer and a receipt, so that each member has something to be checked against.
var observed = probe.Observation{
	Outcome: probe.Readable, ReceiptsKnown: true,
	Page: probe.Page{Settled: true, Type: fetch.CORSResponse, Status: 200},
	Exchanges: []probe.Exchange{
		{ID: "1", For: "2", Role: probe.Preflight, Request: probe.SentRequest{Raw: true}, Response: &probe.ReceivedResponse{Status: 204, Raw: true}},
		{ID: "2", Role: probe.Actual, Request: probe.SentRequest{Raw: true}, Response: &probe.ReceivedResponse{Status: 200, Raw: true}},
	},
	Receipts: []probe.Receipt{{Method: "PATCH"}},
	Replay:   &probe.Replay{Status: 200},
}

func TestCasesAndStepsSayWhereTheyBegin(t *testing.T) {
	s := parse(t, head+`cases:
  - name: a
    from: null
    steps:
      - request: {url: "${api}/"}
      - request: {url: "${api}/"}
        expect:
          headers:
            X-A: b
          actual:
            cookies: {withheld: ["a b"]}
`)
	for c := range s.Cases() {
		same(t, "case", c.Pos.String(), "suite.yaml:4:5")
		same(t, "first step", c.Steps[0].Pos.String(), "suite.yaml:7:9")
		same(t, "second step", c.Steps[1].Pos.String(), "suite.yaml:8:9")
		same(t, "nothing expected", c.Steps[0].At("status").String(), "")
		same(t, "header", c.Steps[1].At("header x-a").String(), "suite.yaml:11:18")
		same(t, "cookie", c.Steps[1].At(`actual cookie withheld "a b"`).String(), "suite.yaml:13:34")
		same(t, "verdict", c.Steps[1].At("verdict").String(), "suite.yaml:10:11")
	}
}
