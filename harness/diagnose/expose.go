package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

const exposeClause = "https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name"

func brokenExpose(s *scene) []claim {
	x := s.readCORS()
	if x == nil {
		return nil
	}
	lines := x.Response.Headers.Values(exposeHeaders)
	names, err := fetch.ExtractHeaderListValues(exposeHeaders, x.Response.Headers)
	c := claim{at: 1, cures: s.reader(x), expose: s.unread(x), evidence: []string{cite(*x, exposeHeaders)}, fix: exposeFix(s.unread(x))}
	switch {
	case err != nil:
		c.summary = fmt.Sprintf("%s of %s is %s, which cannot be parsed, so it exposes nothing", exposeHeaders, exchange(*x), quotes(lines))
	case s.credentialed() && slices.Contains(names, "*"):
		c.summary = fmt.Sprintf("%s of %s has *, which is no wildcard for a request with credentials", exposeHeaders, exchange(*x))
		if len(names) > 1 {
			c.severity = Note // the others are what script needs, it seems
		}
	default:
		return nil
	}
	return []claim{c}
}

func hiddenHeaders(s *scene) []claim {
	x := s.readCORS()
	if x == nil {
		return nil
	}
	names, severity := s.unread(x), ""
	if missed := s.missed(); len(missed) > 0 {
		names, severity = missed, Warning // and no others: nobody has asked for them
	}
	if len(names) == 0 {
		return nil
	}
	return []claim{{
		at: 2, severity: severity,
		cures: s.reader(x), expose: names,
		summary:  fmt.Sprintf("script cannot read %s of %s: %s not exposed", list(names), exchange(*x), itThey(len(names))),
		evidence: []string{cite(*x, append([]string{exposeHeaders}, names...)...)},
		fix:      exposeFix(names),
	}}
}

// missed are the headers that script should have read, and could not though they are there.
func (s *scene) missed() []string {
	x := s.readCORS()
	if x == nil {
		return nil
	}
	var names []string
	for _, name := range s.wanted {
		if x.Response.Headers.Has(name) && !s.o.Page.Headers.Has(name) && !fetch.IsForbiddenResponseHeaderName(name) {
			names = append(names, name)
		}
	}
	return names
}

func itThey(n int) string {
	if n == 1 {
		return "it is"
	}
	return "they are"
}

func exposeFix(names []string) []string {
	if len(names) == 0 {
		return []string{"list the headers that script needs by name, separated by commas"}
	}
	return []string{"if script needs " + itThem(len(names)) + ", answer with " + exposeHeaders + ": " + strings.Join(names, ", ")}
}

func itThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// readCORS is the exchange whose answer script read by CORS, or nil.
func (s *scene) readCORS() *probe.Exchange {
	x := s.final()
	if s.o.Outcome != probe.Readable || x == nil || x.Response == nil || len(s.predicted.Hops) == 0 {
		return nil
	}
	if hop := s.predicted.Hops[len(s.predicted.Hops)-1]; hop.Tainting != fetch.CORSResponse {
		return nil
	}
	return x
}

// unread are the names of the headers that were on the wire and script could not iterate, without those that are of no use to script.
func (s *scene) unread(x *probe.Exchange) []string {
	var names []string
	for _, h := range x.Response.Headers {
		same := func(name string) bool { return strings.EqualFold(name, h.Name) }
		if s.o.Page.Headers.Has(h.Name) || ofNoUse(h.Name) || !fetch.IsHeaderName(h.Name) || slices.ContainsFunc(names, same) {
			continue
		}
		names = append(names, h.Name)
	}
	return names
}

// plumbing are headers that are for the browser or for layers on the way. ETag is one of them: the browser's cache uses it.
var plumbing = []string{
	"age", "allow", "alt-svc", "accept-ch", "accept-ranges", "connection", "content-encoding", "date", "etag", "expect-ct", "keep-alive", "nel", "origin-agent-cluster", "p3p", "permissions-policy",
	"pragma", "priority", "proxy-connection", "referrer-policy", "report-to", "reporting-endpoints", "server", "server-timing", "set-cookie", "set-cookie2", "strict-transport-security", "timing-allow-origin", "trailer",
	"transfer-encoding", "upgrade", "vary", "via", "x-aspnet-version", "x-cache", "x-cache-hits", "x-content-type-options", "x-dns-prefetch-control", "x-download-options", "x-frame-options",
	"x-permitted-cross-domain-policies", "x-powered-by", "x-runtime", "x-served-by", "x-timer", "x-ua-compatible", "x-xss-protection", "www-authenticate",
}

var plumbingPrefixes = []string{"access-control-", "content-security-policy", "cross-origin-", "cf-", "x-amz", "x-envoy-", "x-kong-", "x-azure-", "x-vercel-", "x-fastly-", "x-goog-", "x-cloud-trace"}

func ofNoUse(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains(plumbing, name) || slices.ContainsFunc(plumbingPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}
