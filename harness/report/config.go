package report

import (
	"strings"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/remedy"
)

// Config is the cure of a finding in the words of the server.
type Config struct {
	Server string `json:"server"` // its name, as --server takes it
	Title  string `json:"title"`
	// Sure is "named" where the suite or the command line names the server, "certain" or "likely" where it was recognised.
	Sure    string       `json:"sure"`
	Because string       `json:"because"` // what tells; "" where it is named
	Note    string       `json:"note"`
	Parts   []ConfigPart `json:"parts"`
}

// ConfigPart is a text to paste, and where.
type ConfigPart struct {
	Place string `json:"place"`
	Text  string `json:"text"`
}

// Servers are those that stand under test, by the names of their remedies; empty where nobody names them.
type Servers struct {
	API    string
	Before string // what stands before it
}

// Configured are findings as a report has them. The first that a server's CORS cures, and each that another setting of it does (see [remedy.Need]),
// has the configuration in the words of that server: of the one that is named for the URL of the deciding answer, or else of the one that the deciding answer shows. Where neither is known there is none.
func Configured(list []diagnose.Finding, named func(url string) Servers) []Finding {
	out := NewFindings(list)
	allowed := false
	for i, f := range list {
		if f.Need == nil || f.Severity == diagnose.Note {
			continue
		}
		if _, ok := f.Need.(remedy.Policy); ok {
			if allowed {
				continue // it allows all that the request needs
			}
			allowed = true
		}
		server := named(f.At).of(f)
		out[i].Config = configFor(f, server)
		if out[i].Config == nil && server != "" {
			out[i].Fix = append(out[i].Fix, "no configuration of "+server+" is known that cures this")
		}
	}
	return out
}

// of is the one that made the deciding answer of a finding, or "".
func (s Servers) of(f diagnose.Finding) string {
	if f.Before {
		return s.Before
	}
	return s.API
}

// configFor is in the words of the named server, or, where that is "", of the one that was recognised.
func configFor(f diagnose.Finding, named string) *Config {
	c := &Config{Server: named, Sure: "named"}
	switch {
	case c.Server != "":
	case f.Server != nil:
		c.Server, c.Sure, c.Because = f.Server.Name, "likely", f.Server.Because
		if f.Server.Certain {
			c.Sure = "certain"
		}
	default:
		return nil
	}
	r, err := remedy.ForCause(c.Server, f.Cause, f.Need)
	if err != nil {
		return nil // it cannot be said safely in that server's words, or nothing there cures it
	}
	c.Title, c.Note = r.Title, strings.TrimSpace(f.Need.Minding()+" "+r.Note)
	if f.Rule == "multiple-allow-origin" {
		c.Note += " One layer only may send these headers: take them out of every other."
	}
	for _, p := range r.Parts {
		c.Parts = append(c.Parts, ConfigPart{Place: p.Place, Text: p.Text})
	}
	return c
}

// Head says in a line whose words a configuration is in, and how that is known.
func (c Config) Head() string {
	switch c.Sure {
	case "named":
		return "in the words of " + c.Title
	case "certain":
		return "in the words of " + c.Title + " (" + c.Because + ")"
	}
	return "in the words of " + c.Title + ", if that is the server (" + c.Because + "; --server names another)"
}

// Lines are a configuration for people, one line each: whose words, what to mind, and each part behind its place.
func (c Config) Lines() []string {
	lines := []string{"configuration " + c.Head() + ":"}
	if c.Note != "" {
		lines = append(lines, "  "+c.Note)
	}
	for _, p := range c.Parts {
		lines = append(lines, "  "+p.Place+":")
		for text := range strings.SplitSeq(p.Text, "\n") {
			lines = append(lines, strings.TrimRight("    "+strings.ReplaceAll(text, "\t", "    "), " "))
		}
	}
	return lines
}

// key is the same for equal texts.
func (c Config) key() string { return strings.Join(c.Lines(), "\n") }

// Told keeps which configurations were written already: equal ones need not be read twice.
type Told map[string]string

// Lines are those of a configuration the first time, and then a word on where it stands. by names the result.
func (t Told) Lines(c Config, by string) []string {
	if before, ok := t[c.key()]; ok {
		return []string{"configuration: the same as for " + before}
	}
	t[c.key()] = by
	return c.Lines()
}
