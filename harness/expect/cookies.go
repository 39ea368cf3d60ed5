package expect

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

func (a *Actual) cookies(o probe.Observation) []Check {
	var list []Check
	request, answer := theActual(o).sent(), theActual(o).answer()
	for _, name := range a.CookiesSent {
		use := cookieUse{did: "sent", of: func(c probe.Cookies) []probe.CookieUse { return c.Sent }}
		list = append(list, use.check(Cookie{Name: name}, request))
	}
	for _, c := range a.CookiesWithheld {
		use := cookieUse{did: "withheld", of: func(c probe.Cookies) []probe.CookieUse { return c.Withheld }}
		list = append(list, use.check(c, request))
	}
	for _, c := range a.CookiesRefused {
		use := cookieUse{did: "refused", of: func(c probe.Cookies) []probe.CookieUse { return c.Refused }}
		list = append(list, use.check(c, answer))
	}
	return list
}

// cookieUse is one of the three things that a browser does with cookies.
type cookieUse struct {
	did string
	of  func(probe.Cookies) []probe.CookieUse
}

func (u cookieUse) check(c Cookie, s subject) Check {
	name, want := "actual cookie "+u.did+" "+quoteUnlessToken(c.Name), u.did
	if len(c.Reasons) > 0 {
		want += " because of " + strings.Join(c.Reasons, ", ")
	}
	return s.check(name, want, func(x probe.Exchange) Check {
		uses := u.of(x.Cookies)
		pass := slices.ContainsFunc(uses, func(got probe.CookieUse) bool { return got.Name == c.Name && hasAll(got.Reasons, c.Reasons) })
		return decided(name, want, u.did+": "+told(uses), pass)
	})
}

func hasAll(got, wanted []string) bool {
	for _, w := range wanted {
		if !slices.Contains(got, w) {
			return false
		}
	}
	return true
}

// told lists cookies with the browser's reasons: "sid (SameSiteStrict), lang".
func told(uses []probe.CookieUse) string {
	if len(uses) == 0 {
		return "none"
	}
	list := make([]string, len(uses))
	for i, u := range uses {
		list[i] = quoteUnlessToken(u.Name)
		if len(u.Reasons) > 0 {
			list[i] += " (" + strings.Join(u.Reasons, ", ") + ")"
		}
	}
	return strings.Join(list, ", ")
}

// quoteUnlessToken leaves usual names as they are: a server may put anything into a Set-Cookie line.
func quoteUnlessToken(name string) string {
	odd := func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '"' }
	if name == "" || strings.ContainsFunc(name, odd) {
		return quote(name)
	}
	return name
}
