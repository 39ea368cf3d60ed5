package html

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// table holds values as JSON does, each different one once: cases of one suite
// have most of their strings, headers and exchanges in common. A value is the
// index of its node; a node is a scalar as JSON writes it, [0, elements…] for an
// array, or [1, keys, values…] for an object, where keys is an array of strings.
// Nodes stand behind those that they refer to, the root is the last.
type table struct {
	index map[string]int
	nodes [][]byte
}

// encode is v's nodes as a JSON array. <, > and & are escaped in it, as are U+2028 and U+2029: it can stand in an HTML element.
func encode(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var plain any
	if err := d.Decode(&plain); err != nil {
		return nil, err
	}
	t := table{index: map[string]int{}}
	if _, err := t.add(plain); err != nil {
		return nil, err
	}
	return append(append([]byte("["), bytes.Join(t.nodes, []byte(",\n"))...), ']'), nil
}

func (t *table) add(v any) (int, error) {
	switch v := v.(type) {
	case []any:
		return t.refer(0, v)
	case map[string]any:
		return t.object(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return 0, fmt.Errorf("encode %T: %w", v, err)
	}
	return t.node(text), nil
}

func (t *table) object(v map[string]any) (int, error) {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	keys, values := make([]any, len(names)), make([]any, len(names))
	for i, name := range names {
		keys[i], values[i] = name, v[name]
	}
	shape, err := t.refer(0, keys)
	if err != nil {
		return 0, err
	}
	return t.refer(1, values, shape)
}

// refer adds a node of that kind: what is given, and then the list.
func (t *table) refer(kind int, list []any, given ...int) (int, error) {
	text := strconv.AppendInt([]byte("["), int64(kind), 10)
	for _, i := range given {
		text = strconv.AppendInt(append(text, ','), int64(i), 10)
	}
	for _, v := range list {
		i, err := t.add(v)
		if err != nil {
			return 0, err
		}
		text = strconv.AppendInt(append(text, ','), int64(i), 10)
	}
	return t.node(append(text, ']')), nil
}

func (t *table) node(text []byte) int {
	if i, ok := t.index[string(text)]; ok {
		return i
	}
	t.index[string(text)] = len(t.nodes)
	t.nodes = append(t.nodes, text)
	return len(t.nodes) - 1
}
