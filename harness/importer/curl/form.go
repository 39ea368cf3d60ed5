package curl

import (
	"path"
	"strings"

	"github.com/corsproof/corsproof/harness/importer"
)

// formString is --form-string: a name and a value as it is.
func (t *transfer) formString(w word) {
	name, value, ok := strings.Cut(w.text, "=")
	if !ok || name == "" {
		t.problem(w, "a form's field is name=value", "write --form-string 'name=value'")
		return
	}
	t.parts = append(t.parts, importer.Part{Name: name, Content: []byte(value)})
}

// form is -F: name=value, name=@file or name=<file, each with ;type= and ;filename=.
func (t *transfer) form(w word) {
	name, rest, ok := strings.Cut(w.text, "=")
	if !ok || name == "" {
		t.problem(w, "a form's field is name=value", "write -F 'name=value' or -F 'name=@FILE'")
		return
	}
	part := importer.Part{Name: name}
	switch {
	case strings.HasPrefix(rest, "("):
		t.problem(w, "parts within parts are not imported", "write the fields one by one")
		return
	case strings.HasPrefix(rest, "@"):
		t.filePart(w, &part, rest[1:])
	case strings.HasPrefix(rest, "<"):
		f := fields{text: rest[1:]}
		part.Content, _ = t.file(w, f.value())
		t.parameters(w, &part, &f)
	default:
		f := fields{text: rest}
		part.Content = []byte(f.value())
		t.parameters(w, &part, &f)
	}
	t.parts = append(t.parts, part)
}

// filePart is a part that uploads a file.
func (t *transfer) filePart(w word, part *importer.Part, text string) {
	f := fields{text: text, comma: true}
	file := f.value()
	part.File, part.FileName = true, path.Base(file)
	part.Content, _ = t.file(w, file)
	t.parameters(w, part, &f)
	if part.Type == "" && file != "-" {
		part.Type = typeOf(part.FileName)
	}
	if strings.HasPrefix(f.text, ",") {
		t.problem(w, "several files in one field are not imported", "write -F '"+part.Name+"=@FILE' once for each, as pages send them")
	}
}

// parameters reads ;type=, ;filename= and the like behind a value.
func (t *transfer) parameters(w word, part *importer.Part, f *fields) {
	for strings.HasPrefix(f.text, ";") {
		f.text = strings.TrimLeft(f.text[1:], " \t")
		name, rest, _ := strings.Cut(f.text, "=")
		switch strings.ToLower(name) {
		case "type":
			f.text = rest
			part.Type = f.mimeType()
		case "filename":
			f.text = rest
			part.File, part.FileName = true, f.value()
		case "headers", "encoder":
			t.problem(w, ";"+name+"= is not imported", "leave it out")
			return
		default:
			if unknown := f.value(); unknown != "" {
				t.warn("curl leaves out %q of the field %s: a semicolon ends the value; --form-string sends it", ";"+unknown, part.Name)
			}
		}
	}
}

// fields reads the values and parameters of -F from the left.
type fields struct {
	text  string
	comma bool // a comma ends a value too
}

// value reads a value, quoted or up to what ends it.
func (f *fields) value() string {
	if strings.HasPrefix(f.text, `"`) {
		if value, ok := f.quoted(); ok {
			return value
		}
	}
	end := f.end(f.text)
	value := f.text[:end]
	f.text = f.text[end:]
	return strings.Trim(value, " \t")
}

// quoted reads "…", in which a backslash quotes a quote and itself. What follows up to the end is nothing to curl.
func (f *fields) quoted() (string, bool) {
	var b strings.Builder
	for i := 1; i < len(f.text); i++ {
		switch c := f.text[i]; {
		case c == '\\' && i+1 < len(f.text) && strings.IndexByte(`"\`, f.text[i+1]) >= 0:
			i++
			b.WriteByte(f.text[i])
		case c == '"':
			f.text = f.text[i+1:]
			f.text = f.text[f.end(f.text):]
			return b.String(), true
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

func (f *fields) end(text string) int {
	ends := ";"
	if f.comma {
		ends = ";,"
	}
	if i := strings.IndexAny(text, ends); i >= 0 {
		return i
	}
	return len(text)
}

// mimeType reads a MIME type with its own parameters, which semicolons separate too.
func (f *fields) mimeType() string {
	mime := f.value()
	for strings.HasPrefix(f.text, ";") {
		before := f.text
		f.text = f.text[1:]
		parameter := f.value()
		name, _, _ := strings.Cut(strings.ToLower(parameter), "=")
		if name == "filename" || name == "headers" || name == "encoder" || name == "type" {
			f.text = before
			break
		}
		mime += ";" + strings.TrimPrefix(before[:len(before)-len(f.text)], ";")
	}
	return strings.TrimSpace(mime)
}

// types are the MIME types that curl knows by a file's extension.
var types = map[string]string{
	".gif": "image/gif", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml",
	".txt": "text/plain", ".htm": "text/html", ".html": "text/html", ".pdf": "application/pdf", ".xml": "application/xml",
}

func typeOf(file string) string {
	if mime, ok := types[strings.ToLower(path.Ext(file))]; ok {
		return mime
	}
	return "application/octet-stream"
}
