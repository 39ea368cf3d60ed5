package remedy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Policy is what is to be allowed.
type Policy struct {
	// Origins are serialised origins ("https://app.example.com"), at least one, and neither * nor null.
	Origins []string
	// Methods are all that pages may use; GET, HEAD and POST need not be listed.
	Methods []string
	// Headers are the request headers that pages may set, beyond the safelisted ones.
	Headers []string
	// Expose are the response headers that script may read, beyond the safelisted ones.
	Expose []string
	// Credentials allows cookies and HTTP authentication.
	Credentials bool
}

// maxAge is how many seconds a preflight's answer may be kept: what Chromium keeps at most is 7200.
const maxAge = 600

// plain is an origin that means nothing but itself in any server's language. URLs allow hosts such as a;b, which nobody has.
var plain = regexp.MustCompile(`^[a-z]+://[A-Za-z0-9.:_\[\]-]+$`)

func (Policy) templates() string { return "cors" }

// Minding implements [Need].
func (Policy) Minding() string {
	return "This allows this page and this request, and what this answer names already: add your other origins, and what their requests need."
}

// Validate implements [Need].
func (p Policy) Validate() error {
	var errs []error
	if len(p.Origins) == 0 {
		errs = append(errs, errors.New("no origin is to be allowed"))
	}
	for _, raw := range p.Origins {
		if o, err := fetch.ParseOrigin(raw); err != nil || o.IsOpaque() || o.String() != raw || !plain.MatchString(raw) {
			errs = append(errs, fmt.Errorf("%q is no origin of a page that has an address", raw))
		}
	}
	for _, name := range slices.Concat(p.Methods, p.Headers, p.Expose) {
		if !fetch.IsMethod(name) || name == "*" {
			errs = append(errs, fmt.Errorf("%q is no name of a method or a header", name))
		}
	}
	return errors.Join(errs...)
}
