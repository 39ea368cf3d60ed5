package har

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/internal/located"
)

// Config says what to read. The zero value reads what script asked for.
type Config struct {
	// Name stands before line and column in messages.
	Name string
	// Assets reads documents, scripts, styles, images and the like too.
	Assets bool
}

// Parse reads the requests of a HAR, in order. Left out are preflights, which
// the browser sends by itself, what a redirect led to, and what is neither http
// nor https. The error joins [*importer.Problem]; the requests that had none are returned beside it.
func Parse(data []byte, cfg Config) ([]importer.Imported, error) {
	doc, root, err := located.Parse(cfg.Name, data)
	if err != nil {
		return nil, err
	}
	fields := root.Object()
	log := fields["log"].Object()
	if p := wrongFormat(doc, root, fields, log); p != nil {
		return nil, p
	}
	r := &reader{doc: doc, cfg: cfg, redirected: map[string]int{}, left: map[reason]int{}}
	entries := log["entries"].Elements()
	for _, v := range entries {
		r.entry(v)
	}
	if len(r.list) == 0 && len(r.problems) == 0 {
		r.problem(fields["log"], r.nothing(len(entries)), "record the page again, with DevTools open, and save with its content")
	}
	return r.list, importer.Join(r.problems)
}

// wrongFormat says what a file is that is no HAR, or nil.
func wrongFormat(doc located.Document, root located.Value, fields, log located.Object) *importer.Problem {
	switch version := strings.Trim(string(log["version"].Raw), `"`); {
	case !fields["info"].IsNull() || !fields["collection"].IsNull():
		return doc.Problem(root, "this is a Postman collection, not a HAR", "import it with --postman")
	case log["entries"].IsNull():
		return doc.Problem(root, "this is no HAR: there is no log.entries", `in DevTools, "Save all as HAR with content"`)
	case version != "" && !strings.HasPrefix(version, "1."):
		return doc.Problem(log["version"], "HAR "+version+" is not known here: 1.2 is", "")
	}
	return nil
}

// reader collects the requests of a HAR.
type reader struct {
	doc      located.Document
	cfg      Config
	list     []importer.Imported
	problems []*importer.Problem
	// redirected counts the URLs to which answers redirected and which have not come yet.
	redirected map[string]int
	left       map[reason]int
}

func (r *reader) problem(v located.Value, message, hint string) {
	r.problems = append(r.problems, r.doc.Problem(v, message, hint))
}

// nothing says why none of the requests was taken.
func (r *reader) nothing(total int) string {
	if total == 0 {
		return "there is no request in this HAR"
	}
	var parts []string
	for why, n := range r.left {
		parts = append(parts, fmt.Sprintf("%d %s", n, why))
	}
	slices.Sort(parts)
	return fmt.Sprintf("none of the %d requests is script's own: %s", total, strings.Join(parts, ", "))
}

// entry reads one request, or leaves it out.
func (r *reader) entry(v located.Value) {
	var e entry
	if p := r.doc.Decode(v, &e); p != nil {
		r.problems = append(r.problems, p)
		return
	}
	if why := r.leaveOut(e); why != "" {
		r.left[why]++
		return
	}
	if err := importer.CheckURL(e.Request.URL); err != nil {
		r.problem(v, err.Error(), "")
		return
	}
	if !fetch.IsMethod(e.Request.Method) {
		r.problem(v, fmt.Sprintf("%q is no HTTP method", e.Request.Method), "")
		return
	}
	out, err := e.imported()
	if err != nil {
		r.problem(v, err.Error(), "")
		return
	}
	out.Pos = r.doc.Pos(v.At)
	r.list = append(r.list, out)
}
