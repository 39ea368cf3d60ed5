package diagnose

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/corsproof/corsproof/harness/fetch"
)

// stranger is an origin that no server has a reason to allow. https://www.rfc-editor.org/rfc/rfc2606
const stranger = "https://corsproof-stranger.example"

// devPorts are where development servers usually are.
var devPorts = []string{"3000", "5173", "4200", "8080", "8000"}

// variants are origins that are easily confused with a page's, as the Origin header has them: which of them a server allows tells what its list
// has instead. Some are as no browser sends them, and as many a list has them: with a slash at the end, in upper case, without a scheme, with
// the default port.
func variants(page fetch.Origin, api string) []string {
	if page.IsOpaque() {
		return nil
	}
	list := []string{page.String() + "/", page.Host, strings.ToUpper(page.String())}
	if page.Port == "" {
		list = append(list, page.String()+defaultPort(page.Scheme))
	}
	add := func(o fetch.Origin) {
		if s := o.String(); o != page && o.Host != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	with := func(change func(*fetch.Origin)) fetch.Origin {
		o := page
		change(&o)
		return o
	}
	add(with(func(o *fetch.Origin) { o.Scheme = otherScheme(o.Scheme) }))
	add(with(func(o *fetch.Origin) { o.Port = "" }))
	add(with(func(o *fetch.Origin) { o.Scheme, o.Port = otherScheme(o.Scheme), "" }))
	if loopback(page.Host) {
		for _, host := range []string{"localhost", "127.0.0.1"} {
			add(with(func(o *fetch.Origin) { o.Host = host }))
		}
		for _, port := range devPorts {
			add(with(func(o *fetch.Origin) { o.Port = port }))
		}
	} else if isAddress(page.Host) {
		// an address has no other names
	} else if bare, ok := strings.CutPrefix(page.Host, "www."); ok {
		add(with(func(o *fetch.Origin) { o.Host = bare }))
	} else {
		add(with(func(o *fetch.Origin) { o.Host = "www." + page.Host }))
		if _, parent, _ := strings.Cut(page.Host, "."); strings.Contains(parent, ".") {
			add(with(func(o *fetch.Origin) { o.Host = parent }))
			add(with(func(o *fetch.Origin) { o.Host = "www." + parent }))
		}
	}
	if at, err := fetch.OriginOf(api); err == nil {
		add(at)
	}
	return list
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return ":443"
	}
	return ":80"
}

func otherScheme(scheme string) string {
	if scheme == "https" {
		return "http"
	}
	return "https"
}

// foreigner is an origin that a server should not allow, and what it would mean if it does.
type foreigner struct {
	origin, means string
	// mild is true where it may be meant so: the stranger is no stranger to everybody.
	mild bool
	// anybody is true where it looks like no page's: these are asked about first.
	anybody bool
}

// localhosts is a page of the user's own machine, and localhostsLikeness one that only looks like it; it is asked about where the other is allowed.
const (
	localhosts         = "http://localhost:4321"
	localhostsLikeness = "http://localhost.corsproof-stranger.example"
)

// What careless comparisons look at.
const (
	begins = "it compares only how an origin begins"
	ends   = "it compares only how an origin ends, without the dot before it"
	within = "it looks for a part of it anywhere in an origin"
)

// mostDots is how many dots of a host are asked about.
const mostDots = 4

// isAddress reports a host that is an IP address.
func isAddress(host string) bool {
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

// hostile are origins that are not the page's, and that careless comparisons take for it. The first is anybody's.
func hostile(page fetch.Origin, api string) []foreigner {
	list := []foreigner{
		{origin: stranger, means: "it allows whatever origin asks", anybody: true},
		{origin: "null", means: "it allows null, the origin of every sandboxed frame of every site", anybody: true},
	}
	if page.IsOpaque() || isAddress(page.Host) {
		return list
	}
	add := func(host, means string, mild bool) {
		o := fetch.Origin{Scheme: page.Scheme, Host: host, Port: page.Port}
		list = append(list, foreigner{origin: o.String(), means: means, mild: mild})
	}
	add(page.Host+".corsproof-stranger.example", begins, false)
	if loopback(page.Host) {
		return list
	}
	site := registrable(page.Host)
	means := ends
	if suffix, icann := publicsuffix.PublicSuffix(site); !icann && strings.Contains(suffix, ".") {
		means = "it allows any name below " + suffix + ", where anybody can have one, or any that ends so"
	}
	add("corsproof"+site, means, false)
	if site != page.Host {
		add("corsproof"+page.Host, "it allows any name below "+site+", or any that ends so: whoever can serve a page there can read", true)
	}
	if n := len(page.Host); page.Host[n-1] >= 'a' && page.Host[n-1] <= 'z' && strings.LastIndex(page.Host, ".") < n-3 {
		add(page.Host[:n-1], "it compares only a part of an origin: how it begins, or whether it stands somewhere in the text of the list", false)
	}
	dots := 0
	for i, c := range page.Host {
		if c == '.' && dots < mostDots {
			dots++
			add(page.Host[:i]+"x"+page.Host[i+1:], "a dot of its pattern matches any character", false)
		}
	}
	if page.Port == "" {
		list = append(list, foreigner{origin: page.String() + ":8443", means: "it allows any port of that host", mild: true})
	}
	list = append(list, foreigner{origin: localhosts, means: "it allows pages of localhost: whatever runs on a user's own machine", mild: true},
		foreigner{origin: localhostsLikeness, means: "it looks only for localhost in an origin, or how it begins, and anybody can have such a name"})
	if page.Scheme == "https" && strings.HasPrefix(api, "https:") {
		list = append(list, foreigner{origin: "http" + strings.TrimPrefix(page.String(), "https"), means: "it allows the origin over plain http, where anybody on the way may change the page"})
	}
	return list
}

// registrable is a host's registrable domain, "example.com" of "app.example.com"; or the host, where it has none.
// https://url.spec.whatwg.org/#host-registrable-domain
func registrable(host string) string {
	if site, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return site
	}
	return host
}
