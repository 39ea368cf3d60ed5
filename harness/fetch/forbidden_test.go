package fetch

import "testing"

// https://fetch.spec.whatwg.org/#forbidden-request-header
func TestForbiddenRequestHeader(t *testing.T) {
	for _, name := range []string{
		"Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers", "Access-Control-Request-Method", "Connection",
		"Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host", "Keep-Alive", "Origin", "Referer", "Set-Cookie",
		"TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "proxy-", "Proxy-Authorization", "Sec-", "sec-fetch-mode", "SEC-X",
	} {
		if !IsForbiddenRequestHeader(name, "x") {
			t.Errorf("%s is not forbidden", name)
		}
	}
	for _, name := range []string{"Accept", "Authorization", "Content-Type", "Range", "User-Agent", "X-Forwarded-For", "Cookies", "Proxy", "Sec", "X-Sec-A"} {
		if IsForbiddenRequestHeader(name, "x") {
			t.Errorf("%s is forbidden", name)
		}
	}
}

// https://fetch.spec.whatwg.org/#forbidden-request-header, its third step
func TestMethodOverrideHeadersAreForbiddenByValue(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"X-HTTP-Method", "TRACE", true},
		{"x-http-method-override", "track", true},
		{"X-Method-Override", "CONNECT", true},
		{"X-Method-Override", "GET,track ", true},
		{"X-Method-Override", "GET, POST", false},
		{"X-Method-Override", `"GET,TRACE"`, false},
		{"X-Method-Override", `"a,TRACE,b"`, false},
		{"X-Method-Override", `"a\",b",TRACE`, true},
		{"X-Method-Override", `"TRACE`, false},
		{"X-Method-Override", "TRACER", false},
		{"X-Method-Override", "", false},
		{"X-Other-Override", "TRACE", false},
	} {
		if got := IsForbiddenRequestHeader(c.name, c.value); got != c.want {
			t.Errorf("%s: %s forbidden: %v", c.name, c.value, got)
		}
	}
}

// https://fetch.spec.whatwg.org/#forbidden-response-header-name
func TestForbiddenResponseHeaderName(t *testing.T) {
	for name, want := range map[string]bool{"Set-Cookie": true, "SET-COOKIE2": true, "Set-Cookie3": false, "Cookie": false} {
		if got := IsForbiddenResponseHeaderName(name); got != want {
			t.Errorf("%s forbidden: %v", name, got)
		}
	}
}

// https://fetch.spec.whatwg.org/#header-name, https://fetch.spec.whatwg.org/#header-value
func TestHeaderNamesAndValues(t *testing.T) {
	for name, want := range map[string]bool{"X-A": true, "!#$%&'*+-.^_`|~09azAZ": true, "": false, "X A": false, "X:": false, "X\n": false, "Ä": false, "X\x7f": false} {
		if got := IsHeaderName(name); got != want {
			t.Errorf("IsHeaderName(%q) = %v", name, got)
		}
	}
	for value, want := range map[string]bool{
		"": true, "a b\tc": true, "\x01\x7f\xff": true, "\va": true,
		" a": false, "a\t": false, "a\x00b": false, "a\rb": false, "a\nb": false,
	} {
		if got := IsHeaderValue(value); got != want {
			t.Errorf("IsHeaderValue(%q) = %v", value, got)
		}
	}
	// https://fetch.spec.whatwg.org/#concept-header-value-normalize
	if got := NormalizeHeaderValue("\r\n\t a b \xff\v \n"); got != "a b \xff\v" {
		t.Errorf("normalised to %q", got)
	}
}
