package diagnose

import (
	"cmp"
	"net/http"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

// setAs is how a server has to set the cookie of that name, also where this page is of another site; nil where that is no cure, or not known.
func (s *scene) setAs(x probe.Exchange, name string, c remedy.Cookie) *remedy.Cookie {
	line, known := setCookie(x, name)
	switch cross := s.crossSite(x.Request.URL); {
	case c.SameSite == "" || !secureEnough(x.Request.URL):
		return nil
	case cross:
		c.SameSite = "None"
	case !known && c.SameSite != "None":
		return nil // what else it says, is not known
	case known && c.SameSite == "Lax" && line.SameSite == http.SameSiteStrictMode:
		c.SameSite = "Strict"
	}
	c.Name, c.Path, c.HTTPOnly = name, "/", true
	if known {
		c.HTTPOnly = line.HttpOnly
	}
	if known && !c.Everywhere {
		c.Path, c.Domain = cmp.Or(line.Path, "/"), line.Domain
	}
	if c.Validate() != nil {
		return nil
	}
	return &c
}

// secureEnough reports a URL to which browsers send Secure cookies. https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
func secureEnough(rawURL string) bool {
	at, err := fetch.OriginOf(rawURL)
	return err == nil && (at.Scheme == "https" || loopback(at.Host))
}

// setCookie is the last Set-Cookie line of that name in an answer.
func setCookie(x probe.Exchange, name string) (c *http.Cookie, ok bool) {
	if x.Response == nil {
		return nil, false
	}
	for _, line := range x.Response.Headers.Values("Set-Cookie") {
		if parsed, err := http.ParseSetCookie(line); err == nil && parsed.Name == name {
			c, ok = parsed, true
		}
	}
	return c, ok
}

// crossSite reports whether a URL is of another site than the page. https://html.spec.whatwg.org/#same-site
func (s *scene) crossSite(rawURL string) bool {
	at, err := fetch.OriginOf(rawURL)
	page := s.request.Origin
	return err != nil || page.IsOpaque() || at.Scheme != page.Scheme || registrable(at.Host) != registrable(page.Host)
}

// setBy says that a server's configuration cures a claim by setting the cookie so, if any.
func (s *scene) setBy(c claim, x probe.Exchange, cookie *remedy.Cookie) claim {
	if cookie != nil {
		c.cures, c.other = s.reader(&x), *cookie
	}
	return c
}
