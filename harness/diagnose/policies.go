package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

const mainFetch = "https://fetch.spec.whatwg.org/#main-fetch"

// byCode applies write where the browser gives one of those codes as its reason.
func byCode(write func(*scene) claim, codes ...string) func(*scene) []claim {
	return func(s *scene) []claim {
		for _, code := range codes {
			if s.code() == code && s.o.Outcome == probe.Blocked {
				c := write(s)
				c.at = -1
				c.evidence = append(s.browserSays(), c.evidence...)
				return []claim{c}
			}
		}
		return nil
	}
}

// browserSays is the browser's own reason.
func (s *scene) browserSays() []string {
	text := "the browser's reason: " + s.o.Blocked.Code
	if p := s.o.Blocked.Parameter; p != "" {
		if strings.Contains(p, "://") {
			p = place(p)
		}
		text += " (" + quote(p) + ")"
	}
	return []string{text}
}

// lastURL is the URL that was asked last, or was to be.
func (s *scene) lastURL() string {
	if n := len(s.o.Exchanges); n > 0 {
		return s.o.Exchanges[n-1].Request.URL
	}
	return s.o.Request.URL
}

func mixedContent(s *scene) claim {
	if i := slices.IndexFunc(s.o.Exchanges, insecurely); i >= 0 {
		x := s.o.Exchanges[i]
		c := claim{
			summary:  fmt.Sprintf("not CORS: a redirect of %s leads from https to %s over plain http (mixed content)", path(x.Request.URL), place(s.insecure())),
			evidence: []string{cite(x) + ", Location: " + shownLocation(x.Response.Headers)},
			fix:      []string{"have the server redirect to https: behind a proxy it has to heed X-Forwarded-Proto", "or have script ask the final URL itself, over https"},
		}
		if d := detourOf(x); d.kind == slash {
			c.fix = append([]string{d.fix}, c.fix...)
		}
		if need, ok := toHTTPS(x); ok {
			c.cures, c.other = s.reader(&x), need
		}
		return c
	}
	return claim{
		summary: fmt.Sprintf("not CORS: the page %s is secure and asks %s over plain http (mixed content)", s.o.From, place(s.insecure())),
		fix:     []string{"serve the API over https, and have script ask it there"},
	}
}

// insecurely reports a redirect to plain http.
func insecurely(x probe.Exchange) bool {
	if !redirects(x) || x.Response == nil {
		return false
	}
	location, _ := x.Response.Headers.Get("Location")
	return strings.HasPrefix(absolute(x.Request.URL, location), "http:")
}

// toHTTPS is what a server has to do that redirects from https to http, or from a URL to itself; ok is false where it leads elsewhere.
func toHTTPS(x probe.Exchange) (need remedy.HTTPS, ok bool) {
	location, _ := x.Response.Headers.Get("Location")
	need = remedy.HTTPS{From: originOf(absolute(x.Request.URL, location)), To: originOf(x.Request.URL)}
	switch {
	case detourOf(x).kind != circle:
	case x.Response.Headers.Has("Set-Cookie"):
		return need, false // it waits for the cookie
	case strings.HasPrefix(location, "https:"):
		need.From, need.Unaware = strings.Replace(need.To, "https:", "http:", 1), true
	}
	return need, need.Validate() == nil
}

func contentSecurity(s *scene) claim {
	at := originOf(s.lastURL())
	if slices.ContainsFunc(s.o.Exchanges, redirects) {
		return claim{
			summary: fmt.Sprintf("not CORS: the Content-Security-Policy of the page %s does not let script ask where a redirect from %s leads", s.o.From, at),
			fix:     []string{"add the origin at the end of the redirect to connect-src in the page's Content-Security-Policy, or have the server not redirect"},
		}
	}
	return claim{
		summary: fmt.Sprintf("not CORS: the Content-Security-Policy of the page %s does not let script ask %s", s.o.From, at),
		fix:     []string{"add " + at + " to connect-src in the page's Content-Security-Policy"},
	}
}

func localNetwork(s *scene) claim {
	if s.code() == "InsecureLocalNetwork" {
		return claim{
			summary: fmt.Sprintf("not CORS: the page %s from a public network came over plain http, and asks a private one (%s)", s.o.From, originOf(s.lastURL())),
			fix:     []string{"serve the page over https; the user is then asked for permission"},
		}
	}
	return claim{
		summary: fmt.Sprintf("not CORS: the page %s is public and has no permission to ask a private network (%s)", s.o.From, originOf(s.lastURL())),
		fix: []string{"have the user give the permission (loopback-network for this machine, local-network for the local network); in a test, grant it to the page's origin",
			"or serve the API from a public address"},
	}
}

func resourcePolicy(s *scene) []claim {
	if s.o.Outcome != probe.Blocked || s.code() != "" && !strings.HasPrefix(s.code(), "corp-") && !strings.HasPrefix(s.code(), "coep-") {
		return nil
	}
	const header = "Cross-Origin-Resource-Policy"
	c := claim{at: -1, fix: []string{"where pages of other origins may use the answer: " + header + ": cross-origin (or same-site, for those of the same site)"}}
	for _, a := range s.answers {
		for _, v := range a.of(fetch.ResourcePolicy) {
			c.summary = fmt.Sprintf("not CORS: %s says %s: %s, and %s", exchange(a.x), header, quotes(v.Got), v.Why)
			c.evidence = append(c.evidence, cite(a.x, header))
		}
	}
	if s.code() != "" {
		c.evidence = append(c.evidence, s.browserSays()...)
	}
	if c.summary == "" && s.code() == "" {
		return nil
	}
	if c.summary == "" {
		c.summary = fmt.Sprintf("not CORS: a resource policy keeps the answer of %s from the page %s", originOf(s.lastURL()), s.o.From)
		if x := s.final(); x != nil && x.Response != nil {
			c.evidence = append(c.evidence, cite(*x, header))
		}
	}
	return []claim{s.inModeCORS(c)}
}

// insecure is the URL that mixed content is about: after a redirect it is another one than script's.
func (s *scene) insecure() string {
	if p := s.o.Blocked.Parameter; strings.HasPrefix(p, "http:") {
		return p
	}
	return s.o.Request.URL
}
