package curl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/probe"
)

// transfer is what the options up to --next say.
type transfer struct {
	*scanner
	method     string
	get, head  bool
	body       []byte // nil for no -d
	jsonBody   bool
	parts      []importer.Part
	upload     *word
	headers    fetch.HeaderList
	removed    []string // headers that -H 'Name:' removes
	cookies    []string
	user       *string
	bearer     *string
	userAgent  *string
	referer    string
	byteRange  string
	query      []string // of --url-query
	urls       []word
	globoff    bool
	insecure   bool
	location   bool
	compressed bool
	noBasic    bool
	warnings   []string
}

func (t *transfer) warn(format string, args ...any) {
	t.warnings = append(t.warnings, fmt.Sprintf(format, args...))
}

// leave leaves an option out, and says so.
func (t *transfer) leave(name, why string) {
	t.warn("--%s is left out: %s", name, why)
	t.noBasic = t.noBasic || slices.Contains(strings.Fields(authentication), name)
}

// request is what curl sends to one URL.
func (t *transfer) request(u word) (importer.Imported, bool) {
	before := len(t.problems)
	t.conflicts(u)
	tool := importer.ToolRequest{
		URL: t.address(u), FollowRedirects: t.location, Insecure: t.insecure, Compressed: t.compressed, Without: slices.Clone(t.removed),
	}
	var form *probe.Body
	var contentType string
	tool.Body, contentType, form = t.content(&tool.URL)
	tool.Method = t.verb()
	t.allHeaders(&tool, contentType)
	if len(t.problems) > before {
		return importer.Imported{}, false
	}
	out := importer.Translate(tool, form)
	out.Warnings = append(slices.Clone(t.warnings), out.Warnings...)
	if form != nil && t.headers.Has("Content-Type") {
		out.Warnings = append(out.Warnings, "Content-Type is left to the page's FormData: script that sets it itself loses the boundary")
	}
	return out, true
}

// conflicts are the combinations that curl refuses.
func (t *transfer) conflicts(u word) {
	var chosen []string
	for _, c := range []struct {
		is   bool
		name string
	}{{t.body != nil && !t.get, "-d"}, {t.parts != nil, "-F"}, {t.upload != nil, "-T"}, {t.head && !t.get, "-I"}, {t.get && t.body == nil && t.parts != nil, "-G"}} {
		if c.is {
			chosen = append(chosen, c.name)
		}
	}
	if len(chosen) > 1 {
		t.problem(u, "curl refuses "+strings.Join(chosen, " with "), "leave out all but one; -X sets the method, -G puts -d into the URL")
	}
}

// verb is the request's method.
func (t *transfer) verb() string {
	switch {
	case t.method != "":
		return t.method
	case t.head:
		return "HEAD"
	case t.get:
		return "GET"
	case t.body != nil, t.parts != nil:
		return "POST"
	case t.upload != nil:
		return "PUT"
	}
	return "GET"
}

// content is the body, the Content-Type that curl gives it, and the body as a form of a page.
// -T adds the file's name to a URL that ends in a folder.
func (t *transfer) content(url *string) (body []byte, contentType string, form *probe.Body) {
	switch {
	case t.parts != nil:
		body, contentType, form = importer.Multipart(t.parts)
		own, ok := t.headers.Get("Content-Type")
		if ok && !strings.HasPrefix(strings.ToLower(own), "multipart/form-data") {
			form = nil // a page has to send bytes under a name of its own
		}
		if ok {
			t.boundary(contentType)
		}
	case t.upload != nil:
		body = t.uploaded(url)
	case t.body != nil && !t.get:
		body, contentType = t.body, "application/x-www-form-urlencoded"
	}
	if t.jsonBody {
		contentType = "application/json"
	}
	return body, contentType, form
}

// boundary completes a Content-Type that -H gives to a multipart form, as curl does.
func (t *transfer) boundary(contentType string) {
	_, parameter, _ := strings.Cut(contentType, ";")
	headers := slices.Clone(t.headers)
	for i, h := range headers {
		if strings.EqualFold(h.Name, "Content-Type") && !strings.HasSuffix(h.Value, parameter) {
			headers[i].Value += ";" + parameter
		}
	}
	t.headers = headers
}
