package specs

// Proof that it goes red: a harness that cannot fail is worse than none. Every matcher and every field of an Observation
// is put to an API as it should be and to a mutant of it, in the real browser: it passes on the one, and fails on the other
// with the right words. House rule of this suite. That events which the engine drops are missed is proven in the engine's own tests.

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

// question asks a browser something, and returns what was seen.
type question func(context.Context) probe.Observation

// mutation is a claim that holds of what good sees, and of mutant's not.
type mutation struct {
	proves       string // the matcher's constructor, or the path of the field
	matcher      types.GomegaMatcher
	good, mutant question
	says         []string // the words of the failure
}

// prove asks both and returns what was seen.
func (m mutation) prove(ctx context.Context) (good, mutant probe.Observation) {
	GinkgoHelper()
	good, mutant = m.good(ctx), m.mutant(ctx)
	matched, err := m.matcher.Match(good)
	Expect(err).NotTo(HaveOccurred(), "the good one")
	Expect(matched).To(BeTrue(), "the good one: %s", m.matcher.FailureMessage(good))
	matched, err = m.matcher.Match(mutant)
	Expect(err).NotTo(HaveOccurred(), "the mutant")
	Expect(matched).To(BeFalse(), "the mutant passes")
	message := m.matcher.FailureMessage(mutant)
	for _, words := range m.says {
		Expect(message).To(ContainSubstring(words))
	}
	return good, mutant
}

// entries are mutations as entries of a table.
func entries(list ...[]mutation) []TableEntry {
	var out []TableEntry
	for _, m := range slices.Concat(list...) {
		out = append(out, Entry(fmt.Sprintf("%s, which then says %q", m.proves, m.says), m))
	}
	return out
}

// facing sends a request to a stub with these rules; the request's URL is what follows the path that the stub serves.
func facing(s *stub, r probe.Request, rules ...embedded.Rule) question {
	return func(ctx context.Context) probe.Observation {
		GinkgoHelper()
		r := r
		r.URL = s.serve(slices.Clone(rules)...) + r.URL
		if r.Client == probe.XHR {
			return sending(ctx, app, r)
		}
		return fetching(ctx, app, r)
	}
}

// again is the second step of a session that puts the same request twice.
func again(s *stub, r probe.Request, rules ...embedded.Rule) question {
	return func(ctx context.Context) probe.Observation {
		GinkgoHelper()
		r := r
		r.URL = s.serve(slices.Clone(rules)...) + r.URL
		return asking(ctx, h.From(app), r, r)[1]
	}
}

// always answers every request so, and upon answers those that match.
func always(a embedded.Answer) embedded.Rule { return embedded.Rule{Answer: a} }

func upon(when embedded.Match, a embedded.Answer) embedded.Rule {
	return embedded.Rule{When: when, Answer: a}
}

// field matches an Observation of which the field at that path matches; want is a value or a matcher.
func field(path string, want any) types.GomegaMatcher {
	matcher, ok := want.(types.GomegaMatcher)
	if !ok {
		matcher = Equal(want)
	}
	return WithTransform(func(o probe.Observation) any { return valueAt(o, path) }, matcher)
}

// valueAt reads a field by its path, "Exchanges[-1].Response.Status": -1 is the last. It is nil where the path ends early.
func valueAt(o probe.Observation, path string) any {
	v := reflect.ValueOf(o)
	for step := range strings.SplitSeq(path, ".") {
		if v = reflect.Indirect(v); !v.IsValid() {
			return nil
		}
		name, index, indexed := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		v = v.FieldByName(name)
		if !indexed {
			continue
		}
		i, err := strconv.Atoi(index)
		Expect(err).NotTo(HaveOccurred())
		if i < 0 {
			i += v.Len()
		}
		if i < 0 || i >= v.Len() {
			return nil
		}
		v = v.Index(i)
	}
	return v.Interface()
}

var _ = Describe("A claim that a good API satisfies goes red on its mutant:", Label("mutation"), func() {
	DescribeTable("the matcher", func(ctx SpecContext, m mutation) {
		good, mutant := m.prove(ctx)
		Expect(m.matcher.FailureMessage(mutant)).To(HavePrefix("expected the observation to "))
		Expect(m.matcher.NegatedFailureMessage(good)).To(HavePrefix("expected the observation not to "))
	}, entries(outcomeMutations(), responseMutations(), requestMutations(), cookieMutations(), serverMutations()))

	DescribeTable("the field", func(ctx SpecContext, m mutation) { m.prove(ctx) },
		entries(pageFields(), wireFields(), serverFields(), verdictFields()))

	It("there is a mutation of every matcher", func() {
		Expect(provenBy(outcomeMutations(), responseMutations(), requestMutations(), cookieMutations(), serverMutations(), crookedMatchers(sound))).To(ConsistOf(constructors()))
	})

	It("there is a mutation of every field of an Observation", func() {
		rows := provenBy(pageFields(), wireFields(), serverFields(), verdictFields(), crookedFields(sound))
		for _, path := range slices.Concat(fieldsOfOrder, fieldsOfBrowsers) {
			rows = append(rows, withoutIndices(path))
		}
		for path, why := range fieldsWithoutOpposite {
			Expect(why).NotTo(BeEmpty())
			rows = append(rows, path)
		}
		Expect(rows).To(ConsistOf(leaves(reflect.TypeFor[probe.Observation](), "")))
	})
})

// fieldsWithoutOpposite are those of which no server and no browser can make a mutant, and why.
var fieldsWithoutOpposite = map[string]string{
	"Browser.Engine":                 "there is one engine",
	"Browser.Version":                "it is that of the browser which is installed",
	"FollowUps":                      "no probe has any: diagnosis asks them afterwards (harness/followup_test.go)",
	"Exchanges.Cookies.Sent.Reasons": "a cookie that was sent has none",
}

// provenBy are the names that mutations prove, each once, without indices.
func provenBy(lists ...[]mutation) []string {
	var names []string
	for _, m := range slices.Concat(lists...) {
		names = append(names, withoutIndices(m.proves))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func withoutIndices(path string) string {
	return strings.NewReplacer("[0]", "", "[-1]", "").Replace(path)
}

// constructors are the exported functions of package match.
func constructors() []string {
	GinkgoHelper()
	files, err := filepath.Glob("../harness/match/*.go")
	Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		Expect(err).NotTo(HaveOccurred())
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.IsExported() {
				names = append(names, fn.Name.Name)
			}
		}
	}
	Expect(names).NotTo(BeEmpty())
	return names
}

// leaves are the paths of a type's fields, those of package probe's own types one by one. What was asked is one, and so is what was asked
// afterwards.
func leaves(t reflect.Type, path string) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	own := t.Kind() == reflect.Struct && t.PkgPath() == reflect.TypeFor[probe.Observation]().PkgPath()
	if !own || t == reflect.TypeFor[probe.Request]() || t == reflect.TypeFor[probe.FollowUp]() {
		return []string{path}
	}
	var list []string
	for i := range t.NumField() {
		list = append(list, leaves(t.Field(i).Type, strings.TrimPrefix(path+"."+t.Field(i).Name, "."))...)
	}
	return list
}
