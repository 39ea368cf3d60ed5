package diagnose

import (
	"cmp"
	"net/http"
	"slices"

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

// setCookies are the cookies that an answer sets.
func setCookies(x probe.Exchange) []*http.Cookie {
	if x.Response == nil {
		return nil
	}
	var list []*http.Cookie
	for _, line := range x.Response.Headers.Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil {
			list = append(list, c)
		}
	}
	return list
}

// setCookie is the last one of that name that an answer sets.
func setCookie(x probe.Exchange, name string) (*http.Cookie, bool) {
	for _, c := range slices.Backward(setCookies(x)) {
		if c.Name == name {
			return c, true
		}
	}
	return nil, false
}

// among reports whether a list has the cookie of that name.
func among(list []probe.CookieUse, name string) bool {
	return slices.ContainsFunc(list, func(u probe.CookieUse) bool { return u.Name == name })
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
