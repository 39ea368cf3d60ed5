package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

func TestNewReportsEveryMistakeAtOnce(t *testing.T) {
	fn := func(*rawhttp.Request) *rawhttp.Response { return nil }
	_, err := embedded.New(embedded.Config{Rules: []embedded.Rule{
		{When: embedded.Match{Path: "orders"}, Answer: embedded.Answer{Status: 99, Reason: "a\nb", Delay: -1, Fault: "explode"}},
		{When: embedded.Match{Path: "/a?b"}, Answer: embedded.Answer{Status: 1000}},
		{Answer: embedded.Answer{Headers: headers("", "x", "a\x00b", "x", "a\rb", "x", "a\nb", "x", "c", "x\r\ny", "d", "x\n", "e", "x\r")}},
		{Func: fn, Answer: embedded.Answer{Status: 200}},
		{Answer: embedded.Answer{Status: 204, Fault: rawhttp.Truncate}},
		{When: embedded.Match{Method: "GET", Path: "/good"}, Answer: embedded.Answer{Status: 999, Headers: headers(" odd name ", "\x00\x01\xff ")}},
	}})
	want := []string{
		"0 when.path", "0 status", "0 reason", "0 delay", "0 fault", "1 when.path", "1 status",
		"2 headers", "2 headers", "2 headers", "2 headers", "2 headers", "2 headers", "2 headers", "3 func", "4 fault",
	}
	if got := mistakes(err); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q\nwant %q\n%v", got, want, err)
	}
	for _, text := range []string{"rule 1 (any method orders): when.path: \"orders\" starts with no slash: write /orders", "99 is not within 100 to 999", "reset, truncate, hang and garbage"} {
		if !strings.Contains(fmt.Sprint(err), text) {
			t.Errorf("no %q in\n%v", text, err)
		}
	}
}

// mistakes lists the rule and field of each *RuleError in a joined error.
func mistakes(err error) []string {
	var one *embedded.RuleError
	if joined, ok := errors.Unwrap(err).(interface{ Unwrap() []error }); ok {
		var all []string
		for _, e := range joined.Unwrap() {
			if errors.As(e, &one) {
				all = append(all, fmt.Sprintf("%d %s", one.Rule, one.Field))
			}
		}
		return all
	}
	return nil
}

func TestSetRulesSwapsAllOrNothing(t *testing.T) {
	api := newAPI(t, says("old", embedded.Match{}))
	r := &rawhttp.Request{}
	if err := api.SetRules([]embedded.Rule{says("new", embedded.Match{}), {Answer: embedded.Answer{Status: 1}}}); err == nil {
		t.Error("no error")
	}
	if got := api.Handle(t.Context(), r).Body; string(got) != "old" {
		t.Errorf("after a mistake: %q", got)
	}
	if err := api.SetRules([]embedded.Rule{says("new", embedded.Match{})}); err != nil {
		t.Error(err)
	}
	if got := api.Handle(t.Context(), r).Body; string(got) != "new" {
		t.Errorf("got %q", got)
	}
}

func TestRulesAreCopied(t *testing.T) {
	rule := embedded.Rule{
		When:   embedded.Match{Headers: map[string]string{"a": "1"}, Query: map[string]string{"q": ""}},
		Answer: embedded.Answer{Headers: headers("X", "1"), Body: []byte("body")},
	}
	api := newAPI(t, rule)
	rule.When.Headers["a"], rule.When.Query["r"] = "2", ""
	rule.Answer.Headers[0].Value, rule.Answer.Body[0] = "2", 'x'
	got := api.Handle(t.Context(), &rawhttp.Request{Target: "/?q", Headers: headers("a", "1")})
	if string(got.Body) != "body" || got.Headers[0].Value != "1" {
		t.Errorf("got %q %v", got.Body, got.Headers)
	}
}

func TestRulesCanBeSwappedWhileRequestsAreAnswered(t *testing.T) {
	api := newAPI(t, says("0 0", embedded.Match{}))
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				resp := api.Handle(ctx, &rawhttp.Request{Headers: headers("Origin", "0")})
				if len(resp.Headers) > 0 && resp.Headers[0].Value+" 0" != string(resp.Body) {
					t.Errorf("a mixture: %q and %q", resp.Headers, resp.Body)
				}
			}
		})
	}
	for i := range 200 {
		rule := embedded.Rule{Answer: embedded.Answer{Headers: headers("N", fmt.Sprint(i)), Body: fmt.Appendf(nil, "%d ${origin}", i)}}
		if err := api.SetRules([]embedded.Rule{rule}); err != nil {
			t.Error(err)
		}
	}
	cancel()
	readers.Wait()
}
