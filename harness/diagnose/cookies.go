package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
)

const cookieClause = "https://fetch.spec.whatwg.org/#append-a-request-cookie-header"

const (
	oneSite     = "serve page and API from one site (names below one domain, such as app.example.com and api.example.com, both over https), or set it with SameSite=None; Secure and defend against cross-site request forgery"
	oneSiteOrIn = "serve page and API from one site, or set it with SameSite=None; Secure; Partitioned"
)

// reasons are what the browser's reasons mean, by what they contain, and what to do. The first that fits counts.
var reasons = []struct {
	part, what, fix string
	cookie          remedy.Cookie // what a server has to set to cure it, beside the name; without SameSite where none can
}{
	{"SameSiteNoneInsecure", "SameSite=None without Secure", "set it with SameSite=None; Secure, over https", remedy.Cookie{SameSite: "None"}},
	{"SameSiteStrict", "it is SameSite=Strict, and the page is of another site", oneSite, remedy.Cookie{SameSite: "None"}},
	{"SameSiteLax", "it is SameSite=Lax, and the page is of another site", oneSite, remedy.Cookie{SameSite: "None"}},
	{"SameSiteUnspecified", "it has no SameSite, which counts as Lax, and the page is of another site", oneSite, remedy.Cookie{SameSite: "None"}},
	{"SecureOnly", "it is Secure, and the request goes over plain http", "ask the API over https", remedy.Cookie{}},
	{"OverwriteSecure", "it would replace a Secure cookie from an insecure connection", "set it over https, with Secure", remedy.Cookie{}},
	{"ThirdParty", "third parties' cookies are blocked", oneSiteOrIn, remedy.Cookie{SameSite: "None", Partitioned: true}},
	{"UserPreferences", "the browser's settings block third parties' cookies", oneSiteOrIn, remedy.Cookie{SameSite: "None", Partitioned: true}},
	{"InvalidDomain", "its Domain is not the server's own", "leave Domain out, or name the server's own domain", remedy.Cookie{SameSite: "Lax", Everywhere: true}},
	{"InvalidPrefix", "it does not do what the prefix of its name (__Host-, __Secure-) asks for", "set it with Secure, and for __Host- with Path=/ and without Domain", remedy.Cookie{SameSite: "Lax", Everywhere: true}},
	{"DomainMismatch", "it is of another host", "set it with the Domain that both hosts are below", remedy.Cookie{}},
	{"NotOnPath", "its Path is another", "set it with Path=/", remedy.Cookie{SameSite: "Lax", Everywhere: true}},
}

// oneName is what to do where page and API are on one machine, by two of its names.
func (s *scene) oneName(x probe.Exchange) []string {
	at, err := fetch.OriginOf(x.Request.URL)
	if page := s.request.Origin; err != nil || page.IsOpaque() || at.Host == page.Host || !loopback(at.Host) || !loopback(page.Host) {
		return nil
	}
	return []string{fmt.Sprintf("open the page at %s too: %s and %s are one machine, and two sites", at.Host, s.request.Origin.Host, at.Host)}
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
	what, fix, cookie := s.cookieReason(x, c)
	severity := ""
	if len(x.Cookies.Sent) > 0 && !unauthenticated(x) {
		severity = Note // others were sent, and nobody misses this one
	}
	return s.setBy(claim{
		severity: severity,
		summary:  fmt.Sprintf("the cookie %s was not sent with %s: %s", quote(c.Name), exchange(x), what),
		evidence: []string{"the browser's reasons: " + list(c.Reasons), "the request's credentials mode is " + string(orSameOrigin(s.request.Credentials))},
		fix:      fix,
	}, x, cookie), true
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

// cookieReason says what the browser's reasons for not using a cookie mean, what to do, and how a server has to set it; nil where that is no cure.
func (s *scene) cookieReason(x probe.Exchange, c probe.CookieUse) (what string, fix []string, set *remedy.Cookie) {
	for _, r := range reasons {
		if slices.ContainsFunc(c.Reasons, func(g string) bool { return strings.Contains(g, r.part) }) {
			return r.what, append(s.oneName(x), r.fix), s.setAs(x, c.Name, r.cookie)
		}
	}
	return "the browser's reason is " + list(c.Reasons), []string{"see what the browser's reason asks for"}, nil
}

// notAsked is for an API that would allow credentials, and wants to know the user or sets cookies, where script did not ask for them: the browser looks at none.
func (s *scene) notAsked() []claim {
	x := s.final()
	if x == nil || x.Response == nil || s.credentialed() || s.request.Mode == fetch.NoCORS || !allowsCredentials(x.Response.Headers) {
		return nil
	}
	at, err := fetch.OriginOf(x.Request.URL)
	if err != nil || at.SameOrigin(s.request.Origin) {
		return nil
	}
	c := claim{
		at: 100 * len(s.o.Exchanges), severity: Note,
		evidence: []string{cite(*x, allowCredentials), "the request's credentials mode is " + string(orSameOrigin(s.request.Credentials))},
	}
	switch {
	case !unauthenticated(*x) && x.Response.Headers.Has("Set-Cookie"):
		c.summary = fmt.Sprintf("%s sets cookies, and none is stored: script did not ask for credentials, and the API would allow them", exchange(*x))
		c.fix = []string{"if the user is known by such a cookie, send this request and the later ones with credentials: \"include\" (XMLHttpRequest: withCredentials = true)"}
	case unauthenticated(*x) && !x.Request.Headers.Has("Authorization") && !x.Response.Headers.Has("WWW-Authenticate"): // which want something else than a cookie
		c.summary = fmt.Sprintf("%s was answered %d, and no cookie was considered: script did not ask for credentials, and the API would allow them", exchange(*x), x.Response.Status)
		c.fix = []string{"if the user is known by a cookie, send the request with credentials: \"include\" (XMLHttpRequest: withCredentials = true)"}
	default:
		return nil
	}
	return []claim{c}
}
