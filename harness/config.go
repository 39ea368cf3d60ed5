package harness

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/target"
)

// Config says what a harness has. The zero value is a harness without APIs,
// on which any origin can ask any URL.
type Config struct {
	// Origins are pages that are known ahead. A page of another origin works
	// too, at the price of one more browser start.
	Origins []Origin
	// APIs under test, by name.
	APIs map[string]API
	// ThirdPartyCookies is "allow" (also when empty) or "block".
	ThirdPartyCookies string
	// Browser is the path or the name of a Chrome, Chromium, Edge or headless-shell. Empty takes the
	// environment's CORSPROOF_BROWSER, or looks in the usual places.
	Browser string
	// BrowserFlags are added to the browser's command line.
	BrowserFlags []string
	// PlainBrowser starts the browser as it comes, with no flags of ours but those without which there is nothing
	// to ask (headless, pipe, profile, sandbox): for a control run. It finds only what really listens where a URL says:
	// Origins and each API's At must be empty, and ThirdPartyCookies too, which the browser decides. Pages are at the
	// origins of APIs that this harness serves, and at http://localhost with their ports.
	PlainBrowser bool
	// DangerouslyDisableSandbox starts the browser without its sandbox, as CORSPROOF_NO_SANDBOX=1 does.
	DangerouslyDisableSandbox bool
	// Timeout bounds each request that has none of its own; zero means 10 s.
	Timeout time.Duration
	// Concurrency is how many requests a page has in flight at most; zero means 16.
	Concurrency int
	// Replay says which requests are sent once more without a browser.
	Replay ReplayMode
	// LogDir is where a file is left for a server that does not start, or ends by itself, with what it printed; the error names it.
	// Empty means that no file is left: the error has the last lines, and process.OutputOf(err) the rest.
	LogDir string
}

// ReplayMode says which requests are sent once more without a browser, as curl would.
type ReplayMode string

// The replay modes. The zero value is ReplayUnread. A replay is one more
// request to the API: it runs what a POST or a DELETE runs.
const (
	ReplayUnread ReplayMode = ""       // those that script could not read
	ReplayAlways ReplayMode = "always" // all
	ReplayNever  ReplayMode = "never"  // none
)

// Origin is a page that is known ahead.
type Origin struct {
	// URL is the origin: "https://app.example.com", "http://localhost:3000".
	URL string
	// AddressSpace is where local network access thinks the page comes from: "public", "local" or
	// "" for what it is ("loopback").
	AddressSpace string
	// Headers are lines of the page's own response: a Content-Security-Policy, say.
	Headers fetch.HeaderList
}

// API is a server under test. Exactly one of Handler, Raw, URL, Command and Server is set.
type API struct {
	// At is the origin under which the browser reaches the API. Empty means where it really listens, http on
	// a free port of 127.0.0.1 (with URL: that URL).
	At string
	// Handler is run in this process by net/http.
	Handler http.Handler
	// Raw is run in this process and writes its answers byte for byte; servers/embedded makes one.
	Raw rawhttp.Handler
	// HTTP2 offers h2 to the browser, for Raw at an https origin.
	HTTP2 bool
	// URL is the origin of a server that runs already. Without At the browser goes there directly, and
	// nothing of ours sees what the server receives.
	URL string
	// Command is a program that is started and stopped.
	Command *target.Command
	// Server is one of servers/, or any other that can be started and stopped.
	Server target.Server
	// AddressSpace is as in Origin.
	AddressSpace string
}

// validate returns every mistake at once.
func (c Config) validate() error {
	var errs []error
	for _, o := range c.Origins {
		errs = append(errs, c.validateOrigin(o))
	}
	at := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.APIs)) {
		a := c.APIs[name]
		errs = append(errs, a.validate(name))
		where := serialized(a.At)
		if other := at[where]; other != "" && a.At != "" {
			errs = append(errs, fmt.Errorf("apis %s and %s are both at %s: give each an origin of its own", other, name, where))
		}
		at[where] = name
	}
	if c.PlainBrowser {
		errs = append(errs, c.validatePlain())
	}
	if !slices.Contains([]string{"", "allow", "block"}, c.ThirdPartyCookies) {
		errs = append(errs, fmt.Errorf("third-party cookies are %q: say \"allow\" or \"block\"", c.ThirdPartyCookies))
	}
	if !slices.Contains([]ReplayMode{ReplayUnread, ReplayAlways, ReplayNever}, c.Replay) {
		errs = append(errs, fmt.Errorf("replay is %q: say \"always\", \"never\" or leave it empty", c.Replay))
	}
	if c.Timeout < 0 || c.Concurrency < 0 {
		errs = append(errs, fmt.Errorf("timeout %s and concurrency %d must not be negative", c.Timeout, c.Concurrency))
	}
	return errors.Join(errs...)
}

// validateOrigin refuses what no page is, and what could not be heeded.
func (c Config) validateOrigin(o Origin) error {
	errs := []error{space(o.AddressSpace, "origin "+o.URL)}
	if _, err := fetch.ParseOrigin(o.URL); err != nil && o.URL != "null" {
		errs = append(errs, fmt.Errorf("origin %q: %w", o.URL, err))
	}
	if o.URL == "null" && (o.AddressSpace != "" || len(o.Headers) > 0) {
		errs = append(errs, errors.New("origin null: its one page is the same in every harness: leave AddressSpace and Headers empty"))
	}
	for name, a := range c.APIs {
		if a.At != "" && serialized(a.At) == serialized(o.URL) && o.AddressSpace != "" && o.AddressSpace != a.AddressSpace {
			errs = append(errs, fmt.Errorf("origin %s: api %s sits there, and both have one address: set the API's AddressSpace alone", o.URL, name))
		}
	}
	return errors.Join(errs...)
}

// validatePlain refuses what a browser without our flags cannot find or do.
func (c Config) validatePlain() error {
	var errs []error
	if len(c.Origins) > 0 {
		errs = append(errs, errors.New("PlainBrowser finds no named origins: leave Origins empty, and ask from an API's own origin"))
	}
	for name, a := range c.APIs {
		if a.At != "" || a.AddressSpace != "" {
			errs = append(errs, fmt.Errorf("api %s: PlainBrowser finds no named origins: leave At and AddressSpace empty", name))
		}
	}
	if c.ThirdPartyCookies != "" {
		errs = append(errs, errors.New("PlainBrowser has third-party cookies as it likes: leave ThirdPartyCookies empty"))
	}
	return errors.Join(errs...)
}

func (a API) validate(name string) error {
	var errs []error
	if n := a.kinds(); n != 1 {
		errs = append(errs, fmt.Errorf("api %s: exactly one of Handler, Raw, URL, Command and Server must be set, and %d are", name, n))
	}
	if a.At != "" {
		if o, err := fetch.ParseOrigin(a.At); err != nil || o.IsOpaque() {
			errs = append(errs, fmt.Errorf("api %s: At %q is no origin that an API can have: %w", name, a.At, err))
		}
	}
	if a.URL != "" {
		if o, err := fetch.ParseOrigin(a.URL); err != nil || o.IsOpaque() {
			errs = append(errs, fmt.Errorf("api %s: URL %q must be an origin, without a path: %w", name, a.URL, err))
		}
	}
	if a.HTTP2 && a.Raw == nil {
		errs = append(errs, fmt.Errorf("api %s: HTTP2 goes with Raw only: the recording hop before other servers speaks HTTP/1.1", name))
	}
	if a.HTTP2 && !strings.HasPrefix(serialized(a.At), "https://") {
		errs = append(errs, fmt.Errorf("api %s: browsers speak HTTP/2 over TLS only: give At an https origin, or leave HTTP2 off", name))
	}
	if a.URL != "" && a.At == "" && a.AddressSpace != "" {
		errs = append(errs, fmt.Errorf("api %s: the browser goes to URL directly, whose address space is what it is: set At too, or leave AddressSpace empty", name))
	}
	errs = append(errs, space(a.AddressSpace, "api "+name))
	return errors.Join(errs...)
}

// hasAPIAt reports whether the user gave an API at that host, on any port.
func (c Config) hasAPIAt(hostPort string) bool {
	host, _, _ := net.SplitHostPort(hostPort)
	for _, a := range c.APIs {
		if u, err := url.Parse(serialized(a.URL)); err == nil && a.URL != "" && strings.EqualFold(u.Hostname(), host) {
			return true
		}
	}
	return false
}

func (a API) kinds() int {
	n := 0
	for _, set := range []bool{a.Handler != nil, a.Raw != nil, a.URL != "", a.Command != nil, a.Server != nil} {
		if set {
			n++
		}
	}
	return n
}

func space(s, where string) error {
	if slices.Contains([]string{"", "public", "local", "loopback"}, s) {
		return nil
	}
	return fmt.Errorf("%s: AddressSpace is %q: say \"public\", \"local\" or \"loopback\"", where, s)
}
