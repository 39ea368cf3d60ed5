package site

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"text/template"

	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of a proxy. Each proxy's package has the same fields,
// documented, under its own name.
type Config struct{ Fixture, Template, Upstream, Origin string }

// Place is what templates are filled with.
type Place struct {
	Listen       string // 127.0.0.1:41234
	Port         int    // 41234
	Upstream     string // http://127.0.0.1:41235
	UpstreamHost string // 127.0.0.1
	UpstreamPort string // 41235
	Origin       string // the allowed one: https://app.example.com
	Pattern      string // a regular expression of Origin, without ^ and $
	Folder       string // the temporary folder that the proxy runs in
	Site         string // the filled site, for the program's own files
}

const defaultOrigin = "https://app.example.com"

// Validate reports everything that is wrong with a Config at once. The program itself checks a Template, when it starts.
func (p Program) Validate(c Config) error {
	var errs []error
	if c.Fixture != "" && c.Template != "" {
		errs = append(errs, fmt.Errorf("%s: fixture and template exclude each other", p.Name))
	}
	if text, err := p.template(c); err != nil {
		errs = append(errs, err)
	} else if err := text.Execute(io.Discard, Place{}); err != nil {
		errs = append(errs, fmt.Errorf("%s: %w", p.Name, err))
	}
	if c.Upstream != "" && !isServer(c.Upstream) {
		errs = append(errs, fmt.Errorf("%s: upstream: %q is not http://HOST or http://HOST:PORT", p.Name, c.Upstream))
	}
	if !plain.MatchString(c.Origin) {
		errs = append(errs, fmt.Errorf("%s: origin: %q is no origin", p.Name, c.Origin))
	}
	return errors.Join(errs...)
}

// plain is a text that means nothing but itself in any proxy's language.
var plain = regexp.MustCompile(`^[A-Za-z0-9.:/\[\]_-]*$`)

func isServer(text string) bool {
	u, err := url.Parse(text)
	return err == nil && plain.MatchString(text) && u.Scheme == "http" && u.Hostname() != "" && u.Path == ""
}

func (p Program) template(c Config) (*template.Template, error) {
	text := c.Template
	if text == "" {
		data, err := fixture.Load(p.Name, cmp.Or(c.Fixture, "good"), p.Extension)
		if err != nil {
			return nil, err
		}
		text = string(data)
	}
	parsed, err := template.New(p.Site).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	return parsed, nil
}

// newPlace says where a proxy with that set-up stands.
func newPlace(port int, upstream, origin, folder string) (Place, error) {
	u, err := url.Parse(upstream)
	if err != nil {
		return Place{}, err
	}
	origin = cmp.Or(origin, defaultOrigin)
	return Place{
		Listen: address(port), Port: port,
		Upstream: upstream, UpstreamHost: u.Hostname(), UpstreamPort: cmp.Or(u.Port(), "80"),
		Origin: origin, Pattern: regexp.QuoteMeta(origin), Folder: folder,
	}, nil
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// render fills the site's template and then the program's own files, by their names.
func (p Program) render(c Config, place Place) (map[string][]byte, error) {
	text, err := p.template(c)
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	if err := text.Execute(&data, place); err != nil {
		return nil, err
	}
	place.Site = data.String()
	filled := map[string][]byte{p.Site: data.Bytes()}
	for name, own := range p.Files {
		var data bytes.Buffer
		text, err := template.New(name).Funcs(template.FuncMap{"indent": indent}).Parse(own)
		if err == nil {
			err = text.Execute(&data, place)
		}
		if err != nil {
			return nil, err
		}
		filled[name] = data.Bytes()
	}
	return filled, nil
}

// indent puts that many spaces in front of every line but the first.
func indent(spaces int, text string) string {
	return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", spaces))
}
