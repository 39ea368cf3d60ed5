// Package located reads JSON and remembers where its values stand, for messages with line and column.
package located

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/importer"
)

// Document is a JSON text.
type Document struct{ *importer.Text }

// Value is one value of a document.
type Value struct {
	Raw json.RawMessage
	At  int // byte offset of its beginning in the document
}

// Object are the members of an object by name; the last one where names repeat.
type Object map[string]Value

// Parse checks that data is JSON and returns its one value. The error is an [*importer.Problem].
func Parse(name string, data []byte) (Document, Value, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // Windows' editors write one
	d := Document{importer.NewText(name, string(data))}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return d, Value{}, d.problem(err, 0)
	}
	inner := bytes.TrimLeft(data, " \t\r\n")
	return d, Value{Raw: bytes.TrimRight(inner, " \t\r\n"), At: len(data) - len(inner)}, nil
}

// Problem is a mistake at a value.
func (d Document) Problem(v Value, message, hint string) *importer.Problem {
	end := len(v.Raw)
	if i := bytes.IndexByte(v.Raw, '\n'); i >= 0 {
		end = i
	}
	return d.Text.Problem(v.At, v.At+end, message, hint)
}

// problem places an error of encoding/json about a value at that offset.
func (d Document) problem(err error, at int) *importer.Problem {
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at += max(0, int(syntax.Offset)-1)
		return d.Text.Problem(at, at+1, "this is no JSON: "+syntax.Error(), "export the file again")
	case errors.As(err, &mismatch):
		at += max(0, int(mismatch.Offset)-1)
		return d.Text.Problem(at, at+1, fmt.Sprintf("%s: a JSON %s cannot stand here", field(mismatch), mismatch.Value), "export the file again")
	}
	return d.Text.Problem(at, at+1, err.Error(), "")
}

func field(err *json.UnmarshalTypeError) string {
	if err.Field == "" {
		return "this value"
	}
	return "the field " + strings.TrimPrefix(err.Field, ".")
}

// Decode decodes a value into what target points to, and says what does not fit.
func (d Document) Decode(v Value, target any) *importer.Problem {
	if err := json.Unmarshal(v.Raw, target); err != nil {
		return d.problem(err, v.At)
	}
	return nil
}

// IsObject reports whether a value is an object.
func (v Value) IsObject() bool { return len(v.Raw) > 0 && v.Raw[0] == '{' }

// IsArray reports whether a value is an array.
func (v Value) IsArray() bool { return len(v.Raw) > 0 && v.Raw[0] == '[' }

// IsNull reports whether a value is absent or null.
func (v Value) IsNull() bool { return len(v.Raw) == 0 || string(v.Raw) == "null" }

// Object are the members of an object. Of anything else there are none.
func (v Value) Object() Object {
	if !v.IsObject() {
		return nil
	}
	all := Object{}
	for dec := v.inside(); dec.More(); {
		name, err := dec.Token()
		value, ok := v.next(dec)
		if err != nil || !ok {
			break
		}
		text, _ := name.(string) // a checked document has nothing else here
		all[text] = value
	}
	return all
}

// Elements are the elements of an array, in order. Of anything else there are none.
func (v Value) Elements() []Value {
	if !v.IsArray() {
		return nil
	}
	var list []Value
	for dec := v.inside(); dec.More(); {
		value, ok := v.next(dec)
		if !ok {
			break
		}
		list = append(list, value)
	}
	return list
}

// inside is a decoder that has read the value's opening bracket.
func (v Value) inside() *json.Decoder {
	dec := json.NewDecoder(bytes.NewReader(v.Raw))
	_, _ = dec.Token() // the bracket was looked at
	return dec
}

// next is the value that a decoder reads next. ok is false for what is no JSON, which a checked document does not hold.
func (v Value) next(dec *json.Decoder) (next Value, ok bool) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return Value{}, false
	}
	end := int(dec.InputOffset())
	begin := end - len(raw)
	return Value{Raw: v.Raw[begin:end], At: v.At + begin}, true // not raw, so that a document is in memory once
}
