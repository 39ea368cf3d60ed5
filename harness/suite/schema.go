package suite

import (
	"bytes"
	"encoding/json"
)

// Schema is the JSON Schema (draft 2020-12) of the suite file, indented. It is written from the same tables by which
// [Load] checks files; what it cannot say (that an alias is known, that a pattern is a regular expression) only Load checks.
func Schema() []byte {
	defs := map[string]any{}
	top := suiteShape.body(defs)
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["title"] = "corsproof suite"
	top["$defs"] = defs
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(top); err != nil {
		return nil // maps, texts and numbers always encode
	}
	return text.Bytes()
}

// schema puts the object into defs, and refers to it.
func (o *object) schema(defs map[string]any) map[string]any {
	if _, done := defs[o.name]; !done {
		defs[o.name] = nil // objects do not contain themselves, but one may be met again on the way
		defs[o.name] = o.body(defs)
	}
	return map[string]any{"$ref": "#/$defs/" + o.name}
}

func (o *object) body(defs map[string]any) map[string]any {
	properties := map[string]any{}
	var required []string
	with := map[string]any{}
	var all []any
	for _, f := range o.fields {
		property := f.takes.schema(defs)
		property["description"] = f.doc
		properties[f.name] = property
		if f.required {
			required = append(required, f.name)
		}
		if f.with != "" {
			with[f.name] = []string{f.with}
		}
		for _, other := range f.without {
			all = append(all, map[string]any{"not": map[string]any{"required": []string{f.name, other}}})
		}
	}
	s := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	set(s, "description", o.doc, o.doc != "")
	set(s, "required", required, len(required) > 0)
	set(s, "dependentRequired", with, len(with) > 0)
	set(s, "allOf", all, len(all) > 0)
	set(s, "oneOf", o.choice(), len(o.one) > 0)
	return s
}

func (o *object) choice() []any {
	var list []any
	for _, name := range o.one {
		list = append(list, map[string]any{"required": []string{name}})
	}
	return list
}

func set(s map[string]any, name string, value any, there bool) {
	if there {
		s[name] = value
	}
}

func (l list) schema(defs map[string]any) map[string]any {
	s := map[string]any{"type": "array", "items": l.of.schema(defs)}
	set(s, "minItems", l.min, l.min > 0)
	return s
}

func (v varies) schema(defs map[string]any) map[string]any {
	matrix := list{of: v.of, min: 1}.schema(defs)
	return map[string]any{"anyOf": []any{v.of.schema(defs), matrix}}
}

func (e either) schema(defs map[string]any) map[string]any {
	var list []any
	for _, s := range e {
		list = append(list, s.schema(defs))
	}
	return map[string]any{"anyOf": list}
}

func (d dictionary) schema(defs map[string]any) map[string]any {
	s := map[string]any{"type": "object", "additionalProperties": d.of.schema(defs)}
	set(s, "propertyNames", map[string]any{"pattern": d.names}, d.names != "")
	return s
}

func (a anything) schema(map[string]any) map[string]any {
	s := map[string]any{}
	set(s, "type", "object", a.mapOnly)
	return s
}

func (w words) schema(map[string]any) map[string]any { return map[string]any{"enum": []string(w)} }

// schema allows numbers and words such as true, since YAML reads them where the user means a text.
func (f free) schema(map[string]any) map[string]any {
	types := []string{"string", "number", "boolean"}
	if f.null != "" {
		types = append(types, "null")
	}
	s := map[string]any{"type": types}
	set(s, "minLength", 1, f.filled)
	return s
}

func (i integer) schema(map[string]any) map[string]any {
	return map[string]any{"type": "integer", "minimum": i.min, "maximum": i.max}
}

func (flag) schema(map[string]any) map[string]any { return map[string]any{"type": "boolean"} }

func (yes) schema(map[string]any) map[string]any { return map[string]any{"const": true} }

func (span) schema(map[string]any) map[string]any {
	return map[string]any{"type": "string", "pattern": spanPattern}
}
