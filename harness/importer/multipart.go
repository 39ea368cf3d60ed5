package importer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/probe"
)

// Part is one part of a multipart/form-data body.
type Part struct {
	Name string
	File bool // there is a FileName, even an empty one
	// FileName and Type are what the part's head says; Type is "" for no Content-Type.
	FileName, Type string
	Content        []byte
}

// Multipart encodes parts. The boundary depends on them alone, so that equal
// forms are equal bytes. form is the body as FormData, or nil where a part is
// no plain text, which FormData of texts cannot express.
// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
func Multipart(parts []Part) (body []byte, contentType string, form *probe.Body) {
	boundary := boundaryOf(parts)
	var b bytes.Buffer
	fields := make([]probe.Field, 0, len(parts))
	for _, p := range parts {
		b.WriteString("--" + boundary + "\r\n" + p.head() + "\r\n")
		b.Write(p.Content)
		b.WriteString("\r\n")
		if !p.File && p.Type == "" && utf8.Valid(p.Content) && utf8.ValidString(p.Name) {
			fields = append(fields, probe.Field{Name: p.Name, Value: string(p.Content)})
		}
	}
	b.WriteString("--" + boundary + "--\r\n")
	if len(fields) == len(parts) {
		form = &probe.Body{Multipart: fields}
	}
	return b.Bytes(), "multipart/form-data; boundary=" + boundary, form
}

// boundaryOf is a boundary that occurs in no part, unless somebody finds a collision of SHA-256.
func boundaryOf(parts []Part) string {
	hash := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(hash, "%q %t %q %q %q\n", p.Name, p.File, p.FileName, p.Type, p.Content)
	}
	return "corsproof-" + hex.EncodeToString(hash.Sum(nil)[:16])
}

var partNames = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

// head are the lines of a part's head, with names written as browsers and curl since 7.81 write them.
func (p Part) head() string {
	head := `Content-Disposition: form-data; name="` + partNames.Replace(p.Name) + `"`
	if p.File {
		head += `; filename="` + partNames.Replace(p.FileName) + `"`
	}
	head += "\r\n"
	if p.Type != "" {
		head += "Content-Type: " + p.Type + "\r\n"
	}
	return head
}
