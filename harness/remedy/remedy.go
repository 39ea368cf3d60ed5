package remedy

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/corsproof/corsproof/harness/nearest"
)

// Remedy is a policy in a server's words.
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

// Servers returns the names of the servers that [For] knows, sorted.
func Servers() []string {
	var names []string
	entries, _ := files.ReadDir("templates") // it is embedded
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".tmpl"))
	}
	return names
}

// For writes a policy for a server. rule is the id of the cause that it is to cure (see the package diagnose), or "":
// some servers need another word for some causes. The policy must be valid.
func For(server, rule string, p Policy) (Remedy, error) {
	if !slices.Contains(Servers(), server) {
		return Remedy{}, fmt.Errorf("no fixes are known for a server %q%s (known: %s)", server, nearest.Hint(server, Servers()), strings.Join(Servers(), ", "))
	}
	if err := p.Validate(); err != nil {
		return Remedy{}, fmt.Errorf("no configuration can be written: %w", err)
	}
	t, err := template.New(server+".tmpl").Funcs(words).Funcs(applicationWords).Option("missingkey=error").ParseFS(files, "templates/"+server+".tmpl")
	if err != nil {
		return Remedy{}, err
	}
	var text strings.Builder
	err = t.Execute(&text, blank{Policy: p, Rule: rule, MaxAge: maxAge})
	var cannot unwritable
	switch {
	case errors.As(err, &cannot): // without the template's name and line
		return Remedy{}, fmt.Errorf("no configuration can be written for %s: %w", server, cannot)
	case err != nil:
		return Remedy{}, err
	}
	return parse(server, text.String()), nil
}

// blank is what templates are filled with.
type blank struct {
	Policy
	Rule   string
	MaxAge int // seconds
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
