package browser_test

import (
	"testing"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/probe"
)

func TestAnIntegrityCheckThatFailsIsTheReason(t *testing.T) {
	const line = "Failed to find a valid digest in the 'integrity' attribute for resource 'https://api.example.com/x'"
	const end = "Fetch API cannot load https://api.example.com/x. SRI's integrity checks failed."
	const none = "the browser gave no reason; script saw: Failed to fetch"
	for name, c := range map[string]struct {
		netError string
		console  []string
		want     string
	}{
		"the console says so":       {"", []string{"another", line, end}, "the integrity check failed: " + line},
		"it says no more":           {"", []string{end}, "the integrity check failed: " + end},
		"a warning is no failure":   {"", []string{line}, none},
		"the console is silent":     {"", []string{"another"}, none},
		"the network's error stays": {"net::ERR_FAILED", []string{line, end}, "the network failed: net::ERR_FAILED"},
	} {
		o := probe.Observation{NetError: c.netError, Console: c.console}
		o.Page.Settled, o.Page.Error = true, &probe.ScriptError{Name: "TypeError", Message: "Failed to fetch"}
		browser.Decide(&o)
		if o.Outcome != probe.Failed || o.Why != c.want {
			t.Errorf("%s: %s %q", name, o.Outcome, o.Why)
		}
	}
}
