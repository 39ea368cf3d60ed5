package denials

import "strings"

// table is one of the tables, as Markdown shows it. A column for the version comes last.
type table struct {
	title   string
	columns []string
	rows    [][]string
}

// keyOf names a row of any table: its title and its first cells.
func (t *table) keyOf(cells []string) string { return t.title + "\x00" + strings.Join(cells, "\x00") }

// String is the table with its heading.
func (t *table) String() string {
	var b strings.Builder
	b.WriteString("### " + t.title + "\n\n")
	head := append(append([]string{}, t.columns...), "version")
	b.WriteString(line(head))
	b.WriteString("|" + strings.Repeat(" --- |", len(head)) + "\n")
	for _, row := range t.rows {
		b.WriteString(line(row))
	}
	b.WriteString("\n")
	return b.String()
}

func line(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// rowsOf reads the rows of tables as String writes them. A row is known by its
// table and, since tables differ in how many cells name it, by each beginning of its cells.
func rowsOf(text string) map[string][]string {
	rows := map[string][]string{}
	var in table
	for _, l := range strings.Split(text, "\n") {
		if title, ok := strings.CutPrefix(l, "### "); ok {
			in.title = title
		}
		inner, ok := strings.CutPrefix(l, "| ")
		if !ok {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(inner, " |"), " | ")
		for n := range cells {
			rows[in.keyOf(cells[:n+1])] = cells
		}
	}
	return rows
}
