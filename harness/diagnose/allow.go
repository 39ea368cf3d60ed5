package diagnose

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

// policy is what a server has to allow for this request, and what it allows by name already; nil where no page should be allowed,
// or where its origin is not its own (after redirects).
func (s *scene) policy(a answer, expose []string) *remedy.Policy {
	if a.hop.Origin.IsOpaque() || s.method() != strings.ToUpper(s.method()) {
		return nil // a method in lower case is script's mistake
	}
	p := &remedy.Policy{Origins: []string{a.hop.Origin.String()}, Credentials: s.credentialed(), Methods: join(nil, []string{s.method()}), Expose: join(nil, expose)}
	for _, hop := range append(slices.Clone(s.predicted.Hops), a.hop) {
		if hop.URL == a.hop.URL {
			p.Headers = join(p.Headers, hop.Preflight.HeaderNames)
		}
	}
	for _, x := range s.o.Exchanges {
		if x.Response == nil {
			continue
		}
		if x.Role == probe.Preflight {
			p.Methods = join(p.Methods, listed(x.Response.Headers.Values(allowMethods)))
			p.Headers = join(p.Headers, listed(x.Response.Headers.Values(allowHeaders)))
		}
		p.Expose = join(p.Expose, listed(x.Response.Headers.Values(exposeHeaders)))
		p.Credentials = p.Credentials || allowsCredentials(x.Response.Headers)
		for _, named := range x.Response.Headers.Values(allowOrigin) {
			if o, err := fetch.ParseOrigin(named); err == nil && !o.IsOpaque() && o.String() == named {
				p.Origins = join(p.Origins, []string{named})
			}
		}
	}
	p.Methods = slices.DeleteFunc(p.Methods, func(m string) bool { return m == "OPTIONS" })
	if p.Validate() != nil {
		return nil
	}
	return p
}

// cause is what a remedy wants to know of the answer that it is to cure.
func (s *scene) cause(rule string, a answer) remedy.Cause {
	c := remedy.Cause{Rule: rule, Method: a.x.Request.Method, Allowed: s.preflightAllowed(a) || s.allowed(a.hop.Origin.String())}
	if a.x.Role == probe.Preflight {
		c.Method = a.hop.Preflight.Method
	}
	if a.x.Response != nil {
		c.Status, c.Own = a.x.Response.Status, s.own(a)
	}
	return c
}

// join adds names that are not there yet, in whatever case. A * is none.
func join(names, more []string) []string {
	for _, name := range more {
		if name != "*" && !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			names = append(names, name)
		}
	}
	return names
}

// reader is the answer that script reads, as one that a server has to give.
func (s *scene) reader(x *probe.Exchange) *answer {
	hop := fetch.Hop{Origin: s.request.Origin, Request: s.request, URL: x.Request.URL}
	return &answer{x: *x, hop: hop}
}
