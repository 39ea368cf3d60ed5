package diagnose

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// stranger is an origin that no server has a reason to allow. https://www.rfc-editor.org/rfc/rfc2606
const stranger = "https://corsproof-stranger.example"

// devPorts are where development servers usually are.
var devPorts = []string{"3000", "5173", "4200", "8080", "8000"}

// variants are origins that are easily confused with a page's, as the Origin header has them: which of them a server allows tells what its list
// has instead. One has a slash at its end, which no browser sends and many a list has.
func variants(page fetch.Origin, api string) []string {
	if page.IsOpaque() {
		return nil
	}
	list := []string{page.String() + "/"}
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
	} else if bare, ok := strings.CutPrefix(page.Host, "www."); ok {
		add(with(func(o *fetch.Origin) { o.Host = bare }))
	} else {
		add(with(func(o *fetch.Origin) { o.Host = "www." + page.Host }))
		if _, parent, _ := strings.Cut(page.Host, "."); strings.Contains(parent, ".") {
			add(with(func(o *fetch.Origin) { o.Host = parent }))
		}
	}
	if at, err := fetch.OriginOf(api); err == nil {
		add(at)
	}
	return list
}

func otherScheme(scheme string) string {
	if scheme == "https" {
		return "http"
	}
	return "https"
}

// foreigner is an origin that a server should not allow, and what it would mean if it does.
type foreigner struct{ origin, means string }

// hostile are origins that are not the page's, and that careless comparisons take for it. The first is anybody's.
func hostile(page fetch.Origin, api string) []foreigner {
	list := []foreigner{{stranger, "it allows whatever origin asks"}, {"null", "it allows null, the origin of every sandboxed frame of every site"}}
	if page.IsOpaque() || strings.HasPrefix(page.Host, "[") {
		return list
	}
	at := func(host string) string {
		return fetch.Origin{Scheme: page.Scheme, Host: host, Port: page.Port}.String()
	}
	list = append(list,
		foreigner{at(page.Host + ".corsproof-stranger.example"), "it compares only how an origin begins"},
		foreigner{at("corsproof" + page.Host), "it compares only how an origin ends"})
	if strings.Contains(page.Host, ".") && !loopback(page.Host) {
		list = append(list, foreigner{at(strings.Replace(page.Host, ".", "x", 1)), "the dots of its pattern match any character"})
	}
	if page.Scheme == "https" && strings.HasPrefix(api, "https:") {
		list = append(list, foreigner{"http" + strings.TrimPrefix(page.String(), "https"), "it allows the origin over plain http, where anybody on the way may change the page"})
	}
	return list
}
