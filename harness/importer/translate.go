package importer

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Translate is what a page makes of what a tool sends. form is t.Body as
// URLSearchParams or FormData, or nil for a body that script hands over as
// text or bytes. Name, Pos and further Warnings are the caller's to set.
//
// Cookies make the page ask with credentials: "include". User and password are
// an Authorization header, as script sends them: that takes a preflight, and no credentials mode.
func Translate(t ToolRequest, form *probe.Body) Imported {
	out := Imported{}
	t, out.Impossible = withoutUserinfo(t)
	out.Name, out.Tool, out.From = t.name(), t, fromOf(t.Headers)
	out.Request = probe.Request{Method: t.Method, URL: t.URL, Body: pageBody(t, form)}
	out.Impossible = append(out.Impossible, impossibleMethod(t)...)
	out.translateHeaders(form != nil)
	out.translateCookies()
	if t.Method == "OPTIONS" && t.Headers.Has("Access-Control-Request-Method") {
		out.warn("this is a preflight, which the browser sends by itself: import the request that it asks for")
	}
	if t.Insecure {
		out.warn("the tool does not check certificates; a browser always does, and script cannot tell it not to")
	}
	return out
}

func (i *Imported) warn(format string, args ...any) {
	i.Warnings = append(i.Warnings, fmt.Sprintf(format, args...))
}

// translateHeaders sorts the tool's headers into those that script sets, those
// that the browser sends by itself, and those that a page cannot send. The
// browser names the type of a form of its own.
func (i *Imported) translateHeaders(form bool) {
	browser := madeByBrowser(i.Tool.Headers)
	var left []string
	for _, h := range i.Tool.Headers {
		switch impossible := impossibleHeader(h); {
		case form && strings.EqualFold(h.Name, "Content-Type"):
		case browser && addedByBrowser(h, i.Tool.URL):
			left = append(left, strings.ToLower(h.Name))
		case impossible != nil:
			i.Impossible = append(i.Impossible, *impossible)
			if !fetch.IsForbiddenRequestHeader(h.Name, h.Value) {
				i.Request.Headers = append(i.Request.Headers, h) // fetch() throws, and that is the answer
			}
		default:
			i.Request.Headers = append(i.Request.Headers, h)
			i.warnLatin1(h)
		}
	}
	if left != nil {
		i.warn("copied out of a browser; left to the browser, which sends them by itself: %s", strings.Join(left, ", "))
	}
}

// warnLatin1 says where the same text is other bytes on the wire: script's strings become
// one byte a character. https://fetch.spec.whatwg.org/#concept-header-value, https://webidl.spec.whatwg.org/#es-ByteString
func (i *Imported) warnLatin1(h fetch.Header) {
	if strings.ContainsFunc(h.Value, func(r rune) bool { return r >= utf8.RuneSelf }) {
		i.warn("the header %s is not ASCII: the tool sends it in UTF-8, a page in Latin-1", h.Name)
	}
}

func (i *Imported) translateCookies() {
	if !i.Tool.Headers.Has("Cookie") {
		return
	}
	var rest []string
	i.Cookies, rest = cookiesOf(i.Tool.Headers, i.Tool.URL)
	if len(rest) > 0 { // it is not quoted: all of it may be a secret
		i.warn("a part of the Cookie header is no name=value: left out")
	}
	if len(i.Cookies) == 0 {
		return
	}
	i.Request.Credentials = fetch.Include
	if !i.Cookies[0].Secure {
		i.warn("over http these cookies are imported without SameSite=None: the browser sends them only from pages of the same site")
	}
}

// pageBody is the body as script hands it over. Text comes with a Content-Type
// of its own where no header says another, bytes with none.
func pageBody(t ToolRequest, form *probe.Body) *probe.Body {
	switch {
	case t.Body == nil:
		return nil
	case form != nil:
		return form
	case utf8.Valid(t.Body) && t.Headers.Has("Content-Type"):
		return &probe.Body{Text: string(t.Body)}
	default:
		return &probe.Body{Bytes: t.Body}
	}
}

// fromOf is the origin of the page that sent a request, or "".
func fromOf(list fetch.HeaderList) string {
	for _, value := range list.Values("Origin") {
		if o, err := fetch.ParseOrigin(value); err == nil {
			return o.String()
		}
	}
	for _, value := range list.Values("Referer") {
		if o, err := fetch.OriginOf(value); err == nil && !o.IsOpaque() {
			return o.String()
		}
	}
	return ""
}
