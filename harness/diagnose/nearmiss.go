package diagnose

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// nearMiss says in what a value differs from the origin that it should be.
func nearMiss(got string, want fetch.Origin) string {
	bare := strings.Trim(strings.TrimSpace(got), `"'`)
	switch {
	case bare == "":
		return "the value is empty"
	case bare != got && bare == want.String():
		return "quotation marks and blanks around it count"
	case want.IsOpaque():
		return "the page's origin is opaque, so no value but null or * equals it"
	case strings.TrimRight(got, "/") == want.String():
		return "the slash at the end is too much"
	case strings.EqualFold(got, want.String()):
		return "the case differs, and origins are compared byte for byte: all lower case"
	case got == want.Host || got == strings.TrimPrefix(want.String(), want.Scheme+"://"):
		return "the scheme is missing: " + want.Scheme + "://"
	case strings.HasPrefix(got, want.String()+"/"):
		return "an origin has no path"
	}
	other, err := fetch.ParseOrigin(strings.TrimRight(got, "/"))
	if err != nil || other.IsOpaque() {
		return "it is not an origin"
	}
	return difference(other, want)
}

// difference compares two origins part by part.
func difference(got, want fetch.Origin) string {
	switch {
	case got == want:
		return "it is not written as browsers write it"
	case got.Host == want.Host && got.Port == want.Port:
		return fmt.Sprintf("the scheme differs, %s and not %s", got.Scheme, want.Scheme)
	case got.Host == want.Host && got.Scheme == want.Scheme:
		return fmt.Sprintf("the port differs, %s and not %s", port(got), port(want))
	case got.Host == want.Host:
		return "scheme and port differ"
	case loopback(got.Host) && loopback(want.Host):
		return fmt.Sprintf("%s and %s are the same machine, and different origins", got.Host, want.Host)
	case got.Host == "www."+want.Host || want.Host == "www."+got.Host:
		return "www makes another host, and so another origin"
	case strings.HasSuffix(want.Host, "."+got.Host):
		return fmt.Sprintf("the page is on a subdomain, %s, and an origin does not include those", want.Host)
	case strings.HasSuffix(got.Host, "."+want.Host):
		return fmt.Sprintf("a subdomain is allowed, %s, and not the host of the page", got.Host)
	}
	return fmt.Sprintf("another host, %s", got.Host)
}

func port(o fetch.Origin) string {
	if o.Port == "" {
		return "the default one"
	}
	return o.Port
}

func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && (ip.IsLoopback() || ip.IsUnspecified())
}
