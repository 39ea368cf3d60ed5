package postman

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/internal/located"
	"github.com/corsproof/corsproof/harness/probe"
)

// content is a body.
type content struct {
	Mode     text
	Disabled bool
	Raw      text
	Options  struct {
		Raw struct{ Language text }
	}
	GraphQL struct {
		Query, OperationName text
		Variables            json.RawMessage // a text of JSON, or JSON
	}
	File struct {
		Src     *text
		Content text
	}
}

// languages are the MIME types of raw bodies, which are text where nothing is said.
var languages = map[text]string{
	"": "text/plain", "json": "application/json", "xml": "application/xml", "html": "text/html", "javascript": "application/javascript", "text": "text/plain",
}

// body reads the request's body, and the Content-Type that it brings.
func (d *draft) body(v located.Value) {
	var c content
	if !d.decode(v, &c) || c.Disabled {
		return
	}
	fields := v.Object()
	switch c.Mode {
	case "", "none":
	case "raw":
		if c.Raw != "" {
			d.tool.Body = []byte(d.resolve(string(c.Raw)))
			d.contentType(languages[c.Options.Raw.Language])
		}
	case "urlencoded":
		d.urlEncoded(fields["urlencoded"])
	case "formdata":
		d.multipart(fields["formdata"])
	case "file":
		d.file(v, c)
	case "graphql":
		d.graphQL(fields["graphql"], c)
	default:
		d.problem(v, fmt.Sprintf("a body of the mode %q is not imported", c.Mode), "")
	}
}

// contentType names the body's type, unless a header does.
func (d *draft) contentType(mime string) {
	if mime != "" && !d.tool.Headers.Has("Content-Type") {
		d.add("Content-Type", mime)
	}
}

// pairs are the fields of a form that are not turned off, their variables resolved.
func (d *draft) pairs(v located.Value) []pair {
	var list []pair
	for _, element := range v.Elements() {
		var p pair
		if !d.decode(element, &p) || p.off() {
			continue
		}
		p.Key = text(d.resolve(p.name()))
		value := text(d.resolve(p.value()))
		p.Value = &value
		list = append(list, p)
	}
	return list
}

func (d *draft) urlEncoded(v located.Value) {
	const mime = "application/x-www-form-urlencoded"
	if !v.IsArray() {
		var raw text
		d.decode(v, &raw)
		d.tool.Body = []byte(d.resolve(string(raw)))
		d.contentType(mime)
		return
	}
	form := []probe.Field{}
	var parts []string
	for _, p := range d.pairs(v) {
		form = append(form, probe.Field{Name: p.name(), Value: p.value()})
		parts = append(parts, component(p.name())+"="+component(p.value()))
	}
	d.tool.Body = []byte(strings.Join(parts, "&"))
	own, ok := d.tool.Headers.Get("Content-Type")
	if !ok || strings.HasPrefix(strings.ToLower(own), mime) {
		d.form = &probe.Body{Form: form}
	}
	d.contentType(mime)
}

// component is JavaScript's encodeURIComponent, nearly.
func component(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func (d *draft) multipart(v located.Value) {
	parts := []importer.Part{}
	for _, p := range d.pairs(v) {
		part := importer.Part{Name: p.name(), Type: d.resolve(string(p.ContentType)), Content: []byte(p.value())}
		if p.Type != "file" {
			parts = append(parts, part)
			continue
		}
		sources := p.sources()
		if len(sources) == 0 {
			d.warn("no file is chosen for the field %s: left out", p.name())
		}
		for _, src := range sources {
			parts = append(parts, d.upload(v, part, p, d.resolve(src)))
		}
	}
	var mime string
	d.tool.Body, mime, d.form = importer.Multipart(parts)
	own, ok := d.tool.Headers.Get("Content-Type")
	switch {
	case !ok:
	case strings.HasPrefix(strings.ToLower(own), "multipart/form-data"): // Postman knows the boundary, who wrote this did not
		d.tool.Headers = slices.DeleteFunc(d.tool.Headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, "Content-Type") })
	default:
		d.form = nil
	}
	d.contentType(mime)
}

// upload is the part of a form that holds a file.
func (d *draft) upload(v located.Value, part importer.Part, p pair, src string) importer.Part {
	part.File, part.FileName = true, path.Base(strings.ReplaceAll(src, `\`, "/"))
	if p.FileName != nil && *p.FileName != "" {
		part.FileName = d.resolve(string(*p.FileName))
	}
	if part.Type == "" {
		part.Type = "application/octet-stream"
	}
	part.Content = d.read(v, src)
	return part
}

// file is a body that is a file's content.
func (d *draft) file(v located.Value, c content) {
	switch {
	case c.File.Src != nil && *c.File.Src != "":
		d.tool.Body = d.read(v, d.resolve(string(*c.File.Src)))
		d.contentType("application/octet-stream")
	case c.File.Content != "":
		d.tool.Body = []byte(d.resolve(string(c.File.Content)))
	default:
		d.warn("no file is chosen for the body: left out")
	}
}

func (d *draft) read(v located.Value, name string) []byte {
	const hint = "put the file where corsproof runs, and its path into the collection"
	if d.cfg.ReadFile == nil {
		d.problem(v, fmt.Sprintf("the file %s cannot be read here", name), hint)
		return nil
	}
	data, err := d.cfg.ReadFile(name)
	if err != nil {
		d.problem(v, fmt.Sprintf("the file %s cannot be read: %v", name, err), hint)
	}
	return data
}

// graphQL is a body of a query and its variables. https://graphql.org/learn/serving-over-http/
func (d *draft) graphQL(v located.Value, c content) {
	variables := []byte(c.GraphQL.Variables)
	var inner text
	if len(variables) > 0 && variables[0] == '"' && inner.UnmarshalJSON(variables) == nil {
		variables = []byte(inner)
	}
	variables = []byte(d.resolve(string(variables)))
	if len(strings.TrimSpace(string(variables))) == 0 || string(variables) == "null" {
		variables = []byte("{}")
	}
	var data bytes.Buffer
	plain := json.NewEncoder(&data)
	plain.SetEscapeHTML(false)
	if err := plain.Encode(struct {
		Query         string          `json:"query"`
		OperationName string          `json:"operationName,omitempty"`
		Variables     json.RawMessage `json:"variables"`
	}{d.resolve(string(c.GraphQL.Query)), d.resolve(string(c.GraphQL.OperationName)), variables}); err != nil {
		if !d.missed {
			d.problem(v, "the variables of the GraphQL query are no JSON", "correct them in Postman")
		}
		return
	}
	d.tool.Body = bytes.TrimSuffix(data.Bytes(), []byte("\n"))
	d.contentType("application/json")
}
