package suite

import "strings"

// merge lays over upon base, both of a shape and either of them perhaps nil: maps are merged field by field, all else is
// replaced, and so are maps of which one has several kinds. Neither node is changed.
func merge(s shape, base, over *node) *node {
	switch {
	case !over.ok():
		if over != nil {
			return over
		}
		return base
	case !base.ok() || base.kind != mapKind || over.kind != mapKind:
		return over
	}
	switch s := s.(type) {
	case *object:
		if len(s.one) > 0 {
			return over
		}
		return mergeEntries(base, over, same, func(name string) shape {
			if f := s.field(name); f != nil {
				return f.takes
			}
			return anything{}
		})
	case dictionary:
		key := same
		if s.fold {
			key = strings.ToLower
		}
		return mergeEntries(base, over, key, func(string) shape { return s.of })
	case varies:
		return merge(s.of, base, over)
	case either:
		return merge(s.of(mapKind), base, over)
	}
	return over
}

// mergeEntries keeps the order: base's fields, then those that only over has. Names are the same where key is.
func mergeEntries(base, over *node, key func(string) string, of func(name string) shape) *node {
	merged := &node{src: over.src, kind: mapKind, line: over.line, col: over.col}
	above := make(map[string]entry, len(over.entries))
	for _, e := range over.entries {
		above[key(e.key.text)] = e
	}
	below := make(map[string]bool, len(base.entries))
	for _, e := range base.entries {
		below[key(e.key.text)] = true
		if o, ok := above[key(e.key.text)]; ok {
			e = entry{o.key, merge(of(o.key.text), e.value, o.value)}
		}
		merged.entries = append(merged.entries, e)
	}
	for _, e := range over.entries {
		if !below[key(e.key.text)] {
			merged.entries = append(merged.entries, e)
		}
	}
	return merged
}
