package importer

import (
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// rule says why script cannot set a header, and what to do instead.
type rule struct{ why, instead string }

var (
	connection = rule{"the browser manages the connection", "drop it"}
	encoding   = rule{"the browser asks for compression itself and undoes it", "drop it"}
	preflight  = rule{"the browser writes it into the preflight, from the request's method and headers", "drop it"}
)

// rules are the forbidden request headers, in lower case. https://fetch.spec.whatwg.org/#forbidden-request-header
var rules = map[string]rule{
	"accept-charset":                 {"browsers ask for no charset", "drop it; every API answers in UTF-8"},
	"accept-encoding":                encoding,
	"access-control-request-headers": preflight,
	"access-control-request-method":  preflight,
	"connection":                     connection,
	"content-length":                 {"the browser counts the body itself", "drop it"},
	"cookie":                         {"only the browser's jar fills it", `put the cookie in the jar and ask with credentials: "include"`},
	"cookie2":                        {"it is obsolete, and the browser's jar would fill it", "drop it"},
	"date":                           {"the browser keeps it", "send the time in a header of another name"},
	"dnt":                            {"its user decides, in the browser's settings", "drop it"},
	"expect":                         connection,
	"host":                           {"the URL decides it", "put that host in the URL; corsproof takes any name to your API (`at` in a suite)"},
	"keep-alive":                     connection,
	"origin":                         {"it is the origin of the page, whatever script wants", "ask from a page of that origin: --from"},
	"referer":                        {"it is the page's address, shortened by its referrer policy", "ask from a page of that origin: --from; `referrer` and `referrerPolicy` choose how much is told"},
	"set-cookie":                     {"it belongs to responses", "drop it"},
	"te":                             connection,
	"trailer":                        connection,
	"transfer-encoding":              connection,
	"upgrade":                        connection,
	"via":                            {"proxies write it", "drop it"},
}

// whyForbidden is the rule for a header that script cannot set.
func whyForbidden(name string) rule {
	name = strings.ToLower(name)
	switch r, ok := rules[name]; {
	case ok:
		return r
	case strings.HasPrefix(name, "sec-"):
		return rule{"only the browser sets Sec-* headers, so that servers can trust them", "drop it; the browser sends its own"}
	case strings.HasPrefix(name, "proxy-"):
		return rule{"it is for proxies, which the browser's own settings decide", "drop it"}
	default:
		return rule{"it would override the method with one that script may not use", "use a method that pages have"}
	}
}

// impossibleHeader is what a page cannot do about a header, or nil where it can set it.
func impossibleHeader(h fetch.Header) *Impossible {
	switch {
	case fetch.IsForbiddenRequestHeader(h.Name, h.Value):
		r := whyForbidden(h.Name)
		return &Impossible{Header: h.Name, Value: h.Value, Why: r.why, Instead: r.instead}
	case !fetch.IsHeaderName(h.Name):
		return &Impossible{Header: h.Name, Value: h.Value, Why: "that is no header name: fetch() throws a TypeError", Instead: "use letters, digits and hyphens"}
	case !fetch.IsHeaderValue(h.Value):
		return &Impossible{Header: h.Name, Value: h.Value, Why: "the value has a NUL, CR or LF: fetch() throws a TypeError", Instead: "encode it, with encodeURIComponent() for example"}
	case strings.ContainsFunc(h.Value, func(r rune) bool { return r > 0xFF }):
		return &Impossible{Header: h.Name, Value: h.Value, Why: "the value has characters beyond U+00FF: fetch() throws a TypeError", Instead: "encode it, with encodeURIComponent() for example"}
	}
	return nil
}

// impossibleMethod is what fetch() refuses about a method and its body.
func impossibleMethod(t ToolRequest) []Impossible {
	method := fetch.NormalizeMethod(t.Method)
	switch {
	case fetch.IsForbiddenMethod(method):
		return []Impossible{{Value: t.Method, Why: "fetch() and XMLHttpRequest throw for the methods CONNECT, TRACE and TRACK", Instead: "let a server of yours send it"}}
	case t.Body != nil && (method == "GET" || method == "HEAD"):
		return []Impossible{{
			Value: "a body with " + method, Why: "fetch() throws a TypeError for it, and XMLHttpRequest sends none",
			Instead: "send the data in the query, or by POST",
		}}
	}
	return nil
}
