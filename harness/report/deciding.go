package report

import "strings"

// deciders are response headers by what the browser's code for a block has in it; the first that matches counts.
var deciders = []struct{ code, header string }{
	{"PreflightInvalidStatus", ":status"},
	{"PreflightDisallowedRedirect", ":status"},
	{"AllowCredentials", "access-control-allow-credentials"},
	{"AllowMethods", "access-control-allow-methods"},
	{"MethodDisallowed", "access-control-allow-methods"},
	{"AllowHeaders", "access-control-allow-headers"},
	{"HeaderDisallowed", "access-control-allow-headers"},
	{"AllowOrigin", "access-control-allow-origin"},
	{"WildcardOrigin", "access-control-allow-origin"},
	{"RedirectContainsCredentials", "location"},
	{"CorsDisabledScheme", "location"},
	{"corp", "cross-origin-resource-policy"},
	{"csp", "content-security-policy"},
}

// deciding finds the header that the browser's code is about, or the one that let script read. A preflight that was
// answered with an error is decided by its status, whatever code the browser has for it (Chromium looks at headers first).
func deciding(r Result) *Deciding {
	i := decidingExchange(r)
	if i < 0 {
		return nil
	}
	header := decidingHeader(r, r.Exchanges[i])
	if header == "" {
		return nil
	}
	return &Deciding{Exchange: i, Header: header, Absent: header != ":status" && !has(r.Exchanges[i].Response.Headers, header)}
}

func decidingHeader(r Result, x Exchange) string {
	if r.Blocked == nil {
		if r.Type == "basic" || r.Outcome != "readable" {
			return ""
		}
		return "access-control-allow-origin"
	}
	for _, d := range deciders {
		if strings.Contains(r.Blocked.Code, d.code) {
			if x.Role == "preflight" && x.Response.Status/100 != 2 {
				return ":status"
			}
			return d.header
		}
	}
	return ""
}

// decidingExchange is the index of the last answer: the browser stops where it refuses. It is -1 where there was none.
func decidingExchange(r Result) int {
	wantPreflight := r.Blocked != nil && strings.Contains(r.Blocked.Code, "Preflight")
	last := -1
	for i, x := range r.Exchanges {
		if x.Response != nil && (!wantPreflight || x.Role == "preflight") {
			last = i
		}
	}
	return last
}

func has(list Lines, name string) bool {
	for _, l := range list {
		if strings.EqualFold(string(l[0]), name) {
			return true
		}
	}
	return false
}
