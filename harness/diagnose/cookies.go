package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

const cookieClause = "https://fetch.spec.whatwg.org/#append-a-request-cookie-header"

// reasons are what the browser's reasons mean, by what they contain, and what to do. The first that fits counts.
var reasons = []struct{ part, what, fix string }{
	{"SameSiteNoneInsecure", "SameSite=None without Secure", "set it with SameSite=None; Secure, over https"},
	{"SameSiteStrict", "it is SameSite=Strict, and the page is of another site", "serve page and API from one site (app.example.com and api.example.com, both https), or set it with SameSite=None; Secure and defend against cross-site request forgery"},
	{"SameSiteLax", "it is SameSite=Lax, and the page is of another site", "serve page and API from one site (app.example.com and api.example.com, both https), or set it with SameSite=None; Secure and defend against cross-site request forgery"},
	{"SameSiteUnspecified", "it has no SameSite, which counts as Lax, and the page is of another site", "serve page and API from one site (app.example.com and api.example.com, both https), or set it with SameSite=None; Secure and defend against cross-site request forgery"},
	{"SecureOnly", "it is Secure, and the request goes over plain http", "ask the API over https"},
	{"OverwriteSecure", "it would replace a Secure cookie from an insecure connection", "set it over https, with Secure"},
	{"ThirdParty", "third parties' cookies are blocked", "serve page and API from one site, or set it with SameSite=None; Secure; Partitioned"},
	{"UserPreferences", "the browser's settings block third parties' cookies", "serve page and API from one site, or set it with SameSite=None; Secure; Partitioned"},
	{"InvalidDomain", "its Domain is not the server's own", "leave Domain out, or name the server's own domain"},
	{"InvalidPrefix", "it does not do what the prefix of its name (__Host-, __Secure-) asks for", "set it with Secure, and for __Host- with Path=/ and without Domain"},
	{"DomainMismatch", "it is of another host", "set it with the Domain that both hosts are below"},
	{"NotOnPath", "its Path is another", "set it with Path=/"},
}

func withheld(s *scene) []claim {
	var claims []claim
	for i, x := range s.o.Exchanges {
		if x.Role == probe.Preflight {
			continue // never carries any
		}
		for _, c := range x.Cookies.Withheld {
			if claim, ok := s.withheldCookie(x, c); ok {
				claim.at = 100 * (i + 1)
				claims = append(claims, claim)
			}
		}
	}
	return append(claims, s.notAsked()...)
}

func (s *scene) withheldCookie(x probe.Exchange, c probe.CookieUse) (claim, bool) {
	elsewhere := slices.ContainsFunc(c.Reasons, func(r string) bool { return r == "DomainMismatch" || r == "NotOnPath" })
	if elsewhere && !unauthenticated(x) {
		return claim{}, false // a cookie for something else, and nobody misses it
	}
	what, fix := cookieReason(c.Reasons)
	severity := ""
	if len(x.Cookies.Sent) > 0 && !unauthenticated(x) {
		severity = Note // others were sent, and nobody misses this one
	}
	return claim{
		severity: severity,
		summary:  fmt.Sprintf("the cookie %s was not sent with %s: %s", quote(c.Name), exchange(x), what),
		evidence: []string{"the browser's reasons: " + list(c.Reasons), "the request's credentials mode is " + string(orSameOrigin(s.request.Credentials))},
		fix:      fix,
	}, true
}

func unauthenticated(x probe.Exchange) bool {
	return x.Response != nil && (x.Response.Status == 401 || x.Response.Status == 403)
}

func orSameOrigin(mode fetch.CredentialsMode) fetch.CredentialsMode {
	if mode == "" {
		return fetch.SameOrigin
	}
	return mode
}

// cookieReason says what the browser's reasons mean.
func cookieReason(given []string) (what string, fix []string) {
	for _, r := range reasons {
		if slices.ContainsFunc(given, func(g string) bool { return strings.Contains(g, r.part) }) {
			return r.what, []string{r.fix}
		}
	}
	return "the browser's reason is " + list(given), []string{"see what the browser's reason asks for"}
}

// notAsked is for an API that wants to know the user, and script that did not ask for cookies to be sent.
func (s *scene) notAsked() []claim {
	x := s.final()
	if x == nil || !unauthenticated(*x) || s.credentialed() || x.Request.Headers.Has("Authorization") || s.request.Mode == fetch.NoCORS {
		return nil
	}
	if x.Response.Headers.Has("WWW-Authenticate") {
		return nil // it wants something else than a cookie
	}
	value, _ := x.Response.Headers.Get(allowCredentials)
	at, err := fetch.OriginOf(x.Request.URL)
	if err != nil || at.SameOrigin(s.request.Origin) || value != "true" {
		return nil
	}
	return []claim{{
		at: 100 * len(s.o.Exchanges), severity: Note,
		summary:  fmt.Sprintf("%s was answered %d, and no cookie was considered: script did not ask for credentials, and the API would allow them", exchange(*x), x.Response.Status),
		evidence: []string{cite(*x, allowCredentials), "the request's credentials mode is " + string(orSameOrigin(s.request.Credentials))},
		fix:      []string{"if the user is known by a cookie, send the request with credentials: \"include\" (XMLHttpRequest: withCredentials = true)"},
	}}
}

func refusedCookies(s *scene) []claim {
	var claims []claim
	for i, x := range s.o.Exchanges {
		for _, c := range x.Cookies.Refused {
			what, fix := cookieReason(c.Reasons)
			claims = append(claims, claim{
				at:       100*(i+1) + 1,
				summary:  fmt.Sprintf("the cookie %s, which %s sets, was not stored: %s", quote(c.Name), exchange(x), what),
				evidence: []string{"the browser's reasons: " + list(c.Reasons)},
				fix:      fix,
			})
		}
	}
	return claims
}
