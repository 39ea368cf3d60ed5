package diagnose

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

func refusedCookies(s *scene) []claim {
	var claims []claim
	for i, x := range s.o.Exchanges {
		if x.Response == nil {
			continue
		}
		for _, c := range x.Cookies.Refused {
			if deletes(x, c.Name) {
				continue
			}
			what, fix, cookie := s.cookieReason(x, c)
			severity := ""
			if hasTwin(x, c.Name) {
				severity = Note
			}
			claims = append(claims, s.setBy(claim{
				at: 100*(i+1) + 1, severity: severity, cookie: c.Name,
				summary:  fmt.Sprintf("the cookie %s, which %s sets, was not stored: %s", quote(c.Name), exchange(x), what),
				evidence: []string{"the browser's reasons: " + list(c.Reasons)},
				fix:      fix,
			}, x, cookie))
		}
		claims = append(claims, s.droppedUnsaid(i, x)...)
	}
	return claims
}

// deletes reports an answer all of whose lines for a cookie have it removed: there is none to be missed.
func deletes(x probe.Exchange, name string) bool {
	value, _ := x.Response.Headers.Get("Date")
	now, err := http.ParseTime(value)
	deleted := false
	for _, c := range setCookies(x) {
		switch {
		case c.Name != name:
			continue
		case c.MaxAge < 0 || c.MaxAge == 0 && !c.Expires.IsZero() && (c.Expires.Unix() <= 0 || err == nil && c.Expires.Before(now)):
			deleted = true
		default:
			return false
		}
	}
	return deleted
}

// hasTwin reports that an answer has the same value in another cookie, which the browser stored: such a pair is one for pages of the same site and one
// for those of others, as Amazon's load balancers set.
func hasTwin(x probe.Exchange, name string) bool {
	c, ok := setCookie(x, name)
	if !ok {
		return false
	}
	return slices.ContainsFunc(setCookies(x), func(other *http.Cookie) bool {
		return other.Name != name && other.Value == c.Value && other.Value != "" && !unsaid(other) && !among(x.Cookies.Refused, other.Name)
	})
}

// unsaid reports a cookie that browsers drop without giving a reason. https://github.com/privacycg/CHIPS
func unsaid(c *http.Cookie) bool { return c.Partitioned && !c.Secure }

// droppedUnsaid is for such cookies.
func (s *scene) droppedUnsaid(i int, x probe.Exchange) []claim {
	at, err := fetch.OriginOf(x.Request.URL)
	considered := s.credentialed() || s.request.Credentials != fetch.Omit && err == nil && at.SameOrigin(s.request.Origin)
	if !considered || x.Role == probe.Preflight || x.FromCache != "" {
		return nil
	}
	var claims []claim
	for _, c := range setCookies(x) {
		if !unsaid(c) || among(x.Cookies.Refused, c.Name) {
			continue
		}
		set := remedy.Cookie{SameSite: "Lax", Partitioned: s.crossSite(x.Request.URL)}
		claims = append(claims, s.setBy(claim{
			at: 100*(i+1) + 1, cookie: c.Name,
			summary:  fmt.Sprintf("the cookie %s, which %s sets, is Partitioned and not Secure: browsers drop such a line without a word", quote(c.Name), exchange(x)),
			evidence: []string{"its Set-Cookie line has Partitioned, and no Secure"},
			fix:      []string{"set it with Secure, over https"},
		}, x, s.setAs(x, c.Name, set)))
	}
	return claims
}
