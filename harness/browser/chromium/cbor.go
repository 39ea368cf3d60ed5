package chromium

import (
	"encoding/binary"
	"iter"
	"unicode/utf16"
)

// item is one value in CBOR (RFC 8949), as the DevTools protocol has it: the
// form that messages have within Chromium, before they would be written as
// JSON. Maps and arrays are of indefinite length, and each lies in an envelope
// that tells its size, so that what is not wanted is stepped over. Text is
// UTF-8 or, as a byte string, UTF-16.
//
// The methods expect an item that is [item.valid]. One that is of another kind
// than a method reads gives the zero value.
type item []byte

// Initial bytes.
const (
	cborFalse  = 0xf4
	cborTrue   = 0xf5
	cborNull   = 0xf6
	cborDouble = 0xfb
	cborMap    = 0xbf
	cborArray  = 0x9f
	cborStop   = 0xff
	cborBinary = 0xd6 // tag 22: a byte string that is base64 in JSON
)

// Major types, the first three bits of an initial byte.
const (
	cborUnsigned = iota
	cborNegative
	cborBytes
	cborText
)

// envelope begins an envelope: tag 24, and a byte string whose length has 32 bits, which follow.
var envelope = [3]byte{0xd8, 0x18, 0x5a}

const envelopeSize = len(envelope) + 4

// cborHead reads an initial byte and the argument that belongs to it.
func cborHead(b []byte) (major byte, argument uint64, rest []byte, ok bool) {
	if len(b) == 0 {
		return 0, 0, nil, false
	}
	major, short := b[0]>>5, b[0]&0x1f
	if short < 24 {
		return major, uint64(short), b[1:], true
	}
	size := 1 << (short - 24)
	if short > 27 || len(b) < 1+size {
		return 0, 0, nil, false
	}
	var wide [8]byte
	copy(wide[8-size:], b[1:1+size])
	return major, binary.BigEndian.Uint64(wide[:]), b[1+size:], true
}

// cutItem splits the first item off. It does not look into envelopes.
func cutItem(b []byte) (first item, rest []byte, ok bool) {
	size := itemSize(b)
	if size == 0 || size > len(b) {
		return nil, nil, false
	}
	return b[:size], b[size:], true
}

// itemSize is how many bytes the first item says that it has; 0 where there is none that the protocol knows.
func itemSize(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case cborFalse, cborTrue, cborNull:
		return 1
	case cborDouble:
		return 1 + 8
	case cborBinary:
		if len(b) < 2 || b[1]>>5 != cborBytes {
			return 0
		}
		return 1 + itemSize(b[1:])
	case envelope[0]:
		if len(b) < envelopeSize || [3]byte(b) != envelope {
			return 0
		}
		return envelopeSize + int(binary.BigEndian.Uint32(b[len(envelope):]))
	}
	major, n, rest, ok := cborHead(b)
	switch {
	case !ok || major > cborText:
		return 0
	case major < cborBytes:
		n = 0
	case n > uint64(len(rest)):
		return 0
	}
	return len(b) - len(rest) + int(n)
}

// valid reports that v is one whole item, and so is everything in it.
func (v item) valid() bool {
	first, rest, ok := cutItem(v)
	if !ok || len(rest) > 0 {
		return false
	}
	if first[0] != envelope[0] {
		return true
	}
	body := v[envelopeSize:]
	if len(body) < 2 || (body[0] != cborMap && body[0] != cborArray) {
		return false
	}
	inMap := body[0] == cborMap
	rest = body[1:]
	n := 0
	for ; len(rest) > 0 && rest[0] != cborStop; n++ {
		if first, rest, ok = cutItem(rest); !ok || !first.valid() {
			return false
		}
		if inMap && n%2 == 0 && !first.isText() {
			return false
		}
	}
	return len(rest) == 1 && (!inMap || n%2 == 0)
}

func (v item) isText() bool {
	major := v[0] >> 5
	return major == cborText || major == cborBytes
}

// inner is what a map or an array has between its first byte and its last.
func (v item) inner(kind byte) []byte {
	if len(v) <= envelopeSize || v[0] != envelope[0] || v[envelopeSize] != kind {
		return nil
	}
	return v[envelopeSize+1 : len(v)-1]
}

// members are the names and the values of a map, in order.
func (v item) members() iter.Seq2[item, item] {
	return func(yield func(item, item) bool) {
		for rest := v.inner(cborMap); len(rest) > 0; {
			var name, value item
			name, rest, _ = cutItem(rest)
			if value, rest, _ = cutItem(rest); !yield(name, value) {
				return
			}
		}
	}
}

// elements are the values of an array, in order.
func (v item) elements() iter.Seq[item] {
	return func(yield func(item) bool) {
		for rest := v.inner(cborArray); len(rest) > 0; {
			var value item
			if value, rest, _ = cutItem(rest); !yield(value) {
				return
			}
		}
	}
}

// bytes are a text's in UTF-8, in place.
func (v item) bytes() []byte {
	if major, _, content, ok := cborHead(v); ok && major == cborText {
		return content
	}
	return nil
}

// text is a text in either form.
func (v item) text() string {
	major, _, content, ok := cborHead(v)
	if !ok || major != cborBytes {
		return string(v.bytes())
	}
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(content[2*i:])
	}
	return string(utf16.Decode(units))
}

// number is an integer.
func (v item) number() int {
	switch major, n, _, _ := cborHead(v); major {
	case cborUnsigned:
		return int(n)
	case cborNegative:
		return -1 - int(n)
	}
	return 0
}

// truth is a boolean.
func (v item) truth() bool { return len(v) == 1 && v[0] == cborTrue }
