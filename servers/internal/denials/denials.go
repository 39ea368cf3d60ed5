package denials

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers"
)

// The markers between which a file has the tables.
const (
	Begin = "<!-- what follows is written by make denials -->"
	End   = "<!-- until here -->"
)

// Update measures the systems that selected names, by their first column, and
// returns the file with their rows written anew. Every other row stays as it was; that of
// a system that is not installed says so. An error says which system could not be asked.
func Update(ctx context.Context, file string, selected func(system string) bool) (string, error) {
	before, rest, begins := strings.Cut(file, Begin)
	was, after, ends := strings.Cut(rest, End)
	if !begins || !ends {
		return "", fmt.Errorf("the file has no tables: put the lines %q and %q where they are to stand", Begin, End)
	}
	m := measuring{known: rowsOf(was), selected: selected, versions: map[string]string{}}
	tables, err := m.tables(ctx)
	if err != nil {
		return "", err
	}
	return before + Begin + "\n\n" + tables + End + after, nil
}

// measuring is one update.
type measuring struct {
	known    map[string][]string // rows of the file, by table and key
	selected func(system string) bool
	versions map[string]string // of servers
}

func (m *measuring) tables(ctx context.Context) (string, error) {
	asked := table{title: "Preflights", columns: append([]string{"system"}, columns(preflights)...)}
	answered := table{title: "Requests", columns: append([]string{"system"}, columns(actuals)...)}
	failing := table{title: "Where the system itself fails a request", columns: []string{"system", "set-up", "asked by the app", "answer"}}
	var errs []error
	for _, s := range good {
		answers, err := m.answers(ctx, s, slices.Concat(preflights, actuals))
		errs = append(errs, err)
		n := min(len(preflights), len(answers))
		m.add(ctx, &asked, s, []string{s.system()}, answers[:n])
		m.add(ctx, &answered, s, []string{s.system()}, answers[n:])
	}
	for _, s := range own {
		answers, err := m.answers(ctx, s, []question{s.asked})
		errs = append(errs, err)
		m.add(ctx, &failing, s, []string{s.system(), s.fixture, s.asked.column}, answers)
	}
	return asked.String() + answered.String() + failing.String(), errors.Join(errs...)
}

func columns(questions []question) []string {
	var list []string
	for _, q := range questions {
		list = append(list, q.column)
	}
	return list
}

// answers are a system's, or none where it is not selected or not installed.
func (m *measuring) answers(ctx context.Context, s setUp, questions []question) ([]string, error) {
	if !m.selected(s.system()) {
		return nil, nil
	}
	server, err := servers.New(s.server, map[string]any{"fixture": s.fixtureName()})
	if err != nil {
		return nil, err
	}
	answers, err := measure(ctx, server, questions)
	var missing *target.MissingError
	if errors.As(err, &missing) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", s.server, s.fixtureName(), err)
	}
	return answers, nil
}

// notHere is what the row of a system that is not installed ends with.
const notHere = " (not installed where this was last written: as measured before)"

// add adds a system's row: its answers, or what the file had.
func (m *measuring) add(ctx context.Context, t *table, s setUp, key, answers []string) {
	if len(answers) > 0 {
		row := slices.Clone(key)
		for _, a := range answers {
			row = append(row, "`"+a+"`")
		}
		t.rows = append(t.rows, append(row, m.version(ctx, s)))
		return
	}
	row := m.known[t.keyOf(key)]
	if len(row) != len(t.columns)+1 {
		row = slices.Clone(key)
		for len(row) < len(t.columns) {
			row = append(row, "not measured")
		}
		row = append(row, "")
	}
	if last := len(row) - 1; m.selected(s.system()) && !strings.HasSuffix(row[last], notHere) {
		row[last] += notHere
	}
	t.rows = append(t.rows, row)
}

// version is a system's part of its server's version.
func (m *measuring) version(ctx context.Context, s setUp) string {
	all, ok := m.versions[s.server]
	if !ok {
		all = servers.StatusOf(ctx, s.server).Version
		m.versions[s.server] = all
	}
	for _, part := range strings.Split(all, ", ") {
		if s.module != "" && strings.Contains(part, s.module) {
			return part
		}
	}
	return all
}
