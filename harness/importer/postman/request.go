package postman

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/internal/located"
	"github.com/corsproof/corsproof/harness/probe"
)

// withoutBody are the methods with which Postman sends no body unless told to.
var withoutBody = []string{"GET", "HEAD", "COPY", "PURGE", "UNLOCK"}

// behavior is protocolProfileBehavior, as far as it changes a request.
type behavior struct {
	DisableBodyPruning bool
	FollowRedirects    *bool
	StrictSSL          *bool
}

// draft is one request while it is read.
type draft struct {
	resolver
	tool     importer.ToolRequest
	form     *probe.Body
	warnings []string
}

// item reads one request.
func (r *reader) item(item located.Value, fields located.Object, s scope) {
	request := fields["request"]
	if request.IsNull() {
		return
	}
	d := &draft{resolver: resolver{reader: r, scope: s, request: strings.Join(s.names, " / "), at: item}}
	before := len(r.problems)
	var b behavior
	d.decode(fields["protocolProfileBehavior"], &b)
	d.tool.FollowRedirects = b.FollowRedirects == nil || *b.FollowRedirects
	d.tool.Insecure = b.StrictSSL != nil && !*b.StrictSSL
	if request.IsObject() {
		d.object(request.Object(), b)
	} else {
		d.tool.Method = "GET"
		d.tool.URL = d.url(request)
		d.authenticate()
	}
	if err := importer.CheckURL(d.tool.URL); err != nil && !d.missed && len(r.problems) == before {
		r.problem(item, fmt.Sprintf("%s: %v", d.request, err), "")
	}
	if d.missed || len(r.problems) > before {
		return
	}
	out := importer.Translate(d.tool, d.form)
	out.Name, out.Pos = d.request, r.doc.Pos(item.At)
	out.Warnings = append(d.allWarnings(), out.Warnings...)
	r.list = append(r.list, out)
}

func (d *draft) warn(format string, args ...any) {
	d.warnings = append(d.warnings, fmt.Sprintf(format, args...))
}

func (d *draft) allWarnings() []string {
	if len(d.scope.scripts) == 0 {
		return d.warnings
	}
	return append([]string{"not run: " + strings.Join(d.scope.scripts, ", ")}, d.warnings...)
}

// object reads a request that is more than a URL.
func (d *draft) object(request located.Object, b behavior) {
	d.scope = d.scope.enter(d.reader, request, "this request")
	var method text
	d.decode(request["method"], &method)
	d.tool.Method = d.resolve(string(method))
	if method == "" {
		d.tool.Method = "GET"
	} else if !fetch.IsMethod(d.tool.Method) && !d.missed {
		d.problem(request["method"], fmt.Sprintf("%q is no HTTP method", d.tool.Method), "")
	}
	d.tool.URL = d.url(request["url"])
	d.headers(request["header"])
	headers := slices.Clone(d.tool.Headers)
	d.body(request["body"])
	if d.tool.Body != nil && slices.Contains(withoutBody, d.tool.Method) && !b.DisableBodyPruning {
		d.warn("Postman sends no body with %s: left out", d.tool.Method)
		d.tool.Body, d.form, d.tool.Headers = nil, nil, headers
	}
	d.authenticate()
}

// headers reads a list of headers, or their lines as one text.
func (d *draft) headers(v located.Value) {
	if v.IsArray() {
		for _, element := range v.Elements() {
			var p pair
			if d.decode(element, &p) && !p.off() && p.Key != "" {
				d.add(d.resolve(string(p.Key)), d.resolve(p.value()))
			}
		}
		return
	}
	var lines text
	d.decode(v, &lines)
	for line := range strings.SplitSeq(string(lines), "\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			d.add(d.resolve(name), d.resolve(value))
		}
	}
}

func (d *draft) add(name, value string) {
	name = strings.TrimSpace(name)
	d.tool.Headers = append(d.tool.Headers, fetch.Header{Name: name, Value: fetch.NormalizeHeaderValue(value)})
}

// replace sets a header, whatever the request says itself.
func (d *draft) replace(name, value string) {
	d.tool.Headers = slices.DeleteFunc(d.tool.Headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, name) })
	d.add(name, value)
}
