package fetch

import (
	"net"
	"net/url"
	"strings"
)

// RequestURL is a URL as it stands in events, receipts and messages about its
// request: serialized without its fragment, host in lower case, "/" for an
// empty path, no default port. What cannot be parsed is returned as it is, without fragment.
// https://url.spec.whatwg.org/#concept-url-serializer
func RequestURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		raw, _, _ = strings.Cut(raw, "#")
		return raw
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.ToLower(u.Host)
	if u.Path == "" && u.Host != "" {
		u.Path = "/"
	}
	if port := u.Port(); port != "" && port == defaultPorts[u.Scheme] {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	return u.String()
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

// HostPort is what an origin's requests connect to: "app.example.com:443".
func (o Origin) HostPort() string {
	port := o.Port
	if port == "" {
		port = defaultPorts[o.Scheme]
	}
	return net.JoinHostPort(strings.Trim(o.Host, "[]"), port)
}
