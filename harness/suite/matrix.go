package suite

import (
	"fmt"
	"iter"
	"slices"
)

// The limits of a matrix.
const (
	maxCaseMatrix = 100_000
	maxAllCases   = 1_000_000
)

// template is a case of the file: what its combinations share, and the axes along which they differ.
type template struct {
	id   string
	base Case
	axes []axis
}

// axis is a place with several values, each with its part of the ID.
type axis struct {
	ids []string
	put []func(*Case)
}

// Len is how many cases the suite has, all matrices expanded.
func (s *Suite) Len() int {
	n := 0
	for _, t := range s.templates {
		n += t.len()
	}
	return n
}

// len is at most a little more than maxAllCases.
func (t *template) len() int {
	n := 1
	for _, a := range t.axes {
		if n *= len(a.put); n > maxAllCases {
			return maxAllCases + 1
		}
	}
	return n
}

// Cases expands the matrices one case at a time, always in the same order: that of the file, and within a case the values of later
// fields change first. Fields count in the order of [Case]: from, cookies, and each step's request.
func (s *Suite) Cases() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for _, t := range s.templates {
			if !t.expand(yield) {
				return
			}
		}
	}
}

func (t *template) expand(yield func(Case) bool) bool {
	at := make([]int, len(t.axes))
	for range t.len() {
		if !yield(t.pick(at)) {
			return false
		}
		for i := len(at) - 1; i >= 0; i-- {
			if at[i]++; at[i] < len(t.axes[i].put) {
				break
			}
			at[i] = 0
		}
	}
	return true
}

// pick is the case at one place of the matrix. It owns its Cookies and Steps.
func (t *template) pick(at []int) Case {
	c := t.base
	c.ID = t.id
	c.Cookies, c.Steps = slices.Clone(c.Cookies), slices.Clone(c.Steps)
	for i, a := range t.axes {
		a.put[at[i]](&c)
		c.ID += "/" + a.ids[at[i]]
	}
	return c
}

// vary reads a place of the matrix: one value is put into the template at once, a list becomes an axis.
func vary[T any](t *template, n *node, w *way, read func(*node, *way) (T, bool), put func(*Case, T)) {
	if !n.ok() {
		return
	}
	if n.kind != listKind {
		if v, ok := read(n, w); ok {
			put(&t.base, v)
		}
		return
	}
	var a axis
	seen := map[string]int{}
	for i, item := range n.list {
		if !item.ok() {
			continue
		}
		if v, ok := read(item, w.item(i)); ok {
			a.put = append(a.put, func(c *Case) { put(c, v) })
			a.ids = append(a.ids, unique(slug(label(item), maxValueSlug, true), seen))
		}
	}
	if len(a.put) == 1 {
		a.put[0](&t.base)
	}
	if len(a.put) > 1 {
		t.axes = append(t.axes, a)
	}
}

// label is what of a value stands in an ID: a text, or a body's kind and text.
func label(n *node) string {
	if n.kind == mapKind && len(n.entries) > 0 {
		return n.entries[0].key.text + " " + n.entries[0].value.text
	}
	return n.text
}

// checkMatrix reports a matrix that is too large; ok is false then.
func (l *loader) checkMatrix(t *template, n *node, w *way) (ok bool) {
	count := t.len()
	if count > maxCaseMatrix {
		many := fmt.Sprint(count)
		if count > maxAllCases {
			many = fmt.Sprintf("more than %d", maxAllCases)
		}
		l.problem(n, w, fmt.Sprintf("the matrix has %s cases, at most %d are taken", many, maxCaseMatrix), "shorten its lists, or split the case")
		return false
	}
	before := l.cases
	if l.cases += count; l.cases > maxAllCases && before <= maxAllCases {
		l.problem(n, w, fmt.Sprintf("with this case the suite has more than %d", maxAllCases), "split the suite")
	}
	return l.cases <= maxAllCases
}
