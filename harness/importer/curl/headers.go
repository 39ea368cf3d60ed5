package curl

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
)

// header is -H: "Name: value"; "Name;" for an empty value; "Name:" to remove
// one that curl would send; "@file" for lines of a file.
func (t *transfer) header(w word) {
	if file, ok := strings.CutPrefix(w.text, "@"); ok {
		content, _ := t.file(w, file)
		for line := range strings.SplitSeq(string(content), "\n") {
			if line = strings.TrimRight(line, "\r"); line != "" && !strings.HasPrefix(line, "#") {
				t.headerLine(w, line)
			}
		}
		return
	}
	t.headerLine(w, w.text)
}

func (t *transfer) headerLine(w word, line string) {
	name, value, colon := strings.Cut(line, ":")
	if !colon {
		var empty string
		name, empty, colon = strings.Cut(line, ";")
		if !colon || strings.TrimSpace(empty) != "" {
			t.problem(w, "a header is a name, a colon and a value: curl leaves this one out", "write -H 'Name: value', or -H 'Name;' for an empty value")
			return
		}
		t.addHeader(w, name, "")
		return
	}
	if value = fetch.NormalizeHeaderValue(value); value == "" {
		t.removed = append(t.removed, name)
		return
	}
	t.addHeader(w, name, value)
}

func (t *transfer) addHeader(w word, name, value string) {
	if name = strings.Trim(name, " \t"); name == "" {
		t.problem(w, "this header has no name", "write -H 'Name: value'")
		return
	}
	t.headers = append(t.headers, fetch.Header{Name: name, Value: value})
}

// cookie is -b: names and values, or else a file of curl's.
func (t *transfer) cookie(w word) {
	switch {
	case strings.Contains(w.text, "="):
		t.cookies = append(t.cookies, w.text)
	case w.text != "":
		t.warn("the cookies in the file %s are not read: write them as -b 'name=value; name=value'", w.text)
	}
}

// setReferer is -e; what follows its semicolon is about redirects.
func (t *transfer) setReferer(w word) { t.referer, _, _ = strings.Cut(w.text, ";auto") }

// setUser is -u.
func (t *transfer) setUser(w word) {
	if !strings.Contains(w.text, ":") {
		t.warn("-u has no password, and curl would ask for it: taken as empty")
	}
	t.user = &w.text
}

// allHeaders are the lines that curl sends: those of options first, unless -H
// gives or removes one of that name, then those of -H.
func (t *transfer) allHeaders(tool *importer.ToolRequest, contentType string) {
	add := func(name, value string) {
		value = fetch.NormalizeHeaderValue(value)
		removed := slices.ContainsFunc(t.removed, func(r string) bool { return strings.EqualFold(r, name) })
		if value != "" && !removed && !t.headers.Has(name) {
			tool.Headers = append(tool.Headers, fetch.Header{Name: name, Value: value})
		}
	}
	add("Authorization", t.authorization(tool))
	if t.userAgent != nil {
		add("User-Agent", *t.userAgent)
		if *t.userAgent == "" {
			tool.Without = append(tool.Without, "User-Agent")
		}
	}
	if t.byteRange != "" {
		add("Range", "bytes="+t.byteRange)
	}
	add("Referer", t.referer)
	add("Cookie", strings.Join(t.cookies, ";"))
	add("Content-Type", contentType)
	if t.jsonBody {
		add("Accept", "application/json")
	}
	tool.Headers = append(tool.Headers, t.headers...)
}

// authorization is the value of the Authorization header that -u or --oauth2-bearer make.
func (t *transfer) authorization(tool *importer.ToolRequest) string {
	switch {
	case t.bearer != nil:
		return "Bearer " + *t.bearer
	case t.user == nil, t.noBasic:
		return ""
	}
	user, password, _ := strings.Cut(*t.user, ":")
	basic := importer.Basic{User: user, Password: password}
	if !t.headers.Has("Authorization") {
		tool.Basic = &basic
	}
	return basic.Header()
}
