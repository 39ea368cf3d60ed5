package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Text is bytes from outside: a header's name or value, a URL, a body. In JSON
// it is a string. Where the bytes are no UTF-8 it is an object instead:
// "base64" has the bytes, "text" the same to read, with U+FFFD for what is no UTF-8.
type Text string

type rawText struct {
	Text   string `json:"text"`
	Base64 []byte `json:"base64"`
}

// MarshalJSON writes a string, or the object that stands for bytes.
func (t Text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal(rawText{strings.ToValidUTF8(string(t), "\uFFFD"), []byte(t)})
}

// MarshalJSON writes an array of pairs, each text as [Text.MarshalJSON] does; nil is null. It is one call for all of them, since there
// are many: a call for each costs more than all else in a report.
func (l Lines) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("null"), nil
	}
	out := []byte{'['}
	for i, line := range l {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = line[0].append(append(out, '[')); err != nil {
			return nil, err
		}
		if out, err = line[1].append(append(out, ',')); err != nil {
			return nil, err
		}
		out = append(out, ']')
	}
	return append(out, ']'), nil
}

func (t Text) append(out []byte) ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return jsontext.AppendQuote(out, string(t))
	}
	text, err := t.MarshalJSON()
	return append(out, text...), err
}

// UnmarshalJSON restores the bytes that MarshalJSON wrote.
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '{' {
		return json.Unmarshal(data, (*string)(t))
	}
	var raw rawText
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("bytes that are no UTF-8: %w", err)
	}
	*t = Text(raw.Base64)
	return nil
}
