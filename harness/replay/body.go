package replay

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// bodyOf is the body that goes over the wire: XMLHttpRequest drops that of GET and HEAD without a word.
// https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send
func bodyOf(r probe.Request) *probe.Body {
	if m := method(r); r.Client == probe.XHR && (m == "GET" || m == "HEAD") {
		return nil
	}
	return r.Body
}

// Encode is a body as it goes over the wire, and the Content-Type that comes
// with it ("" for none), as extracting a body gives them.
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
func Encode(b *probe.Body) (body []byte, contentType string, err error) {
	switch {
	case b == nil:
		return nil, "", nil
	case b.Multipart != nil:
		return multipartBody(b.Multipart)
	case b.Bytes != nil:
		return b.Bytes, b.Type(), nil
	case b.Form != nil:
		return []byte(form(b.Form)), b.Type(), nil
	}
	return []byte(b.Text), b.Type(), nil
}

func form(fields []probe.Field) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = url.QueryEscape(f.Name) + "=" + url.QueryEscape(f.Value)
	}
	return strings.Join(parts, "&")
}

func multipartBody(fields []probe.Field) ([]byte, string, error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, f := range fields {
		if err := w.WriteField(f.Name, f.Value); err != nil {
			return nil, "", fmt.Errorf("encode the form field %q: %w", f.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", fmt.Errorf("encode the form: %w", err)
	}
	return buf.Bytes(), w.FormDataContentType(), nil
}
