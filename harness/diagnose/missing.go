package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// missingAs applies write to the answers whose lack of Allow-Origin is of that kind.
func missingAs(kind string, write func(*scene, answer) claim) func(*scene) []claim {
	return func(s *scene) []claim {
		return s.each(func(a answer) bool { return s.missing(a) == kind }, func(a answer) claim {
			c := write(s, a)
			c.at, c.cures = a.at(10), &a
			return c
		})
	}
}

// missing says which rule explains that an answer has no Allow-Origin, or "".
func (s *scene) missing(a answer) string {
	if !a.has(fetch.AllowOriginMissing) || s.fault(a) != "" || s.otherwise(a) != nil || s.cachedOnTheWay(a) {
		return "" // another rule says more
	}
	status, allowed := a.x.Response.Status, s.preflightAllowed(a)
	switch {
	case a.x.Role == probe.Preflight:
		return s.missingOnPreflight(a)
	case redirects(a.x):
		return "redirect-cross-origin"
	case !allowed && !s.redirectedTo(a) && !s.allowed(a.hop.Origin.String()) && (s.refusedForOrigin(a) && !s.guarded(a) || s.refusedOrigin(a).rule != ""):
		return "origin-not-allowed"
	case status < 400 && allowed && s.listBehindWildcard(a):
		return "origin-not-allowed"
	case s.refusedMethod(a):
		return "method-not-allowed"
	case status >= 400:
		return "missing-allow-origin-on-error"
	case s.redirectedTo(a):
		return "redirect-cross-origin"
	case allowed:
		return "missing-allow-origin-on-response"
	case variesBy(a.x.Response.Headers, "Origin"):
		return "origin-not-allowed"
	}
	return "missing-allow-origin"
}

// missingOnPreflight is missing for a preflight's answer.
func (s *scene) missingOnPreflight(a answer) string {
	switch refused := s.refusalOf(a).rule; {
	case s.redirectedTo(a):
		return "redirect-cross-origin"
	case refused == "" && s.leavesOnlyOrigin(a):
		return "origin-not-allowed"
	case refused == "origin-not-allowed":
		return refused
	case refused != "":
		return "" // a list is at fault
	case a.has(fetch.PreflightStatus, fetch.PreflightRedirect):
		return "" // the status says more
	}
	return "missing-allow-origin-on-preflight"
}

// leavesOnlyOrigin reports an answer to a preflight that allows all that is asked for but the origin, and says that it looks at that.
func (s *scene) leavesOnlyOrigin(a answer) bool {
	headers := a.x.Response.Headers
	if !isOK(a.x.Response.Status) || !variesBy(headers, "Origin") || !headers.Has(allowMethods) && !headers.Has(allowHeaders) {
		return false
	}
	methods, names := listed(headers.Values(allowMethods)), listed(headers.Values(allowHeaders))
	m := a.hop.Preflight.Method
	if !fetch.IsCORSSafelistedMethod(m) && !slices.Contains(methods, m) {
		return false
	}
	return !slices.ContainsFunc(a.hop.Preflight.HeaderNames, func(n string) bool {
		return !slices.ContainsFunc(names, func(allowed string) bool { return strings.EqualFold(allowed, n) })
	})
}

// preflightAllowed reports whether the preflight of a request was answered and allowed the origin.
func (s *scene) preflightAllowed(a answer) bool {
	if a.index == 0 {
		return false
	}
	before := s.o.Exchanges[a.index-1]
	if before.Role != probe.Preflight || before.Response == nil {
		return false
	}
	return !slices.ContainsFunc(s.answers, func(b answer) bool { return b.index == a.index-1 })
}

// listBehindWildcard reports an answer that depends on Origin by its own word and names none, each time, behind a preflight that allows everybody: what
// answers the one has a list, and what answers the other has not.
func (s *scene) listBehindWildcard(a answer) bool {
	value, _ := s.o.Exchanges[a.index-1].Response.Headers.Get(allowOrigin)
	return value == "*" && variesBy(a.x.Response.Headers, "Origin") && s.reply(withOrigin) != nil && !lets(s.reply(withOrigin), a.hop.Origin.String())
}

// redirectedTo reports whether a redirect led to an exchange.
func (s *scene) redirectedTo(a answer) bool {
	return slices.ContainsFunc(s.o.Exchanges[:a.index], func(x probe.Exchange) bool { return x.Role == probe.RedirectHop })
}

// refusedMethod reports a request that is refused with 403 only if a browser sends it, where another method of the same page is allowed:
// some CORS layers look at the method of every request. One whose preflight allows the method does not, and something else refuses.
func (s *scene) refusedMethod(a answer) bool {
	from := a.hop.Origin.String()
	return s.refusedForOrigin(a) && a.x.Request.Method != "GET" && lets(s.reply(withOrigin), from) && !leaves(s.reply(methodPreflight), from) && !s.preflightAllowed(a)
}

// guarded reports that something forbids only requests from other origins that may change something: a guard against cross-site request forgery, or
// a firewall. A GET from the page is answered as one without Origin.
func (s *scene) guarded(a answer) bool {
	with := s.reply(withOrigin)
	return !reads(a.x.Request.Method) && succeeded(with) && s.replaySucceeded()
}

// replaySucceeded reports that the same request succeeds without a browser.
func (s *scene) replaySucceeded() bool {
	r := s.o.Replay
	return r != nil && r.Error == "" && isOK(r.Status)
}

// refusedForOrigin reports a 403 for what succeeds without a browser: same
// method, headers and cookies, but no Origin.
func (s *scene) refusedForOrigin(a answer) bool {
	if f := s.reply(withOrigin); succeeded(f) && f.Request.Method == a.x.Request.Method {
		return false // it is refused now and then
	}
	return a.x.Response.Status == 403 && s.replaySucceeded() && len(a.x.Cookies.Withheld) == 0 && !s.redirectedTo(a)
}

func (s *scene) withoutCORS(a answer) claim {
	c := claim{
		summary:  fmt.Sprintf("%s was answered %d without %s: the server does not let the page %s read it", exchange(a.x), a.x.Response.Status, allowOrigin, s.o.From),
		evidence: s.missingEvidence(a),
		fix:      append(grant(a), ifListed(a)...),
	}
	if s.refusesBrowsers(a) {
		c.evidence = append(c.evidence, s.browsersRefused(a)...)
		c.fix = append([]string{forBrowsers}, c.fix...)
	}
	if f := s.reply(fresh); lets(f, a.hop.Origin.String()) {
		c.evidence = append(c.evidence, "with a query that nobody has used before the page is allowed (by a rule about URLs, or since a cache has stored the other answer): "+retold(f))
	}
	return c
}

// ifListedHere is what to do where only the preflight is answered with leave.
func (s *scene) ifListedHere(a answer) []string {
	fix := []string{"where a middleware sends these headers, put it before the routes, so that it sees every request and not only OPTIONS"}
	if variesBy(a.x.Response.Headers, "Origin") {
		return append(ifListed(a), fix...)
	}
	return fix
}

// ifListed is what to do where the server has a list of origins, which its answer does not show.
func ifListed(a answer) []string {
	if a.hop.Origin.IsOpaque() {
		return nil
	}
	return []string{fmt.Sprintf("if the server has a list of allowed origins, see whether it has %q: some lists refuse without a word", a.hop.Origin)}
}

func (s *scene) originRefused(a answer) claim {
	r := s.originRefusal(a)
	c := claim{
		summary: fmt.Sprintf("%s was answered %d without %s: the answer depends on the origin, and %s is not allowed (%s)",
			exchange(a.x), a.x.Response.Status, allowOrigin, a.hop.Origin, r.because),
		evidence: slices.Concat([]string{cite(a.x, allowOrigin, "Vary")}, s.missingEvidence(a)[1:], r.evidence),
		fix:      grant(a),
	}
	if a.hop.Origin.IsOpaque() {
		return c
	}
	c.fix = append([]string{fmt.Sprintf("if this page may read it, add %q to the server's list of allowed origins: scheme, host and port must be the same, without a slash at the end", a.hop.Origin)}, c.fix...)
	if r.instead != "" {
		c.summary = fmt.Sprintf("the server allows %s and not the page's origin %s: %s", r.instead, a.hop.Origin, nearMiss(r.instead, a.hop.Origin))
		return c
	}
	c.fix = append(c.fix, "if it is on the list already, see whether a proxy drops the request's Origin header before the server sees it, or the answer's headers after it")
	return c
}

// refusedNext are the origins that would be refused, too, were a preflight let through that something else turns away.
func (s *scene) refusedNext() []claim {
	var claims []claim
	for _, a := range s.answers {
		if r := s.refusedOrigin(a); s.turnedAwayByStatus(a) && !s.tainted(a) && r.rule != "" {
			claims = append(claims, claim{
				at: a.at(60), cures: &a,
				summary:  fmt.Sprintf("were the preflight answered well, the origin %s would not be allowed (%s)", a.hop.Origin, r.because),
				evidence: r.evidence,
				fix:      []string{fmt.Sprintf("if this page may read it, add %q to the server's list of allowed origins", a.hop.Origin)},
			})
		}
	}
	return claims
}

// originRefusal is what proves that the origin was refused.
func (s *scene) originRefusal(a answer) refusal {
	if r := s.refusedOrigin(a); r.rule != "" {
		return r
	}
	if a.x.Role == probe.Preflight && s.leavesOnlyOrigin(a) {
		return refusal{because: "it allows the method and the headers by name, says Vary: Origin, and names no origin; were that header lost on the way, it would look the same"}
	}
	if variesBy(a.x.Response.Headers, "Origin") {
		return refusal{because: byVary}
	}
	return refusal{because: "without a browser, and so without Origin, it succeeds"}
}

func (s *scene) onlyPreflight(a answer) claim {
	return claim{
		summary:  fmt.Sprintf("the preflight allows %s, and the answer %d to %s has no %s: the browser sent the request and script cannot read the answer", a.hop.Origin, a.x.Response.Status, exchange(a.x), allowOrigin),
		evidence: append([]string{cite(s.o.Exchanges[a.index-1], allowOrigin)}, s.missingEvidence(a)...),
		fix:      append(grant(a), s.ifListedHere(a)...),
	}
}

// missingEvidence is what shows that an answer has no Allow-Origin: its citation first.
func (s *scene) missingEvidence(a answer) []string {
	list := []string{cite(a.x, allowOrigin)}
	if by := maker(a.x.Response); by != "" {
		list = append(list, by)
	}
	list = append(list, misspelt(a.x.Response.Headers)...)
	if value, _ := a.x.Response.Headers.Get("Content-Type"); a.x.Role == probe.Actual && a.x.Response.Status < 400 && strings.HasPrefix(value, "text/html") {
		list = append(list, "the answer is a page of HTML (Content-Type: "+quote(value)+"): see whether it is the API that answers, and no login page or front end")
	}
	if r := s.o.Replay; r != nil && r.Error == "" && !redirects(a.x) {
		list = append(list, fmt.Sprintf("without a browser the same request gets %d, %s: %s", r.Status, allowOrigin, quotes(r.Headers.Values(allowOrigin))))
	}
	return list
}
