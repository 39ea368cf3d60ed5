package harness

import (
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// check finds what is a mistake of the test, and not a question to the browser: all of it at once.
func check(p probe.Probe) error {
	var errs []error
	for _, s := range p.Steps {
		errs = append(errs, checkURL(s.Request.URL))
		if s.Request.Timeout < 0 {
			errs = append(errs, fmt.Errorf("the timeout %s is negative", s.Request.Timeout))
		}
	}
	for _, c := range p.Cookies {
		errs = append(errs, checkCookie(c))
	}
	return errors.Join(errs...)
}

// checkURL refuses what script would resolve against the page, which is corsproof's own.
func checkURL(raw string) error {
	if u, err := url.Parse(raw); err == nil && !u.IsAbs() {
		return fmt.Errorf("the URL %q is not absolute: write https://api.example.com/orders/1, or use h.API(name).URL(path)", raw)
	}
	return nil
}

// checkCookie refuses cookies that a browser takes from its driver and would take from no server.
func checkCookie(c probe.Cookie) error {
	var errs []error
	if _, err := fetch.OriginOf(c.URL); err != nil {
		errs = append(errs, fmt.Errorf("cookie %q needs the URL of the API or the page that it belongs to, and has %q", c.Name, c.URL))
	}
	if !slices.Contains([]string{"", "Strict", "Lax", "None"}, c.SameSite) {
		errs = append(errs, fmt.Errorf("cookie %q has SameSite %q: write Strict, Lax, None or nothing", c.Name, c.SameSite))
	}
	if c.SameSite == "None" && !c.Secure {
		errs = append(errs, fmt.Errorf("cookie %q has SameSite None without Secure, which a browser refuses from any server", c.Name))
	}
	if c.Partitioned && !c.Secure {
		errs = append(errs, fmt.Errorf("cookie %q is Partitioned without Secure, which a browser refuses from any server", c.Name))
	}
	return errors.Join(errs...)
}
