package curl

import (
	"slices"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"
)

// expand is a word as the command sees it. What the shell would need more than the text for is a Problem.
func (s *splitter) expand(w *syntax.Word) word {
	out := word{from: offset(w.Pos()), to: offset(w.End())}
	if hasBraceExpansion(w) {
		s.problem(w, "the shell expands these braces to several words", "quote them: 'single quotes' do")
		return out
	}
	var b strings.Builder
	for _, part := range w.Parts {
		s.part(&b, part)
	}
	out.text = b.String()
	if out.text == " " && w.Lit() == `\ ` {
		s.problem(w, "a blank follows the backslash, so the command ends on this line", "delete what stands after the backslash")
	}
	return out
}

// hasBraceExpansion reports whether the shell makes several words of one. It leaves {a} alone, as the shell does.
func hasBraceExpansion(w *syntax.Word) bool {
	split := &syntax.Word{Parts: slices.Clone(w.Parts)}
	return syntax.SplitBraces(split) && slices.ContainsFunc(split.Parts, func(p syntax.WordPart) bool {
		_, ok := p.(*syntax.BraceExp)
		return ok
	})
}

func (s *splitter) part(b *strings.Builder, part syntax.WordPart) {
	switch p := part.(type) {
	case *syntax.Lit:
		s.typographic(p)
		b.WriteString(unescape(p.Value, ""))
	case *syntax.SglQuoted:
		s.single(b, p)
	case *syntax.DblQuoted:
		for _, inner := range p.Parts {
			if lit, ok := inner.(*syntax.Lit); ok {
				b.WriteString(unescape(lit.Value, "$`\"\\"))
			} else {
				s.part(b, inner)
			}
		}
	case *syntax.ParamExp:
		name := s.src.String()[offset(p.Pos()):offset(p.End())]
		s.problem(p, name+" is a variable of your shell, which is not known here", "write its value instead")
	case *syntax.CmdSubst:
		s.problem(p, "the shell would run a command here", "run it, and write what it prints instead")
	default:
		s.problem(part, "the shell would expand this", "quote it: 'single quotes' do")
	}
}

func (s *splitter) single(b *strings.Builder, p *syntax.SglQuoted) {
	if !p.Dollar {
		b.WriteString(p.Value)
		return
	}
	text, ok := ansiC(p.Value)
	if !ok {
		s.problem(p, "no argument of a command can hold a NUL", "put the body into a file and name it with --data-binary @FILE")
	}
	b.WriteString(text)
}

// unescape removes the backslashes that quote: all of them, or those before one of the characters in only.
func unescape(text, only string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (only == "" || strings.IndexByte(only, text[i+1]) >= 0) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// typographic finds what word processors and chats make of quotes, blanks and hyphens.
func (s *splitter) typographic(lit *syntax.Lit) {
	at := strings.IndexAny(lit.Value, "“”„‘’‚\u00a0")
	if at < 0 && (strings.HasPrefix(lit.Value, "–") || strings.HasPrefix(lit.Value, "—")) {
		at = 0
	}
	if at < 0 {
		return
	}
	from := offset(lit.Pos()) + at
	_, size := utf8.DecodeRuneInString(lit.Value[at:])
	s.problems = append(s.problems, s.src.Problem(from, from+size, "a typographic character: a word processor or a chat put it here", `write ' or ", a plain blank, or a plain hyphen`))
}

// hereDocument is the text of a here-document. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07_04
func (s *splitter) hereDocument(r *syntax.Redirect) string {
	if r.Hdoc == nil {
		return ""
	}
	quoted := r.Word.Lit() == "" || strings.Contains(r.Word.Lit(), `\`)
	var b strings.Builder
	for _, part := range r.Hdoc.Parts {
		lit, ok := part.(*syntax.Lit)
		switch {
		case ok && quoted:
			b.WriteString(lit.Value)
		case ok:
			b.WriteString(unescape(lit.Value, "$`\\"))
		default:
			s.part(&b, part)
		}
	}
	if r.Op == syntax.Hdoc {
		return b.String()
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimLeft(lines[i], "\t")
	}
	return strings.Join(lines, "\n")
}
