package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
)

// needed are the headers that an answer must have for this request: those, and no more.
func needed(a answer) []string {
	lines := []string{allowOrigin + ": " + a.hop.Origin.String()}
	if a.hop.Request.Credentials == fetch.Include {
		lines = append(lines, allowCredentials+": true")
	}
	if a.x.Role != probe.Preflight {
		return lines
	}
	if m := a.hop.Preflight.Method; m != "" && !fetch.IsCORSSafelistedMethod(m) {
		lines = append(lines, allowMethods+": "+m)
	}
	if names := a.hop.Preflight.HeaderNames; len(names) > 0 {
		lines = append(lines, allowHeaders+": "+strings.Join(names, ", "))
	}
	return lines
}

const perOrigin = "where several origins are allowed, compare the request's Origin with a list of whole origins, send the one that matches, and send Vary: Origin with every answer"

// grant says how to answer so that this request passes.
func grant(a answer) []string {
	if a.hop.Origin.IsOpaque() {
		return withoutOrigin(a)
	}
	headers := strings.Join(needed(a), "; ")
	if a.x.Role == probe.Preflight {
		return []string{fmt.Sprintf("answer OPTIONS %s with 204 and: %s", path(a.x.Request.URL), headers), perOrigin}
	}
	return []string{fmt.Sprintf("answer %s %s, errors too, with: %s", a.x.Request.Method, path(a.x.Request.URL), headers), perOrigin}
}

// withoutOrigin is for a request whose Origin is null: to allow that is to allow every sandboxed frame of any site.
func withoutOrigin(a answer) []string {
	fix := []string{"do not allow the origin null: every sandboxed frame of every site sends it"}
	if a.hop.Request.Origin.IsOpaque() {
		fix = append(fix, "serve the page from an origin of its own over https (not from a file, a data: URL or a frame sandboxed without allow-same-origin), and allow that origin")
	} else {
		fix = append(fix, "have script ask "+place(a.x.Request.URL)+" itself, without the redirect: then the request has the origin "+a.hop.Request.Origin.String()+", which can be allowed")
	}
	if a.hop.Request.Credentials != fetch.Include {
		fix = append(fix, "where everybody may read the data, and no cookie decides about it: "+allowOrigin+": *")
	}
	return fix
}

// hidden are the lists that an answer without Allow-Origin lacks as well. They
// are no cause of their own: whoever adds the one adds the others.
func hidden(a answer) []string {
	var names []string
	for _, v := range a.failed {
		if v.Got == nil && v.Step != fetch.AllowOriginMissing && v.Header != "" && !slices.Contains(names, v.Header) {
			names = append(names, v.Header)
		}
	}
	return names
}

// folded reports that a violation goes without saying: an answer that allows no
// origin says nothing about the rest either.
func folded(a answer, v fetch.Violation) bool {
	return v.Got == nil && a.has(fetch.AllowOriginMissing)
}
