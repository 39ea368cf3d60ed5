package match_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryMatcherHasAMutationRow reads the package's source, so that no matcher can be added without a proof that it can fail.
func TestEveryMatcherHasAMutationRow(t *testing.T) {
	proven := map[string]bool{}
	for _, r := range rows() {
		for _, m := range r.mutants {
			proven[r.constructor] = proven[r.constructor] || !m.undecided
		}
	}
	exported := constructors(t)
	for _, name := range exported {
		if !proven[name] {
			t.Errorf("%s has no mutation row", name)
		}
		delete(proven, name)
	}
	if len(exported) < 28 {
		t.Errorf("only %d matchers were found: %q", len(exported), exported)
	}
	for name := range proven {
		t.Errorf("a row names %s, which is no matcher of this package", name)
	}
}

// constructors are the exported functions of the package.
func constructors(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.IsExported() {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}
