package har

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/probe"
)

// body gives a tool the request's body, and returns it as a form where the HAR has only fields.
func (e entry) body(tool *importer.ToolRequest) (form *probe.Body, warnings []string, err error) {
	p := e.Request.PostData
	if p == nil {
		if e.Request.BodySize > 0 {
			warnings = append(warnings, "the HAR does not have the request's body: it goes without")
		}
		return nil, warnings, nil
	}
	mime := p.MimeType
	isForm := strings.HasPrefix(strings.ToLower(mime), "multipart/form-data")
	switch {
	case p.Text == "" && len(p.Params) > 0 && isForm:
		tool.Body, mime, form = importer.Multipart(p.parts())
		tool.Headers = withoutType(tool.Headers) // its boundary was another
	case p.Text == "" && len(p.Params) > 0:
		form, tool.Body = p.urlEncoded()
	case p.Encoding == "base64":
		if tool.Body, err = base64.StdEncoding.DecodeString(p.Text); err != nil {
			return nil, nil, errors.New("the request's body says that it is base64, and is not")
		}
	default:
		tool.Body = []byte(p.Text)
	}
	if isForm && strings.Contains(p.Text, "filename=") {
		warnings = append(warnings, "DevTools may leave the contents of files out of a HAR")
	}
	if mime != "" && !tool.Headers.Has("Content-Type") {
		tool.Headers = append(tool.Headers, fetch.Header{Name: "Content-Type", Value: fetch.NormalizeHeaderValue(mime)})
	}
	return form, warnings, nil
}

func withoutType(list fetch.HeaderList) fetch.HeaderList {
	var rest fetch.HeaderList
	for _, h := range list {
		if !strings.EqualFold(h.Name, "Content-Type") {
			rest = append(rest, h)
		}
	}
	return rest
}

func (p postData) parts() []importer.Part {
	parts := []importer.Part{}
	for _, param := range p.Params {
		if param != nil {
			parts = append(parts, importer.Part{
				Name: param.Name, Content: []byte(param.Value),
				File: param.FileName != "", FileName: param.FileName, Type: param.ContentType,
			})
		}
	}
	return parts
}

func (p postData) urlEncoded() (*probe.Body, []byte) {
	fields := []probe.Field{}
	var parts []string
	for _, param := range p.Params {
		if param != nil {
			fields = append(fields, probe.Field{Name: param.Name, Value: param.Value})
			parts = append(parts, url.QueryEscape(param.Name)+"="+url.QueryEscape(param.Value))
		}
	}
	return &probe.Body{Form: fields}, []byte(strings.Join(parts, "&"))
}
