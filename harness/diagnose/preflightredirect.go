package diagnose

import "fmt"

func (s *scene) preflightRedirect(a answer) claim {
	d := detourOf(a.x)
	c := claim{
		at:       a.at(0),
		summary:  fmt.Sprintf("%s was answered %d, a redirect %s; a browser follows no redirect of a preflight", exchange(a.x), a.x.Response.Status, d.why),
		evidence: []string{fmt.Sprintf("%s, Location: %s", cite(a.x, allowOrigin), shownLocation(a.x.Response.Headers))},
		fix:      append([]string{d.fix}, grant(a)...),
	}
	switch d.kind {
	case circle:
		c.fix = []string{d.fix}
		if need, ok := toHTTPS(a.x); ok {
			c.cures, c.other = &a, need
		}
	case elsewhere, slash:
		c.fix[0] += ", or have the server answer OPTIONS before it redirects"
	case toLogin:
		c.cures = &a
		c.fix[0] = "a preflight has neither cookie nor token, so that no login helps: have the server answer OPTIONS before authentication, and other requests without a session with 401 and not with a login page"
	}
	if by := maker(a.x.Response); by != "" {
		c.evidence = append(c.evidence, by)
	}
	return c
}
