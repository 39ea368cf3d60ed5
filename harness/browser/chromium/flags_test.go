package chromium

import (
	"slices"
	"testing"

	"github.com/corsproof/corsproof/harness/browser"
)

func TestAPlainLaunchHasOnlyWhatItCannotDoWithout(t *testing.T) {
	l := launch{
		profile: "/tmp/p", plain: true, sandbox: true, spki: "k", thirdPartyCookies: browser.BlockThirdPartyCookies,
		hosts: []browser.Host{{HostPort: "a.test:80", Addr: "127.0.0.1:1", AddressSpace: "public"}},
	}
	want := []string{"--headless=new", "--user-data-dir=/tmp/p", "--remote-debugging-pipe", "about:blank"}
	got := l.args()
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for _, flag := range want {
		if !slices.ContainsFunc(got, func(g string) bool { return len(g) >= len(flag) && g[:len(flag)] == flag }) {
			t.Errorf("%s is not in %q", flag, got)
		}
	}
	if len(l.policyFlags()) > 0 {
		t.Errorf("policies: %q", l.policyFlags())
	}
}
