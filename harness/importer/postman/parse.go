package postman

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/internal/located"
)

// maxDepth bounds folders within folders.
const maxDepth = 64

// Config says what a collection leaves open. The zero value is for one that needs no more than itself.
type Config struct {
	// Name stands before line and column in messages.
	Name string
	// Environment has values of variables, which go before the collection's
	// own. Postman's made-up variables are among them, if need be, with their dollar: "$guid".
	Environment map[string]string
	// ReadFile reads the files that bodies name, as os.ReadFile does. Nil refuses them.
	ReadFile func(name string) ([]byte, error)
}

// Parse reads the requests of a collection, in order. The error joins
// [*importer.Problem]; the requests that had none are returned beside it.
func Parse(data []byte, cfg Config) ([]importer.Imported, error) {
	doc, root, err := located.Parse(cfg.Name, data)
	if err != nil {
		return nil, err
	}
	fields := root.Object()
	if inner := fields["collection"]; inner.IsObject() && fields["info"].IsNull() {
		root, fields = inner, inner.Object() // as Postman's API wraps it
	}
	if p := wrongFormat(doc, root, fields); p != nil {
		return nil, p
	}
	r := &reader{doc: doc, cfg: cfg, missing: map[string]*missing{}}
	r.items(fields["item"], scope{}.enter(r, fields, "the collection"))
	r.reportMissing()
	if len(r.list) == 0 && len(r.problems) == 0 {
		r.problem(root, "there is no request in this collection", "")
	}
	return r.list, importer.Join(r.problems)
}

// wrongFormat says what a file is that is no collection of format v2.1, or nil.
func wrongFormat(doc located.Document, root located.Value, fields located.Object) *importer.Problem {
	const export = `in Postman export the collection as "Collection v2.1"`
	has := func(name string) bool { return !fields[name].IsNull() }
	schemaValue := fields["info"].Object()["schema"]
	schema := string(schemaValue.Raw)
	switch {
	case strings.Contains(schema, "/v2.1."):
		return nil
	case strings.Contains(schema, "/v2.0."):
		return doc.Problem(schemaValue, "this is a collection of format v2.0", export)
	case has("info") && schema != "":
		return doc.Problem(schemaValue, "this is a collection of an unknown format", export)
	case has("requests") || has("order"):
		return doc.Problem(root, "this is a collection of format v1", export)
	case has("values"):
		return doc.Problem(root, "this is an environment, not a collection", export)
	case has("log"):
		return doc.Problem(root, "this is a HAR, not a collection", "import it with --har")
	}
	return doc.Problem(root, "this is no Postman collection: there is no info.schema", export)
}

// reader collects the requests of a collection.
type reader struct {
	doc      located.Document
	cfg      Config
	list     []importer.Imported
	problems []*importer.Problem
	missing  map[string]*missing
	order    []string // of missing
}

func (r *reader) problem(v located.Value, message, hint string) {
	r.problems = append(r.problems, r.doc.Problem(v, message, hint))
}

// decode decodes a value, and reports whether it fits.
func (r *reader) decode(v located.Value, target any) bool {
	if v.IsNull() {
		return true
	}
	if p := r.doc.Decode(v, target); p != nil {
		r.problems = append(r.problems, p)
		return false
	}
	return true
}

// scope is what a folder hands down to what is in it.
type scope struct {
	names     []string
	auth      located.Value
	variables map[string]string
	scripts   []string
}

// enter is the scope within the collection, a folder or a request; what says which, for people.
func (s scope) enter(r *reader, fields located.Object, what string) scope {
	if auth := fields["auth"]; auth.IsObject() {
		s.auth = auth
	}
	s.variables = r.variables(s.variables, fields["variable"])
	s.scripts = append(s.scripts[:len(s.scripts):len(s.scripts)], r.scripts(fields["event"], what)...)
	return s
}

// items reads the requests and folders in a list of them.
func (r *reader) items(v located.Value, s scope) {
	for _, item := range v.Elements() {
		fields := item.Object()
		var name text
		if !r.decode(fields["name"], &name) {
			continue
		}
		inside := s
		inside.names = append(s.names[:len(s.names):len(s.names)], string(name))
		switch folder := fields["item"]; {
		case !folder.IsNull() && len(inside.names) > maxDepth:
			r.problem(item, fmt.Sprintf("more than %d folders within folders are too many", maxDepth), "")
		case !folder.IsNull():
			r.items(folder, inside.enter(r, fields, fmt.Sprintf("the folder %q", name)))
		default:
			r.item(item, fields, inside.enter(r, fields, "this request"))
		}
	}
}

// scripts names the scripts of a value that are not empty.
func (r *reader) scripts(v located.Value, what string) []string {
	var list []string
	for _, event := range v.Elements() {
		var e struct {
			Listen   text
			Disabled bool
		}
		if !r.decode(event, &e) || e.Disabled || !hasCode(event.Object()["script"].Object()["exec"]) {
			continue
		}
		kind := map[text]string{"prerequest": "the pre-request script", "test": "the tests"}[e.Listen]
		if kind == "" {
			kind = fmt.Sprintf("the script %q", e.Listen)
		}
		list = append(list, kind+" of "+what)
	}
	return list
}

// hasCode reports whether a script, text or lines, is more than blanks.
func hasCode(exec located.Value) bool {
	lines := []located.Value{exec}
	if exec.IsArray() {
		lines = exec.Elements()
	}
	for _, line := range lines {
		code := strings.NewReplacer(`"`, "", `\n`, "", `\r`, "", `\t`, "").Replace(string(line.Raw))
		if strings.TrimSpace(code) != "" && code != "null" {
			return true
		}
	}
	return false
}
