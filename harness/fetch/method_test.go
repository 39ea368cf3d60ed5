package fetch

import "testing"

// https://fetch.spec.whatwg.org/#methods
func TestMethods(t *testing.T) {
	for _, c := range []struct {
		method                       string
		valid, safelisted, forbidden bool
		normalized                   string
	}{
		{"GET", true, true, false, "GET"},
		{"HEAD", true, true, false, "HEAD"},
		{"POST", true, true, false, "POST"},
		{"get", true, false, false, "GET"},
		{"pOsT", true, false, false, "POST"},
		{"put", true, false, false, "PUT"},
		{"delete", true, false, false, "DELETE"},
		{"options", true, false, false, "OPTIONS"},
		{"patch", true, false, false, "patch"},
		{"PATCH", true, false, false, "PATCH"},
		{"cHiCkEn", true, false, false, "cHiCkEn"},
		{"CONNECT", true, false, true, "CONNECT"},
		{"trace", true, false, true, "trace"},
		{"Track", true, false, true, "Track"},
		{"*", true, false, false, "*"},
		{"", false, false, false, ""},
		{"A B", false, false, false, "A B"},
		{"GET\x00", false, false, false, "GET\x00"},
		{"É", false, false, false, "É"},
	} {
		if got := IsMethod(c.method); got != c.valid {
			t.Errorf("IsMethod(%q) = %v", c.method, got)
		}
		if got := IsCORSSafelistedMethod(c.method); got != c.safelisted {
			t.Errorf("IsCORSSafelistedMethod(%q) = %v", c.method, got)
		}
		if got := IsForbiddenMethod(c.method); got != c.forbidden {
			t.Errorf("IsForbiddenMethod(%q) = %v", c.method, got)
		}
		if got := NormalizeMethod(c.method); got != c.normalized {
			t.Errorf("NormalizeMethod(%q) = %q", c.method, got)
		}
	}
}
