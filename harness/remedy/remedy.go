package remedy

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/nearest"
)

// Remedy is what is needed, in a server's words.
type Remedy struct {
	Server string // its name, "nginx"
	Title  string // as people call it, "nginx"
	Note   string // what to mind, in a few sentences
	Parts  []Part // in the order in which they are pasted
}

// Part is a text and where it belongs.
type Part struct {
	Place string // "nginx.conf, in the http block"
	Text  string
}

//go:embed templates
var files embed.FS

// templates are those of each kind of need, by its folder.
var templates = map[string]func() *template.Template{
	Policy{}.templates(): parsed(Policy{}),
	Cookie{}.templates(): parsed(Cookie{}),
	HTTPS{}.templates():  parsed(HTTPS{}),
}

func parsed(n Need) func() *template.Template {
	return sync.OnceValue(func() *template.Template {
		t := template.New("").Funcs(words).Funcs(applicationWords)
		return template.Must(t.ParseFS(files, "templates/"+n.templates()+"/*")) // they are embedded, and tests parse them
	})
}

// Need is what a server is to do: to allow what a [Policy] names, to set a [Cookie] so that the browser takes and sends it, or to redirect to [HTTPS].
type Need interface {
	// Validate reports everything for which there can be no safe configuration, at once.
	Validate() error
	// Minding is what to mind whatever the server is, in a sentence or two.
	Minding() string
	// templates is the folder of its templates, below templates.
	templates() string
}

// Servers returns the names of the servers that [For] knows, sorted. For each there is a text for every [Policy] that its language can say, but for causes that none cures ([ErrNoCure]).
func Servers() []string { return knowing(Policy{}) }

// knowing are the servers that have words for needs of that kind, sorted.
func knowing(n Need) []string {
	var names []string
	entries, _ := files.ReadDir("templates/" + n.templates()) // it is embedded
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".tmpl"); ok { // what they share is no server's
			names = append(names, name)
		}
	}
	slices.Sort(names) // the files' order is that of their names with .tmpl
	return names
}

// Cause is what a remedy is to cure: some servers need other words for some causes. The zero Cause is any.
type Cause struct {
	Rule string // its id (see the package diagnose)
	// What is known of the answer that shows it.
	Method string // of its request; that of a preflight is the method that it asks about
	Status int
	Own    bool // the server made it itself, and asked nobody behind it
	// Allowed says that another answer there allows the page, so that the server's CORS is switched on.
	Allowed bool
}

// For writes what is needed in a server's words. rule is the id of the cause that it is to cure, or "". The need must be valid.
func For(server, rule string, n Need) (Remedy, error) {
	return ForCause(server, Cause{Rule: rule}, n)
}

// ForCause is [For] where more is known. The error is [ErrNoCure] where the server's configuration cannot cure that.
func ForCause(server string, c Cause, n Need) (Remedy, error) {
	if !slices.Contains(Servers(), server) {
		return Remedy{}, fmt.Errorf("no fixes are known for a server %q%s (known: %s)", server, nearest.Hint(server, Servers()), strings.Join(Servers(), ", "))
	}
	if known := knowing(n); !slices.Contains(known, server) {
		return Remedy{}, fmt.Errorf("no configuration of %s is known for this (%s): what makes it stands behind (known: %s)", server, n.templates(), strings.Join(known, ", "))
	}
	if err := n.Validate(); err != nil {
		return Remedy{}, fmt.Errorf("no configuration can be written: %w", err)
	}
	if c.Method != "" && !fetch.IsMethod(c.Method) {
		return Remedy{}, fmt.Errorf("no configuration can be written: %q is no method", c.Method)
	}
	var text strings.Builder
	err := templates[n.templates()]().ExecuteTemplate(&text, server+".tmpl", blank(n, c))
	var cannot unwritable
	switch {
	case errors.Is(err, ErrNoCure):
		return Remedy{}, fmt.Errorf("%w in the words of %s", ErrNoCure, server)
	case errors.As(err, &cannot): // without the template's name and line
		return Remedy{}, fmt.Errorf("no configuration can be written for %s: %w", server, cannot)
	case err != nil:
		return Remedy{}, err
	}
	return parse(server, text.String()), nil
}

// ErrNoCure says that nothing in a server's configuration cures a cause.
var ErrNoCure = errors.New("no configuration cures this")

// blank is what templates are filled with.
func blank(n Need, c Cause) any {
	switch n := n.(type) {
	case Policy:
		return struct {
			Policy
			Cause
			MaxAge int // seconds
		}{n, c, maxAge}
	default:
		return n
	}
}

// parse reads a filled template: its first line is the server's title, the next ones are the note.
func parse(server, text string) Remedy {
	archive := txtar.Parse([]byte(text))
	title, note, _ := strings.Cut(string(archive.Comment), "\n")
	r := Remedy{Server: server, Title: title, Note: strings.Join(strings.Fields(note), " ")}
	for _, f := range archive.Files {
		r.Parts = append(r.Parts, Part{Place: f.Name, Text: strings.Trim(string(f.Data), "\n")})
	}
	return r
}
