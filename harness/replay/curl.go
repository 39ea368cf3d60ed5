package replay

import (
	"strings"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Command is the curl command that sends r, ready to paste into a POSIX shell.
func Command(r probe.Request, jar []probe.Cookie) string {
	url, _, _ := strings.Cut(r.URL, "#")
	args := []string{"curl", "-i"}
	if strings.ContainsAny(url, "[]{}") {
		args = append(args, "-g")
	}
	if r.Redirect == "" || r.Redirect == fetch.Follow {
		args = append(args, "-L")
	}
	if m := method(r); m != "GET" || bodyOf(r) != nil {
		args = append(args, "-X", quote(m))
	}
	if r.User != "" || r.Password != "" {
		args = append(args, "-u", quote(r.User+":"+r.Password))
	}
	for _, h := range r.Headers {
		args = append(args, "-H", quote(headerArg(h)))
	}
	if cookies := cookieHeader(r, jar); cookies != "" {
		args = append(args, "-H", quote("Cookie: "+cookies))
	}
	args = append(args, bodyArgs(r)...)
	return strings.Join(append(args, quote(url)), " ")
}

// headerArg is a header as -H takes it: an empty value needs a semicolon, or curl drops the header.
func headerArg(h fetch.Header) string {
	if h.Value == "" {
		return h.Name + ";"
	}
	return h.Name + ": " + h.Value
}

func bodyArgs(r probe.Request) []string {
	b := bodyOf(r)
	if b == nil {
		return nil
	}
	if b.Multipart != nil {
		var args []string
		for _, f := range b.Multipart {
			args = append(args, "--form-string", quote(f.Name+"="+f.Value))
		}
		return args
	}
	body, contentType, err := Encode(b)
	if err != nil {
		return nil
	}
	var args []string
	if !r.Headers.Has("Content-Type") { // an empty one keeps curl from putting in its own
		args = append(args, "-H", quote(strings.TrimSpace("Content-Type: "+contentType)))
	}
	return append(args, "--data-raw", quote(string(body)))
}

// quote quotes for a POSIX shell: single quotes where they do, $'…' (bash, zsh, POSIX 2024) for what is no printable text.
func quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,") == "" {
		return s
	}
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool { return c < 0x20 && c != '\n' || c == 0x7f }) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c >= 0x7f:
			b.WriteString(`\x`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}
