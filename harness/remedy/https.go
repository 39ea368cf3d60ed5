package remedy

import (
	"errors"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// HTTPS is for a server that does not know that it is asked over https, since TLS ends before it, and so redirects to itself over http.
type HTTPS struct {
	From string // the http origin that it names
	To   string // the https origin that the browser asked
	// Unaware is true where it redirects to the https URL that was asked, again and again.
	Unaware bool
}

func (HTTPS) templates() string { return "https" }

// Minding implements [Need].
func (HTTPS) Minding() string {
	return "In a suite the part tls-terminator stands for a proxy that says X-Forwarded-Proto (via: [tls-terminator]): corsproof's own end of TLS says nothing."
}

// Validate implements [Need].
func (h HTTPS) Validate() error {
	from, err := fetch.ParseOrigin(h.From)
	to, err2 := fetch.ParseOrigin(h.To)
	if err != nil || err2 != nil || from.Scheme != "http" || to.Scheme != "https" || from.Host != to.Host || !plain.MatchString(h.From) || !plain.MatchString(h.To) {
		return errors.New(strings.TrimSpace("no redirect of an https origin to itself over http: from " + h.To + " to " + h.From))
	}
	return nil
}
