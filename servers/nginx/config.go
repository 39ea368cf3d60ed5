package nginx

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"text/template"

	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of an nginx. The zero Config is the fixture "good" in
// front of answers of nginx's own.
type Config struct {
	// Fixture names a site under fixtures/servers/nginx ("good", "no-always"); empty means "good".
	Fixture string `json:"fixture,omitzero"`
	// Template is a site of the caller's own instead of a fixture: what stands in nginx's http block, as a
	// text/template. {{.Listen}} is the address to listen on, {{.Upstream}} belongs after proxy_pass, {{.Origin}} is Origin.
	Template string `json:"template,omitzero"`
	// Upstream is the URL of the server behind. Empty means that nginx itself answers, as servers/orders describes.
	Upstream string `json:"upstream,omitzero"`
	// Origin is the allowed one; empty means https://app.example.com.
	Origin string `json:"origin,omitzero"`
}

// place is what a site's template is filled with.
type place struct{ Listen, Upstream, Origin string }

// ownUpstream is where app.conf listens, in nginx's folder.
const ownUpstream = "http://unix:app.sock"

const defaultOrigin = "https://app.example.com"

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("nginx") }

// Validate reports everything that is wrong with a Config at once. nginx itself checks a Template, in Start.
func (c Config) Validate() error {
	var errs []error
	if c.Fixture != "" && c.Template != "" {
		errs = append(errs, errors.New("nginx: fixture and template exclude each other"))
	}
	if site, err := c.site(); err != nil {
		errs = append(errs, err)
	} else if err := site.Execute(io.Discard, place{}); err != nil {
		errs = append(errs, fmt.Errorf("nginx: %w", err))
	}
	if c.Upstream != "" && !safeURL(c.Upstream) {
		errs = append(errs, fmt.Errorf("nginx: upstream: %q is no http or https URL", c.Upstream))
	}
	if !plain.MatchString(c.Origin) {
		errs = append(errs, fmt.Errorf("nginx: origin: %q is no origin", c.Origin))
	}
	return errors.Join(errs...)
}

// plain is a text that ends no word and starts no variable or block in nginx's language.
var plain = regexp.MustCompile(`^[^\s;{}"'\\$#[:cntrl:]]*$`)

func safeURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && plain.MatchString(text) && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (c Config) site() (*template.Template, error) {
	text := c.Template
	if text == "" {
		data, err := fixture.Load("nginx", cmp.Or(c.Fixture, "good"), ".conf")
		if err != nil {
			return nil, err
		}
		text = string(data)
	}
	site, err := template.New("site.conf").Parse(text)
	if err != nil {
		return nil, fmt.Errorf("nginx: %w", err)
	}
	return site, nil
}

// render fills the site's template for that address.
func (c Config) render(listen string) ([]byte, error) {
	site, err := c.site()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = site.Execute(&text, place{
		Listen: listen, Upstream: cmp.Or(c.Upstream, ownUpstream), Origin: cmp.Or(c.Origin, defaultOrigin),
	})
	return text.Bytes(), err
}
