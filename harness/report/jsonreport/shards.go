package jsonreport

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/report"
)

// shards are the parts of a suite that were read: each one's report, by index.
type shards struct {
	of    int
	names map[int]string
}

// shard notes whose part a report is. All must be of the same whole, and each another.
func (m *merger) shard(name string, s report.Shard) {
	if m.shards.names == nil {
		m.shards = shards{of: s.Of, names: map[int]string{}}
	}
	before, twice := m.shards.names[s.Index]
	switch {
	case s.Of != m.shards.of:
		m.differ("%s is a shard of %d, and others are shards of %d", name, s.Of, m.shards.of)
	case twice:
		m.differ("%s and %s are both shard %d/%d", before, name, s.Index, s.Of)
	default:
		m.shards.names[s.Index] = name
	}
}

// missing notes the shards that no report is of.
func (m *merger) missing() {
	const most = 20
	var list []string
	for i := 1; i <= m.shards.of; i++ {
		if _, ok := m.shards.names[i]; ok {
			continue
		}
		if len(list) == most {
			list = append(list, "…")
			break
		}
		list = append(list, fmt.Sprintf("%d/%d", i, m.shards.of))
	}
	if len(list) > 0 {
		m.lacking = append(m.lacking, fmt.Errorf("no report is of shard %s: its results are missing", strings.Join(list, ", ")))
	}
}
