package suite_test

import (
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/embedded"
)

// TestWhatIsTakenHereIsTakenThere gives the fixtures' answers to the embedded API, and the configurations to the servers.
func TestWhatIsTakenHereIsTakenThere(t *testing.T) {
	tried := 0
	for _, name := range []string{"orders.yaml", "credentials.yaml", "bodies.yaml", "included.yaml", everything} {
		s := load(t, fixtures, name)
		for _, a := range s.APIs {
			answers, err := a.AnswersAt(originsOf(s))
			if err != nil {
				t.Fatal(err)
			}
			var rules []embedded.Rule
			for _, r := range answers {
				rules = append(rules, embedded.Rule{
					When: embedded.Match{Method: r.Method, Path: r.Path, Headers: r.WantHeaders, Query: r.WantQuery},
					Answer: embedded.Answer{Status: r.Status, Reason: r.Reason, Headers: r.Headers, Body: r.Body,
						Delay: r.Delay, Fault: rawhttp.Fault(r.Fault)},
				})
			}
			if _, err := embedded.New(embedded.Config{Rules: rules}); err != nil {
				t.Errorf("%s: %s: %v", name, a.Name, err)
			}
			if a.Server != nil {
				if _, err := servers.New(a.Server.Name, a.Server.Config); err != nil {
					t.Errorf("%s: %s: %v", name, a.Name, err)
				}
			}
			tried += len(rules)
		}
	}
	if tried < 15 {
		t.Errorf("only %d answers were tried", tried)
	}
}
