package diagnose_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/probe"
)

func TestMoreThanKeepaliveMaySend(t *testing.T) {
	for size, want := range map[int]string{64 << 10: "not-known", 64<<10 + 1: "script-refused"} {
		r := get("")
		r.Method, r.Keepalive, r.Body = "POST", true, &probe.Body{Text: strings.Repeat("x", size)}
		o := failed("net::ERR_FAILED", r)
		if found := diagnose.Find(o); found[0].Rule != want {
			t.Errorf("%d bytes: %+v", size, found)
		}
	}
}
