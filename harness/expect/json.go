package expect

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// JSON wants a text that is the same JSON value as this document: whitespace,
// the order of an object's members and the spelling of numbers (1, 1.0, 1e0)
// make no difference; numbers are compared exactly, beyond what a float64 can hold.
type JSON string

// Want is part of [Text].
func (j JSON) Want() string { return "the JSON value " + quote(string(j)) }

// Differs is part of [Text]. It names the first place that differs.
func (j JSON) Differs(text string) (string, error) {
	want, err := decode(string(j))
	if err != nil {
		return "", fmt.Errorf("the expectation is no JSON: %q", err.Error())
	}
	got, err := decode(text)
	if err != nil {
		return fmt.Sprintf("no JSON: %q in %s", err.Error(), quote(text)), nil
	}
	return differs("$", want, got), nil
}

func decode(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows after the value")
	}
	return v, nil
}

// differs says where two decoded values differ first, or "".
func differs(path string, want, got any) string {
	equal := false
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			return objectDiffers(path, w, g)
		}
	case []any:
		if g, ok := got.([]any); ok {
			return arrayDiffers(path, w, g)
		}
	case json.Number:
		g, ok := got.(json.Number)
		equal = ok && sameNumber(w, g)
	default:
		equal = want == got
	}
	if equal {
		return ""
	}
	return fmt.Sprintf("%s: want %s, got %s", path, encoded(want), encoded(got))
}

func objectDiffers(path string, want, got map[string]any) string {
	for _, k := range slices.Sorted(maps.Keys(want)) {
		member := path + "[" + strconv.Quote(k) + "]"
		v, ok := got[k]
		if !ok {
			return member + ": absent"
		}
		if how := differs(member, want[k], v); how != "" {
			return how
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[k]; !ok {
			return fmt.Sprintf("%s[%q]: not wanted, got %s", path, k, encoded(got[k]))
		}
	}
	return ""
}

func arrayDiffers(path string, want, got []any) string {
	for i := range min(len(want), len(got)) {
		if how := differs(fmt.Sprintf("%s[%d]", path, i), want[i], got[i]); how != "" {
			return how
		}
	}
	if len(want) != len(got) {
		return fmt.Sprintf("%s: want %d items, got %d", path, len(want), len(got))
	}
	return ""
}

// encoded shows a decoded value; what decode made can always be encoded.
func encoded(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return strconv.Quote(err.Error())
	}
	return quote(string(text))
}

// sameNumber compares two numbers by their digits, however they are spelled.
func sameNumber(a, b json.Number) bool {
	da, ea, okA := digits(string(a))
	db, eb, okB := digits(string(b))
	if !okA || !okB {
		return a == b
	}
	return da == db && ea == eb
}

// digits is a number as digits without zeros at either end, and a power of ten: "-1.50" is "-15", -1.
// ok is false where the exponent is beyond all use.
func digits(n string) (text string, exponent int64, ok bool) {
	n, negative := strings.CutPrefix(n, "-")
	mantissa, power, scaled := strings.Cut(strings.ToLower(n), "e")
	if scaled {
		e, err := strconv.ParseInt(power, 10, 32)
		if err != nil {
			return "", 0, false
		}
		exponent = e
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	all := strings.TrimLeft(whole+fraction, "0")
	text = strings.TrimRight(all, "0")
	if text == "" {
		return "0", 0, true
	}
	exponent += int64(len(all) - len(text) - len(fraction))
	if negative {
		text = "-" + text
	}
	return text, exponent, true
}
