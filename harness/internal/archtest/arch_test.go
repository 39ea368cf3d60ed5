// Package archtest holds the architecture's rules as tests: which package may
// import which, and that every package says what it is.
package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/corsproof/corsproof/"

// allowed is the direction of imports: what each package may use of ours. A
// package may always use those below its own folder.
var allowed = map[string][]string{
	"harness/fetch":             {},
	"harness/nearest":           {},
	"harness/printable":         {},
	"harness/process":           {},
	"harness/testca":            {},
	"harness/probe":             {"harness/fetch"},
	"harness/rawhttp":           {"harness/fetch", "harness/probe"},
	"harness/replay":            {"harness/fetch", "harness/probe"},
	"harness/target":            {"harness/fetch", "harness/probe", "harness/process", "harness/rawhttp"},
	"harness/story":             {"harness/fetch", "harness/probe"},
	"harness/remedy":            {"harness/fetch", "harness/nearest"},
	"harness/diagnose":          {"harness/fetch", "harness/nearest", "harness/probe", "harness/printable", "harness/remedy"},
	"harness/expect":            {"harness/fetch", "harness/probe"},
	"harness/suite":             {"harness/fetch", "harness/nearest", "harness/probe", "harness/expect"},
	"harness/report":            {"harness/fetch", "harness/probe", "harness/expect", "harness/diagnose", "harness/remedy", "harness/story", "harness/replay", "harness/printable"},
	"harness/report/github":     {"harness/report", "harness/printable"},
	"harness/report/harreport":  {"harness/report"},
	"harness/report/html":       {"harness/report", "harness/printable"},
	"harness/report/jsonreport": {"harness/report"},
	"harness/report/junit":      {"harness/report", "harness/printable"},
	"harness/report/sarif":      {"harness/report", "harness/printable"},
	"harness/report/terminal":   {"harness/report", "harness/printable"},
	"harness/importer":          {"harness/fetch", "harness/probe"},
	"harness/importer/curl":     {"harness/fetch", "harness/probe", "harness/nearest", "harness/importer"},
	"harness/importer/har":      {"harness/fetch", "harness/probe", "harness/importer", "harness/importer/internal/located"},
	"harness/importer/postman":  {"harness/fetch", "harness/probe", "harness/importer", "harness/importer/internal/located"},
	"harness/match":             {"harness/fetch", "harness/probe", "harness/expect", "harness/diagnose", "harness/story", "harness/nearest"},
	"harness/browser":           {"harness/fetch", "harness/probe"},
	"harness/browser/page":      {"harness/fetch", "harness/probe"},
	"harness/browser/chromium":  {"harness/fetch", "harness/probe", "harness/process", "harness/browser", "harness/browser/page"},
	"harness": {"harness/fetch", "harness/probe", "harness/process", "harness/testca", "harness/rawhttp", "harness/replay",
		"harness/target", "harness/diagnose", "harness/browser", "harness/browser/page", "harness/browser/chromium"},
	"harness/run": {"harness", "harness/fetch", "harness/probe", "harness/rawhttp", "harness/target", "harness/suite", "harness/expect", "harness/diagnose", "harness/remedy", "harness/report",
		"servers", "servers/embedded"},
	"harness/repro": {"harness", "harness/fetch", "harness/probe", "harness/replay", "harness/importer", "harness/diagnose"},
	"fixtures":      {},
	"servers":       {"harness/fetch", "harness/nearest", "harness/probe", "harness/process", "harness/rawhttp", "harness/remedy", "harness/replay", "harness/target", "harness/testca", "fixtures", "servers"},
}

// owners are the only packages that may use a library or a part of the standard library, with the reason.
var owners = []struct {
	path  string
	by    []string
	why   string
	tests bool
}{
	{"github.com/chromedp/", []string{"harness/browser/chromium", "harness/internal/bench", "harness/report/harreport", "harness/importer/har"}, "an engine is an interface; nothing else may know Chromium's protocol", true},
	{"mvdan.cc/sh/", []string{"harness/importer/curl"}, "nothing else reads what people write for a shell", true},
	{"github.com/onsi/gomega", []string{"harness/match", "specs"}, "the library must be usable without Gomega", false},
	{"github.com/onsi/ginkgo", []string{"specs"}, "as above", false},
	{"github.com/goccy/go-yaml", []string{"harness/suite"}, "another YAML library must be able to take its place", false},
}

type goFile struct {
	pkg  string
	name string
	test bool
	ast  *ast.File
}

func TestImportsPointInOneDirection(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range files(t) {
		seen[f.pkg] = true
		rule, ok := ruleFor(f.pkg)
		if !ok || f.test {
			continue
		}
		for _, path := range imports(f.ast) {
			ours, isOurs := strings.CutPrefix(path, module)
			if isOurs && !mayUse(f.pkg, rule, ours) {
				t.Errorf("%s imports %s, which it may not: see the table in this test", f.name, ours)
			}
		}
	}
	for pkg := range allowed {
		if !seen[pkg] {
			t.Errorf("the table names %s, which does not exist", pkg)
		}
	}
}

func ruleFor(pkg string) (list []string, ok bool) {
	if strings.HasPrefix(pkg, "servers") {
		return allowed["servers"], true
	}
	list, ok = allowed[pkg]
	return list, ok
}

func mayUse(pkg string, rule []string, path string) bool {
	if strings.HasPrefix(path, pkg+"/") && pkg != "harness" {
		return true
	}
	if strings.HasPrefix(path, "servers/") && slices.Contains(rule, "servers") {
		return true
	}
	return slices.Contains(rule, path) || strings.HasPrefix(path, "harness/internal/")
}

func TestLibrariesHaveOneOwner(t *testing.T) {
	for _, f := range files(t) {
		for _, path := range imports(f.ast) {
			for _, o := range owners {
				if strings.HasPrefix(path, o.path) && !slices.Contains(o.by, f.pkg) && (!f.test || o.tests) {
					t.Errorf("%s imports %s: only %v may, because %s", f.name, path, o.by, o.why)
				}
			}
		}
	}
}

func TestOnlyProgramsTouchTheProcess(t *testing.T) {
	exempt := map[string]string{
		"harness/environment.go":         "a test's own code seldom knows the machine's browser",
		"servers/express/install.go":     "finds an installed app",
		"servers/gomw/app.go":            "finds the program that is built",
		"servers/spring/install.go":      "finds an installed app",
		"servers/vite/install.go":        "finds an installed app",
		"servers/internal/python/app.go": "finds an installed app",
	}
	for _, f := range files(t) {
		if f.test || strings.Contains(f.pkg, "/cmd/") || strings.HasPrefix(f.pkg, "harness/internal/cli") || exempt[f.name] != "" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := s.X.(*ast.Ident)
			if ok && x.Name == "os" && slices.Contains([]string{"Exit", "Stdout", "Getenv", "LookupEnv"}, s.Sel.Name) {
				t.Errorf("%s uses os.%s: programs do that, packages do not", f.name, s.Sel.Name)
			}
			return true
		})
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	comments := map[string]int{}
	for _, f := range files(t) {
		if f.test {
			continue
		}
		if _, ok := comments[f.pkg]; !ok {
			comments[f.pkg] = 0
		}
		if f.ast.Doc != nil {
			comments[f.pkg]++
		}
	}
	for pkg, n := range comments {
		if n != 1 {
			t.Errorf("%s has %d package comments, want 1", pkg, n)
		}
	}
}

// maxLines is the most that a file may have, tests aside; maxFunction the most for a function.
const maxLines, maxFunction = 400, 60

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	for _, f := range files(t) {
		if f.test {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, filepath.Join(root, f.name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if n := set.Position(parsed.End()).Line; n > maxLines {
			t.Errorf("%s has %d lines, at most %d", f.name, n, maxLines)
		}
		for _, d := range parsed.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1; n > maxFunction {
				t.Errorf("%s: %s has %d lines, at most %d", f.name, fn.Name.Name, n, maxFunction)
			}
		}
	}
}

const root = "../../.."

// files are the project's Go files, with their imports and comments.
func files(t *testing.T) []goFile {
	t.Helper()
	var list []goFile
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "node_modules" || name == "testdata" || (strings.HasPrefix(name, ".") && name != ".." && name != "../../..")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		list = append(list, goFile{pkg: filepath.ToSlash(filepath.Dir(rel)), name: filepath.ToSlash(rel), test: strings.HasSuffix(name, "_test.go"), ast: parsed})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func imports(f *ast.File) []string {
	var list []string
	for _, i := range f.Imports {
		list = append(list, strings.Trim(i.Path.Value, `"`))
	}
	return list
}
