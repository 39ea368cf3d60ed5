package fetch

import (
	"strings"
	"testing"
)

// https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin,
// https://url.spec.whatwg.org/#host-parsing; hosts with punctuation as Chromium 156 sent them.
func TestParseOriginSerialisesAsBrowsersDo(t *testing.T) {
	for in, want := range map[string]string{
		"https://app.example.com":              "https://app.example.com",
		"http://localhost:3000":                "http://localhost:3000",
		"HTTPS://App.Example.COM":              "https://app.example.com",
		"https://app.example.com:443":          "https://app.example.com",
		"http://app.example.com:80":            "http://app.example.com",
		"http://app.example.com:443":           "http://app.example.com:443",
		"https://app.example.com:80":           "https://app.example.com:80",
		"https://app.example.com:0443":         "https://app.example.com",
		"http://localhost:65535":               "http://localhost:65535",
		"http://localhost:0":                   "http://localhost:0",
		"null":                                 "null",
		"http://null":                          "http://null",
		"http://127.0.0.1:8080":                "http://127.0.0.1:8080",
		"http://0.0.0.0":                       "http://0.0.0.0",
		"http://[::1]":                         "http://[::1]",
		"http://[::1]:8080":                    "http://[::1]:8080",
		"http://[0:0:0:0:0:0:0:1]":             "http://[::1]",
		"http://[2001:DB8::A]":                 "http://[2001:db8::a]",
		"http://[1:0:2:3:4:5:6:7]":             "http://[1:0:2:3:4:5:6:7]",
		"http://[::ffff:127.0.0.1]":            "http://[::ffff:7f00:1]",
		"https://xn--vctim-zsa.test":           "https://xn--vctim-zsa.test",
		"https://app.cafe":                     "https://app.cafe",
		"https://app.0xg":                      "https://app.0xg",
		"https://victim.test.":                 "https://victim.test.",
		"https://a..victim.test":               "https://a..victim.test",
		"https://a_b.victim.test":              "https://a_b.victim.test",
		"https://victim.test,.attacker.test":   "https://victim.test,.attacker.test",
		"https://victim.test{.attacker.test":   "https://victim.test{.attacker.test",
		"https://victim.test%60.attacker.test": "https://victim.test`.attacker.test",
		"https://victim.test%2e.attacker.test": "https://victim.test..attacker.test",
		"https://%2A.victim.test":              "https://%2A.victim.test",
		"https://%2a.victim.test":              "https://%2A.victim.test",
		"https://victim.test%20.attacker.test": "https://victim.test%20.attacker.test",
	} {
		o, err := ParseOrigin(in)
		if err != nil || o.String() != want {
			t.Errorf("ParseOrigin(%q) = %q, %v; want %q", in, o, err, want)
		}
	}
}

func TestParseOriginSaysWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		"https://app.example.com/":         `without a trailing slash; a browser sends "https://app.example.com"`,
		"https://App.example.com:443/x":    `without a path; a browser sends "https://app.example.com"`,
		"https://app.example.com?q":        `without a query; a browser sends "https://app.example.com"`,
		"https://app.example.com#f":        `without a fragment; a browser sends "https://app.example.com"`,
		`https://app.example.com\`:         `without a path; a browser sends "https://app.example.com"`,
		"https://victim.test@attacker.org": `without user or password; a browser sends "https://attacker.org"`,
		"https://app.example.com:":         `no port after the colon; a browser sends "https://app.example.com"`,
		"app.example.com":                  "there is no scheme",
		"app.example.com:8080":             "there is no scheme",
		"//app.example.com":                "there is no scheme",
		"":                                 "there is no scheme",
		"*":                                "there is no scheme",
		"Null":                             "written null, in lower case",
		"ftp://app.example.com":            `the scheme "ftp" is neither`,
		"file:///tmp/x.html":               `the scheme "file" is neither`,
		"https://":                         "there is no host",
		"https://:8080":                    "there is no host",
		"https://víctim.test":              "write punycode",
		"https://%C3%AD.test":              "write punycode",
		"https://*.example.com":            "not a pattern",
		"https://a b.test":                 "no host can have: ' '",
		"https://a^b.test":                 "no host can have: '^'",
		"https://a|b.test":                 "no host can have: '|'",
		"https://a<b.test":                 "no host can have: '<'",
		"https://a%00b.test":               `no host can have: '\x00'`,
		"https://a%2Fb.test":               "no host can have: '/'",
		"https://a%.test":                  "without two hexadecimal digits",
		"https://a%zz.test":                "without two hexadecimal digits",
		"https://a\x7f.test":               "no host can have",
		"http://localhost:65536":           "not a number from 0 to 65535",
		"http://localhost:+80":             "not a number from 0 to 65535",
		"http://localhost:3000a":           "not a number from 0 to 65535",
		"http://::1":                       "stands in brackets",
		"http://[::1":                      "is not closed",
		"http://[::1]x":                    "only a port",
		"http://[1.2.3.4]":                 "not an IPv6 address",
		"http://[fe80::1%25eth0]":          "not an IPv6 address",
		"http://2130706433":                "write it as four decimal numbers",
		"http://0x7f000001":                "write it as four decimal numbers",
		"http://127.1":                     "write it as four decimal numbers",
		"http://127.0.0.01":                "write it as four decimal numbers",
		"http://victim.test.1":             "write it as four decimal numbers",
		"http://victim.test.1.":            "write it as four decimal numbers",
	} {
		o, err := ParseOrigin(in)
		if err == nil {
			t.Errorf("ParseOrigin(%q) = %q; want an error with %q", in, o, want)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("ParseOrigin(%q): %v; want it to say %q", in, err, want)
		}
	}
}

// https://url.spec.whatwg.org/#origin, https://url.spec.whatwg.org/#url-parsing
func TestOriginOf(t *testing.T) {
	for url, want := range map[string]string{
		"https://api.example.com/orders?x=1#f":         "https://api.example.com",
		"https://api.example.com":                      "https://api.example.com",
		"HTTPS://API.example.com:443/":                 "https://api.example.com",
		"http://u:p@api.example.com:8080/":             "http://api.example.com:8080",
		"http://victim.test@attacker.org":              "http://attacker.org",
		"http://a@b@attacker.org/":                     "http://attacker.org",
		"http://@api.example.com/":                     "http://api.example.com",
		"http://api.example.com/@b":                    "http://api.example.com",
		"http://api.example.com?@b":                    "http://api.example.com",
		"http:api.example.com":                         "http://api.example.com",
		`http:\\api.example.com\x`:                     "http://api.example.com",
		"  https://api.exa\tmple.com/\n":               "https://api.example.com",
		"http://api.example.com:/":                     "http://api.example.com",
		"http://[::1]:8080/x":                          "http://[::1]:8080",
		"http://victim.test{.attacker.org/":            "http://victim.test{.attacker.org",
		"data:text/html,x":                             "null",
		"about:blank":                                  "null",
		"file:///tmp/x":                                "null",
		"ftp://api.example.com/":                       "null",
		"blob:https://app.example.com/1f2e":            "https://app.example.com",
		"blob:null/1f2e":                               "null",
		"blob:blob:https://app.example.com/1f2e":       "null",
		"view-source+x.y-z:https://app.example.com/1f": "null",
	} {
		o, err := OriginOf(url)
		if err != nil || o.String() != want {
			t.Errorf("OriginOf(%q) = %q, %v; want %q", url, o, err, want)
		}
	}
	for _, url := range []string{"", "/orders", "//api.example.com/", "orders", "1http://a", "ht~tp://a", "http:///", "http://exämple.com/", "http://a:b/"} {
		if o, err := OriginOf(url); err == nil {
			t.Errorf("OriginOf(%q) = %q; want an error", url, o)
		}
	}
}

// https://html.spec.whatwg.org/multipage/browsers.html#same-origin
func TestSameOrigin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://a.test", "https://a.test:443", true},
		{"https://a.test", "https://A.test", true},
		{"https://a.test", "http://a.test", false},
		{"https://a.test", "https://a.test:8443", false},
		{"https://a.test", "https://b.a.test", false},
		{"http://localhost:1", "http://127.0.0.1:1", false},
		{"null", "null", false},
		{"null", "https://a.test", false},
	} {
		if got := origin(t, c.a).SameOrigin(origin(t, c.b)); got != c.want {
			t.Errorf("%s same as %s: %v", c.a, c.b, got)
		}
	}
}

func TestZeroOriginIsOpaque(t *testing.T) {
	if o := (Origin{}); !o.IsOpaque() || o.String() != "null" {
		t.Errorf("zero Origin is %q", o)
	}
	if origin(t, "https://a.test").IsOpaque() {
		t.Error("a tuple origin is opaque")
	}
}

func FuzzParseOrigin(f *testing.F) {
	for _, seed := range []string{
		"https://app.example.com", "http://localhost:3000", "null", "Null", "http://[::1]:8080", "http://[::ffff:1.2.3.4]",
		"https://a.test/", "https://u:p@a.test", "https://%2A.a.test", "https://a%60.test", "http://0x7f.1", "https://é.test",
		"https://a.test:00443", "https:\\\\a.test", "blob:https://a.test/1", "https://a_.test.", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, parse := range map[string]func(string) (Origin, error){"ParseOrigin": ParseOrigin, "OriginOf": OriginOf} {
			o, err := parse(s)
			if err != nil {
				continue
			}
			again, err := ParseOrigin(o.String())
			if err != nil || again != o {
				t.Errorf("%s(%q) = %#v, whose serialisation %q parses to %#v, %v", name, s, o, o, again, err)
			}
			if text := o.String(); strings.ContainsFunc(text, func(r rune) bool {
				return r <= ' ' || r >= 0x7F || 'A' <= r && r <= 'Z' && !strings.Contains(text, "%2A")
			}) {
				t.Errorf("%s(%q) serialises to %q", name, s, text)
			}
		}
	})
}

// origin parses an origin that is known to be good.
func origin(t *testing.T, s string) Origin {
	t.Helper()
	o, err := ParseOrigin(s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
