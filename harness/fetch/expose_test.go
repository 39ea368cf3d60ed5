package fetch

import (
	"slices"
	"testing"
)

// https://fetch.spec.whatwg.org/#concept-filtered-response; as
// web-platform-tests fetch/api/cors/cors-expose-star.sub.any.js and cors-filtering.sub.any.js have it
func TestExposed(t *testing.T) {
	const expose = "Access-Control-Expose-Headers: "
	all := lines("Content-Type: text/plain", "X-B: 2", "Set-Cookie: s", "x-a: 1", "X-B: 3", "Set-Cookie2: t", "*: whoa")
	with := func(more ...string) HeaderList { return append(slices.Clone(all), lines(more...)...) }
	safe := lines("content-type: text/plain")
	for name, c := range map[string]struct {
		include bool
		headers HeaderList
		typ     ResponseType
		want    HeaderList
	}{
		"basic shows all but Set-Cookie": {true, all, Basic, lines("*: whoa", "content-type: text/plain", "x-a: 1", "x-b: 2, 3")},
		"basic needs no expose":          {false, with(expose + "x-a"), Basic, lines("*: whoa", "access-control-expose-headers: x-a", "content-type: text/plain", "x-a: 1", "x-b: 2, 3")},
		"cors shows the safelisted":      {false, all, CORSResponse, safe},
		"cors shows the listed":          {false, with(expose + "X-A,x-b"), CORSResponse, lines("content-type: text/plain", "x-a: 1", "x-b: 2, 3")},
		"two lines of expose":            {false, with(expose+"x-a", expose+"x-b"), CORSResponse, lines("content-type: text/plain", "x-a: 1", "x-b: 2, 3")},
		"listed and not there":           {false, with(expose + "x-c"), CORSResponse, safe},
		"Set-Cookie is never shown":      {false, with(expose + "set-cookie, set-cookie2"), CORSResponse, safe},
		"star":                           {false, with(expose + "*"), CORSResponse, lines("*: whoa", "access-control-expose-headers: *", "content-type: text/plain", "x-a: 1", "x-b: 2, 3")},
		"star among others":              {false, with(expose+"*", expose+"set-cookie"), CORSResponse, lines("*: whoa", "access-control-expose-headers: *, set-cookie", "content-type: text/plain", "x-a: 1", "x-b: 2, 3")},
		"star with include is a name":    {true, with(expose + "*"), CORSResponse, lines("*: whoa", "content-type: text/plain")},
		"listed with include":            {true, with(expose + "*, x-a"), CORSResponse, lines("*: whoa", "content-type: text/plain", "x-a: 1")},
		"malformed":                      {false, with(expose + "x-a; x-b"), CORSResponse, safe},
		"one line malformed":             {false, with(expose+"x-a", expose+"x b"), CORSResponse, safe},
		"malformed with a star":          {false, with(expose + "*, x b"), CORSResponse, safe},
		"quoted":                         {false, with(expose + `"x-a"`), CORSResponse, safe},
		"empty":                          {false, with(expose), CORSResponse, safe},
		"all that is safelisted": {
			false, lines("Pragma: p", "Cache-Control: c", "Expires: e", "Content-Language: l", "Content-Length: 5", "Last-Modified: m", "Content-Type: t", "ETag: x"), CORSResponse,
			lines("cache-control: c", "content-language: l", "content-length: 5", "content-type: t", "expires: e", "last-modified: m", "pragma: p"),
		},
		"opaque":         {false, with(expose + "*"), Opaque, nil},
		"opaqueredirect": {false, all, OpaqueRedirect, nil},
		"error":          {false, all, ErrorResponse, nil},
	} {
		if got := Exposed(c.include, c.headers, c.typ); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q; want %q", name, got, c.want)
		}
	}
	if got, _ := all.Get("x-b"); got != "2, 3" || all[1].Name != "X-B" {
		t.Error("Exposed changed the list that it was given")
	}
}
