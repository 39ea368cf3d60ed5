package apim

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
)

// limit is a rate-limit or a quota: so many calls in each period, counted apart for each key.
type limit struct {
	calls   int
	period  time.Duration
	key     expression
	exceeds func(left time.Duration) *gatewayError

	mu      sync.Mutex
	windows map[string]window
}

// window is a period that runs.
type window struct {
	calls int
	ends  time.Time
}

// limit compiles what all limits have in common. The policies without a key count by subscription.
func (c *compiler) limit(e *element) *limit {
	l := &limit{
		calls: c.number(e, "calls", 0, 1), windows: map[string]window{},
		period: time.Duration(c.number(e, "renewal-period", 0, 1)) * time.Second,
		key:    func(x *exchange) string { return x.key },
	}
	if _, ok := e.attr("counter-key"); ok {
		l.key = c.attribute(e, "counter-key", "")
	}
	return l
}

func (c *compiler) rateLimit(e *element) step {
	l := c.limit(e)
	header := "Retry-After"
	if name, ok := e.attr("retry-after-header-name"); ok {
		header = name
	}
	if !fetch.IsHeaderName(header) {
		c.report(e, "retry-after-header-name: %q is no name", header)
	}
	l.exceeds = func(left time.Duration) *gatewayError {
		seconds := int(math.Ceil(left.Seconds()))
		return &gatewayError{
			status: 429, message: fmt.Sprintf("Rate limit is exceeded. Try again in %d seconds.", seconds),
			headers: fetch.HeaderList{{Name: header, Value: fmt.Sprint(seconds)}},
		}
	}
	return l
}

func (c *compiler) quota(e *element) step {
	l := c.limit(e)
	l.exceeds = func(left time.Duration) *gatewayError {
		s := int(math.Ceil(left.Seconds()))
		clock := fmt.Sprintf("%02d:%02d:%02d", s/3600%24, s/60%60, s%60)
		if days := s / (24 * 3600); days > 0 {
			clock = fmt.Sprintf("%d.%s", days, clock)
		}
		return &gatewayError{status: 403, message: "Out of call volume quota. Quota will be replenished in " + clock + "."}
	}
	return l
}

// run counts a call.
func (l *limit) run(x *exchange) verdict {
	key, now := l.key(x), x.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.windows[key]
	if !now.Before(w.ends) {
		w = window{ends: now.Add(l.period)}
	}
	if w.calls >= l.calls {
		return verdict{err: l.exceeds(w.ends.Sub(now))}
	}
	w.calls++
	l.windows[key] = w
	return verdict{}
}
