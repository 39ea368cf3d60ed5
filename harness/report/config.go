package report

import (
	"strings"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/probe"
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

// Configured are findings as a report has them. The first that a server's configuration cures has it in the words of that
// server: of the one that is named, or else of the one that the Observation shows. Whose words are not known has none.
func Configured(list []diagnose.Finding, o probe.Observation, named string) []Finding {
	out := NewFindings(list)
	for i, f := range list {
		if f.Allow != nil {
			out[i].Config = configFor(f, o, named)
			break
		}
	}
	return out
}

func configFor(f diagnose.Finding, o probe.Observation, named string) *Config {
	c := &Config{Server: named, Sure: "named"}
	if named == "" {
		server, ok := diagnose.Recognise(o)
		if !ok {
			return nil
		}
		c.Server, c.Sure, c.Because = server.Name, "likely", server.Because
		if server.Certain {
			c.Sure = "certain"
		}
	}
	r, err := remedy.For(c.Server, f.Rule, *f.Allow)
	if err != nil {
		return nil // it cannot be said safely in that server's words
	}
	c.Title, c.Note = r.Title, r.Note+" It allows what this request needs and what the server names already: add what other requests of your pages need."
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
