package apim

import (
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

func TestLimitsCountInPeriodsAndByKey(t *testing.T) {
	for _, c := range []struct{ name, policy, message, retry string }{
		{"rate limit", "<rate-limit-by-key calls='2' renewal-period='60' counter-key='@(context.Request.Headers.GetValueOrDefault(&quot;K&quot;))'/>",
			"Rate limit is exceeded. Try again in 59 seconds.", "59"},
		{"quota", "<quota-by-key calls='2' renewal-period='60' counter-key='@(context.Request.Headers.GetValueOrDefault(&quot;K&quot;))'/>",
			"Out of call volume quota. Quota will be replenished in 00:00:59.", ""},
		{"quota of days", "<quota-by-key calls='2' renewal-period='180060' counter-key='@(context.Request.Headers.GetValueOrDefault(&quot;K&quot;))'/>",
			"Out of call volume quota. Quota will be replenished in 2.02:00:59.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, errs := compile(Config{Policy: Policy("<policies><inbound>" + c.policy + "</inbound></policies>")})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			limit := g.global.sections[inbound][0].step
			now := time.Unix(1000, 0)
			call := func(key string) verdict {
				return limit.run(&exchange{now: func() time.Time { return now }, request: &rawhttp.Request{Headers: fetch.HeaderList{{Name: "K", Value: key}}}})
			}
			for range 2 {
				if v := call("a"); v.err != nil {
					t.Fatal(v.err.message)
				}
			}
			now = now.Add(1500 * time.Millisecond)
			v := call("a")
			if v.err == nil || v.err.message != c.message {
				t.Fatalf("%+v", v.err)
			}
			if retry, _ := v.err.headers.Get("Retry-After"); retry != c.retry {
				t.Errorf("Retry-After %q", retry)
			}
			if v := call("b"); v.err != nil {
				t.Error("another key is counted with it")
			}
			now = now.Add(180060 * time.Second)
			if v := call("a"); v.err != nil {
				t.Error("the next period does not begin at nought")
			}
		})
	}
}
