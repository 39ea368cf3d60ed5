package chromium

import (
	"maps"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/browser"
)

// flag is one command-line switch with the reason why it is there. Every
// switch is decided here; none is taken over from a list of somebody else's.
type flag struct {
	name, value string
	// policy marks switches that change what a page may do or where a name leads; reports name them.
	policy bool
	why    string
}

// disabledFeatures are Chromium features that would come between a probe and its evidence. None of them
// takes part in CORS.
var disabledFeatures = []string{
	"Translate",         // offers to translate the page
	"OptimizationHints", // fetches hints over the network
	"MediaRouter",       // looks for devices on the local network
	"DialMediaRouteProvider",
	"HttpsUpgrades", // would first try https for a page at an http origin
	"HttpsFirstBalancedModeAutoEnable",
	"InterestFeedContentSuggestions",
	"AutofillServerCommunication",
	"CertificateTransparencyComponentUpdater",
	"GlobalMediaControls",
	"WebUIOmniboxPopup", // hidden pages in each window: half of what a browser context costs
	"WebUIOmniboxAimPopup",
}

var baseFlags = []flag{
	{name: "no-first-run", why: "no welcome page, no import"},
	{name: "no-default-browser-check", why: "no question at start"},
	{name: "disable-background-networking", why: "a test may talk to loopback only, and unasked requests cost time"},
	{name: "disable-component-update", why: "as above: no downloads"},
	{name: "disable-domain-reliability", why: "as above: no uploads"},
	{name: "disable-sync", why: "as above"},
	{name: "disable-default-apps", why: "as above: no installs"},
	{name: "disable-extensions", why: "an extension could change requests"},
	{name: "no-service-autorun", why: "no background service is left behind"},
	{name: "no-pings", why: "no hyperlink auditing"},
	{name: "metrics-recording-only", why: "no metrics leave the machine"},
	{name: "disable-breakpad", why: "a crash is reported by us, and no crash handler is left behind"},
	{name: "disable-crash-reporter", why: "as above, for headless-shell"},
	{name: "disable-background-timer-throttling", why: "a page that is not in front keeps its timeouts"},
	{name: "disable-backgrounding-occluded-windows", why: "as above"},
	{name: "disable-renderer-backgrounding", why: "as above"},
	{name: "disable-hang-monitor", why: "a synchronous XMLHttpRequest may block its page for as long as its timeout"},
	{name: "disable-popup-blocking", why: "no prompt"},
	{name: "disable-prompt-on-repost", why: "no prompt"},
	{name: "disable-dev-shm-usage", why: "containers have a /dev/shm of 64 MB, on which Chromium crashes"},
	{name: "disable-gpu", why: "nothing is drawn; no GPU process to start"},
	{name: "enable-features", value: "NetworkServiceInProcess2", why: "the same network stack on a thread of the browser, as on Android: each piece of evidence has one process less to pass"},
	{name: "password-store", value: "basic", why: "no keyring is asked"},
	{name: "use-mock-keychain", why: "as above, on macOS"},
	{name: "mute-audio", why: "no audio service"},
	{name: "hide-scrollbars", why: "screenshots of reports"},
}

// launch is what decides a browser's command line.
type launch struct {
	binary            Binary
	profile           string
	hosts             []browser.Host
	spki              string
	thirdPartyCookies string
	sandbox           bool
	plain             bool     // none of our flags but those without which there is nothing to ask
	extra             []string // from the user, verbatim
}

func (l launch) flags() []flag {
	list := []flag{
		{name: "headless", value: "new", why: "the full browser without a window; headless-shell ignores it"},
		{name: "user-data-dir", value: l.profile, why: "a profile of our own, thrown away"},
		{name: "remote-debugging-pipe", value: "cbor", why: "a pipe cannot be found by others, and the browser ends when we do; CBOR: see transport"},
	}
	if !l.sandbox {
		list = append(list, flag{name: "no-sandbox", policy: true, why: "root cannot have Chromium's sandbox, or the user switched it off"})
	}
	if l.plain {
		return list
	}
	list = append(list, baseFlags...)
	list = append(list, flag{name: "disable-features", value: strings.Join(disabledFeatures, ","), why: "see disabledFeatures"})
	if rules := l.resolverRules(); rules != "" {
		list = append(list, flag{name: "host-resolver-rules", value: rules, policy: true, why: "named origins without DNS, privileges or occupied ports"})
	}
	if l.spki != "" {
		list = append(list, flag{name: "ignore-certificate-errors-spki-list", value: l.spki, policy: true, why: "trusts one test key and nothing else"})
	}
	if spaces := l.addressSpaces(); spaces != "" {
		list = append(list, flag{name: "ip-address-space-overrides", value: spaces, policy: true, why: "local network access on loopback"})
	}
	if l.thirdPartyCookies == browser.BlockThirdPartyCookies {
		list = append(list, flag{name: "test-third-party-cookie-phaseout", policy: true, why: "blocks third-party cookies in every flavour alike"})
	}
	return list
}

// args is the whole command line after the program's name.
func (l launch) args() []string {
	var args []string
	for _, f := range l.flags() {
		args = append(args, f.String())
	}
	return append(joinFeatures(args, l.extra), "about:blank")
}

// joinFeatures is ours and the user's switches, with all features in one switch: Chromium takes the last of equal
// switches alone. A feature that the user names leaves our lists, since disabling outweighs enabling.
func joinFeatures(ours, users []string) []string {
	var theirs []string
	lists := map[string][]string{}
	cut := func(args []string, keep func(feature string) bool) []string {
		return slices.DeleteFunc(slices.Clone(args), func(arg string) bool {
			name, value, _ := strings.Cut(arg, "=")
			if name != "--enable-features" && name != "--disable-features" {
				return false
			}
			for feature := range strings.SplitSeq(value, ",") {
				if keep(feature) {
					lists[name] = append(lists[name], feature)
				}
			}
			return true
		})
	}
	users = cut(users, func(feature string) bool { theirs = append(theirs, bare(feature)); return true })
	args := append(cut(ours, func(feature string) bool { return !slices.Contains(theirs, feature) }), users...)
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		args = append(args, name+"="+strings.Join(lists[name], ","))
	}
	return args
}

// bare is a feature without its trial and parameters: "Name<Trial.Group:param/value".
func bare(feature string) string {
	if at := strings.IndexAny(feature, "<:"); at >= 0 {
		return feature[:at]
	}
	return feature
}

// policyFlags are those that a report must name.
func (l launch) policyFlags() []string {
	var list []string
	for _, f := range l.flags() {
		if f.policy {
			list = append(list, f.String())
		}
	}
	return append(list, l.extra...)
}

func (l launch) resolverRules() string {
	rules := make([]string, len(l.hosts))
	for i, h := range l.hosts {
		rules[i] = "MAP " + h.HostPort + " " + h.Addr
	}
	return strings.Join(rules, ",")
}

func (l launch) addressSpaces() string {
	var list []string
	for _, h := range l.hosts {
		if h.AddressSpace != "" {
			list = append(list, h.Addr+"="+h.AddressSpace)
		}
	}
	return strings.Join(list, ",")
}

// String is the switch as it stands on the command line.
func (f flag) String() string {
	if f.value == "" {
		return "--" + f.name
	}
	return "--" + f.name + "=" + f.value
}
