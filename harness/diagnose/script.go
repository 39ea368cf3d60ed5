package diagnose

import (
	"fmt"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// changes say what script has to do otherwise.
var changes = map[fetch.Step]string{
	fetch.MethodInvalid:      "use a method that is one: GET, POST, PUT, PATCH, DELETE",
	fetch.MethodForbidden:    "use another method: browsers send no CONNECT, TRACE and TRACK for script",
	fetch.HeaderInvalid:      "give the header a name of letters, digits and hyphens, and a value without line breaks",
	fetch.URLWithCredentials: "leave user and password out of the URL, and send them in the Authorization header",
	fetch.NoCORSMethod:       "leave out mode: \"no-cors\"; it allows GET, HEAD and POST only",
	fetch.BodyNotAllowed:     "leave out the body, or use POST",
	fetch.ModeSameOrigin:     "leave out mode: \"same-origin\", and have the server allow the page's origin by CORS",
	fetch.NoCORSRedirectMode: "leave out mode: \"no-cors\", or have redirects followed",
	fetch.SchemeNotHTTP:      "ask over http or https",
	fetch.RedirectModeError:  "ask the final URL, or leave out redirect: \"error\"",
}

func scriptRefused(s *scene) []claim {
	var claims []claim
	for _, v := range s.refused {
		claims = append(claims, claim{at: -2, summary: "script's own call is refused, and the server has no part in it: " + v.Why,
			evidence: append([]string{"the check that fails: " + string(v.Step)}, s.thrown()...), fix: []string{changes[v.Step]}})
	}
	for _, a := range s.answers {
		for _, v := range a.of(fetch.RedirectModeError) {
			claims = append(claims, claim{at: a.at(5),
				summary:  fmt.Sprintf("%s was redirected, and script asked for redirect: \"error\"", exchange(a.x)),
				evidence: []string{fmt.Sprintf("%s, Location: %s", cite(a.x), shownLocation(a.x.Response.Headers))}, fix: []string{changes[v.Step]}})
		}
	}
	if b := s.o.Request.Body; s.o.Outcome == probe.Failed && s.o.Request.Keepalive && b != nil && len(b.Text) > mostKeptAlive {
		claims = append(claims, claim{at: -2, summary: fmt.Sprintf("the body has %d bytes, and requests with keepalive may have %d at once, all of a page's together", len(b.Text), mostKeptAlive),
			evidence: s.thrown(), fix: []string{"leave out keepalive, or send less"}})
	}
	if len(claims) == 0 && s.o.Outcome == probe.Failed && s.o.Page.Rejected {
		claims = append(claims, claim{at: -2, summary: "script's own call threw, and nothing was fetched", evidence: s.thrown(), fix: []string{"see the exception's message"}})
	}
	return claims
}

// mostKeptAlive is how many bytes requests with keepalive may send at once. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
const mostKeptAlive = 64 << 10

// thrown is what script caught.
func (s *scene) thrown() []string {
	if e := s.o.Page.Error; e != nil {
		return []string{fmt.Sprintf("script caught %s: %s", e.Name, quote(e.Message))}
	}
	return nil
}
