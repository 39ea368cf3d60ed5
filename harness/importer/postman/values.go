package postman

import (
	"encoding/json"
	"strings"
)

// text is a JSON text; numbers, true and false are taken as written, null as "".
type text string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *text) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(t))
	case '{', '[':
		var s string
		return json.Unmarshal(data, &s) // fails, and says how
	}
	if *t = text(data); *t == "null" {
		*t = ""
	}
	return nil
}

// pair is a header, a parameter of a URL, a field of a form, a setting of auth or a variable.
type pair struct {
	Key, ID  text
	Value    *text // nil for a key alone
	Disabled bool
	Enabled  *bool // in variables of some exports

	Type        text // "text" or "file" in a form
	Src         any  // a file's name, or several
	ContentType text
	FileName    *text
}

func (p pair) name() string {
	if p.Key == "" {
		return string(p.ID)
	}
	return string(p.Key)
}

func (p pair) value() string {
	if p.Value == nil {
		return ""
	}
	return string(*p.Value)
}

func (p pair) off() bool { return p.Disabled || p.Enabled != nil && !*p.Enabled }

// sources are the files that a field of a form uploads.
func (p pair) sources() []string {
	var list []string
	switch src := p.Src.(type) {
	case string:
		list = append(list, src)
	case []any:
		for _, one := range src {
			if name, ok := one.(string); ok {
				list = append(list, name)
			}
		}
	}
	return list
}

// words are a text, or a list of texts joined by sep: hosts and paths come as either.
type words []text

// UnmarshalJSON implements [json.Unmarshaler].
func (w *words) UnmarshalJSON(data []byte) error {
	if data[0] != '[' {
		var one text
		if err := one.UnmarshalJSON(data); err != nil || one == "" {
			return err
		}
		*w = words{one}
		return nil
	}
	var list []word
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	for _, one := range list {
		*w = append(*w, text(one))
	}
	return nil
}

func (w words) join(sep string) string {
	list := make([]string, len(w))
	for i, one := range w {
		list[i] = string(one)
	}
	return strings.Join(list, sep)
}

// word is one segment of a path, which may be an object with a value.
type word string

// UnmarshalJSON implements [json.Unmarshaler].
func (w *word) UnmarshalJSON(data []byte) error {
	if data[0] != '{' {
		return (*text)(w).UnmarshalJSON(data)
	}
	var object struct{ Value text }
	err := json.Unmarshal(data, &object)
	*w = word(object.Value)
	return err
}
