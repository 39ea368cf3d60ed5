package har

import (
	"strings"

	"github.com/chromedp/cdproto/har"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/probe"
)

// entry is one request and its answer, as far as that matters here. Numbers
// are left out, since exporters differ in how they write them.
type entry struct {
	ResourceType string `json:"_resourceType"` // Chromium's
	Request      request
	Response     struct {
		RedirectURL string
		Content     struct{ MimeType string }
	}
}

type request struct {
	Method, URL string
	Headers     []har.NameValuePair
	Cookies     []cookie
	PostData    *postData
	BodySize    float64
}

// cookie is HAR's, and what Chromium adds.
type cookie struct {
	har.Cookie
	SameSite string
}

// postData is HAR's, and what some exporters add: "base64" where the text is.
type postData struct {
	har.PostData
	Encoding string
}

// header is the first value of a header of the request.
func (e entry) header(name string) string {
	for _, h := range e.Request.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// imported is what the browser sent, and what a page can send.
func (e entry) imported() (importer.Imported, error) {
	tool := importer.ToolRequest{Method: e.Request.Method, FollowRedirects: true}
	tool.URL, _, _ = strings.Cut(e.Request.URL, "#")
	for _, h := range e.Request.Headers {
		if !strings.HasPrefix(h.Name, ":") { // HTTP/2's own
			tool.Headers = append(tool.Headers, fetch.Header{Name: h.Name, Value: fetch.NormalizeHeaderValue(h.Value)})
		}
	}
	if line := e.cookieLine(); line != "" && !tool.Headers.Has("Cookie") {
		tool.Headers = append(tool.Headers, fetch.Header{Name: "Cookie", Value: line})
	}
	form, warnings, err := e.body(&tool)
	if err != nil {
		return importer.Imported{}, err
	}
	out := importer.Translate(tool, form)
	out.Warnings = append(warnings, out.Warnings...)
	for i := range out.Cookies {
		e.detail(&out.Cookies[i])
	}
	return out, nil
}

// cookieLine is a Cookie header made of the list of cookies.
func (e entry) cookieLine() string {
	var parts []string
	for _, c := range e.Request.Cookies {
		parts = append(parts, c.Name+"="+c.Value)
	}
	return strings.Join(parts, "; ")
}

// sameSite are the policies as exporters write them.
var sameSite = map[string]string{"strict": "Strict", "lax": "Lax", "none": "None"}

// detail gives a cookie the attributes that the HAR knows.
func (e entry) detail(c *probe.Cookie) {
	for _, known := range e.Request.Cookies {
		if known.Name != c.Name {
			continue
		}
		c.HTTPOnly, c.Path = known.HTTPOnly, known.Path
		if strings.HasPrefix(known.Domain, ".") {
			c.Domain = known.Domain
		}
		if policy, ok := sameSite[strings.ToLower(known.SameSite)]; ok && (policy != "None" || known.Secure) {
			c.SameSite, c.Secure = policy, known.Secure
		}
		return
	}
}
