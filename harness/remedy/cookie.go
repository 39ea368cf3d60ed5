package remedy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Cookie is a cookie as a server has to set it. It is always Secure.
type Cookie struct {
	Name string
	// SameSite is "None" where pages of other sites are to send it, and else "Lax" or "Strict".
	SameSite string
	// Partitioned gives it a jar of its own under each site, where browsers block third parties' cookies. https://github.com/privacycg/CHIPS
	Partitioned bool
	Path        string // "/"
	Domain      string // "" for the host alone
	HTTPOnly    bool   // script does not read it
	// Everywhere is true where Path and Domain have to change, so that to add attributes does not do.
	Everywhere bool
}

var (
	cookiePath   = regexp.MustCompile(`^/[A-Za-z0-9/._~%-]*$`)
	cookieDomain = regexp.MustCompile(`^[A-Za-z0-9.-]*$`)
)

func (Cookie) templates() string { return "cookie" }

// Minding implements [Need].
func (c Cookie) Minding() string {
	if c.SameSite != "None" {
		return "It is sent over https alone."
	}
	return "Every site's pages send such a cookie: let requests that change something prove where they come from (a token, or the Origin header)."
}

// Validate implements [Need].
func (c Cookie) Validate() error {
	var errs []error
	if !fetch.IsMethod(c.Name) { // which is any token, as a cookie's name is: https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1
		errs = append(errs, fmt.Errorf("%q is no name of a cookie", c.Name))
	}
	if !slices.Contains([]string{"None", "Lax", "Strict"}, c.SameSite) {
		errs = append(errs, fmt.Errorf("SameSite is %q, and not None, Lax or Strict", c.SameSite))
	}
	if !cookiePath.MatchString(c.Path) || !cookieDomain.MatchString(c.Domain) {
		errs = append(errs, fmt.Errorf("the path %q or the domain %q is no plain one", c.Path, c.Domain))
	}
	if c.Partitioned && c.SameSite != "None" {
		errs = append(errs, errors.New("a partitioned cookie is for pages of other sites: SameSite must be None"))
	}
	return errors.Join(errs...)
}
