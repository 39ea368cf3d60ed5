package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// eachFailing makes one claim for each answer that fails the steps, unless the answer lacks Allow-Origin and those headers alike.
func (s *scene) eachFailing(n int, write func(answer, []fetch.Violation) claim, steps ...fetch.Step) []claim {
	var claims []claim
	for _, a := range s.answers {
		failed := slices.DeleteFunc(a.of(steps...), func(v fetch.Violation) bool { return folded(a, v) })
		if len(failed) == 0 {
			continue
		}
		c := write(a, failed)
		c.at, c.cures = a.at(n), &a
		c.evidence = append(c.evidence, s.why(a)...)
		claims = append(claims, c)
	}
	return claims
}

// eachRefused makes one claim for each preflight that was turned away as a whole for its method or its headers, as what was asked
// afterwards shows. Where its answer has a list that says so, that was told already.
func (s *scene) eachRefused(rule string, steps ...fetch.Step) []claim {
	var claims []claim
	for _, a := range s.answers {
		told := slices.ContainsFunc(a.of(steps...), func(v fetch.Violation) bool { return !folded(a, v) })
		if a.x.Role != probe.Preflight || told {
			continue
		}
		if r := s.refusalOf(a); r.rule == rule {
			claims = append(claims, turnedDown(a, r))
		}
	}
	return claims
}

// methodRefused is for a request that is refused for its method, without a preflight.
func (s *scene) methodRefused(a answer) claim {
	return claim{
		summary: fmt.Sprintf("%s was answered %d without %s, though the page's GET is allowed and the same request without Origin succeeds: the server allows the method %s to no page",
			exchange(a.x), a.x.Response.Status, allowOrigin, a.x.Request.Method),
		evidence: append(s.missingEvidence(a), retold(s.reply(withOrigin))),
		fix:      append([]string{"add " + a.x.Request.Method + " to the methods that the server's CORS layer allows: it looks at them without a preflight, too"}, grant(a)...),
	}
}

func turnedDown(a answer, r refusal) claim {
	what := "the method " + a.hop.Preflight.Method
	fix := grant(a)
	if len(r.names) > 0 {
		what = headersNamed(r.names)
		fix = append(fix, "or have script leave out "+what+", if the server does not need it")
	}
	return claim{
		at: a.at(1), cures: &a,
		summary:  fmt.Sprintf("%s was answered %d without leave, for it asks for %s: %s", exchange(a.x), a.x.Response.Status, what, r.because),
		evidence: append([]string{cite(a.x, allowOrigin, allowMethods, allowHeaders)}, r.evidence...),
		fix:      fix,
	}
}

func malformed(a answer, failed []fetch.Violation) claim {
	var names []string
	c := claim{fix: grant(a)}
	for _, v := range failed {
		names = append(names, v.Header)
		c.evidence = append(c.evidence, cite(a.x, v.Header))
	}
	c.summary = fmt.Sprintf("%s was answered with %s that cannot be parsed: %s, and the elements of such a list are separated by commas alone", exchange(a.x), list(names), quotes(failed[0].Got))
	return c
}

func methodNotAllowed(a answer, failed []fetch.Violation) claim {
	v := failed[0]
	c := claim{
		summary:  fmt.Sprintf("the method %s is not among those that %s allows (%s: %s)", v.Want, exchange(a.x), allowMethods, quotes(v.Got)),
		evidence: []string{cite(a.x, allowMethods), "Access-Control-Request-Method: " + quotes([]string{v.Want})},
		fix:      grant(a),
	}
	upper := strings.ToUpper(v.Want)
	switch tokens := listed(v.Got); {
	case upper != v.Want && slices.Contains(tokens, upper):
		c.summary = fmt.Sprintf("the method is %s, and %s allows %s: methods are compared byte for byte, and browsers do not correct the case of this one", v.Want, exchange(a.x), upper)
		c.fix = []string{fmt.Sprintf("have script write the method in upper case: %s", upper)}
	case slices.ContainsFunc(tokens, func(t string) bool { return strings.EqualFold(t, v.Want) }):
		c.summary = fmt.Sprintf("the method is %s, and %s allows it in another case (%s): methods are compared byte for byte", v.Want, exchange(a.x), quotes(v.Got))
	case slices.Contains(tokens, "*"):
		c.summary += ": * is no wildcard for a request with credentials"
	case v.Got == nil:
		c.summary = fmt.Sprintf("%s was answered without %s, and only GET, HEAD and POST need none: the method is %s", exchange(a.x), allowMethods, v.Want)
	}
	return c
}

func headerNotAllowed(a answer, failed []fetch.Violation) claim {
	v := failed[0]
	var names []string
	for _, f := range failed {
		names = append(names, f.Want)
	}
	c := claim{
		summary:  fmt.Sprintf("%s does not allow %s (%s: %s)", exchange(a.x), headersNamed(names), allowHeaders, quotes(v.Got)),
		evidence: []string{cite(a.x, allowHeaders), "Access-Control-Request-Headers: " + quotes(a.x.Request.Headers.Values("Access-Control-Request-Headers"))},
		fix:      append(grant(a), "or have script leave out "+headersNamed(names)+", if the server does not need it"),
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, "access-control-allow-") }); i >= 0 {
		c.fix = []string{"take " + names[i] + " out of script's headers: it is a header of the server's answer, and means nothing in a request"}
	}
	if slices.Contains(listed(v.Got), "*") {
		c.summary += ": * is no wildcard for a request with credentials, and never covers Authorization"
	}
	if a.hop.Request.Credentials != fetch.Include && slices.Contains(listed(v.Got), "*") {
		c.summary = fmt.Sprintf("%s allows Authorization by * only (%s: %s), and it has to be listed by name", exchange(a.x), allowHeaders, quotes(v.Got))
	}
	return c
}

func headersNamed(names []string) string {
	if len(names) == 1 {
		return "the header " + names[0]
	}
	return "the headers " + list(names)
}

// listed are the elements of a header's lines; lines that cannot be parsed have none.
func listed(lines []string) []string {
	var all []string
	for _, line := range lines {
		tokens, err := fetch.ParseHeaderList(line)
		if err == nil {
			all = append(all, tokens...)
		}
	}
	return all
}
