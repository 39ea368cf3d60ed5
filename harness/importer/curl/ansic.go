package curl

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// simple are the escapes of $'…' that stand for one byte.
var simple = map[byte]byte{
	'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11, '\\': '\\', '\'': '\'', '"': '"', '?': '?',
}

// ansiC is the text of $'…' without its quotes. ok is false where there is a
// NUL in it, which ends the argument. Surrogates in pairs are one character:
// bash would make garbage of them, but DevTools writes them for what script sent.
// https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html
func ansiC(text string) (out string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			i++
			continue
		}
		decoded, size := escape(text[i:])
		b.WriteString(decoded)
		i += size
	}
	out = b.String()
	return out, strings.IndexByte(out, 0) < 0
}

// escape decodes the escape at the beginning of text and says how long it is.
func escape(text string) (decoded string, size int) {
	c := text[1]
	if plain, ok := simple[c]; ok {
		return string([]byte{plain}), 2
	}
	switch {
	case c == 'x':
		return number(text, 2, 2, 16)
	case c == 'u':
		return unit(text)
	case c == 'U':
		return number(text, 2, 8, 16)
	case c >= '0' && c <= '7':
		return number(text, 1, 3, 8)
	case c == 'c' && len(text) > 2:
		return string([]byte{text[2] & 0x1F}), 3
	}
	return text[:1], 1
}

// number decodes up to digits digits that begin at text[at]: a byte, or with more than
// three digits a character.
func number(text string, at, digits, base int) (decoded string, size int) {
	end := at
	for end < len(text) && end < at+digits {
		if _, err := strconv.ParseUint(text[end:end+1], base, 8); err != nil {
			break
		}
		end++
	}
	n, err := strconv.ParseUint(text[at:end], base, 32)
	switch {
	case err != nil: // no digit
		return text[:at], at
	case digits > 3:
		return string(utf8.AppendRune(nil, rune(n))), end
	default:
		return string([]byte{byte(n)}), end
	}
}

// unit decodes \uXXXX, or two of them that are a surrogate pair.
func unit(text string) (decoded string, size int) {
	high, ok := codeUnit(text)
	if !ok {
		return number(text, 2, 4, 16)
	}
	if low, ok := codeUnit(text[6:]); ok && utf16.IsSurrogate(high) {
		if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
			return string(r), 12
		}
	}
	return string(high), 6
}

// codeUnit is \uXXXX with all its digits, at the beginning of text.
func codeUnit(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}
