package chromium

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// appendJSON appends the same value as JSON.
func (v item) appendJSON(to []byte) []byte {
	switch {
	case len(v) == 0 || v[0] == cborNull:
		return append(to, "null"...)
	case v[0] == cborFalse || v[0] == cborTrue:
		return strconv.AppendBool(to, v.truth())
	case v[0] == cborDouble:
		return appendDouble(to, math.Float64frombits(binary.BigEndian.Uint64(v[1:])))
	case v[0] == cborBinary:
		_, _, content, _ := cborHead(v[1:])
		return appendString(to, content)
	case v[0] == envelope[0] && v[envelopeSize] == cborArray:
		return v.appendArray(to)
	case v[0] == envelope[0]:
		return v.appendObject(to)
	case v.isText():
		return appendString(to, v.text())
	}
	return strconv.AppendInt(to, int64(v.number()), 10)
}

func (v item) appendObject(to []byte) []byte {
	to = append(to, '{')
	first := true
	for name, value := range v.members() {
		if !first {
			to = append(to, ',')
		}
		first = false
		to = value.appendJSON(append(appendString(to, name.text()), ':'))
	}
	return append(to, '}')
}

func (v item) appendArray(to []byte) []byte {
	to = append(to, '[')
	first := true
	for value := range v.elements() {
		if !first {
			to = append(to, ',')
		}
		first = false
		to = value.appendJSON(to)
	}
	return append(to, ']')
}

// appendString appends a string, or bytes as base64.
func appendString[T string | []byte](to []byte, s T) []byte {
	text, _ := json.Marshal(s) // neither of them can fail
	return append(to, text...)
}

// appendDouble appends a number; JSON has no infinities.
func appendDouble(to []byte, n float64) []byte {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return append(to, "null"...)
	}
	return strconv.AppendFloat(to, n, 'g', -1, 64)
}

// into decodes v by the JSON names of target's fields: for what is rare.
func (v item) into(target any) error { return json.Unmarshal(v.appendJSON(nil), target) }

// itemOf is the same value as a JSON text's.
func itemOf(text []byte) (item, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return appendItem(nil, value)
}

// appendItem appends a value that is made of what encoding/json decodes to, with numbers as json.Number, and of items.
func appendItem(to []byte, value any) ([]byte, error) {
	switch value := value.(type) {
	case nil:
		return append(to, cborNull), nil
	case bool:
		if value {
			return append(to, cborTrue), nil
		}
		return append(to, cborFalse), nil
	case string:
		return append(appendHead(to, cborText, uint32(len(value))), value...), nil
	case item:
		return append(to, value...), nil
	case json.Number:
		return appendNumber(to, value)
	case []any:
		return appendElements(to, value)
	case map[string]any:
		return appendMembers(to, value)
	}
	return nil, fmt.Errorf("the protocol has no form for a %T", value)
}

func appendElements(to []byte, list []any) (_ []byte, err error) {
	to, start := openEnvelope(to, cborArray)
	for _, element := range list {
		if to, err = appendItem(to, element); err != nil {
			return nil, err
		}
	}
	return closeEnvelope(to, start), nil
}

func appendMembers(to []byte, members map[string]any) (_ []byte, err error) {
	to, start := openEnvelope(to, cborMap)
	for name, value := range members {
		to = append(appendHead(to, cborText, uint32(len(name))), name...)
		if to, err = appendItem(to, value); err != nil {
			return nil, err
		}
	}
	return closeEnvelope(to, start), nil
}

func openEnvelope(to []byte, kind byte) (_ []byte, start int) {
	start = len(to)
	to = append(to, envelope[:]...)
	return append(to, 0, 0, 0, 0, kind), start
}

func closeEnvelope(to []byte, start int) []byte {
	to = append(to, cborStop)
	binary.BigEndian.PutUint32(to[start+len(envelope):], uint32(len(to)-start-envelopeSize))
	return to
}

// appendHead appends an initial byte with its argument.
func appendHead(to []byte, major byte, n uint32) []byte {
	major <<= 5
	switch {
	case n < 24:
		return append(to, major|byte(n))
	case n <= math.MaxUint8:
		return append(to, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(to, major|25), uint16(n))
	}
	return binary.BigEndian.AppendUint32(append(to, major|26), n)
}

// appendNumber appends an integer of 32 bits or, for any other number, a double: the protocol has nothing between.
func appendNumber(to []byte, n json.Number) ([]byte, error) {
	if i, err := strconv.ParseInt(n.String(), 10, 32); err == nil {
		if i < 0 {
			return appendHead(to, cborNegative, uint32(-1-i)), nil
		}
		return appendHead(to, cborUnsigned, uint32(i)), nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil, fmt.Errorf("the protocol has no form for the number %s: %w", n, err)
	}
	return binary.BigEndian.AppendUint64(append(to, cborDouble), math.Float64bits(f)), nil
}
