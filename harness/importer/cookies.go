package importer

import (
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// cookiesOf are the cookies in the Cookie lines of a request, for a jar from which a page of
// another site sends them where the scheme allows it: SameSite=None needs Secure, and that needs https.
// rest are the parts that name no cookie.
func cookiesOf(list fetch.HeaderList, url string) (cookies []probe.Cookie, rest []string) {
	origin, secure := originOf(url), strings.HasPrefix(strings.ToLower(url), "https:")
	for _, line := range list.Values("Cookie") {
		for part := range strings.SplitSeq(line, ";") {
			part = strings.Trim(part, " \t")
			name, value, ok := strings.Cut(part, "=")
			name = strings.TrimRight(name, " \t")
			switch {
			case part == "":
			case !ok || name == "":
				rest = append(rest, part)
			default:
				c := probe.Cookie{URL: origin, Name: name, Value: strings.TrimLeft(value, " \t"), Secure: secure}
				if secure {
					c.SameSite = "None"
				}
				cookies = append(cookies, c)
			}
		}
	}
	return cookies, rest
}

// originOf is a URL's origin, or the URL where it has none.
func originOf(url string) string {
	o, err := fetch.OriginOf(url)
	if err != nil || o.IsOpaque() {
		return url
	}
	return o.String()
}
