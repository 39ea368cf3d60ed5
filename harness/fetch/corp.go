package fetch

import (
	"net/netip"
	"strings"
)

// resourcePolicy is the cross-origin resource policy check of an opaque
// response, for a page without an embedder policy of its own. unknown is set
// where it would take a list of public suffixes to tell.
// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
func resourcePolicy(page, at Origin, headers HeaderList) (v *Violation, unknown string) {
	const header = "Cross-Origin-Resource-Policy"
	policy, _ := headers.Get(header)
	blocked := &Violation{Step: ResourcePolicy, Header: header, Got: headers.Values(header), Want: "cross-origin"}
	switch {
	case policy == "same-origin" && !page.SameOrigin(at):
		blocked.Why = "the page is of another origin"
		return blocked, ""
	case policy != "same-site":
		return nil, ""
	case at.Scheme == "https" && page.Scheme != "https":
		blocked.Why = "the page was not delivered securely, and the response was"
		return blocked, ""
	}
	switch compareSites(page, at) {
	case otherSite:
		blocked.Why = "the page is of another site"
		return blocked, ""
	case unknownSite:
		return nil, "the response is for its own site only, and without the list of public suffixes one cannot say whether " + page.Host + " and " + at.Host + " are one site"
	default:
		return nil, ""
	}
}

type siteComparison int

const (
	unknownSite siteComparison = iota
	oneSite
	otherSite
)

// compareSites compares as "schemelessly same site" does, as far as one can
// without a list of public suffixes: hosts without a common last label are of
// two sites, whichever suffixes are public. An IP address is a site of its own;
// its last label, of which IPv6 has but one, is no other host's.
// https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site
func compareSites(page, at Origin) siteComparison {
	switch {
	case page.IsOpaque():
		return otherSite
	case page.Host == at.Host:
		return oneSite
	case isIPv4(page.Host) || lastLabel(page.Host) != lastLabel(at.Host):
		return otherSite
	default:
		return unknownSite
	}
}

func isIPv4(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

func lastLabel(host string) string {
	return host[strings.LastIndexByte(host, '.')+1:]
}
