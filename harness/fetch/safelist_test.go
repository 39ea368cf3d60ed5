package fetch

import (
	"slices"
	"strings"
	"testing"
)

// https://fetch.spec.whatwg.org/#cors-safelisted-request-header; content-type
// and range as web-platform-tests cors/cors-safelisted-request-header.any.js has them.
func TestCORSSafelistedRequestHeader(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"accept", "", true},
		{"Accept", "application/json, text/*;q=0.5", true},
		{"ACCEPT", "\t\x80\xff", true},
		{"accept", strings.Repeat("a", 128), true},
		{"accept", strings.Repeat("a", 129), false},
		{"accept", `"`, false},
		{"accept", "a(b", false},
		{"accept", "a:b", false},
		{"accept", "\x01", false},
		{"accept", "\x7f", false},
		{"accept", "{}", false},
		{"accept", `a\b`, false},

		{"accept-language", "de-AT, de;q=0.9, *;q=0.1", true},
		{"accept-language", "@", false},
		{"accept-language", "\x01", false},
		{"accept-language", "a\tb", false},
		{"accept-language", "é", false},
		{"accept-language", "a_b", false},
		{"content-language", "en", true},
		{"content-language", "@", false},

		{"content-type", "text/plain", true},
		{"Content-Type", "TEXT/Plain", true},
		{"content-type", "text/plain;", true},
		{"content-type", "text/plain;garbage", true},
		{"content-type", "text/plain;charset=UTF-8", true},
		{"content-type", "\ttext/plain ;x", true},
		{"content-type", "application/x-www-form-urlencoded", true},
		{"content-type", "multipart/form-data; boundary=x", true},
		{"content-type", "multipart/form-data", true},
		{"content-type", "", false},
		{"content-type", "text", false},
		{"content-type", "text/", false},
		{"content-type", "/plain", false},
		{"content-type", "text/;plain", false},
		{"content-type", "text /plain", false},
		{"content-type", "text\t/\tplain", false},
		{"content-type", "text/plain;garbage\x01\x02", false},
		{"content-type", "text/plain,", false},
		{"content-type", ",text/plain", false},
		{"content-type", "text/plain,text/plain", false},
		{"content-type", "text/plain,x/x", false},
		{"content-type", "text/plain\x0b", false},
		{"content-type", "text/plain\x0c", false},
		{"content-type", "application/www-form-urlencoded", false},
		{"content-type", "application/x-www-form-urlencoded;\x7f", false},
		{"content-type", `multipart/form-data;"`, false},
		{"content-type", "application/json", false},
		{"content-type", "text/html", false},
		{"content-type", "text/plain; long=" + strings.Repeat("0", 112), false},

		{"range", "bytes=100-200", true},
		{"Range", "bytes=200-", true},
		{"range", "bytes=7-7", true},
		{"range", "bytes=0-18446744073709551616000", true},
		{"range", "bytes=0020-30", true},
		{"range", "100-200", false},
		{"range", "MB=100-200", false},
		{"range", "Bytes=100-200", false},
		{"range", "bytes =100-200", false},
		{"range", "bytes= 100-200", false},
		{"range", "bytes=\t\t100-200", false},
		{"range", "bytes=100 -200", false},
		{"range", "bytes=100- 200", false},
		{"range", "bytes=100-200hello", false},
		{"range", "bytes=abc-def", false},
		{"range", "bytes=100-200,300-400", false},
		{"range", "bytes=-200", false},
		{"range", "bytes=-", false},
		{"range", "bytes=100", false},
		{"range", "bytes=200-100", false},
		{"range", "bytes=1000-0200", false},
		{"range", "bytes=18446744073709551617-1", false},
		{"range", "bytes=1" + strings.Repeat("0", 60) + "-2" + strings.Repeat("0", 60), false},
		{"range", "bytes 0-", false},
		{"range", ",bytes=100-200", false},

		{"authorization", "Basic x", false},
		{"x-requested-with", "XMLHttpRequest", false},
		{"last-event-id", "1", false},
		{"save-data", "on", false},
		{"dpr", "2", false},
		{"test", "", false},
	} {
		if got := IsCORSSafelistedRequestHeader(c.name, c.value); got != c.want {
			t.Errorf("%s: %q safelisted: %v", c.name, c.value, got)
		}
	}
}

// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
func TestEveryUnsafeByteIsUnsafe(t *testing.T) {
	for c := range 256 {
		unsafe := c < 0x20 && c != 0x09 || strings.IndexByte("\x22\x28\x29\x3a\x3c\x3e\x3f\x40\x5b\x5c\x5d\x7b\x7d\x7f", byte(c)) >= 0
		if got := !IsCORSSafelistedRequestHeader("accept", string([]byte{byte(c)})); got != unsafe {
			t.Errorf("byte 0x%02x unsafe: %v", c, got)
		}
	}
}

// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func TestCORSUnsafeRequestHeaderNames(t *testing.T) {
	long := strings.Repeat("a", 128)
	eight := slices.Repeat(HeaderList{{"Accept", long}}, 8)
	for name, c := range map[string]struct {
		list HeaderList
		want []string
	}{
		"none":                         {nil, nil},
		"safelisted only":              {HeaderList{{"Accept", "a"}, {"Range", "bytes=0-"}}, nil},
		"lower case and sorted":        {HeaderList{{"X-B", "1"}, {"Authorization", "t"}, {"X-A", "1"}}, []string{"authorization", "x-a", "x-b"}},
		"each once":                    {HeaderList{{"X-A", "1"}, {"x-a", "2"}}, []string{"x-a"}},
		"by value":                     {HeaderList{{"Content-Type", "application/json"}, {"Accept", long + "a"}}, []string{"accept", "content-type"}},
		"1024 bytes are the limit":     {eight, nil},
		"one more makes all unsafe":    {append(slices.Clone(eight), Header{"Accept-Language", "d"}), []string{"accept", "accept-language"}},
		"unsafe values count for none": {append(slices.Clone(eight), Header{"X-A", long}), []string{"x-a"}},
	} {
		if got := CORSUnsafeRequestHeaderNames(c.list); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q; want %q", name, got, c.want)
		}
	}
}

// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
func TestNoCORSSafelistedRequestHeader(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"Accept", "text/html", true},
		{"Content-Type", "text/plain", true},
		{"Content-Type", "application/json", false},
		{"Accept-Language", "de", true},
		{"Content-Language", "de", true},
		{"Range", "bytes=0-", false},
		{"X-A", "1", false},
	} {
		if got := IsNoCORSSafelistedRequestHeader(c.name, c.value); got != c.want {
			t.Errorf("%s: %q safelisted for no-cors: %v", c.name, c.value, got)
		}
	}
}

// https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
func TestCORSNonWildcardRequestHeaderName(t *testing.T) {
	for name, want := range map[string]bool{"Authorization": true, "aUTHORIZATION": true, "X-Authorization": false, "Cookie": false} {
		if got := IsCORSNonWildcardRequestHeaderName(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
func TestCORSSafelistedResponseHeaderName(t *testing.T) {
	exposed := []string{"x-total", "Set-Cookie", "set-cookie2"}
	for name, want := range map[string]bool{
		"Cache-Control": true, "content-language": true, "Content-Length": true, "CONTENT-TYPE": true, "Expires": true,
		"Last-Modified": true, "Pragma": true, "X-Total": true,
		"ETag": false, "Location": false, "Date": false, "X-Other": false, "Set-Cookie": false, "Set-Cookie2": false,
	} {
		if got := IsCORSSafelistedResponseHeaderName(name, exposed); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzSafelistedContentType(f *testing.F) {
	for _, seed := range []string{"text/plain", "text/plain;charset=utf-8", "application/json", "multipart/form-data; boundary=x", " text/plain", "text/plain,x/x", "text/plain\x00", "TEXT/PLAIN\t;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if !IsCORSSafelistedRequestHeader("content-type", value) {
			return
		}
		if len(value) > 128 || !IsCORSSafelistedRequestHeader("accept", value) {
			t.Errorf("%q is safelisted for content-type and not for accept", value)
		}
		essence, _, _ := strings.Cut(strings.ToLower(value), ";")
		switch strings.Trim(essence, "\t ") {
		case "text/plain", "multipart/form-data", "application/x-www-form-urlencoded":
		default:
			t.Errorf("%q is safelisted with the essence %q", value, essence)
		}
	})
}
