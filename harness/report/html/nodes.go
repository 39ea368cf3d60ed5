package html

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// table holds values as JSON does, each different one once: cases of one suite
// have most of their strings, headers and exchanges in common. A value is the
// index of its node; a node is a scalar as JSON writes it, [0, elements…] for an
// array, or [1, keys, values…] for an object, where keys is an array of strings.
// Nodes stand behind those that they refer to, the root is the last.
type table struct {
	from  *jsontext.Decoder
	index map[string]int
	nodes [][]byte
}

// encode is v's nodes as a JSON array. <, > and & are escaped in it, as are U+2028 and U+2029: it can stand in an HTML element.
func encode(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	t := table{from: jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true)), index: map[string]int{}}
	if _, err := t.add(); err != nil {
		return nil, err
	}
	return append(append([]byte("["), bytes.Join(t.nodes, []byte(",\n"))...), ']'), nil
}

// add adds the next value, and all that is in it.
func (t *table) add() (int, error) {
	switch t.from.PeekKind() {
	case '[':
		return t.array()
	case '{':
		return t.object()
	}
	text, err := t.from.ReadValue()
	if err != nil {
		return 0, fmt.Errorf("encode a value: %w", err)
	}
	return t.node(text), nil
}

func (t *table) array() (int, error) {
	text := []byte("[0")
	err := t.each(']', func() error {
		i, err := t.add()
		text = strconv.AppendInt(append(text, ','), int64(i), 10)
		return err
	})
	return t.node(append(text, ']')), err
}

func (t *table) object() (int, error) {
	keys := []byte("[0")
	var values []byte
	err := t.each('}', func() error {
		key, err := t.add()
		if err != nil {
			return err
		}
		keys = strconv.AppendInt(append(keys, ','), int64(key), 10)
		value, err := t.add()
		values = strconv.AppendInt(append(values, ','), int64(value), 10)
		return err
	})
	shape := t.node(append(keys, ']'))
	text := strconv.AppendInt([]byte("[1,"), int64(shape), 10)
	return t.node(append(append(text, values...), ']')), err
}

// each reads what opens a list, calls add until its end comes, and reads that.
func (t *table) each(end jsontext.Kind, add func() error) error {
	if _, err := t.from.ReadToken(); err != nil {
		return err
	}
	for t.from.PeekKind() != end {
		if err := add(); err != nil {
			return err
		}
	}
	_, err := t.from.ReadToken()
	return err
}

func (t *table) node(text []byte) int {
	if i, ok := t.index[string(text)]; ok {
		return i
	}
	t.index[string(text)] = len(t.nodes)
	t.nodes = append(t.nodes, bytes.Clone(text))
	return len(t.nodes) - 1
}
