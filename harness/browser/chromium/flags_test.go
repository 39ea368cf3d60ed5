package chromium

import (
	"slices"
	"strings"
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

func TestTheUsersFeaturesJoinOurs(t *testing.T) {
	args := launch{sandbox: true, extra: []string{"--lang=de", "--disable-features=A,B", "--enable-features=HttpsUpgrades:x/1", "--disable-features=C"}}.args()
	count := map[string]int{}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		count[name]++
		features := strings.Split(value, ",")
		switch name {
		case "--disable-features":
			for _, want := range []string{"A", "B", "C", "Translate"} {
				if !slices.Contains(features, want) {
					t.Errorf("%s is not in %s", want, arg)
				}
			}
			if slices.Contains(features, "HttpsUpgrades") {
				t.Errorf("what the user enables is disabled: %s", arg)
			}
		case "--enable-features":
			if !slices.Contains(features, "HttpsUpgrades:x/1") || !slices.Contains(features, "NetworkServiceInProcess2") {
				t.Error(arg)
			}
		}
	}
	if count["--disable-features"] != 1 || count["--enable-features"] != 1 || count["--lang"] != 1 || args[len(args)-1] != "about:blank" {
		t.Errorf("%q", args)
	}
}
