package importer

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// FromURL is a GET of a URL, as a person types it into a tool that follows no
// redirects. The URL must be absolute. The error is a [*Problem].
func FromURL(raw string) (Imported, error) {
	trimmed := strings.TrimSpace(raw)
	if err := CheckURL(trimmed); err != nil {
		hint := ""
		if !strings.Contains(trimmed, "://") {
			hint = "write https:// or http:// before the host"
		}
		return Imported{}, NewText("", trimmed).Problem(0, len(trimmed), err.Error(), hint)
	}
	out := Translate(ToolRequest{Method: "GET", URL: withoutFragment(trimmed)}, nil)
	out.Pos = Pos{1, 1}
	return out, nil
}

// CheckURL reports what keeps tools and browsers from sending a request to a URL.
func CheckURL(raw string) error {
	if i := strings.IndexFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7F }); i >= 0 {
		return fmt.Errorf("a URL has no %s: write it as %%%02X", blankName(raw[i]), raw[i])
	}
	switch origin, err := fetch.OriginOf(raw); {
	case raw == "":
		return errors.New("the URL is empty")
	case err != nil:
		return err
	case origin.IsOpaque():
		return fmt.Errorf("URL %q is neither http nor https", raw)
	}
	return nil
}

func blankName(c byte) string {
	if c == ' ' {
		return "spaces"
	}
	return "control characters"
}

func withoutFragment(raw string) string {
	raw, _, _ = strings.Cut(raw, "#")
	return raw
}

// withoutUserinfo takes user and password out of the URL, where tools make
// Basic authentication of them and fetch() throws.
// https://fetch.spec.whatwg.org/#dom-request
func withoutUserinfo(t ToolRequest) (ToolRequest, []Impossible) {
	scheme, rest, _ := strings.Cut(t.URL, "://")
	userinfo, _, found := cutLast(hostOf(t.URL), "@")
	if !found {
		return t, nil
	}
	t.URL = scheme + "://" + rest[len(userinfo)+1:]
	impossible := []Impossible{{
		Value: "user and password in the URL", Why: "fetch() throws a TypeError for such a URL",
		Instead: "send them in an Authorization header",
	}}
	user, password, _ := strings.Cut(userinfo, ":")
	if t.Basic == nil && !t.Headers.Has("Authorization") && userinfo != "" && userinfo != ":" {
		t.Basic = &Basic{User: unescape(user), Password: unescape(password)}
		t.Headers = append(fetch.HeaderList{{Name: "Authorization", Value: t.Basic.Header()}}, t.Headers...)
	}
	return t, impossible
}

func unescape(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// cutLast is strings.Cut at the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
