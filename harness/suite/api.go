package suite

import (
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
)

// apiNode is where an API stands.
type apiNode struct {
	key, value *node
	api        *API // once it is read
}

// reservedNames mean something else in references.
var reservedNames = []string{"from", "env", "origin", "request", "PORT"}

// collectAPIs notes the names of a file's APIs, so that any file can refer to them.
func (l *loader) collectAPIs(top *node) {
	apis := top.field("apis")
	if !apis.ok() || apis.kind != mapKind {
		return
	}
	for _, e := range apis.entries {
		name, w := e.key.text, (*way)(nil).field("apis").field(e.key.text)
		if slices.Contains(reservedNames, name) {
			l.problem(e.key, w, fmt.Sprintf("an API cannot be called %s: ${%s} means something else", name, name), "")
			continue
		}
		first := l.apis[name]
		if first == nil {
			l.apis[name] = &apiNode{key: e.key, value: e.value}
			l.suite.APIs = append(l.suite.APIs, API{Name: name})
			continue
		}
		if !sameNode(first.value, e.value) {
			l.problem(e.key, w, fmt.Sprintf("another API called %s stands at %s", name, first.key.position()), "give one of them another name")
			l.problem(first.key, w, fmt.Sprintf("another API called %s stands at %s", name, e.key.position()), "give one of them another name")
		}
	}
}

// sameNode compares what two nodes say, wherever they stand.
func sameNode(a, b *node) bool {
	text := func(n *node) string { return n.text }
	return reflect.DeepEqual(a.value(text, same), b.value(text, same))
}

func same(s string) string { return s }

func (s *Suite) apiNames() []string {
	names := make([]string, len(s.APIs))
	for i, a := range s.APIs {
		names[i] = a.Name
	}
	return names
}

// api reads one API.
func (l *loader) api(name string) {
	i := slices.Index(l.suite.apiNames(), name)
	a, from := &l.suite.APIs[i], l.apis[name]
	n, w := from.value, (*way)(nil).field("apis").field(name)
	a.Pos = from.key.position()
	from.api = a
	if !n.ok() || n.kind != mapKind {
		return
	}
	if at := n.field("at"); at.ok() {
		a.At = l.origin(at, w.field("at"))
		l.checkFreeOrigin(a, at, w.field("at"))
	}
	if url := n.field("url"); url.ok() {
		a.URL = l.origin(url, w.field("url"))
	}
	if n.field("command") != nil {
		a.Command = l.command(n, w)
	}
	if server := n.field("server"); server.ok() {
		a.Server = l.server(server, n.field("config"), w)
	}
	if answers := n.field("answers"); answers != nil {
		a.Answers = l.answers(answers, w.field("answers"))
	}
	for i, part := range usable(n.field("via")) {
		if s, ok := l.part(part, w.field("via").item(i)); ok {
			a.Via = append(a.Via, s)
		}
	}
}

// checkFreeOrigin reports two APIs at one origin.
func (l *loader) checkFreeOrigin(a *API, n *node, w *way) {
	for _, other := range l.suite.APIs {
		if other.Name != a.Name && other.At == a.At && a.At != "" {
			l.problem(n, w, fmt.Sprintf("the API %s is at %s already", other.Name, a.At), "")
		}
	}
}

// fixedOrigin is an API's origin where it is known before the API runs, or "".
func (a *API) fixedOrigin() string {
	if a.At != "" {
		return a.At
	}
	return a.URL
}

func (l *loader) command(n *node, w *way) *Command {
	c := &Command{Dir: filepath.Dir(n.src.name)}
	isPort := func(name string) bool { return name == "PORT" }
	for i, item := range usable(n.field("command")) {
		at := w.field("command").item(i)
		text, ok := l.commandText(item, at, isPort)
		if i == 0 && ok && text == "" {
			l.problem(item, at, "the program is missing", "name it first, and its arguments after it")
		}
		c.Args = append(c.Args, text)
	}
	if env := n.field("env"); env.ok() {
		c.Env = make(map[string]string, len(env.entries))
		for _, e := range env.entries {
			l.checkVariable(e.key, w.field("env"))
			c.Env[e.key.text], _ = l.commandText(e.value, w.field("env").field(e.key.text), isPort)
		}
	}
	if dir, ok := l.plain(n.field("dir"), w.field("dir")); ok {
		c.Dir = l.relative(n.src.name, dir)
	}
	l.ready(c, n.field("ready"), w.field("ready"))
	return c
}

// commandText keeps ${PORT} as it is for whoever starts the program.
func (l *loader) commandText(n *node, w *way, known func(string) bool) (text string, ok bool) {
	if !n.ok() {
		return "", false
	}
	pieces, ok := l.pieces(n, w, known)
	if ok {
		l.checkLiterals(n, w, pieces, known)
	}
	return plainText(pieces), ok
}

// checkLiterals reports a literal text that would be filled in later all the same.
func (l *loader) checkLiterals(n *node, w *way, pieces []piece, known func(string) bool) {
	for _, p := range pieces {
		for _, found := range referencePattern.FindAllStringSubmatch(p.literal, -1) {
			if known(found[1]) {
				l.problem(n, w, found[0]+" cannot stand here as a text: it is always filled in", "")
			}
		}
	}
}

var referencePattern = regexp.MustCompile(`\$\{([^}]+)\}`)

func (l *loader) checkVariable(key *node, w *way) {
	if key.text == "" || !matches(`^[^=\x00]+$`, key.text) {
		l.problem(key, w, quoted(key.text)+" is no name of an environment variable", "")
	}
}

func (l *loader) ready(c *Command, n *node, w *way) {
	if !n.ok() {
		return
	}
	if p := n.field("path"); p.ok() {
		c.ReadyPath, _ = l.plain(p, w.field("path"))
		if c.ReadyPath != "" && c.ReadyPath[0] != '/' {
			l.problem(p, w.field("path"), "the path "+quoted(c.ReadyPath)+" begins with no slash", "write /"+c.ReadyPath)
		}
	}
	c.Within = l.span(n.field("within"), w.field("within"))
}

func (l *loader) server(name, config *node, w *way) *Server {
	text, ok := l.plain(name, w.field("server"))
	if !ok {
		return nil
	}
	if l.opts.Servers != nil && !slices.Contains(l.opts.Servers, text) {
		l.problem(name, w.field("server"), "there is no server "+quoted(text), didYouMean(text, l.opts.Servers))
	}
	return &Server{Name: text, Config: l.config(config, w.field("config"))}
}

// part reads one item of via: a name, or a name and its settings.
func (l *loader) part(n *node, w *way) (s Server, ok bool) {
	name := n
	if n.kind == mapKind {
		if len(n.entries) != 1 {
			l.problem(n, w, "one item is one part", "write - NAME, or - NAME: {settings}")
			return s, false
		}
		name = n.entries[0].key
		s.Config = l.config(n.entries[0].value, w.field(name.text))
	}
	if s.Name, ok = l.plain(name, w); !ok {
		return s, false
	}
	if l.opts.Parts != nil && !slices.Contains(l.opts.Parts, s.Name) {
		l.problem(name, w, "nothing called "+quoted(s.Name)+" can stand between", didYouMean(s.Name, l.opts.Parts))
	}
	return s, true
}

// config reads settings; nil for none.
func (l *loader) config(n *node, w *way) map[string]any {
	if !n.ok() {
		return nil
	}
	change := func(n *node) string {
		text, _ := l.plain(n, w)
		return text
	}
	settings, _ := n.value(change, same).(map[string]any)
	return settings
}
