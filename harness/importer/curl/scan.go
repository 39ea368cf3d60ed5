package curl

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/nearest"
)

// scanner reads the words of one command into its transfers.
type scanner struct {
	src       *importer.Text
	cfg       Config
	command   command
	rest      []word
	transfers []*transfer
	problems  []*importer.Problem
}

// requests are what a command sends, one for each URL.
func (c command) requests(src *importer.Text, cfg Config) ([]importer.Imported, []*importer.Problem) {
	s := &scanner{src: src, cfg: cfg, command: c, rest: c.words[1:]}
	s.next()
	for operands := false; len(s.rest) > 0 && len(s.problems) < maxProblems; {
		w := s.take()
		switch {
		case !operands && w.text == "--":
			operands = true
		case operands || !strings.HasPrefix(w.text, "-"):
			s.current().url(w)
		case w.text == "-":
			s.problem(w, "a hyphen alone is no option", "write the option behind it: -H, --header")
		case strings.HasPrefix(w.text, "--"):
			s.long(w)
		default:
			s.short(w)
		}
	}
	return s.finish()
}

func (s *scanner) take() word {
	w := s.rest[0]
	s.rest = s.rest[1:]
	return w
}

func (s *scanner) current() *transfer { return s.transfers[len(s.transfers)-1] }

// next begins another transfer, as --next does. One that names no URL yet goes on, as curl has it.
func (s *scanner) next() {
	if len(s.transfers) == 0 || len(s.current().urls) > 0 {
		s.transfers = append(s.transfers, &transfer{scanner: s})
	}
}

func (s *scanner) problem(w word, message, hint string) {
	s.problems = append(s.problems, s.src.Problem(w.from, w.to, message, hint))
}

// long reads --name.
func (s *scanner) long(w word) {
	name := w.text[2:]
	if name == "next" {
		s.next()
		return
	}
	if o, ok := options[name]; ok {
		s.set(o, w, nil)
		return
	}
	if base, ok := options[strings.TrimPrefix(name, "no-")]; ok && !base.takes && strings.HasPrefix(name, "no-") {
		if base.unset != nil {
			base.unset(s.current())
		} else if base.set != nil {
			s.problem(w, "curl has no "+w.text, "leave it out, and --"+base.name+" too")
		}
		return
	}
	s.unknown(w, name)
}

func (s *scanner) unknown(w word, name string) {
	before, value, assigned := strings.Cut(name, "=")
	if o, ok := options[before]; ok && assigned && o.takes {
		s.problem(w, "curl has no form --option=value", "write --"+before+" "+quote(value))
		return
	}
	if strings.HasPrefix(name, "expand-") {
		s.problem(w, "curl's own variables are not read", "write the values into the command, with --"+name[len("expand-"):])
		return
	}
	hint := "curl --help all lists the options"
	if near := meant(before); near != "" {
		hint = "did you mean --" + near + "?"
	}
	s.problem(w, "curl has no option "+w.text, hint)
}

// short reads -x, several together, and a value that follows without a blank.
func (s *scanner) short(w word) {
	for i := 1; i < len(w.text); i++ {
		name, ok := shorts[w.text[i]]
		if !ok {
			s.unknownShort(w, i)
			return
		}
		if name == "next" {
			s.next()
			continue
		}
		o := options[name]
		if o.takes && i+1 < len(w.text) {
			value := word{text: w.text[i+1:], from: w.from, to: w.to}
			s.set(o, w, &value)
			return
		}
		s.set(o, w, nil)
	}
}

func (s *scanner) unknownShort(w word, i int) {
	hint := "curl --help all lists the options"
	if near := meant(strings.TrimLeft(w.text, "-")); near != "" && len(w.text) > 2 {
		hint = "did you mean --" + near + "?"
	}
	s.problem(w, "curl has no option -"+string([]rune(w.text[i:])[:1]), hint)
}

// set carries out an option. Its value is the next word where none is given.
func (s *scanner) set(o option, w word, value *word) {
	if o.takes && value == nil {
		if len(s.rest) == 0 {
			s.problem(w, "--"+o.name+" needs a value", "")
			return
		}
		next := s.take()
		value = &next
	}
	switch {
	case o.refuse != "":
		s.problem(w, "--"+o.name+" cannot be imported: "+o.refuse, "")
	case o.set == nil:
	case value == nil:
		o.set(s.current(), w)
	default:
		o.set(s.current(), *value)
	}
}

// finish makes requests of the transfers, unless there were problems. The only
// request of a command begins where the command does, one of several at its URL.
func (s *scanner) finish() ([]importer.Imported, []*importer.Problem) {
	var list []importer.Imported
	alone := len(s.transfers) == 1 && len(s.current().urls) == 1
	for _, t := range s.transfers {
		if len(t.urls) == 0 && len(s.problems) == 0 {
			s.problem(s.command.words[0], "there is no URL in this command", "")
		}
		for _, u := range t.urls[:min(len(t.urls), maxURLs)] {
			request, ok := t.request(u)
			if !ok {
				continue
			}
			begin := u.from
			if alone {
				begin = s.command.words[0].from
			}
			request.Pos = s.src.Pos(begin)
			list = append(list, request)
		}
	}
	if len(s.problems) > 0 {
		return nil, s.problems
	}
	list[0].Warnings = append(slices.Clone(s.command.warnings), list[0].Warnings...)
	return list, nil
}

// meant is the option that somebody meant, or "".
func meant(name string) string {
	if len(name) > 40 { // no option is nearly as long
		return ""
	}
	best, limit := "", 1+len(name)/3
	for candidate := range options {
		d := nearest.Distance(name, candidate)
		if d < limit || d == limit && (best == "" || candidate < best) {
			best, limit = candidate, d
		}
	}
	return best
}
