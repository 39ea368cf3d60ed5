package match

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/expect"
)

// HaveSentCookie matches where the request itself (the last one, after redirects) carried a cookie.
func HaveSentCookie(name string) types.GomegaMatcher {
	return named("cookie", name, fmt.Sprintf("have sent cookie %q", name), expect.Expectation{Actual: &expect.Actual{CookiesSent: []string{name}}})
}

// HaveWithheldCookie matches where the browser had a matching cookie for the
// request itself and did not send it, for all of these reasons of its own ("SameSiteStrict") if any are given.
func HaveWithheldCookie(name string, reasons ...string) types.GomegaMatcher {
	c := expect.Cookie{Name: name, Reasons: reasons}
	return named("cookie", name, fmt.Sprintf("have withheld cookie %q", name)+because(reasons), expect.Expectation{Actual: &expect.Actual{CookiesWithheld: []expect.Cookie{c}}})
}

// HaveRefusedCookie matches where the browser did not store a cookie that came with the final response, for all
// of these reasons of its own ("SameSiteNoneInsecure") if any are given.
func HaveRefusedCookie(name string, reasons ...string) types.GomegaMatcher {
	c := expect.Cookie{Name: name, Reasons: reasons}
	return named("cookie", name, fmt.Sprintf("have refused cookie %q", name)+because(reasons), expect.Expectation{Actual: &expect.Actual{CookiesRefused: []expect.Cookie{c}}})
}

func because(reasons []string) string {
	if len(reasons) == 0 {
		return ""
	}
	return " because of " + strings.Join(reasons, ", ")
}
