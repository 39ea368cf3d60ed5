package curl

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// addData appends a part of the body, joined to the one before by "&".
func (t *transfer) addData(part []byte) {
	if len(t.body) > 0 {
		t.body = append(t.body, '&')
	}
	if t.body == nil {
		t.body = []byte{}
	}
	t.body = append(t.body, part...)
}

// data is -d: text, or @file without its line ends.
func (t *transfer) data(w word) {
	name, ok := strings.CutPrefix(w.text, "@")
	if !ok {
		t.addData([]byte(w.text))
		return
	}
	content, _ := t.file(w, name)
	for _, c := range []string{"\r", "\n", "\x00"} {
		content = bytes.ReplaceAll(content, []byte(c), nil)
	}
	t.addData(content)
}

// dataBinary is --data-binary: text, or @file as it is.
func (t *transfer) dataBinary(w word) { t.addData(t.textOrFile(w)) }

func (t *transfer) textOrFile(w word) []byte {
	if name, ok := strings.CutPrefix(w.text, "@"); ok {
		content, _ := t.file(w, name)
		return content
	}
	return []byte(w.text)
}

// json is --json: parts are joined without "&".
func (t *transfer) json(w word) {
	t.jsonBody = true
	if t.body == nil {
		t.body = []byte{}
	}
	t.body = append(t.body, t.textOrFile(w)...)
}

// dataURLEncode is --data-urlencode: content, =content, name=content, @file or name@file.
func (t *transfer) dataURLEncode(w word) { t.addData([]byte(t.urlEncoded(w))) }

func (t *transfer) urlEncoded(w word) string {
	i := strings.IndexAny(w.text, "=@")
	if i < 0 {
		return encode([]byte(w.text))
	}
	name, content := w.text[:i], []byte(w.text[i+1:])
	if w.text[i] == '@' {
		content, _ = t.file(w, w.text[i+1:])
	}
	if name == "" {
		return encode(content)
	}
	return name + "=" + encode(content)
}

// encode percent-encodes as curl does: all but unreserved characters, "+" for a blank.
func encode(content []byte) string {
	var b strings.Builder
	for _, c := range content {
		switch {
		case c == ' ':
			b.WriteByte('+')
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// urlQuery is --url-query: as --data-urlencode, or +text as it is.
func (t *transfer) urlQuery(w word) {
	part, plain := strings.CutPrefix(w.text, "+")
	if !plain {
		part = t.urlEncoded(w)
	}
	t.query = append(t.query, part)
}

// file reads a file that the command names; "-" is the standard input.
func (t *transfer) file(w word, name string) (content []byte, ok bool) {
	c := t.command
	switch {
	case name == "":
		t.problem(w, "there is no file's name after the @", "write @FILE")
		return nil, false
	case name == "-" && c.stdin != nil:
		return []byte(*c.stdin), true
	case name == "-" && c.stdinFile != "":
		name = c.stdinFile
	case name == "-" && c.piped:
		t.problem(w, "another command writes this input, and it is not run here", "put the text into the command with --data-raw, or into a file")
		return nil, false
	}
	if t.cfg.ReadFile == nil {
		t.problem(w, fmt.Sprintf("the file %s cannot be read here", name), "put the text into the command with --data-raw")
		return nil, false
	}
	content, err := t.cfg.ReadFile(name)
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	if err != nil {
		t.problem(w, fmt.Sprintf("the file %s cannot be read: %v", name, err), "name a file that exists, relative to where corsproof runs")
		return nil, false
	}
	return content, true
}

// uploadFile is -T.
func (t *transfer) uploadFile(w word) { t.upload = &w }

// uploaded reads the file of -T. A URL that ends in a slash, or has no path, gets the file's name.
func (t *transfer) uploaded(url *string) []byte {
	name := t.upload.text
	content, ok := t.file(*t.upload, name)
	if !ok || name == "-" || name == "." {
		return content
	}
	address, query, hasQuery := strings.Cut(*url, "?")
	if strings.Count(address, "/") == 2 {
		address += "/"
	}
	if strings.HasSuffix(address, "/") {
		address += path.Base(name)
	}
	if hasQuery {
		address += "?" + query
	}
	*url = address
	return content
}
