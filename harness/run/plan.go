package run

import (
	"fmt"
	"iter"
	"strings"

	"github.com/corsproof/corsproof/harness/suite"
)

// Selection says which cases are asked. The zero value selects all.
type Selection struct {
	// Filters are texts of which one must be part of a case's ID or name, without regard to case; none: any.
	Filters []string
	// Shard takes every Of-th case, beginning with the Index-th: 1 to Of. The zero value takes all.
	Shard Shard
}

// Shard is a part of a suite, such as a machine of several runs.
type Shard struct{ Index, Of int }

// ParseShard reads "2/5".
func ParseShard(text string) (Shard, error) {
	var s Shard
	if _, err := fmt.Sscanf(text, "%d/%d", &s.Index, &s.Of); err != nil || text != fmt.Sprintf("%d/%d", s.Index, s.Of) || s.Index < 1 || s.Index > s.Of {
		return Shard{}, fmt.Errorf("%q is no shard: write 2/5 for the second of five", text)
	}
	return s, nil
}

// Plan is what is to be asked, in a stable order. It keeps no cases: matrices are expanded as they are needed.
type Plan struct {
	parts     []part
	selection Selection
	// Cases and Results are how many there will be; a case has a result for each of its steps.
	Cases, Results int
}

// part is one suite of a plan.
type part struct {
	*suite.Suite
	prefix  string // of its cases' IDs
	first   int    // how many cases are before it that pass the filters
	cases   int
	replays bool // a case expects something of the replay
}

// NewPlan counts what is to be asked. Where there are several suites, each
// case's ID begins with its suite's name, which must be different for each.
func NewPlan(suites []*suite.Suite, selection Selection) (*Plan, error) {
	p := &Plan{selection: selection}
	passed := 0
	names := map[string]string{}
	for _, s := range suites {
		if other, twice := names[s.Name]; twice {
			return nil, fmt.Errorf("%s and %s are both called %q: results could not be told apart, so run them one by one or rename one", other, s.File, s.Name)
		}
		names[s.Name] = s.File
		part := part{Suite: s, first: passed}
		if len(suites) > 1 {
			part.prefix = s.Name + "/"
		}
		passed += p.count(&part)
		p.parts = append(p.parts, part)
	}
	if passed == 0 && len(selection.Filters) > 0 {
		return nil, fmt.Errorf("no case's id or name has %s in it; --list without --filter shows them", strings.Join(quoted(selection.Filters), " or "))
	}
	return p, nil
}

// count adds up a part, and returns how many of its cases pass the filters, in all shards.
func (p *Plan) count(part *part) (passed int) {
	for c := range part.Cases() {
		if !p.selection.passes(part.prefix, c) {
			continue
		}
		if p.selection.Shard.has(part.first + passed) {
			part.cases++
			p.Cases++
			p.Results += len(c.Steps)
			part.replays = part.replays || expectsReplay(c)
		}
		passed++
	}
	return passed
}

func expectsReplay(c suite.Case) bool {
	for _, s := range c.Steps {
		if s.Expect.Replay != nil {
			return true
		}
	}
	return false
}

// IDs are those of the selected cases, in order.
func (p *Plan) IDs() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, part := range p.parts {
			for c := range p.selected(part) {
				if !yield(part.prefix + c.ID) {
					return
				}
			}
		}
	}
}

// selected are the cases of a part that are to be asked.
func (p *Plan) selected(part part) iter.Seq[suite.Case] {
	return func(yield func(suite.Case) bool) {
		n := part.first
		for c := range part.Cases() {
			if !p.selection.passes(part.prefix, c) {
				continue
			}
			if p.selection.Shard.has(n) && !yield(c) {
				return
			}
			n++
		}
	}
}

// Name is the suites' names.
func (p *Plan) Name() string {
	names := make([]string, len(p.parts))
	for i, part := range p.parts {
		names[i] = part.Suite.Name
	}
	return strings.Join(names, ", ")
}

func (s Selection) passes(prefix string, c suite.Case) bool {
	if len(s.Filters) == 0 {
		return true
	}
	id, name := strings.ToLower(prefix+c.ID), strings.ToLower(c.Name)
	for _, f := range s.Filters {
		if f = strings.ToLower(f); strings.Contains(id, f) || strings.Contains(name, f) {
			return true
		}
	}
	return false
}

// has reports whether the n-th case, from 0, is the shard's.
func (s Shard) has(n int) bool { return s.Of == 0 || n%s.Of == s.Index-1 }

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = fmt.Sprintf("%q", text)
	}
	return out
}
