package suite

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// pieces splits a text at its references, and fills in those to the environment. known reports whether another name may be
// referred to; nil: none. What is wrong is reported, and ok is false then.
func (l *loader) pieces(n *node, w *way, known func(string) bool) (pieces []piece, ok bool) {
	if !strings.Contains(n.text, "${") {
		return []piece{{literal: n.text}}, true
	}
	pieces, err := splitReferences(n.text)
	if err != nil {
		l.referenceProblem(n, w, "${", err.Error(), `"$${" stands for the text "${"`)
		return nil, false
	}
	ok = true
	for i, p := range pieces {
		if variable, isEnv := strings.CutPrefix(p.name, "env."); isEnv {
			value, set := l.variable(variable)
			if ok = ok && set; !set {
				l.referenceProblem(n, w, "${"+p.name+"}", fmt.Sprintf("the environment variable %s is not set", shortened(variable)), "")
			}
			pieces[i] = piece{literal: value}
			continue
		}
		if p.name != "" && (known == nil || !known(p.name)) {
			ok = false
			l.unknownReference(n, w, p.name, known)
		}
	}
	return pieces, ok
}

func (l *loader) variable(name string) (string, bool) {
	if l.opts.Env == nil {
		return "", false
	}
	return l.opts.Env(name)
}

func (l *loader) unknownReference(n *node, w *way, name string, known func(string) bool) {
	words := []string{"env.NAME"}
	if known != nil {
		for _, candidate := range append(slices.Sorted(maps.Keys(l.apis)), "from", "origin", "request.body", "PORT") {
			if known(candidate) {
				words = append(words, candidate)
			}
		}
	}
	what := fmt.Sprintf("${%s} refers to nothing here", shortened(name))
	hint := didYouMean(name, words)
	if strings.HasPrefix(hint, "there are") {
		hint += `; "$${" stands for the text "${"`
	}
	l.referenceProblem(n, w, "${"+name+"}", what, hint)
}

// referenceProblem is at the reference, where that can be found in the file, or else at the text.
func (l *loader) referenceProblem(n *node, w *way, reference, what, hint string) {
	p := n.problem(what)
	if line, col, ok := n.src.find(n.line, n.col, reference); ok {
		p = n.src.problem(line, col, what)
	}
	p.Path, p.Hint = w.String(), hint
	l.problems.add(p)
}
