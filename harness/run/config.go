package run

import (
	"cmp"
	"time"

	"github.com/corsproof/corsproof/harness"
)

// Config says how cases are asked. Its zero value is what most runs want.
type Config struct {
	// Browser is as in [harness.Config].
	Browser string
	// BrowserFlags are as in [harness.Config].
	BrowserFlags []string
	// Jobs is how many cases are asked at a time; 0 means 32. Those with state of their own share four browser contexts.
	Jobs int
	// Retries is how often a case that did not pass is asked again. One that passes then is flaky.
	Retries int
	// FailFast ends the run with the first result that is no pass.
	FailFast bool
	// SkipMissing leaves out the cases that need a server which is not installed here or does not start, instead of giving them no verdict.
	SkipMissing bool
	// Server names the one whose words fixes are in (one of remedy.Servers), for APIs of which the suite does not say; empty: what answers show.
	Server string
	// Explain asks of every case what tells causes apart, not only of those that did not go as expected.
	Explain bool
	// LogDir is as in [harness.Config].
	LogDir string
	// ShowSecrets leaves secrets in the results.
	ShowSecrets bool
	// Warn is told of what takes the verdict from some cases and does not end the run: a server that cannot be started, or that ended
	// by itself. Nil for nobody.
	Warn func(error)
}

func (c Config) jobs() int { return cmp.Or(c.Jobs, 32) }

func (c Config) warn(err error) {
	if c.Warn != nil {
		c.Warn(err)
	}
}

// perPage is how many requests a page has in flight, at most.
const perPage = 16

// harness is the part of the configuration that is the harness's.
func (c Config) harness(p part) harness.Config {
	h := harness.Config{
		ThirdPartyCookies: p.ThirdPartyCookies, Browser: c.Browser, BrowserFlags: c.BrowserFlags,
		Concurrency: min(c.jobs(), perPage), Timeout: defaultTimeout, LogDir: c.LogDir,
	}
	if p.replays {
		h.Replay = harness.ReplayAlways
	}
	for _, origin := range p.Origins() {
		page := harness.Origin{URL: origin}
		for _, p := range p.Pages {
			if p.Origin == origin {
				page.Headers, page.AddressSpace = p.Headers, p.AddressSpace
			}
		}
		h.Origins = append(h.Origins, page)
	}
	return h
}

// defaultTimeout bounds a request that says nothing else.
const defaultTimeout = 10 * time.Second
