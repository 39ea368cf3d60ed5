package chromium

import (
	"golang.org/x/net/publicsuffix"

	"github.com/corsproof/corsproof/harness/fetch"
)

// sameSite reports whether two URLs are schemefully same-site.
// https://html.spec.whatwg.org/multipage/browsers.html#same-site
func sameSite(a, b string) bool {
	x, err := fetch.OriginOf(a)
	if err != nil {
		return false
	}
	y, err := fetch.OriginOf(b)
	return err == nil && x.Scheme == y.Scheme && registrable(x.Host) == registrable(y.Host)
}

// registrable is a host's registrable domain, or the host where it has none, as an address.
func registrable(host string) string {
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}
