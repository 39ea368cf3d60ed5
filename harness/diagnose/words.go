package diagnose

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/probe"
)

// longest is how many bytes of a value are quoted.
const longest = 300

// quote is a value verbatim, between quotation marks.
func quote(s string) string {
	if len(s) > longest {
		end := longest
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		return strconv.Quote(s[:end]) + "…"
	}
	return strconv.Quote(s)
}

// quotes is the values of a header's lines, or "none".
func quotes(lines []string) string {
	if len(lines) == 0 {
		return "none"
	}
	list := make([]string, len(lines))
	for i, line := range lines {
		list[i] = quote(line)
	}
	text := strings.Join(list, " and ")
	if len(lines) > 1 {
		text += fmt.Sprintf(" (%d lines)", len(lines))
	}
	return text
}

func printables(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = printable.Text(s)
	}
	return out
}

// path is a URL's path, without its query, in which there may be secrets.
func path(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.EscapedPath() == "" {
		return "/"
	}
	return u.EscapedPath()
}

// place is a URL without user, query and fragment.
func place(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "a URL that cannot be parsed"
	}
	u.User, u.RawQuery, u.Fragment, u.RawFragment, u.ForceQuery = nil, "", "", "", false
	return u.String()
}

// originOf is the origin of a URL as people read it.
func originOf(raw string) string {
	o, err := fetch.OriginOf(raw)
	if err != nil || o.IsOpaque() {
		return place(raw)
	}
	return o.String()
}

// exchange names an exchange: "the preflight OPTIONS /orders".
func exchange(x probe.Exchange) string {
	switch x.Role {
	case probe.Preflight:
		return "the preflight OPTIONS " + path(x.Request.URL)
	case probe.RedirectHop:
		return "the redirect of " + x.Request.Method + " " + path(x.Request.URL)
	default:
		return x.Request.Method + " " + path(x.Request.URL)
	}
}

// cite is the evidence of an answer: status, and those headers verbatim.
func cite(x probe.Exchange, headers ...string) string {
	if x.Response == nil {
		return exchange(x) + " at " + originOf(x.Request.URL) + ": no answer" + because(x.Error)
	}
	text := fmt.Sprintf("%s at %s: status %d", exchange(x), originOf(x.Request.URL), x.Response.Status)
	for _, name := range headers {
		text += fmt.Sprintf(", %s: %s", name, quotes(x.Response.Headers.Values(name)))
	}
	return text
}

func because(netError string) string {
	if netError == "" {
		return ""
	}
	return " (" + netError + ")"
}

// list is "a", "a and b", "a, b and c".
func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}
