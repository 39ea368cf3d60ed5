package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Options say what a suite is read with. The zero value reads the machine's files, and has no environment.
type Options struct {
	// FS holds the suite and what it refers to; nil means the machine's files.
	FS fs.FS
	// Env looks an environment variable up, as os.LookupEnv does; nil: none is set.
	Env func(name string) (string, bool)
	// Servers are the names of the servers that can be put under test, Parts those of what can stand before one, and
	// Rules those of the rules that findings have; nil: any name will do.
	Servers, Parts, Rules []string
}

// Load reads a suite and what it includes. An error holds every mistake, each a *[Problem]: see [Problems]. It ends early
// with the context's error where that ends.
func Load(ctx context.Context, file string, opts Options) (*Suite, error) {
	l := &loader{
		opts: opts, suite: &Suite{File: file},
		seen: map[string]bool{}, bodies: map[string][]byte{}, apis: map[string]*apiNode{}, described: map[string]*node{}, memory: map[*node]any{},
	}
	l.read(ctx, file, nil, nil, nil)
	l.decode(ctx)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("load the suite %s: %w", file, err)
	}
	if err := l.problems.err(l.suite.Files); err != nil {
		return nil, err
	}
	return l.suite, nil
}

// loader gathers files, problems and the suite.
type loader struct {
	opts      Options
	suite     *Suite
	problems  collector
	docs      []*document
	seen      map[string]bool   // suite files
	bodies    map[string][]byte // other files
	bytes     int
	apis      map[string]*apiNode
	described map[string]*node // pages, by their origin
	memory    map[*node]any    // see remember
	cases     int              // of all matrices
	merged    int              // see maxMerged
}

// document is a suite file that was read and whose structure was checked.
type document struct {
	src *source
	top *node
}

// The limits of all files together.
const (
	maxFiles     = 1000
	maxAllBytes  = 64 << 20
	maxBodyBytes = 16 << 20
)

// read reads a suite file and what it includes. at is the node that names the file, or nil; above are the files that include it.
func (l *loader) read(ctx context.Context, name string, at *node, w *way, above []string) {
	if i := slices.Index(above, name); i >= 0 {
		l.problem(at, w, "the file includes itself: "+strings.Join(append(above[i:], name), " → "), "remove one of the includes")
		return
	}
	if ctx.Err() != nil || l.seen[name] {
		return
	}
	l.seen[name] = true
	data, err := l.open(name, maxFileBytes)
	if err != nil {
		l.fileProblem(name, at, w, err)
		return
	}
	src := newSource(name, data)
	top := parseYAML(src, l.problems.add)
	if top == nil {
		return
	}
	checkNode(&checker{report: l.problems.add}, suiteShape, top, nil)
	l.docs = append(l.docs, &document{src: src, top: top})
	above = append(slices.Clone(above), name)
	for i, item := range usable(top.field("include")) {
		way := (*way)(nil).field("include").item(i)
		if other, ok := l.plain(item, way); ok {
			l.read(ctx, l.relative(name, other), item, way, above)
		}
	}
}

// open reads a file of at most that many bytes, and counts it.
func (l *loader) open(name string, limit int) ([]byte, error) {
	if len(l.suite.Files) == maxFiles {
		return nil, fmt.Errorf("there are more than %d files", maxFiles)
	}
	f, err := l.openFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if len(data) > limit {
		return nil, fmt.Errorf("it has more than %d MiB", limit>>20)
	}
	if l.bytes += len(data); l.bytes > maxAllBytes {
		return nil, fmt.Errorf("with it the files have more than %d MiB", maxAllBytes>>20)
	}
	l.suite.Files = append(l.suite.Files, name)
	return data, nil
}

func (l *loader) openFile(name string) (fs.File, error) {
	if l.opts.FS != nil {
		return l.opts.FS.Open(name)
	}
	return os.Open(name)
}

// relative is a file that is named in another one.
func (l *loader) relative(from, name string) string {
	if l.opts.FS != nil {
		return path.Join(path.Dir(from), name)
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(filepath.Dir(from), filepath.FromSlash(name))
}

func (l *loader) fileProblem(name string, at *node, w *way, err error) {
	what := "the file cannot be read: " + reason(err)
	if at == nil {
		l.problems.add(Problem{File: name, What: what})
		return
	}
	l.problem(at, w, fmt.Sprintf("the file %s cannot be read: %s", name, reason(err)), "files are named relative to this one")
}

// reason is an error without the operation and the path, which the message names already.
func reason(err error) string {
	if errors.Is(err, fs.ErrInvalid) {
		return "its name leads out of the file system"
	}
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// problem reports a mistake at a node.
func (l *loader) problem(n *node, w *way, what, hint string) {
	p := n.problem(what)
	p.Path, p.Hint = w.String(), hint
	l.problems.add(p)
}

// usable are the items of a list that can be read.
func usable(n *node) []*node {
	if n == nil || n.bad || n.kind != listKind {
		return nil
	}
	return n.list
}

// ok reports whether a node is there and can be read.
func (n *node) ok() bool { return n != nil && !n.bad }
