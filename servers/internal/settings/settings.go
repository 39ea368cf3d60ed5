// Package settings sets the fields of a server's configuration from decoded
// YAML or JSON, and reports every mistake.
package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/nearest"
)

// Decode sets the fields of a configuration from settings by their JSON names,
// and reports every unknown name and every value that does not fit.
func Decode(settings map[string]any, config any) error {
	fields := fieldsOf(config)
	known := slices.Sorted(maps.Keys(fields))
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		field, ok := fields[name]
		if !ok {
			errs = append(errs, fmt.Errorf("there is no setting %q%s (there are %s)",
				name, nearest.Hint(name, known), strings.Join(known, ", ")))
			continue
		}
		if err := set(field, settings[name]); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// fieldsOf returns the fields of a struct, given as a pointer, by their JSON names.
func fieldsOf(config any) map[string]reflect.Value {
	value := reflect.ValueOf(config).Elem()
	fields := map[string]reflect.Value{}
	for field, v := range value.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		fields[name] = v
	}
	return fields
}

// set gives a field a decoded value.
func set(field reflect.Value, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("%v cannot be a setting: %w", value, err)
	}
	err = json.Unmarshal(text, field.Addr().Interface())
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return fmt.Errorf("%s does not fit: wanted %s, found a %s", text, kind(field.Type()), mismatch.Value)
	}
	return err
}

// kind says in YAML's words what a field holds.
func kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return kind(t.Elem())
	case reflect.Slice:
		return "a list, each " + kind(t.Elem())
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	default:
		return "a text"
	}
}
