package curl

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/corsproof/corsproof/harness/importer"
)

// command is one curl command, its words expanded.
type command struct {
	words []word // the first is curl
	// stdin is the text that the command's standard input is redirected from, or nil.
	stdin *string
	// stdinFile is the file that it is redirected from, or "".
	stdinFile string
	// piped is true where another command writes the standard input.
	piped    bool
	warnings []string
}

// word is one word of a command, as the command sees it, and the bytes of the source where it stands.
type word struct {
	text     string
	from, to int
}

// splitter collects the curl commands of a shell text.
type splitter struct {
	src      *importer.Text
	commands []command
	problems []*importer.Problem
	// aside is what was found beside curl commands, for the next one.
	aside []string
	// background is where the last statement ended in &, or -1.
	background int
	// windows is true where a command was quoted for Windows, so that the rest is too.
	windows bool
}

// split finds the curl commands of a text.
func split(src *importer.Text) ([]command, []*importer.Problem) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(src.String()), "")
	if err != nil {
		return nil, []*importer.Problem{unparsed(src, err)}
	}
	s := &splitter{src: src, background: -1}
	for _, stmt := range file.Stmts {
		if len(s.problems) < maxProblems {
			s.statement(stmt, false)
		}
	}
	if len(s.commands) > 0 {
		last := &s.commands[len(s.commands)-1]
		last.warnings = append(last.warnings, s.aside...)
		return s.commands, s.problems
	}
	if len(s.problems) == 0 && len(s.aside) > 0 {
		s.problems = append(s.problems, src.Problem(offset(file.Stmts[0].Pos()), offset(file.Stmts[0].End()), "there is no curl command here: "+s.aside[0], "a command begins with the word curl"))
	}
	return nil, s.problems
}

// unparsed is the shell's complaint about a text.
func unparsed(src *importer.Text, err error) *importer.Problem {
	at, message := 0, err.Error()
	var parse syntax.ParseError
	var lang syntax.LangError
	switch {
	case errors.As(err, &parse):
		at, message = offset(parse.Pos), parse.Text
	case errors.As(err, &lang):
		at = offset(lang.Pos)
	}
	hint := "quote what the shell should leave alone: 'single quotes' do"
	switch {
	case looksLikeCmd(src.String()):
		message, hint = `this is quoted for Windows' cmd ("Copy as cURL (cmd)")`, asBash
	case strings.Contains(message, "without closing quote"):
		hint = "a quote that opens here never closes: was the command copied whole?"
	}
	return src.Problem(at, at+1, message, hint)
}

func offset(p syntax.Pos) int { return int(p.Offset()) }

// statement reads one statement. piped is true where its standard input comes from another command.
func (s *splitter) statement(stmt *syntax.Stmt, piped bool) {
	background := s.background
	s.background = -1
	switch cmd := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		s.call(stmt, cmd, piped, background)
	case *syntax.BinaryCmd:
		s.statement(cmd.X, piped)
		s.statement(cmd.Y, cmd.Op == syntax.Pipe || cmd.Op == syntax.PipeAll)
	case *syntax.TimeClause:
		if cmd.Stmt != nil {
			s.statement(cmd.Stmt, piped)
		}
	case nil: // a redirection alone
	default:
		s.problem(stmt, "only plain commands are read, no loops, functions or subshells", "paste the curl command alone")
	}
	if stmt.Background {
		s.background = offset(stmt.Semicolon)
	}
}

func (s *splitter) problem(n syntax.Node, message, hint string) {
	s.problems = append(s.problems, s.src.Problem(offset(n.Pos()), offset(n.End()), message, hint))
}

// call reads a simple command. background is where the statement before it ended in &, or -1.
func (s *splitter) call(stmt *syntax.Stmt, call *syntax.CallExpr, piped bool, background int) {
	args := withoutPrefix(call.Args)
	if err := windowsQuoting(s.src, args); err != nil && !s.windows {
		s.problems, s.windows = append(s.problems, err), true
	}
	if s.windows {
		return
	}
	if len(args) == 0 || !isCurl(args[0].Lit()) {
		s.other(call, piped, background)
		return
	}
	c := command{piped: piped, warnings: s.aside}
	s.aside = nil
	before := len(s.problems)
	for _, arg := range args {
		if c.words = append(c.words, s.expand(arg)); len(s.problems) >= maxProblems {
			return
		}
	}
	s.redirect(&c, stmt.Redirs)
	if len(s.problems) == before {
		s.commands = append(s.commands, c)
	}
}

// other reads a command that is not curl.
func (s *splitter) other(call *syntax.CallExpr, piped bool, background int) {
	note := "not run: " + excerpt(s.src.String()[offset(call.Pos()):offset(call.End())])
	switch known := len(s.commands); {
	case background >= 0 && offset(call.Pos()) == background+1 && known+len(s.problems) > 0:
		s.problems = append(s.problems, s.src.Problem(background, background+1, "the shell ends the command at this &", "quote the URL: 'https://…?a=1&b=2'"))
	case piped && known > 0:
		s.commands[known-1].warnings = append(s.commands[known-1].warnings, note)
	default:
		s.aside = append(s.aside, note)
	}
}

// withoutPrefix leaves out a prompt and commands that run another one.
func withoutPrefix(args []*syntax.Word) []*syntax.Word {
	for len(args) > 1 {
		switch args[0].Lit() {
		case "$", "%", "sudo", "command", "exec", "nohup":
			args = args[1:]
		default:
			return args
		}
	}
	return args
}

// excerpt is the beginning of a command, on one line.
func excerpt(text string) string {
	text, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	list := []rune(text)
	if len(list) > 60 {
		list, more = list[:60], true
	}
	if more {
		return string(list) + "…"
	}
	return string(list)
}

// redirect takes the command's standard input from its redirections; the others do not matter.
func (s *splitter) redirect(c *command, list []*syntax.Redirect) {
	for _, r := range list {
		if r.N != nil && r.N.Value != "0" {
			continue
		}
		switch r.Op {
		case syntax.RdrIn:
			c.stdinFile, c.stdin = s.expand(r.Word).text, nil
		case syntax.WordHdoc:
			text := s.expand(r.Word).text + "\n"
			c.stdin = &text
		case syntax.Hdoc, syntax.DashHdoc:
			text := s.hereDocument(r)
			c.stdin = &text
		}
	}
}
